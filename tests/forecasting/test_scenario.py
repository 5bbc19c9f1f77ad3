"""Projections: what each month adds up to, the promises that a scenario keeps, and a published projection met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest
import referee_of_months as referee
from hypothesis import given
from hypothesis import strategies as st

from tdcs.core.months import month_end
from tdcs.forecasting.errors import ProjectionTooLarge
from tdcs.forecasting.rules.assumptions import (
    CENTRAL,
    LOCAL,
    OLDEST,
    PPM,
    TIERS,
    Assumptions,
    Habits,
    faults,
)
from tdcs.forecasting.rules.costs import Costs, costs_of
from tdcs.forecasting.rules.habits import Past, by_age, collected_of, habits_of, paid_in_month
from tdcs.forecasting.rules.path import (
    COLUMNS,
    MOST,
    NEW,
    RUNNING,
    Book,
    Borrowing,
    Key,
    Stock,
    parts_of,
    run,
)
from tdcs.forecasting.rules.scenario import Opening, Projection, project

BILLION = 10**9
KEY = Key("HN", CENTRAL, RUNNING, 2024)
NEWER = Key("HN", CENTRAL, NEW, 2025)


def standing(found: Projection, year: int, *tiers: str) -> int:
    return sum(row.closing for row in found.years if row.year == year and row.tier in tiers)


def month(
    stock: Stock, habits: Habits, profile: tuple[int, ...] = (PPM,), lent: int = 0, **more: Any
) -> tuple[Stock, dict[str, int]]:
    """One stock one month later, and what happened."""
    day = more.pop("day", date(2025, 1, 31))
    book = Book(day, {KEY: stock}, {"HN": Borrowing((habits,), profile)}, **more)
    after, flows = run(book, {KEY: [lent]}, 1)
    return after.stocks[KEY], {name: int(getattr(flows, name)[0, 0]) for name in COLUMNS}


def test_one_month_by_hand() -> None:
    """1,000 due, 9,000 later, 500 overdue; 2% slips, 10% is kept, 1% is paid early, a fifth of the overdue is paid."""
    stock = Stock(66_000, 500, (1_000, 3_000, 6_000))
    habits = Habits(slipped=20_000, kept=100_000, early=10_000, cured=200_000)
    after, row = month(stock, habits, (0, PPM), 400)
    assert (row["due"], row["slipped"], row["kept"]) == (1_000, 20, 100)
    assert (row["early"], row["cured"]) == (90, 100)
    assert row["repaid"] == 1_000 - 20 - 100 + 90 + 100
    # Early comes off in proportion; what was kept and what was lent is due beyond the months that are told apart.
    assert after.coming == (3_000 - 30, 6_000 - 60 + 400, 100)
    assert after.overdue == row["overdue"] == 500 + 20 - 100
    assert row["closing"] == row["opening"] + row["lent"] - row["repaid"] == after.balance


def test_who_has_more_due_pays_less_ahead() -> None:
    """30,000 in term, 5% of it collected a month: 1,500. Of 1,000 due all is paid, so 500 come early, not 290 (1% of 29,000)."""
    habits = Habits(early=10_000)
    little = Stock(66_000, 0, (1_000, 9_000, 20_000))
    assert month(little, habits)[1]["early"] == 290
    # 500 ÷ 290 of 1%, cut at a millionth: 17,241 ppm of 9,000 and of 20,000.
    assert month(little, habits, collected=50_000)[1]["early"] == 155 + 344
    # Where more falls due than that, nothing comes early.
    assert (
        month(Stock(66_000, 0, (1_500, 9_000, 19_500)), habits, collected=50_000)[1]["early"] == 0
    )
    # What the year itself lent goes by its own share.
    young = date(2023, 12, 31)
    assert month(little, habits, collected=50_000, day=young)[1]["early"] == 290


def test_interest_is_that_of_the_mean_of_both_ends() -> None:
    """365 million at 10% for 31 days: 365,000,000 × 31 × 0.1 ÷ 365 = 3,100,000."""
    day = date(2024, 12, 31)
    whole = Stock(100_000, 0, (0, 365_000_000))
    assert month(whole, Habits(), day=day)[1]["interest"] == 3_100_000
    half = Stock(100_000, 0, (365_000_000, 0))
    assert month(half, Habits(), day=day)[1]["interest"] == 1_550_000


@given(
    st.lists(st.integers(0, 10**12), min_size=2, max_size=30),
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**12), min_size=5, max_size=5),
    st.tuples(*[st.integers(0, PPM // 2)] * 4),
    st.sampled_from([0, 20_000, 400_000]),
)
def test_columns_go_as_the_plain_way_goes(
    amounts: list[int],
    overdue: int,
    lent: list[int],
    shares: tuple[int, int, int, int],
    collected: int,
) -> None:
    """Five months of two stocks beside a walk in plain Python over whole numbers without bounds; no dong is lost."""
    habits = (Habits(*shares), Habits(*reversed(shares)))
    borrowing = {"HN": Borrowing(habits, (0, 1, 2, PPM - 3))}
    stocks = {
        KEY: Stock(66_000, overdue, tuple(amounts)),
        NEWER: Stock(50_000, 0, (0,) * len(amounts)),
    }
    book = Book(date(2025, 9, 30), stocks, borrowing, collected)
    after, flows = run(book, {NEWER: lent}, 5)
    walked, rows = referee.walk(book, {NEWER: lent}, 5)
    assert after.stocks == walked.stocks
    for at, key in enumerate(flows.keys):
        for row, told in enumerate(rows[key]):
            assert {name: int(getattr(flows, name)[row, at]) for name in COLUMNS} == told
            assert told["closing"] == told["opening"] + told["lent"] - told["repaid"]
            assert 0 <= told["overdue"] <= told["closing"]
    assert after.outstanding(CENTRAL) == int(flows.closing[-1].sum())
    assert after.day == date(2026, 2, 28)


def test_what_the_columns_cannot_hold_is_refused() -> None:
    assert month(Stock(66_000, 0, (0, MOST)), Habits())[0].balance == MOST
    with pytest.raises(ProjectionTooLarge):
        month(Stock(66_000, 0, (0, MOST + 1)), Habits())
    with pytest.raises(ProjectionTooLarge):
        month(Stock(66_000, 0, (0, 0)), Habits(), lent=MOST + 1)


def test_commission_and_fee_are_shares_of_what_groups_manage() -> None:
    """1,000 million in term all year, all with groups, at 0.085% a month: 10.2 million; half with groups: half of it."""
    book = Book(
        date(2024, 12, 31),
        {KEY: Stock(66_000, 0, (0,) * 12 + (10**9,))},
        {"HN": Borrowing((Habits(),), (PPM,))},
    )
    _, flows = run(book, {}, 12)
    assert costs_of(flows, Costs(850, 320, {"HN": PPM})) == (10_200_000, 3_840_000)
    assert costs_of(flows, Costs(850, 320, {"HN": PPM // 2})) == (5_100_000, 1_920_000)
    assert costs_of(flows, Costs(850, 320)) == (0, 0)
    late = replace(book, stocks={KEY: Stock(66_000, 10**9, (0,))})
    assert costs_of(run(late, {}, 12)[1], Costs(850, 320, {"HN": PPM})) == (0, 0)


def test_what_the_budgets_bring_is_the_communes_and_the_provinces(published: Opening) -> None:
    assumed = Assumptions(growth=100_000, local=300_000, until=2025)
    opening = replace(published, communes=40_000)
    local = project(opening, assumed).years[1]
    assert local.by_communes == local.added * 4 // 100
    named = project(opening, replace(assumed, commune=250_000)).years[1]
    assert named.by_communes == named.added // 4
    assert project(opening, assumed).years[0].by_communes == 0


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
    assert {end.month for flows in found.flows for end in flows.ends} == set(range(7, 13))


def test_each_assumption_moves_a_figure(published: Opening) -> None:
    plain = Assumptions(until=2026)
    book = replace(
        published.book,
        borrowing={"HN": Borrowing((Habits(10_000, 0, 5_000, 100_000),), (0,) * 35 + (PPM,))},
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


def test_each_loan_explains_what_it_repaid() -> None:
    """100 due, 92 repaid, 3 overdue after: 3 slipped, 5 kept. 130 repaid of 100 due: 30 early. 15 of 20 overdue repaid: cured."""
    rows = nw.from_native(
        pl.DataFrame(
            {
                "due": [100, 100, 0],
                "balance": [500, 500, 20],
                "overdue": [0, 0, 20],
                "repaid": [92, 130, 15],
                "overdue_after": [3, 0, 5],
            }
        ),
        eager_only=True,
    )
    found = paid_in_month(rows).select("slipped", "kept", "early", "cured").rows()
    assert found == [(3, 5, 0, 0), (0, 0, 30, 0), (0, 0, 0, 15)]


def test_shares_of_a_past() -> None:
    """Of 200 due 3 slipped and 5 were kept, 40 of 800 not yet due came early, 15 of 20 overdue were paid; collected 232 of 1,000."""
    past = Past(due=200, slipped=3, kept=5, early=40, cured=15, balance=1_020, overdue=20)
    assert habits_of(past) == Habits(15_000, 25_000, 50_000, 750_000)
    assert collected_of({("HN", 1): past, ("HN", 0): replace(past, early=700)}) == 232_000
    assert habits_of(Past()) == Habits()


def test_an_age_with_little_behind_it_follows_its_like() -> None:
    """Of 1,000 due at 3 years 10 slipped. At 1 year of 5 due all slipped: 5 + 100 (of that age) + 1 (programme) of 205."""
    pasts = {
        ("HN", 3): Past(due=1_000, slipped=10, balance=10**4),
        ("HN", 1): Past(due=5, slipped=5),
    }
    found = by_age(pasts, least_due=100)
    assert len(found["HN"]) == OLDEST + 1
    assert found["HN"][1].slipped == 106 * PPM // 205
    # 10 of 1,000, with 1 of 100 of that age and 1 of 100 of the programme (11 of 1,005 as 100, mixed).
    assert found["HN"][3].slipped == 12 * PPM // 1_200
    # Of an age of which nothing is known, all ages speak; of a programme of which nothing is known, the whole book.
    assert found["HN"][5].slipped == 1 * PPM // 100
    assert found[""][3].slipped == (10 + 1) * PPM // 1_100
    assert by_age({("HN", 1): Past()}, least_due=100)["HN"][1] == Habits()


def test_ends_of_months() -> None:
    assert month_end(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert month_end(date(2026, 10, 31), -10) == date(2025, 12, 31)
    assert NEW != RUNNING
