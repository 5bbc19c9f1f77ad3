"""Rules of rows and sums run as columns of another engine, lazily, and say the same: DuckDB here, Spark in test_spark."""

from __future__ import annotations

from datetime import date

import duckdb
import narwhals as nw
import polars as pl
import pytest
from random_book import at_the_bounds

from tdcs.cli.bench_book import Invented
from tdcs.closing.rules.rows import SUM_KEYS, accrue_day, figures, split_balance, sums, totals
from tdcs.core.columns import day_number

DAY = day_number(date(2026, 5, 25))


@pytest.fixture(scope="module")
def book() -> Invented:
    return Invented(2000, 400, DAY, pack=2000)


def elsewhere(frame: pl.DataFrame) -> nw.LazyFrame[duckdb.DuckDBPyRelation]:
    return nw.from_native(duckdb.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest())))


def test_rows_of_a_day(book: Invented) -> None:
    for rows in (book.rows, at_the_bounds()):
        there = (
            figures(accrue_day(split_balance(elsewhere(rows), DAY))).to_native().pl().sort("loan")
        )
        here = figures(
            accrue_day(split_balance(nw.from_native(rows, eager_only=True), DAY))
        ).to_native()
        assert len(here) > 10
        for name in here.columns:
            assert there[name].cast(here[name].dtype).equals(here.sort("loan")[name]), name


def test_sums(book: Invented) -> None:
    there = totals(elsewhere(book.rows), *SUM_KEYS, month_start=book.month_start).to_native().pl()
    here = sums(nw.from_native(book.rows, eager_only=True), *SUM_KEYS, month_start=book.month_start)
    native = here.to_native()
    assert (
        there.sort(SUM_KEYS)
        .select(pl.col(n).cast(native[n].dtype) for n in native.columns)
        .equals(native)
    )
