"""The pure rules of the yearly plan: dividing, adding up, following, moving. Worked by hand, and against exact fractions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tdcs.credit_plan.rules.adding_up import overdrawn_funds, unmet_targets
from tdcs.credit_plan.rules.execution import followed
from tdcs.credit_plan.rules.figures import figures
from tdcs.credit_plan.rules.moving import Move, proposed_moves
from tdcs.credit_plan.rules.spread import spread

M = 1_000_000


def targets(*rows: tuple[str, int, int]) -> Any:
    schema = {"programme": pl.String, "source": pl.Int64, "amount": pl.Int64}
    return nw.from_native(pl.DataFrame(list(rows), schema=schema, orient="row"))


def weights(*rows: tuple[int, str, int, int]) -> Any:
    schema = {"area": pl.Int64, "programme": pl.String, "source": pl.Int64, "weight": pl.Int64}
    return nw.from_native(pl.DataFrame(list(rows), schema=schema, orient="row"))


def shares(total: int, given_: list[int], unit: int = M) -> list[int]:
    rows = weights(*((at, "HN", 1, weight) for at, weight in enumerate(given_)))
    return spread(targets(("HN", 1, total)), rows, unit)["amount"].to_list()


def test_the_unit_left_goes_to_the_largest_remainder() -> None:
    # 55.6, 33.3, 11.1 of 100 units
    assert shares(100 * M, [50, 30, 10]) == [56 * M, 33 * M, 11 * M]


def test_equal_remainders_go_to_the_larger_weight_then_the_lower_commune() -> None:
    # 10 units over 3, 1: 7.5 and 2.5
    assert shares(10 * M, [1, 3]) == [2 * M, 8 * M]
    # one unit over two alike
    assert shares(1 * M, [5, 5]) == [1 * M, 0]


def test_nobody_asked_means_alike() -> None:
    assert shares(10 * M, [0, 0, 0]) == [4 * M, 3 * M, 3 * M]


def test_what_is_beyond_whole_units_is_not_lost() -> None:
    assert shares(10 * M + 7, [1, 1]) == [5 * M + 7, 5 * M]


def test_each_programme_and_fund_is_divided_by_itself() -> None:
    rows = weights((1, "HN", 1, 1), (2, "HN", 1, 1), (1, "HN", 2, 1), (2, "GQVL", 1, 9))
    found = spread(targets(("HN", 1, 4 * M), ("HN", 2, 6 * M), ("GQVL", 1, 2 * M)), rows, M)
    assert found.rows() == [
        (1, "HN", 1, 2 * M),
        (1, "HN", 2, 6 * M),
        (2, "GQVL", 1, 2 * M),
        (2, "HN", 1, 2 * M),
    ]


@given(
    st.integers(0, 10**15),
    st.lists(st.integers(0, 10**14), min_size=1, max_size=40),
    st.sampled_from([1, 1000, M, 100 * M]),
)
def test_sums_are_exact_and_nobody_is_a_unit_away_from_his_share(
    total: int, given_: list[int], unit: int
) -> None:
    found = shares(total, given_, unit)
    assert sum(found) == total
    assert min(found) >= 0
    parts = given_ if any(given_) else [1] * len(given_)
    for amount, weight in zip(found, parts, strict=True):
        fair = Fraction(total // unit * weight, sum(parts))
        assert abs(amount // unit - fair) <= 1
    # The oracle: Hamilton's method with exact fractions.
    quotas = [Fraction(total // unit * weight, sum(parts)) for weight in parts]
    floors = [q.numerator // q.denominator for q in quotas]
    order = sorted(range(len(parts)), key=lambda n: (-(quotas[n] - floors[n]), -parts[n], n))
    for n in order[: total // unit - sum(floors)]:
        floors[n] += 1
    said = [n * unit for n in floors]
    said[order[0]] += total % unit
    assert found == said


def test_a_target_fails_by_a_dong_on_both_sides() -> None:
    lines = targets(("HN", 1, 60), ("HN", 1, 40))
    assert len(unmet_targets(targets(("HN", 1, 100)), lines)) == 0
    for wanted in (99, 101):
        (row,) = unmet_targets(targets(("HN", 1, wanted)), lines).rows()
        assert row == ("sum", "HN", 1, 100, wanted)


def test_a_target_without_communes_and_communes_without_a_target_fail_together() -> None:
    found = unmet_targets(
        targets(("HN", 1, 5), ("GQVL", 2, 7)), targets(("HN", 1, 5), ("CN", 1, 3))
    )
    assert found.rows() == [("sum", "CN", 1, 3, 0), ("sum", "GQVL", 2, 0, 7)]


def test_a_fund_carries_what_is_free_due_and_new_and_not_a_dong_more() -> None:
    funds = nw.from_native(
        pl.DataFrame({"source": [1, 2], "free": [300, 0], "maturing": [700, 0], "new": [200, 5]})
    )
    assert len(overdrawn_funds(targets(("HN", 1, 1200), ("HN", 2, 5)), funds)) == 0
    found = overdrawn_funds(targets(("HN", 1, 1000), ("CN", 1, 201), ("HN", 3, 1)), funds)
    assert found.rows() == [("fund", "", 1, 1201, 1200), ("fund", "", 3, 1, 0)]


def test_execution_by_pace() -> None:
    rows = pl.DataFrame(
        {
            "plan": [1000 * M, 1000 * M, 0],
            "lent": [700 * M, 748 * M, 9],
            "collection": [400 * M, 0, 0],
            "opening": [5000 * M, 0, 0],
            "outstanding": [5273 * M, 748 * M, 9],
        }
    )
    found = followed(nw.from_native(rows), passed=273, days=365, least_done=1_000_000)
    first, second, third = found.rows(named=True)
    assert first["done"] == 700_000
    assert first["projected"] == 935_897_435
    assert first["misses"]
    assert first["planned_outstanding"] == 5600 * M
    assert first["projected_outstanding"] == 5365 * M
    # 748 × 365 / 273 = 1,000.07: reached by a hair
    assert not second["misses"]
    assert (third["done"], third["misses"]) == (None, False)


def test_a_pace_exactly_at_the_allotment_does_not_miss_it() -> None:
    base = {"collection": [0], "opening": [0], "outstanding": [0]}
    for lent, misses in ((500, False), (499, True)):
        rows = pl.DataFrame({"plan": [1000], "lent": [lent], **base})
        found = followed(nw.from_native(rows), passed=1, days=2, least_done=1_000_000)
        assert found["misses"].to_list() == [misses]


def line(area: int, plan: int, lent: int, projected: int, unmet: int, source: int = 1) -> Any:
    return (area, "HN", source, plan * M, lent * M, projected * M, unmet * M)


def moves(*rows: Any, least: int = 20) -> list[Move]:
    names = ("area", "programme", "source", "plan", "lent", "projected", "unmet")
    frame = nw.from_native(pl.DataFrame(list(rows), schema=list(names), orient="row"))
    return proposed_moves(frame, unit=M, least=least * M)


def test_the_most_unused_goes_to_the_most_wanting() -> None:
    found = moves(line(1, 500, 100, 150, 0), line(2, 200, 180, 240, 300), line(3, 100, 50, 60, 30))
    assert found == [Move("HN", 1, 1, 2, 280 * M, 350 * M, 280 * M)]


def test_a_giver_serves_several_and_a_little_is_not_worth_a_move() -> None:
    found = moves(
        line(1, 500, 100, 150, 0), line(2, 200, 200, 240, 200), line(3, 100, 100, 160, 140),
        line(4, 100, 100, 160, 19),
    )  # fmt: skip
    assert [(one.taker, one.amount // M) for one in found] == [(2, 200), (3, 140)]
    assert moves(line(1, 40, 10, 20, 0), line(2, 0, 0, 0, 50)) == [
        Move("HN", 1, 1, 2, 20 * M, 20 * M, 50 * M)
    ]
    assert moves(line(1, 39, 10, 20, 0), line(2, 0, 0, 0, 50)) == []


def test_a_need_is_served_once_though_two_funds_have_room() -> None:
    found = moves(
        line(1, 100, 0, 0, 0), line(2, 0, 0, 0, 60), line(1, 100, 0, 0, 0, source=2),
        line(2, 0, 0, 0, 60, source=2),
    )  # fmt: skip
    assert [(one.source, one.amount // M) for one in found] == [(1, 60)]


def test_what_a_commune_still_has_of_another_fund_counts_first() -> None:
    # Commune 2 asks for 60 and has 35 of fund 2 left: it takes 25 of fund 1.
    found = moves(line(1, 100, 0, 0, 0), line(2, 0, 0, 0, 60), line(2, 35, 0, 35, 60, source=2))
    assert [(one.source, one.amount // M) for one in found] == [(1, 25)]


def test_the_figures_are_data() -> None:
    assert figures().unit == M
    assert figures().due(2027) == date(2027, 1, 10)
