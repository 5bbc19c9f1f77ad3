"""What imports need of the rooms above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdcs.core.ports import Port

# Days whose extracts became events, or whose events were undone → their snapshots are made anew; those written.
# Answered by closing.
days_reported: Final[Port[[Sequence[date]], list[date]]] = Port("imports.days_reported")
