"""What is still to come of a loan: by hand, and against a count of its own for loans at random."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.core.columns import day_number, day_of_number
from tdcs.forecasting.rules.runoff import LATE, by_month, coming

DAY = date(2025, 1, 31)


def frame(**columns: list[object]) -> nw.DataFrame[pl.DataFrame]:
    return nw.from_native(pl.DataFrame(columns), eager_only=True)


def instalments(*rows: tuple[int, date, int]) -> nw.DataFrame[pl.DataFrame]:
    return frame(
        loan=[loan for loan, _, _ in rows],
        number=list(range(1, len(rows) + 1)),
        trigger=[day_number(day) for _, day, _ in rows],
        principal=[amount for _, _, amount in rows],
    )


def loan(
    paid: int, *, by_instalment: bool = True, frozen_to: date | None = None
) -> nw.DataFrame[pl.DataFrame]:
    until = day_number(frozen_to) if frozen_to else 0
    return frame(loan=[1], paid=[paid], by_instalment=[by_instalment], frozen_to=[until])


PARTS = instalments(
    (1, date(2024, 9, 5), 8_300_000),
    (1, date(2025, 3, 5), 8_300_000),
    (1, date(2025, 9, 5), 8_300_000),
    (1, date(2027, 3, 5), 25_100_000),
)


def seen(loans: nw.DataFrame[pl.DataFrame]) -> list[tuple[int, int]]:
    rows = by_month(coming(loans, PARTS, day_number(DAY)), ["loan"], 24)
    return list(zip(rows["month"].to_list(), rows["principal"].to_list(), strict=True))


def test_what_is_paid_fills_the_instalments_in_their_order() -> None:
    assert seen(loan(8_000_000)) == [
        (LATE, 300_000),
        (2, 8_300_000),
        (8, 8_300_000),
        (25, 25_100_000),
    ]
    assert seen(loan(17_000_000)) == [(8, 7_900_000), (25, 25_100_000)]
    assert seen(loan(50_000_000)) == []


def test_a_loan_judged_by_its_final_day_owes_what_it_missed_on_that_day() -> None:
    late = loan(8_000_000, by_instalment=False)
    assert seen(late) == [(2, 8_300_000), (8, 8_300_000), (25, 25_400_000)]


def test_a_frozen_loan_pays_after_its_last_frozen_day() -> None:
    frozen = loan(8_000_000, frozen_to=date(2025, 6, 30))
    assert seen(frozen) == [(6, 8_600_000), (8, 8_300_000), (25, 25_100_000)]
    # Frozen through the day itself: it may pay on the next.
    assert seen(loan(8_000_000, frozen_to=DAY))[0] == (1, 300_000)
    assert seen(loan(8_000_000, frozen_to=date(2025, 1, 30)))[0] == (LATE, 300_000)


@given(
    st.lists(st.tuples(st.integers(-900, 2000), st.integers(1, 10**9)), min_size=1, max_size=12),
    st.integers(0, 1000),
    st.booleans(),
)
def test_every_dong_of_the_balance_comes_once_and_in_its_month(
    parts: list[tuple[int, int]], paid_permille: int, by_instalment: bool
) -> None:
    base = day_number(DAY)
    ordered = sorted((base + after, amount) for after, amount in parts)
    lent = sum(amount for _, amount in ordered)
    paid = lent * paid_permille // 1000
    laid = instalments(*[(1, day_of_number(day), amount) for day, amount in ordered])
    rows = coming(loan(paid, by_instalment=by_instalment), laid, base)
    assert sum(rows["principal"].to_list()) == lent - paid
    # The referee pays dong by dong: an instalment is left with what the payments before it did not reach.
    wanted: dict[int, int] = {}
    rest = paid
    for day, amount in ordered:
        covered = min(rest, amount)
        rest -= covered
        if amount > covered:
            on = day if day >= base or by_instalment else ordered[-1][0]
            when = day_of_number(on)
            months = (when.year - DAY.year) * 12 + when.month - DAY.month
            month = max(months, 1) if on >= base else LATE
            wanted[month] = wanted.get(month, 0) + amount - covered
    sums = by_month(rows, ["loan"], 200)
    assert dict(zip(sums["month"].to_list(), sums["principal"].to_list(), strict=True)) == wanted


@pytest.mark.parametrize(("months", "last"), [(8, 9), (2, 3)])
def test_later_months_are_one_sum(months: int, last: int) -> None:
    rows = by_month(coming(loan(0), PARTS, day_number(DAY)), ["loan"], months)
    assert rows["month"].to_list()[-1] == last
    assert sum(rows["principal"].to_list()) == 50_000_000
