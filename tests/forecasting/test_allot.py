"""Allotments of the budgets: a case worked out by hand, the optimum proved by its duals, and what cannot be."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tdcs.forecasting.errors import TargetsOutOfReach
from tdcs.forecasting.rules import allot as rules
from tdcs.forecasting.rules.allot import (
    CEILING,
    GROWTH,
    PROVINCE,
    SHARE,
    Allotments,
    Budget,
    Task,
    allot,
)

MILLION = 1_000_000
BILLION = 1_000 * MILLION
LA_NGA, PHU_VINH = 1, 2


def task(**changed: object) -> Task:
    """Growth of 100 billion in each of two years, 30% of it from the budgets. La Ngà usually gives 5 and at most 10, Phú Vinh
    usually 5 and at most 6, the province usually 15 and at most 40. Money costs 5% a year, beyond the usual 2% more.
    """
    made = Task(
        years=(2027, 2028),
        asked=(100 * BILLION,) * 2,
        share=300_000,
        need={
            (LA_NGA, "GQVL"): (80 * BILLION,) * 2,
            (LA_NGA, "HN"): (20 * BILLION,) * 2,
            (PHU_VINH, "GQVL"): (50 * BILLION,) * 2,
        },
        least={LA_NGA: (10 * BILLION,) * 2, PHU_VINH: (10 * BILLION,) * 2},
        budgets=(
            Budget(PROVINCE, 15 * BILLION, (40 * BILLION,) * 2),
            Budget(LA_NGA, 5 * BILLION, (10 * BILLION,) * 2),
            Budget(PHU_VINH, 5 * BILLION, (6 * BILLION,) * 2),
        ),
        price=50_000,
        dearer=20_000,
    )
    return replace(made, **changed)


def totals(found: Allotments) -> list[int]:
    return [sum(row[year] for row in found.given.values()) for year in range(2)]


def test_two_years_by_hand() -> None:
    """30 billion in each year: 25 at the usual price, 5 dearer. 2027 is held for two years, 2028 for one:

    30 × 5% × (2 + 1) + 5 × 2% × (2 + 1) = 4.5 + 0.3 = 4.8 billion.
    """
    found = allot(task())
    assert totals(found) == [30 * BILLION, 30 * BILLION]
    assert found.central == (70 * BILLION, 70 * BILLION)
    assert found.cost == 4_800 * MILLION
    assert all(found.given[PROVINCE][year] >= 15 * BILLION for year in range(2))
    assert all(found.given[LA_NGA][year] >= 5 * BILLION for year in range(2))
    worth = {(row.kind, row.year): row.worth for row in found.binding}
    # The share through 2028 binds at 7%; through 2027 at the other year that a dong is held.
    assert worth[SHARE, 2028] == 70_000
    assert worth[SHARE, 2027] == 70_000
    assert GROWTH not in {row.kind for row in found.binding}


def test_what_a_year_cannot_give_is_given_before() -> None:
    """In 2028 the province gives nothing and the communes 16: 44 must come in 2027."""
    budgets = (
        Budget(PROVINCE, 15 * BILLION, (40 * BILLION, 0)),
        Budget(LA_NGA, 5 * BILLION, (10 * BILLION,) * 2),
        Budget(PHU_VINH, 5 * BILLION, (6 * BILLION,) * 2),
    )
    found = allot(task(budgets=budgets))
    assert totals(found) == [44 * BILLION, 16 * BILLION]
    assert {(row.kind, row.unit) for row in found.binding if row.year == 2028} >= {
        (CEILING, PROVINCE),
        (CEILING, LA_NGA),
        (CEILING, PHU_VINH),
    }


def test_programmes_that_take_no_local_money_take_none() -> None:
    found = (
        allot(
            task(closed=frozenset({"GQVL"})),
        )
        if False
        else None
    )
    assert found is None
    with pytest.raises(TargetsOutOfReach, match="vốn địa phương thiếu"):
        allot(task(closed=frozenset({"GQVL"})))
    open_enough = allot(task(closed=frozenset({"GQVL"}), share=100_000))
    assert open_enough.local["GQVL"] == (0, 0)
    assert sum(open_enough.local["HN"]) == 20 * BILLION


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        # 10 + 6 + 10 are 4 less than 30 in 2027, and 8 less through 2028.
        (
            {
                "budgets": (
                    Budget(PROVINCE, 10 * BILLION, (10 * BILLION,) * 2),
                    Budget(LA_NGA, 5 * BILLION, (10 * BILLION,) * 2),
                    Budget(PHU_VINH, 5 * BILLION, (6 * BILLION,) * 2),
                )
            },
            (
                "đến hết năm 2027 vốn địa phương thiếu 4.000 triệu",
                "2028 vốn địa phương thiếu 8.000",
                "đến trần",
            ),
        ),
        # 150 can be taken.
        (
            {"asked": (100 * BILLION, 160 * BILLION)},
            ("năm 2028 tăng trưởng thiếu 10.000", "nhu cầu"),
        ),
        ({"least": {PHU_VINH: (10 * BILLION, 51 * BILLION)}}, ("có xã thiếu 1.000", "nhu cầu")),
        (
            {"central": (70 * BILLION, 40 * BILLION)},
            ("năm 2028 tăng trưởng thiếu 4.000", "trung ương"),
        ),
    ],
)
def test_what_cannot_be_says_what_is_missing_and_why(
    changed: dict[str, object], words: tuple[str, ...]
) -> None:
    with pytest.raises(TargetsOutOfReach) as refused:
        allot(task(**changed))
    said = refused.value.sentence("vi")
    for part in words:
        assert part in said


def test_both_sides_of_a_ceiling() -> None:
    """14 + 10 + 6 are just 30."""

    def budgets(province: int) -> tuple[Budget, ...]:
        return (
            Budget(PROVINCE, 10 * BILLION, (province,) * 2),
            Budget(LA_NGA, 5 * BILLION, (10 * BILLION,) * 2),
            Budget(PHU_VINH, 5 * BILLION, (6 * BILLION,) * 2),
        )

    assert totals(allot(task(budgets=budgets(14 * BILLION)))) == [30 * BILLION] * 2
    with pytest.raises(TargetsOutOfReach):
        allot(task(budgets=budgets(14 * BILLION - 10 * MILLION)))


def test_no_commune_goes_below_the_least() -> None:
    """Phú Vinh can take just the 50 that it must grow by, and not a dong more."""
    found = allot(task(least={PHU_VINH: (50 * BILLION,) * 2}, share=200_000))
    assert found.central == (80 * BILLION, 80 * BILLION)
    with pytest.raises(TargetsOutOfReach, match="mức tăng tối thiểu"):
        allot(task(least={PHU_VINH: (50 * BILLION + 10 * MILLION,) * 2}, share=200_000))


def test_the_optimum_is_proved_by_its_duals() -> None:
    """On random tasks: what is found keeps every constraint, the duals keep theirs, and both cost the same (strong duality)."""
    luck = random.Random(14)
    for _ in range(12):
        made = random_task(luck)
        programme = rules.laid_out(made)
        found = rules._solved(programme)
        if found.status == 2:
            with pytest.raises(TargetsOutOfReach):
                allot(made)
            continue
        x, scale = found.x, max(1.0, abs(found.fun))
        assert (programme.upper @ x <= programme.most + 1e-5).all()
        assert np.allclose(programme.equal @ x, programme.exact, atol=1e-5)
        assert (x >= -1e-9).all()
        assert (x <= programme.highest + 1e-9).all()
        up, eq = found.ineqlin.marginals, found.eqlin.marginals
        assert (up <= 1e-9).all()
        # What is left of each column's price is not negative, but where it may not be used at all.
        left = programme.cost - programme.upper.T @ up - programme.equal.T @ eq
        assert (left[np.isinf(programme.highest)] >= -1e-7).all()
        dual = programme.most @ up + programme.exact @ eq
        assert abs(dual - found.fun) <= 1e-6 * scale
        told = allot(made)
        for year in range(len(made.years)):
            asked = sum(made.asked[: year + 1])
            given = sum(sum(row[: year + 1]) for row in told.given.values())
            assert given * 1_000_000 >= asked * made.share


def random_task(luck: random.Random) -> Task:
    years = (2027, 2028, 2029)
    communes = range(1, 6)
    need = {
        (commune, code): tuple(luck.randrange(5, 60) * BILLION for _ in years)
        for commune in communes
        for code in ("GQVL", "HN", "NSVSMT")
    }
    return Task(
        years=years,
        asked=tuple(luck.randrange(100, 250) * BILLION for _ in years),
        share=luck.choice([200_000, 300_000, 450_000]),
        need=need,
        least={commune: tuple(luck.randrange(10) * BILLION for _ in years) for commune in communes},
        budgets=(
            Budget(PROVINCE, 30 * BILLION, (luck.randrange(20, 90) * BILLION,) * 3),
            *(
                Budget(commune, luck.randrange(5) * BILLION, (luck.randrange(5, 15) * BILLION,) * 3)
                for commune in communes
            ),
        ),
        price=50_000,
        dearer=luck.choice([0, 25_000]),
        closed=frozenset({"NSVSMT"}) if luck.random() < 0.5 else frozenset(),
        central=None
        if luck.random() < 0.7
        else tuple(luck.randrange(80, 200) * BILLION for _ in years),
    )
