"""What rooms above answer for this one: who qualifies, who was served.

Rooms import downwards only; programmes, entrustment and loans hand their answers down when they start
(AppConfig.ready), as the audit room hands down its sink. Until then the answer is "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

import polars as pl

from tdcs.access.models import User

# Frame of needs (need, household, programme, amount, on) → frame (need, qualified, reason).
Qualifier = Callable[[pl.DataFrame], pl.DataFrame]
# Frame of needs → frame (need, served_on, served_amount) of those that got a loan.
Server = Callable[[pl.DataFrame], pl.DataFrame]

# Rooms whose rows name a household: none of them may be forgotten when two households are merged.
_MERGED: Final = ("entrustment", "loans")


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

    def follow(self, merging: Merging) -> dict[str, Any]:
        """Have it follow, in the running transaction; what ``back`` needs to know."""

    def back(self, merging: Merging, note: Mapping[str, Any]) -> None:
        """Undo it from ``merging.on`` on."""

    def written(self, household: Any) -> str:
        """A digest of all that the room has written of a household: it changes with anything new."""


@dataclass
class _Above:
    qualifier: Qualifier | None = None
    server: Server | None = None
    programmes: Callable[[], dict[str, str]] | None = None
    group_households: Callable[[User], frozenset[int]] | None = None
    mergers: dict[str, Merger] = field(default_factory=dict)


_above = _Above()


def install(
    *,
    qualifier: Qualifier | None = None,
    server: Server | None = None,
    programmes: Callable[[], dict[str, str]] | None = None,
    group_households: Callable[[User], frozenset[int]] | None = None,
    merger: tuple[str, Merger] | None = None,
) -> None:
    """Hand down an answer; each room calls this once, with what it knows.

    ``programmes``: code → name of what is lent. ``group_households``: whom a group leader sees.
    """
    _above.qualifier = qualifier or _above.qualifier
    _above.server = server or _above.server
    _above.programmes = programmes or _above.programmes
    _above.group_households = group_households or _above.group_households
    if merger is not None:
        _above.mergers[merger[0]] = merger[1]


def mergers() -> dict[str, Merger]:
    """Each room's part of a merge, in the order in which rows follow. Raises RuntimeError while one has not answered."""
    missing = [room for room in _MERGED if room not in _above.mergers]
    if missing:
        raise RuntimeError(f"households cannot be merged: {', '.join(missing)} has not answered")
    return {room: _above.mergers[room] for room in _MERGED}


def qualifier() -> Qualifier | None:
    """Who qualifies, or None while no room answers."""
    return _above.qualifier


def server() -> Server | None:
    """Who was served, or None while no room answers."""
    return _above.server


def programme_names() -> dict[str, str]:
    """Code → name of the programmes; empty while no room answers."""
    return _above.programmes() if _above.programmes else {}


def group_households(user: User) -> frozenset[int]:
    """The households of a group leader's group; none while no room answers."""
    return _above.group_households(user) if _above.group_households else frozenset()
