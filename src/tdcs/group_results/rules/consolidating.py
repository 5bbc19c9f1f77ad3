"""When a group's board is weak, and when its meeting on the board may decide: law/group_quality.yaml by the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.dated import row_on

_FILE: Final = "group_quality.yaml"
_PPM: Final = 1_000_000
# Grades, the best first.
ORDER: Final = ("good", "fair", "average", "weak")


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a board counts as weak: rated this or below so many months in a row."""

    grade: str
    months: int


def _on(name: str, day: date) -> Mapping[str, Any]:
    rows: Sequence[Mapping[str, Any]] = law.load(_FILE)[name]
    return row_on(rows, day, f"law/{_FILE}")


@basis("QD-15-2013-HDQT", "")
def grounds_on(day: date) -> tuple[Ground, ...]:
    """What makes a board weak on a day, the worst grade first. Raises NoParametersOnDay before the first row."""
    return tuple(Ground(row["grade"], row["months"]) for row in _on("weak", day)["grounds"])


@basis("QD-15-2013-HDQT", "")
def in_a_row(grades: Sequence[str | None], at_most: str) -> int:
    """Of grades of months, the newest first (None: not rated), how many from the newest on are this one or worse."""
    bound, count = ORDER.index(at_most), 0
    for grade in grades:
        if grade is None or ORDER.index(grade) < bound:
            break
        count += 1
    return count


@basis("QD-15-2013-HDQT", "")
def weak_ground(grades: Sequence[str | None], day: date) -> Ground | None:
    """The first ground that a group's months give, the newest first; None when its board is not weak."""
    for ground in grounds_on(day):
        if (months := in_a_row(grades, ground.grade)) >= ground.months:
            return Ground(ground.grade, months)
    return None


@basis("QD-15-2013-HDQT", "")
def least_present(members: int, day: date) -> int:
    """The fewest members with whom the group's meeting may decide: more than the share of the law's data."""
    return members * int(_on("meeting", day)["present_more_than_ppm"]) // _PPM + 1


@basis("QD-15-2013-HDQT", "")
def passes(votes_for: int, present: int, day: date) -> bool:
    """Whether a proposal passes: more than the share of those present is for it."""
    return votes_for * _PPM > present * int(_on("meeting", day)["for_more_than_ppm"])


def handed_over() -> tuple[str, ...]:
    """What an outgoing board hands over besides cash."""
    return tuple(law.load(_FILE)["handed"])
