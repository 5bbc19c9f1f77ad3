"""Columns of a few rows as lists say what Polars says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from tdcs.core import engine
from tdcs.core.columns import add_months, divided_by_its_engine, round_half_up, session_before
from tdcs.core.engine import few, few_at_work, nw
from tdcs.core.frames import Frame

_INT = narwhals.Int64()
maybe = st.one_of(st.none(), st.integers(-5, 5))
# loan, place, two figures that may be absent, one that is not
lines = st.lists(st.tuples(st.integers(0, 2), maybe, maybe, st.integers(0, 40_000)), max_size=8)
Rule = Callable[[Frame], Frame]


def frame_of(rows: list[tuple[Any, ...]]) -> Frame:
    names = ("loan", "place", "a", "b", "day")
    data = {
        name: [(row[0], at, *row[1:])[n] for at, row in enumerate(rows)]
        for n, name in enumerate(names)
    }
    return nw.DataFrame.from_dict(data, dict.fromkeys(names, _INT), backend="polars")


def rowwise(frame: Frame) -> Frame:
    col = nw.col
    chosen = nw.when(col("a") > col("b")).then(col("a")).otherwise(col("day"))
    return frame.with_columns(
        sum_=1 + col("a") * 2 - col("b"),
        part=col("day") // 7 + col("day") % 7,
        near=nw.when(col("b") > 0).then(round_half_up(col("day"), 7)).otherwise(None),
        both=(col("a") >= 0) & (col("b") < 2),
        one=(col("a") <= 0) | ~(col("b") == 2),
        never=(col("a") != col("b")).fill_null(False),
        among=col("a").is_in([1, 2]),
        gone=col("a").is_null(),
        least=nw.min_horizontal("a", "b"),
        most=nw.max_horizontal(col("a"), nw.lit(0, dtype=_INT)),
        first=nw.coalesce("a", "b", "day"),
        chosen=-chosen,
        flag=(col("day") > 9).cast(_INT),
    )


def along(frame: Frame) -> Frame:
    col = nw.col
    sums = col("a", "day").cum_sum().over("loan", order_by="place")
    made = frame.with_columns(
        sums.name.prefix("total_"),
        col("b").fill_null(strategy="forward").over("loan", order_by="place").alias("known"),
        coming=col("b").fill_null(strategy="backward").over("loan", order_by="place"),
        before=col("day").shift(1).over("loan", order_by="place"),
        after=col("day").shift(-1).over("loan", order_by="place").fill_null(0),
        of_loan=col("a").sum().over("loan"),
        top=nw.when(col("b") > 0).then(col("day")).otherwise(-1).max().over("loan"),
    )
    return made.with_columns(col("a", "b").fill_null(0)).rename({"after": "later"}).drop("top")


def summed(frame: Frame) -> Frame:
    col = nw.col
    found = frame.group_by("loan").agg(
        col("a").sum(), nw.col("b", "day").max(), both=col("a").sum() + col("day").min() + 1
    )
    last = frame.unique("loan", keep="last", order_by="place").select("loan", final="place")
    found = found.join(last, on="loan", how="inner")
    return found.join(frame.filter(col("a") > 0).select("loan", "place"), on="loan", how="left")


def parted(frame: Frame) -> Frame:
    col = nw.col
    theirs = frame.filter(col("b") > 0)
    there = frame.join(theirs, on=["loan", "place"], how="semi").select("loan", "place", "b")
    gone = frame.join(theirs.select("loan"), on="loan", how="anti").select("loan", "a")
    whole = nw.concat([there, gone], how="diagonal")
    beside = nw.concat([frame.select(one="a"), frame.select(two="b")], how="horizontal")
    return nw.concat([whole, beside.filter(col("one") == col("two"))], how="diagonal")


@divided_by_its_engine
def calendar(frame: Frame) -> Frame:
    frame = add_months(frame, "later", nw.col("day"), nw.col("loan") * 5 + 1)
    return session_before(frame, "session", nw.col("later"), nw.col("loan") * 15)


@pytest.mark.parametrize("rule", [rowwise, along, summed, parted, calendar])
@examples(rows=lines)
def test_lists_say_what_polars_says(rule: Rule, rows: list[tuple[Any, ...]]) -> None:
    told = rule(frame_of(rows))
    with few():
        found = rule(frame_of(rows))
    names = sorted(told.columns)
    assert sorted(found.columns) == names

    def plain(frame: Frame) -> list[tuple[Any, ...]]:
        return sorted(frame.select(*names).rows(), key=repr)

    assert plain(found) == plain(told)


@examples(rows=lines)
def test_what_a_column_is_asked(rows: list[tuple[Any, ...]]) -> None:
    def asked() -> tuple[Any, ...]:
        frame = frame_of(rows)
        a, day = frame["a"], frame["day"]
        return (
            (a != 0).any(),
            (day > 9).all(),
            (a.is_null() & ~day.is_null()).any(),
            (a == frame["b"]).any(),
            day.min(),
            day.max(),
            sorted(a.drop_nulls().unique().to_list()),
            len(frame),
            [row["day"] for row in frame.sort("loan", "place").rows(named=True)],
            frame.sort("a").with_row_index("at")["at"].to_list(),
        )

    told = asked()
    with few():
        assert asked() == told


def test_frames_are_lists_inside_alone() -> None:
    assert not few_at_work()
    with few(), few(wanted=False):
        assert few_at_work() and isinstance(nw.lit(1), engine.few_rows.Expr)
    assert isinstance(nw.lit(1), narwhals.Expr) and nw.Int64 is narwhals.Int64


def test_other_columns_are_refused() -> None:
    with few():
        one = frame_of([(1, 2, 3, 4)])
        with pytest.raises(ValueError, match="different columns"):
            nw.concat([one, one.drop("a")])
        with pytest.raises(KeyError, match="nobody"):
            one.drop("nobody")
        assert one.drop("nobody", strict=False).columns == one.columns
        assert one["a"][0] == 2 and one.to_native() is one and nw.from_native(one) is one
