"""What the close needs of the rooms above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdcs.core.ports import Port

# Days that were closed, or closed again → what is read of closed days is made (sums by fewer keys, access to credit).
# Doing it again makes the same. Answered by indicators.
days_closed: Final[Port[[Sequence[date]], None]] = Port("closing.days_closed")
