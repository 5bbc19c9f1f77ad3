"""What households need of the rooms above them: whom a group leader sees, and their part when two households are merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from tdcs.access.models import User
from tdcs.core.ports import Port, RoomsPort


@dataclass(frozen=True, slots=True)
class Merging:
    """Household ``goes`` passes into ``stays`` from ``since`` on. ``people``: a person of the first → the same one of the
    second, by key."""

    goes: Any
    stays: Any
    since: date
    people: Mapping[int, int]
    by: User | None
    on: date


class Merger(Protocol):
    """What a room does with its rows when a household passes into another, and when that is undone."""

    def reasons(self, merging: Merging) -> list[str]:
        """Conflicting facts that a person must settle first."""

    def counts(self, merging: Merging) -> list[tuple[str, int]]:
        """What would follow, in words, with how many."""

    def follow(self, merging: Merging) -> dict[str, object]:
        """Have it follow, in the running transaction; what ``back`` needs to know."""

    def back(self, merging: Merging, note: Mapping[str, Any]) -> None:
        """Undo it from ``merging.on`` on."""

    def written(self, household: Any) -> str:
        """A digest of all that the room has written of a household: it changes with anything new."""


# A group leader → the households of the group. Answered by entrustment.
group_households: Final[Port[[User], frozenset[int]]] = Port("households.group_households")
# The rooms whose rows name a household, in the order in which rows follow: none may be forgotten in a merge.
mergers: Final[RoomsPort[Merger]] = RoomsPort("households.mergers", ("entrustment", "loans"))
