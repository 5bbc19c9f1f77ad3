"""What imports need of the rooms above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdcs.core.ports import Port

# Days whose extracts became events, or whose events were undone, and of these the days of which no extract stands any more →
# their snapshots are made anew or go; those written. Answered by closing.
days_reported: Final[Port[[Sequence[date], Sequence[date]], list[date]]] = Port(
    "imports.days_reported"
)
# The last day that is closed or kept of a province, or none. Answered by closing.
last_closed: Final[Port[[], date | None]] = Port("imports.last_closed")
