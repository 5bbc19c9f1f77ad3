"""How borrowers of a programme and an age paid over some months, as shares that a projection can go on with (roll rates).

Loan by loan, between two month-ends: what was repaid filled what was overdue (cured), then what fell due in the month, and
the rest was paid before its day (early). Of what fell due and was not paid, a part became overdue (slipped); the rest was
left for later (kept: extended, or missed by a loan that is judged by its final day). So, to the dong, for each loan:

    due − slipped − kept + early + cured = repaid

100 due, 92 repaid by a loan of which nothing was overdue, 3 overdue at the end: 3 slipped, 5 kept. Another repaid 130 of
100 due: 30 early. Together 200 were due, of which 3 slipped and 5 were kept: 1.5% and 2.5%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Final

import narwhals as nw

from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame
from tdcs.forecasting.rules.assumptions import OLDEST, PPM, Habits

FLOWS: Final = ("due", "slipped", "kept", "early", "cured", "balance", "overdue")


@dataclass(frozen=True, slots=True)
class Past:
    """What months add up to, in dong; ``balance`` and ``overdue`` as each month opened."""

    due: int = 0
    slipped: int = 0
    kept: int = 0
    early: int = 0
    cured: int = 0
    balance: int = 0
    overdue: int = 0

    def worth(self, due: int) -> Past:
        """The same past, as large as if so much had fallen due in it; of one in which nothing did, nothing."""
        if not self.due:
            return Past()
        return Past(*(part * due // self.due for part in astuple(self)))

    def __add__(self, other: Past) -> Past:
        return Past(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@without_basis("đo từ số liệu đã khóa sổ, không phải quy định")
def paid_in_month(rows: Frame) -> Frame:
    """``rows`` with slipped, kept, early and cured of each loan in a month.

    In: due (principal whose session comes in the month), balance and overdue as it opened, repaid in it, and overdue_after.
    """
    col, nothing = nw.col, nw.lit(0, dtype=nw.Int64)
    rows = rows.with_columns(cured=nw.min_horizontal(col("repaid"), col("overdue")))
    rows = rows.with_columns(
        _on_due=nw.min_horizontal(col("repaid") - col("cured"), col("due")),
    )
    rows = rows.with_columns(
        early=col("repaid") - col("cured") - col("_on_due"), _left=col("due") - col("_on_due")
    )
    risen = nw.max_horizontal(col("overdue_after") - col("overdue") + col("cured"), nothing)
    rows = rows.with_columns(slipped=nw.min_horizontal(risen, col("_left")))
    return rows.with_columns(kept=col("_left") - col("slipped")).drop("_on_due", "_left")


@without_basis("đo từ số liệu đã khóa sổ, không phải quy định")
def habits_of(past: Past) -> Habits:
    """The shares of one past. A share of nothing is 0."""
    return Habits(
        slipped=_share(past.slipped, past.due),
        kept=_share(past.kept, past.due),
        early=_share(past.early, past.balance - past.overdue - past.due),
        cured=_share(past.cured, past.overdue),
    )


def by_age(
    pasts: Mapping[tuple[str, int], Past], *, least_due: int
) -> dict[str, tuple[Habits, ...]]:
    """Habits of each programme by age (0 … OLDEST), and of the whole book under "".

    With a programme's age go, as if ``least_due`` more had fallen due by them each, the whole book's of that age and the
    programme's of all ages: where much fell due it speaks for itself, where little did it speaks as its like do.
    """
    ages = range(OLDEST + 1)
    whole = sum(pasts.values(), Past())
    of_age = {age: _sum(pasts, age=age) for age in ages}
    found = {"": tuple(habits_of(of_age[age] + whole.worth(least_due)) for age in ages)}
    for code in sorted({programme for programme, _ in pasts}):
        own = _sum(pasts, programme=code) + whole.worth(least_due)
        found[code] = tuple(
            habits_of(
                pasts.get((code, age), Past()) + of_age[age].worth(least_due) + own.worth(least_due)
            )
            for age in ages
        )
    return found


def collected_of(pasts: Mapping[tuple[str, int], Past]) -> int:
    """Of what loans of earlier years owed in term, the share (ppm) that a month brought on its day or before."""
    older = sum((past for (_, age), past in pasts.items() if age > 0), Past())
    paid = older.due - older.slipped - older.kept + older.early
    return _share(paid, older.balance - older.overdue)


def by_programme(pasts: Mapping[tuple[str, int], Past], *, least_due: int) -> dict[str, Habits]:
    """Each programme's habits of all ages together, with the whole book's mixed in: what a table shows in one row."""
    whole = sum(pasts.values(), Past())
    codes = sorted({programme for programme, _ in pasts})
    return {code: habits_of(_sum(pasts, programme=code) + whole.worth(least_due)) for code in codes}


def _sum(
    pasts: Mapping[tuple[str, int], Past], *, programme: str | None = None, age: int | None = None
) -> Past:
    wanted = (
        past
        for (code, years), past in pasts.items()
        if programme in (None, code) and age in (None, years)
    )
    return sum(wanted, Past())


def _share(part: int, whole: int) -> int:
    return min(max(part, 0) * PPM // whole, PPM) if whole > 0 else 0
