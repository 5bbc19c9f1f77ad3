"""The end of a record on which others stand is refused, and the refusal names them.

A household that owes, a group with loans, an office with books: the room that ends a record knows little of the rooms
built upon it. Each of those says, when it starts, how it finds what it keeps on such a record; a room that must answer
and never did is an error of the program, not "nothing stands in the way".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from tdcs.core.errors import Kept, StillNeeded
from tdcs.core.ports import PortUnanswered

# What may end → the rooms that keep something on it.
ANSWERED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "household": ("entrustment", "loans"),
    "member": ("entrustment", "loans"),
    "membership": ("loans",),
    "group": ("entrustment", "loans"),
    "organisation": ("access", "capital", "entrustment", "loans"),
}


# The record, the day from which it would be no more, the business day → what would stand on nothing.
Finder = Callable[[Any, date, date], Iterable[Kept]]
_finders: dict[tuple[str, str], Finder] = {}


def answer(*, kind: str, room: str, find: Finder) -> None:
    """A room says, once, how it finds what it keeps on records of a kind."""
    if room not in ANSWERED_BY[kind]:
        raise ValueError(f"{room} is not expected to answer for {kind}")
    _finders[kind, room] = find


def kept_on(kind: str, record: Any, last: date, on: date) -> list[Kept]:
    """What stands on a record from ``last`` on. Raises PortUnanswered while a room that must answer has not."""
    found: list[Kept] = []
    for room in ANSWERED_BY[kind]:
        finder = _finders.get((kind, room))
        if finder is None:
            raise PortUnanswered(f"core.ending of a {kind}", (room,))
        found += finder(record, last, on)
    return found


def require_free(kind: str, record: Any, *, name: str, last: date, on: date) -> None:
    """Raises StillNeeded, naming everything that stands on the record."""
    found = kept_on(kind, record, last, on)
    if found:
        raise StillNeeded(name=name, kept=found)
