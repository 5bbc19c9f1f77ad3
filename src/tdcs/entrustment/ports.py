"""What groups need of the rooms above them: whether members owe, and that loans of members who moved go along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from tdcs.core.ports import Port

# Households, the day → household → dong owed (principal and interest), only of those that owe. Answered by loans.
debts: Final[Port[[Collection[int], date], dict[int, int]]] = Port("entrustment.debts")
# Households, from group, to group, the day: inside the move's transaction their loans follow. Answered by loans.
members_moved: Final[Port[[Collection[int], int, int, date], None]] = Port(
    "entrustment.members_moved"
)
