"""Cases that a credit officer can read, and laws that hold for all figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml_cases import read_cases

from tdcs.core.errors import NoParametersOnDay
from tdcs.group_results.rules import earnings, rating

_HERE = Path(__file__).parent
_RATING = read_cases(_HERE / "rating_cases.yaml")
_FEES = read_cases(_HERE / "fee_cases.yaml")
_MONTH = date(2026, 10, 1)


def frame(*rows: dict[str, Any]) -> nw.DataFrame[Any]:
    """Rows as columns."""
    return nw.from_native(pl.DataFrame(rows), eager_only=True)


def rows_of(found: nw.DataFrame[Any]) -> list[dict[str, Any]]:
    """Columns as rows."""
    return list(found.rows(named=True))


@pytest.mark.parametrize("case", _RATING["cases"], ids=lambda case: case["says"])
def test_rating(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(NoParametersOnDay) as refused:
            rating.regime_of(case["month"])
        assert refused.value.code == case["refused"]
        return
    regime = rating.regime_of(case["month"])
    (row,) = rows_of(rating.rated(frame(_RATING["full"] | case["given"]), regime))
    for code, points in case.get("points", {}).items():
        assert row[f"points_{code}"] == points, code
    assert (row["total"], row["grade"]) == (case.get("total", row["total"]), case["grade"])
    assert row["basis"] == case.get("basis", row["basis"]) and len(row["law_hash"]) == 64


@pytest.mark.parametrize("case", _FEES["interest_commission"], ids=lambda case: case["says"])
def test_interest_commission(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(NoParametersOnDay):
            earnings.commission_terms(case["month"])
        return
    terms = earnings.commission_terms(case["month"])
    given_row = {"group": 1, "rate_ppm": case["rate_ppm"], "interest": case["interest"]}
    (row,) = rows_of(earnings.interest_commission(frame(given_row), terms))
    assert row["commission"] == case["commission"]
    assert row["basis"] == case.get("basis", row["basis"])


@pytest.mark.parametrize("case", _FEES["savings_commission"], ids=lambda case: case["says"])
def test_savings_commission(case: dict[str, Any]) -> None:
    terms = earnings.commission_terms(case["month"])
    given_row = {"group": 1, "balance_days": case["balance_days"], "days": case["days"]}
    (row,) = rows_of(earnings.savings_commission(frame(given_row), terms))
    assert row["commission"] == case["commission"]


@pytest.mark.parametrize("case", _FEES["fee"], ids=lambda case: case["says"])
def test_fee(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(NoParametersOnDay):
            earnings.fee_terms(case["month"])
        return
    terms = earnings.fee_terms(case["month"])
    given_row = {"org": 1, "rate_ppm": case["rate_ppm"], "interest": case["interest"]}
    (row,) = rows_of(earnings.entrustment_fee(frame(given_row), terms))
    assert row["fee"] == case["fee"]
    assert [row[f"fee_{level}"] for level in earnings.LEVELS] == case["shares"]
    assert terms.verified is case["verified"]
    assert row["basis"] == case.get("basis", row["basis"])


def test_criteria_make_a_hundred_and_steps_go_down() -> None:
    for regime in rating.regimes():
        assert sum(one.most for one in regime.criteria) == 100
        for one in regime.criteria:
            points = [given for _, given in one.steps]
            assert points == sorted(points, reverse=True) and points[0] == one.most
            marks = [mark for mark, _ in one.steps]
            assert marks == sorted(marks, reverse=one.at_least)
            assert one.none in (0, one.most)


def test_splits_give_the_whole() -> None:
    for month in (date(2009, 7, 1), date(2019, 1, 1), date(2025, 7, 1), _MONTH):
        assert sum(earnings.fee_terms(month).split.values()) == 100


def test_regimes_differ_by_their_hash() -> None:
    assert len({one.law_hash for one in rating.regimes()}) == len(rating.regimes()) == 2


def test_figures_beyond_the_bounds_are_refused() -> None:
    regime = rating.regime_of(_MONTH)
    for wrong in (10**12 + 1, -(10**12) - 1, None):
        with pytest.raises(ValueError, match="outstanding"):
            rating.rated(frame(_RATING["full"] | {"outstanding": wrong}), regime)
    assert len(rating.rated(frame(_RATING["full"]).head(0), regime)) == 0


def test_interest_of_one_rate_is_summed_before_it_is_rounded() -> None:
    # Three times 2 dong at 6.6%: 0.309… each would give nothing; together 6 dong give 0.927…, which is 1.
    paid = frame(*[{"group": 1, "rate_ppm": 66000, "interest": 2}] * 3)
    (row,) = rows_of(
        earnings.interest_commission(
            earnings.by_rate(paid, "group"), earnings.commission_terms(_MONTH)
        )
    )
    assert (row["interest"], row["commission"]) == (6, 1)


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 200_000)), min_size=1, max_size=20)
)
def test_columns_agree_with_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    given_rows = [{"org": n, "interest": i, "rate_ppm": r} for n, (i, r) in enumerate(pairs)]
    commission = rows_of(
        earnings.interest_commission(frame(*given_rows), earnings.commission_terms(_MONTH))
    )
    fees = rows_of(earnings.entrustment_fee(frame(*given_rows), earnings.fee_terms(_MONTH)))
    for (interest, rate), row, fee in zip(pairs, commission, fees, strict=True):
        # The outstanding on which this interest is one month's.
        base = Fraction(interest * 12 * 10**6, rate) if rate else Fraction(0)
        assert row["commission"] == _half_up(base * Fraction(85, 100_000))
        assert fee["fee"] == _half_up(base * Fraction(3, 10_000))
        assert sum(fee[f"fee_{level}"] for level in earnings.LEVELS) == fee["fee"]


@given(
    st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12)
)
def test_worse_never_scores_more(outstanding: int, some: int, more: int, due: int) -> None:
    low, high = sorted((some % (outstanding + 1), more % (outstanding + 1)))
    paid_less, paid_more = sorted((some, more))
    full = _RATING["full"] | {"outstanding": outstanding, "interest_due": due}
    good, bad = rows_of(
        rating.rated(
            frame(
                full | {"overdue": low, "interest_collected": paid_more},
                full | {"overdue": high, "interest_collected": paid_less},
            ),
            rating.regime_of(_MONTH),
        )
    )
    assert 0 <= bad["total"] <= good["total"] <= 100
