"""What was done in a session, and the score that the criteria of law/sessions.yaml give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tdcs.core.basis import basis
from tdcs.transaction_points.rules import settings


@dataclass(frozen=True, slots=True)
class Figures:
    """A session in figures: groups that meet at the point and those that came, money due before it and taken in it; dong.

    ``on_time``: held on the day that was planned; ``cash_agrees``: the count met what had to be there.
    """

    groups: int = 0
    groups_came: int = 0
    loans: int = 0
    loans_paid: int = 0
    interest_due: int = 0
    principal_due: int = 0
    interest: int = 0
    principal: int = 0
    savings: int = 0
    withdrawn: int = 0
    disbursed: int = 0
    disbursements: int = 0
    on_time: bool = False
    full_team: bool = False
    cash_agrees: bool = False
    meeting: bool = False

    @property
    def collected(self) -> int:
        return self.interest + self.principal + self.savings


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion: what it may give and what it gives; ``part`` of ``whole`` is what it goes by."""

    code: str
    vi: str
    en: str
    most: int
    points: int
    part: int
    whole: int


def _share(part: int, whole: int) -> tuple[int, int]:
    # Where nothing was due, nothing is missing.
    return (min(part, whole), whole) if whole > 0 else (1, 1)


_MEASURES: Final[Mapping[str, Callable[[Figures], tuple[int, int]]]] = {
    "held_on_time": lambda one: (int(one.on_time), 1),
    "team_complete": lambda one: (int(one.full_team), 1),
    "groups_share": lambda one: _share(one.groups_came, one.groups),
    "interest_share": lambda one: _share(one.interest, one.interest_due),
    "cash_agrees": lambda one: (int(one.cash_agrees), 1),
    "meeting_held": lambda one: (int(one.meeting), 1),
}


@basis("HD-4030-2014")
def score(figures: Figures) -> list[Scored]:
    """Points of each criterion: its most × part ÷ whole, rounded down to a whole point.

    17 of 20 groups, 20 points: 17. A share of nothing due counts as all.
    """
    found = []
    for row in settings.criteria():
        part, whole = _MEASURES[str(row["measure"])](figures)
        most = int(row["points"])
        found.append(
            Scored(row["code"], row["vi"], row["en"], most, most * part // whole, part, whole)
        )
    return found


@basis("HD-4030-2014")
def cash_of(notes: Mapping[int, int]) -> int:
    """What counted notes are worth: denomination → how many."""
    return sum(denomination * count for denomination, count in notes.items())
