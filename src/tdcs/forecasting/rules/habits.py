"""How a programme's borrowers paid over some months, as shares that a projection can go on with.

    due − slipped − kept + early + cured = repaid

``due``: principal whose session came in a month; ``slipped``: of it, what became overdue; ``cured``: overdue principal
that was paid. What was repaid beyond these was paid early; where less was repaid, the difference was kept for later
(extended). Of 100 due 1 slipped, 90 were repaid and 1 of the overdue among them: 100 − 1 + 1 − 90 = 10 were kept, a tenth
of what was due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tdcs.core.basis import without_basis
from tdcs.forecasting.rules.assumptions import PPM, Habits


@dataclass(frozen=True, slots=True)
class Past:
    """What a programme's months add up to, in dong; ``balance`` and ``overdue`` as each month opened."""

    due: int = 0
    slipped: int = 0
    repaid: int = 0
    cured: int = 0
    balance: int = 0
    overdue: int = 0

    def worth(self, due: int) -> Past:
        """The same past, as large as if so much had fallen due in it; of one in which nothing did, nothing."""
        if not self.due:
            return Past()
        parts = (self.due, self.slipped, self.repaid, self.cured, self.balance, self.overdue)
        return Past(*(part * due // self.due for part in parts))

    def __add__(self, other: Past) -> Past:
        return Past(
            self.due + other.due,
            self.slipped + other.slipped,
            self.repaid + other.repaid,
            self.cured + other.cured,
            self.balance + other.balance,
            self.overdue + other.overdue,
        )


@without_basis("đo từ số liệu đã khóa sổ, không phải quy định")
def habits_of(past: Past) -> Habits:
    """The shares of one past. A share of nothing is 0."""
    slipped = _share(past.slipped, past.due)
    cured = _share(past.cured, past.overdue)
    timely = past.due - past.slipped
    beyond = past.repaid - timely - past.cured
    if beyond >= 0:
        return Habits(
            slipped=slipped,
            early=_share(beyond, past.balance - past.overdue - past.due),
            cured=cured,
        )
    kept = min(_share(-beyond, past.due), PPM - slipped)
    return Habits(slipped=slipped, kept=kept, cured=cured)


def by_programme(pasts: Mapping[str, Past], *, least_due: int) -> dict[str, Habits]:
    """Each programme's habits, with those of the whole book mixed in as if ``least_due`` more had fallen due by them.

    A programme of which much fell due speaks for itself, one of which little did speaks as the book does.
    """
    whole = sum(pasts.values(), Past())
    return {code: habits_of(past + whole.worth(least_due)) for code, past in pasts.items()}


def _share(part: int, whole: int) -> int:
    return min(max(part, 0) * PPM // whole, PPM) if whole > 0 else 0
