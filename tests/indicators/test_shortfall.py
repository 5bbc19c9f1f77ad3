"""What would close a gap: exactly the named amount closes it, one dong less does not; the parts' weights are the whole's."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.indicators.rules.definitions import Lever, Target, catalogue
from tdcs.indicators.rules.shortfall import Ratio, needed, shortest, weight

LOCAL = Lever(1, 1, "dong", "{amount}", "{amount}")
GROWTH = Lever(1, 0, "dong", "{amount}", "{amount}")
COLLECT = Lever(-1, -1, "dong", "{amount}", "{amount}")


def target(at_least: int | None = None, below: int | None = None, tolerance: int = 0) -> Target:
    return Target(date(2023, 9, 29), None, at_least, below, "KH-232-2023", "II.3.a", tolerance)


def kept(ratio: Ratio, promise: Target) -> bool:
    """By exact fractions, not by the formula of the rule."""
    exact = Fraction(ratio.numerator * 1_000_000, ratio.denominator)
    shown = exact.__floor__() if ratio.down else (exact + Fraction(1, 2)).__floor__()
    return promise.met_by(shown)


@pytest.mark.parametrize(
    ("ratio", "promise", "lever", "amount"),
    [
        # 29 of 100 and 30%: 31/102 is 30.39%, 30/101 is 29.70%.
        (Ratio(29, 100), target(300_000), LOCAL, 2),
        (Ratio(30, 100), target(300_000), LOCAL, 0),
        # About 30% with three points: 27% is enough.
        (Ratio(26, 100), target(300_000, tolerance=30_000), LOCAL, 2),
        (Ratio(27, 100), target(300_000, tolerance=30_000), LOCAL, 0),
        # Ten per cent of 1.000: 99 needs one more.
        (Ratio(99, 1_000), target(100_000), GROWTH, 1),
        (Ratio(100, 1_000), target(100_000), GROWTH, 0),
        # Below 1%: 10 of 1.000 is 1% and not below; 9 of 999 is 0.90%.
        (Ratio(10, 1_000), target(below=10_000), COLLECT, 1),
        (Ratio(9, 1_000), target(below=10_000), COLLECT, 0),
        # Everybody: 99.99999% is not everybody, for it is rounded down.
        (Ratio(9_999_999, 10_000_000, down=True), target(1_000_000), GROWTH, 1),
        (Ratio(10_000_000, 10_000_000, down=True), target(1_000_000), GROWTH, 0),
    ],
)
def test_the_least_amount(ratio: Ratio, promise: Target, lever: Lever, amount: int) -> None:
    assert needed(ratio, promise, lever) == amount


def test_no_amount_of_local_capital_makes_more_than_everything_local() -> None:
    assert needed(Ratio(50, 100), target(1_000_001), LOCAL) is None
    assert needed(Ratio(50, 100), target(1_000_000, tolerance=1), LOCAL) is not None


def test_collecting_more_than_there_is_closes_nothing() -> None:
    assert needed(Ratio(1, 1), target(below=1), COLLECT) is None


BIG = st.integers(1, 10**14)


@given(
    data=st.data(),
    denominator=BIG,
    bound=st.integers(1, 999_999),
    down=st.booleans(),
    lever=st.sampled_from([LOCAL, GROWTH]),
)
def test_exactly_the_named_amount_reaches_what_is_promised(
    data: st.DataObject, denominator: int, bound: int, down: bool, lever: Lever
) -> None:
    ratio = Ratio(data.draw(st.integers(-denominator, denominator)), denominator, down)
    promise = target(bound)
    amount = needed(ratio, promise, lever)
    assert amount is not None
    assert kept(ratio.after(amount, lever), promise)
    assert amount == 0 or not kept(ratio.after(amount - 1, lever), promise)
    assert promise.met_by(ratio.after(amount, lever).value)


@given(data=st.data(), denominator=BIG, bound=st.integers(2, 999_999), down=st.booleans())
def test_exactly_the_named_amount_comes_below_what_is_promised(
    data: st.DataObject, denominator: int, bound: int, down: bool
) -> None:
    ratio = Ratio(data.draw(st.integers(0, denominator)), denominator, down)
    promise = target(below=bound)
    amount = needed(ratio, promise, COLLECT)
    if amount is None:
        # All that is overdue would have to come in, and more than all is lent.
        assert ratio.numerator == ratio.denominator or not kept(
            ratio.after(ratio.numerator, COLLECT), promise
        )
        return
    assert kept(ratio.after(amount, COLLECT), promise)
    assert amount == 0 or not kept(ratio.after(amount - 1, COLLECT), promise)


@given(
    parts=st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**13)), min_size=1),
    bound=st.integers(1, 10**6),
    below=st.booleans(),
)
def test_the_weights_of_the_parts_are_the_weight_of_the_whole(
    parts: list[tuple[int, int]], bound: int, below: bool
) -> None:
    promise = target(below=bound) if below else target(bound)
    whole = Ratio(sum(n for n, _ in parts), sum(d for _, d in parts))
    found = [weight(Ratio(*one), promise) for one in parts]
    assert sum(found) == weight(whole, promise)
    ordered = shortest(list(enumerate(Ratio(*one) for one in parts)), promise)
    assert [w for _, w in ordered] == sorted((w for w in found if w > 0), reverse=True)


def test_every_promise_of_the_plan_says_what_closes_its_gap() -> None:
    promised = [one for row in catalogue().values() for one in row.targets]
    assert promised
    for one in promised:
        assert one.lever is not None
        assert "{amount}" in one.lever.deed and "{amount}" in one.lever.deed_en
