"""Projections: what each month adds up to, the promises that a scenario keeps, and a published projection met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import (
    CENTRAL,
    LOCAL,
    PPM,
    TIERS,
    Assumptions,
    Habits,
    faults,
)
from tdcs.forecasting.rules.habits import Past, by_programme, habits_of
from tdcs.forecasting.rules.path import (
    NEW,
    RUNNING,
    Book,
    Borrowing,
    Stock,
    parts_of,
    run,
    step,
)
from tdcs.forecasting.rules.scenario import Opening, Projection, project

BILLION = 10**9
KEY = ("HN", CENTRAL, RUNNING)


def standing(found: Projection, year: int, *tiers: str) -> int:
    return sum(row.closing for row in found.years if row.year == year and row.tier in tiers)


def test_one_month_by_hand() -> None:
    """1,000 due, 9,000 later, 500 overdue; 2% slips, 10% is kept, 1% is paid early, a fifth of the overdue is paid."""
    stock = Stock(66_000, 500, (1_000, 3_000, 6_000))
    borrowing = Borrowing(
        Habits(slipped=20_000, kept=100_000, early=10_000, cured=200_000), (0, PPM)
    )
    after, row = step(KEY, stock, borrowing, 400, date(2025, 2, 28))
    assert (row.due, row.slipped, row.kept, row.early, row.cured) == (1_000, 20, 100, 90, 100)
    assert row.repaid == 1_000 - 20 - 100 + 90 + 100
    # Early comes off in proportion; what was kept and what was lent is due beyond the months that are told apart.
    assert after.coming == (3_000 - 30, 6_000 - 60 + 400, 100)
    assert after.overdue == row.overdue == 500 + 20 - 100
    assert row.closing == row.opening + row.lent - row.repaid == after.balance


def test_interest_is_that_of_the_mean_of_both_ends() -> None:
    """365 million at 10% for 31 days: 365,000,000 × 31 × 0.1 ÷ 365 = 3,100,000."""
    stock = Stock(100_000, 0, (0, 365_000_000))
    _, row = step(KEY, stock, Borrowing(Habits(), (PPM,)), 0, date(2025, 1, 31))
    assert row.interest == 3_100_000
    half = Stock(100_000, 0, (365_000_000, 0))
    assert (
        step(KEY, half, Borrowing(Habits(), (PPM,)), 0, date(2025, 1, 31))[1].interest == 1_550_000
    )


@given(
    st.lists(st.integers(0, 10**13), min_size=2, max_size=30),
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**12), min_size=5, max_size=5),
    st.tuples(*[st.integers(0, PPM // 2)] * 4),
)
def test_no_dong_is_lost_over_months(
    amounts: list[int], overdue: int, lent: list[int], shares: tuple[int, int, int, int]
) -> None:
    borrowing = Borrowing(Habits(*shares), (0, 1, 2, PPM - 3))
    book = Book(
        date(2025, 12, 31), {KEY: Stock(66_000, overdue, tuple(amounts))}, {"HN": borrowing}
    )
    after, rows = run(book, {KEY: lent}, 5)
    balance = overdue + sum(amounts)
    for row in rows:
        assert row.opening == balance
        balance += row.lent - row.repaid
        assert row.closing == balance
        assert 0 <= row.overdue <= row.closing
    assert after.outstanding(CENTRAL) == balance
    assert after.day == date(2026, 5, 31)


def test_parts_add_up() -> None:
    assert list(parts_of(10, [1, 1, 1])) == [3, 3, 4]
    assert list(parts_of(7, [0, 2, 0, 5])) == [0, 2, 0, 5]


def test_a_published_projection_is_met_from_its_growth_and_share(published: Opening) -> None:
    """4,830 (2024) → 5,330 (2025) → 6,543 (2027) → 8,850 billion (2030) at 10.67% a year, local money 15% of it in 2030: 1,330."""
    found = project(published, Assumptions(growth=106_700, share=150_000, until=2030))
    for year, told in ((2025, 5_330), (2027, 6_543), (2030, 8_850)):
        assert standing(found, year, *TIERS) == pytest.approx(told * BILLION, rel=0.005)
    assert standing(found, 2030, LOCAL) == pytest.approx(1_330 * BILLION, rel=0.005)
    # Another growth, another end.
    slower = project(published, Assumptions(growth=50_000, share=150_000, until=2030))
    assert standing(slower, 2030, *TIERS) == pytest.approx(4_830 * BILLION * 1.05**6, rel=1e-6)


def test_growth_and_the_budgets_share_of_it_are_kept_to_the_dong(published: Opening) -> None:
    found = project(published, Assumptions(growth=100_000, local=300_000, until=2027))
    begun, local = 4_830 * BILLION, 354 * BILLION
    for year in (2025, 2026, 2027):
        grown = begun // 10
        assert abs(standing(found, year, *TIERS) - begun - grown) < 20_000
        assert abs(standing(found, year, LOCAL) - local - grown * 3 // 10) < 20_000
        begun, local = standing(found, year, *TIERS), standing(found, year, LOCAL)
    assert not any(row.beyond for row in found.years)


def test_without_growth_the_budgets_still_bring_their_share_of_what_comes(
    published: Opening,
) -> None:
    found = project(published, Assumptions(lending=2 * PPM, local=300_000, until=2025))
    grown = standing(found, 2025, *TIERS) - 4_830 * BILLION
    assert grown > 0
    assert (standing(found, 2025, LOCAL) - 354 * BILLION) / grown == pytest.approx(0.3, abs=1e-6)
    assert sum(row.lent for row in found.years) == pytest.approx(2_600 * BILLION, rel=1e-9)


def test_as_last_year_lends_what_was_lent(published: Opening) -> None:
    found = project(published, Assumptions(until=2025))
    assert [row.lent for row in found.years] == [1_200 * BILLION, 100 * BILLION]
    # A fifth of the old money comes back within the year; a loan of 36 months none of its own.
    assert [row.repaid for row in found.years] == pytest.approx(
        [4_476 * BILLION // 5, 354 * BILLION // 5], rel=1e-6
    )


def test_a_tier_beyond_what_is_assumed_lends_nothing_and_says_so(published: Opening) -> None:
    found = project(published, Assumptions(growth=-400_000, until=2025))
    central = next(row for row in found.years if row.tier == CENTRAL)
    assert (central.lent, central.beyond) == (0, True)


def test_a_year_begun_grows_from_its_own_beginning(published: Opening) -> None:
    half = replace(
        published,
        book=replace(published.book, day=date(2025, 6, 30)),
        at_year_begin={CENTRAL: 4_200 * BILLION, LOCAL: 300 * BILLION},
    )
    found = project(half, Assumptions(growth=100_000, until=2025))
    assert abs(standing(found, 2025, *TIERS) - 4_950 * BILLION) < 20_000
    assert {row.end.month for row in found.months} == set(range(7, 13))


def test_each_assumption_moves_a_figure(published: Opening) -> None:
    plain = Assumptions(until=2026)
    book = replace(
        published.book,
        borrowing={"HN": Borrowing(Habits(10_000, 0, 5_000, 100_000), (0,) * 35 + (PPM,))},
    )
    opening = replace(published, book=book)
    before = project(opening, plain)
    for changed in (
        {"lending": PPM // 2},
        {"slipped": 2 * PPM},
        {"early": 2 * PPM},
        {"cured": 0},
        {"growth": 1},
    ):
        assert project(opening, replace(plain, **changed)).years != before.years, changed


def test_assumptions_that_cannot_be_are_named_all_at_once() -> None:
    wrong = Assumptions(growth=-PPM, local=PPM + 1, lending=-1, until=2020)
    assert len(faults(wrong, 2026)) == 4
    assert faults(Assumptions(growth=1 - PPM, local=PPM), 2026) == []
    assert len(faults(Assumptions(share=150_000), 2026)) == 1
    assert len(faults(Assumptions(growth=1, share=1, local=1), 2026)) == 1
    assert faults(Assumptions(until=2041), 2026) == []
    assert len(faults(Assumptions(until=2042), 2026)) == 1


def test_habits_explain_what_was_repaid() -> None:
    """100 due, 1 slipped, 1 of 20 overdue was paid: 90 repaid leave a tenth kept, 110 repaid are 10 early of 880 not due."""
    less = habits_of(Past(due=100, slipped=1, repaid=90, cured=1, balance=1_000, overdue=20))
    assert less == Habits(slipped=10_000, kept=100_000, cured=50_000)
    more = habits_of(Past(due=100, slipped=1, repaid=110, cured=1, balance=1_000, overdue=20))
    assert more == Habits(slipped=10_000, early=10 * PPM // 880, cured=50_000)


def test_a_programme_with_little_behind_it_follows_the_book() -> None:
    """Of 1,000 due 10 slipped: with 100 more by the book's habits (15 of 1,005), 11 of 1,100. Of 5 due all slipped: 6 of 105."""
    much = Past(due=1_000, slipped=10, repaid=990, balance=10_000)
    found = by_programme({"HN": much, "XKLD": Past(due=5, slipped=5)}, least_due=100)
    assert found["HN"].slipped == 11 * PPM // 1_100
    assert found["XKLD"].slipped == 6 * PPM // 105
    assert by_programme({"HN": Past()}, least_due=100) == {"HN": Habits()}


def test_ends_of_months() -> None:
    assert month_end(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert month_end(date(2026, 10, 31), -10) == date(2025, 12, 31)
    assert NEW != RUNNING
