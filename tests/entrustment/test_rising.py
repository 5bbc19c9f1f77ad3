"""What a group must do to rise: both sides of each boundary, and the law that a way reaches its grade and nothing less does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml_cases import read_cases

from tdcs.group_results.rules.rating import Regime, rated, regime_of, regimes
from tdcs.group_results.rules.rising import Change, advice, changed, rising

_FULL = read_cases(Path(__file__).parent / "rating_cases.yaml")["full"]
OLD, NEW = regime_of(date(2026, 6, 1)), regime_of(date(2026, 10, 1))


def grade(figures: dict[str, int], regime: Regime = NEW) -> str:
    frame = nw.from_native(pl.DataFrame([figures]), eager_only=True)
    return str(rated(frame, regime)["grade"][0])


def test_every_criterion_of_every_regime_has_its_advice() -> None:
    for regime in regimes():
        assert {one.code for one in regime.criteria} == set(advice())


def test_points_lost_and_the_nearest_step() -> None:
    figures = _FULL | {"session_done": 35, "interest_collected": 15_199_999}
    lost = {one.code: one for one in rising(figures, NEW).lost}
    assert [(one.points, one.lost) for one in lost.values()] == [
        (10, 10), (30, 0), (15, 0), (14, 6), (5, 0), (10, 0)]  # fmt: skip
    # 36 of 40 are 90%; one dong more is 95% of 16 million.
    assert lost["session"].next == Change("session", 5, 1, 36)
    assert lost["interest"].next == Change("interest", 3, 1, 15_200_000)
    assert lost["overdue"].next is None


def test_the_best_grade_has_no_way_up() -> None:
    assert rising(_FULL, NEW).ways == ()


def test_one_dong_of_interest_is_enough_and_no_dong_is_not() -> None:
    # 84 points: session 15 of 20, overdue 20 of 30, interest 19 999 of 20.
    figures = _FULL | {"session_done": 36, "overdue": 29_000_000, "interest_collected": 15_999_999}
    assert grade(figures) == "fair"
    ways = rising(figures, NEW).ways
    assert [way.changes for way in ways] == [
        (Change("session", 5, 4, 40),),
        (Change("overdue", 5, 14_572_865, 14_427_135),),
        (Change("interest", 3, 1, 16_000_000),),
    ]
    for way in ways:
        assert grade(changed(figures, way.changes, NEW)) == "good"
    # A dong of overdue debt less than that: what is paid lowers the outstanding too, so 0.5% is of less.
    short = figures | {"overdue": 14_427_136, "outstanding": 2_900_000_000 - 14_572_864}
    assert grade(short) == "fair"


def test_when_no_criterion_alone_is_enough_the_fewest_together_are_told() -> None:
    figures = _FULL | {
        "session_done": 19, "overdue": 116_000_001, "interest_collected": 12_799_999,
        "members_saving": 20, "savings_growth": -1}  # fmt: skip
    assert grade(figures) == "weak"
    ways = rising(figures, NEW).ways
    assert ways and {len(way.changes) for way in ways} == {2}
    assert {way.grade for way in ways} == {"average"}


def test_the_old_sign_of_weakness_must_go_too() -> None:
    figures = _FULL | {"overdue": 116_000_001, "interest_collected": 12_799_999}
    assert grade(figures, OLD) == "weak"
    ways = {way.changes[0].code: way.changes[0] for way in rising(figures, OLD).ways}
    # 50 points are average already; overdue at 4% or interest at 80% takes the sign away, more sessions do not.
    assert ways["interest"].goal == 12_800_000 and ways["interest"].by == 1
    assert set(ways) == {"overdue", "interest"}


def test_first_savings_give_all_points() -> None:
    figures = _FULL | {"savings_growth": 0, "savings_before": 0}
    growth = rising(figures, NEW).lost[-1]
    assert growth.lost == 10 and growth.next == Change("growth", 10, 1, 1)


_MONEY = st.integers(0, 10**9)


@st.composite
def _figures(draw: st.DrawFn) -> dict[str, int]:
    outstanding, members, sessions = (
        draw(_MONEY),
        draw(st.integers(0, 60)),
        draw(st.integers(0, 60)),
    )
    principal, interest = draw(_MONEY), draw(_MONEY)
    return {
        "outstanding": outstanding, "overdue": draw(st.integers(0, outstanding)),
        "members": members, "members_saving": draw(st.integers(0, members)),
        "session_all": sessions, "session_done": draw(st.integers(0, sessions)),
        "principal_due": principal, "principal_collected": draw(st.integers(0, principal)),
        "interest_due": interest, "interest_collected": draw(st.integers(0, interest)),
        "savings_before": draw(_MONEY), "savings_growth": draw(st.integers(-(10**6), 10**6)),
    }  # fmt: skip


@pytest.mark.parametrize("regime", [OLD, NEW], ids=["15/QĐ-HĐQT", "70/QĐ-HĐQT"])
@settings(max_examples=10, deadline=None)
@given(figures=_figures())
def test_a_way_reaches_its_grade_and_one_unit_less_does_not(
    figures: dict[str, int], regime: Regime
) -> None:
    order = [code for code, _least in regime.grades]
    before = grade(figures, regime)
    for way in rising(figures, regime).ways:
        assert grade(changed(figures, way.changes, regime), regime) == way.grade
        assert order.index(way.grade) < order.index(before)
        for at, one in enumerate(way.changes):
            towards = 1 if one.goal < figures[_part(one.code, regime)] else -1
            less = Change(one.code, 0, one.by - 1, one.goal + towards)
            mixed = (*way.changes[:at], less, *way.changes[at + 1 :])
            assert order.index(grade(changed(figures, mixed, regime), regime)) > order.index(
                way.grade
            )


def _part(code: str, regime: Regime) -> str:
    return next(one.part for one in regime.criteria if one.code == code)
