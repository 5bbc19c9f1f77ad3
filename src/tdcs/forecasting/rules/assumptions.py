"""What a projection assumes: how the borrowers pay, what is lent, and what of it the budgets bring. Shares are parts per
million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

PPM: Final = 1_000_000
CENTRAL, LOCAL = "central", "local"
TIERS: Final = (CENTRAL, LOCAL)
# Loans so many calendar years after their lending, and older, are one age.
OLDEST: Final = 5


@dataclass(frozen=True, slots=True)
class Habits:
    """How borrowers of a programme and an age pay, in parts per million.

    ``slipped``: of what falls due in a month, becomes overdue; ``kept``: of what falls due, paid a year later (extended);
    ``paid``: of what is not overdue, paid in a month on its day or before; ``cured``: of what is overdue, paid in a month;
    ``ahead``: what is paid before its day, multiplied.
    """

    slipped: int = 0
    kept: int = 0
    early: int = 0
    cured: int = 0
    ahead: int = PPM

    def times(self, *, slipped: int = PPM, early: int = PPM, cured: int = PPM) -> Habits:
        """The same habits, each multiplied; none passes the whole."""

        def share(value: int, factor: int) -> int:
            return min(PPM, value * factor // PPM)

        moved = share(self.slipped, slipped)
        return Habits(
            moved,
            min(self.kept, PPM - moved),
            self.early,
            share(self.cured, cured),
            self.ahead * early // PPM,
        )


@dataclass(frozen=True, slots=True)
class Assumptions:
    """A scenario; all but ``until`` (a year) in parts per million.

    ``growth``: of the outstanding in a year; None to lend ``lending`` of what the last year lent. What the budgets bring:
    ``local`` of the growth, or so much that their money is ``share`` of the whole when ``until`` ends, moving there in equal
    steps; neither: they lend what they lent last year. ``commune``: of what the budgets bring, the part of the communes';
    None as their loans stand in the book. ``slipped``, ``early``, ``cured``: the habits of the past, multiplied.
    """

    growth: int | None = None
    local: int | None = None
    share: int | None = None
    commune: int | None = None
    lending: int = PPM
    slipped: int = PPM
    early: int = PPM
    cured: int = PPM
    until: int = 2030


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure may be, both ends with it; ``vi``, ``en``: its name as a refusal says it."""

    vi: str
    en: str
    least: int
    most: int


class Fault(NamedTuple):
    """An assumption that cannot be, in words."""

    vi: str
    en: str


# Ten times the past is a slip of the hand.
BOUNDS: Final = {
    "growth": Bound(
        "tăng trưởng một năm từ trên −100% đến 1.000%",
        "growth of a year from above −100% to 1,000%",
        1 - PPM,
        10 * PPM,
    ),
    "local": Bound(
        "phần vốn địa phương từ 0% đến 100% mức tăng",
        "the budgets' part from 0% to 100% of the growth",
        0,
        PPM,
    ),
    "share": Bound(
        "tỷ trọng vốn địa phương từ 0% đến 100% dư nợ",
        "the budgets' share from 0% to 100% of the outstanding",
        0,
        PPM,
    ),
    "commune": Bound(
        "phần của cấp xã từ 0% đến 100% vốn ngân sách địa phương",
        "the communes' part from 0% to 100% of the budgets' money",
        0,
        PPM,
    ),
    "lending": Bound(
        "cho vay từ 0% đến 1.000% của năm qua",
        "lending from 0% to 1,000% of the past year",
        0,
        10 * PPM,
    ),
    "slipped": Bound(
        "chuyển quá hạn từ 0 đến 10 lần mức đã qua",
        "what slips from 0 to 10 times the past",
        0,
        10 * PPM,
    ),
    "early": Bound(
        "trả trước hạn từ 0 đến 10 lần mức đã qua",
        "early payment from 0 to 10 times the past",
        0,
        10 * PPM,
    ),
    "cured": Bound(
        "thu hồi nợ quá hạn từ 0 đến 10 lần mức đã qua",
        "recovery from 0 to 10 times the past",
        0,
        10 * PPM,
    ),
}
_LONGEST: Final = 15


def faults(assumed: Assumptions, year: int) -> list[Fault]:
    """The assumptions that cannot be, in words; ``year``: that of the first day."""
    found = out_of_bounds(assumed, BOUNDS)
    if assumed.share is not None and (assumed.local is not None or assumed.growth is None):
        found.append(
            Fault(
                "tỷ trọng vốn địa phương đi cùng mức tăng trưởng và thay cho phần vốn địa phương trong mức tăng",
                "the budgets' share goes with a growth and instead of their part of it",
            )
        )
    late = until_fault(assumed.until, year)
    return [*found, late] if late else found


def out_of_bounds(assumed: object, bounds: Mapping[str, Bound]) -> list[Fault]:
    """The figures that are not what they may be; one that is not named is none."""
    found = []
    for name, bound in bounds.items():
        value = getattr(assumed, name)
        if value is not None and not bound.least <= value <= bound.most:
            found.append(Fault(bound.vi, bound.en))
    return found


def until_fault(until: int, year: int) -> Fault | None:
    """A last year that is past, or too far."""
    if year <= until <= year + _LONGEST:
        return None
    last = year + _LONGEST
    return Fault(
        f"dự báo đến năm trong khoảng {year}–{last}",
        f"a projection to a year from {year} to {last}",
    )
