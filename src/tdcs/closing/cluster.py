"""The close on a Spark cluster: the same rules, scheduled by office (the optional extra `cluster`).

What is an expression over single rows or a sum (balances, a day's interest, figures, sums) runs as Spark's own columns.
What reads a loan's life runs inside the workers, an office at a time, as the very function that one machine uses: the
cluster decides where, not what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from tdcs.closing.rules.history import CONTRACT
from tdcs.closing.rules.rows import (
    FLAGS,
    PLACE,
    ROW,
    WORDS,
    accrue_day,
    figures,
    split_balance,
    totals,
)
from tdcs.closing.rules.step import Today, close
from tdcs.core.frames import Frame
from tdcs.loans.rules.events import EVENT
from tdcs.programmes.rules.decrees import Decrees

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

# What a day brings to an office: its events, its new loans, and the lives of loans to be folded anew.
GIVEN: Final = ("what", *dict.fromkeys((*CONTRACT, *EVENT)))
EVENTS, OPENED, CONTRACTS, HISTORIES = range(4)


def spark_schema(names: tuple[str, ...] = ROW) -> str:
    """Spark's words for columns of the rules."""

    def kind(name: str) -> str:
        if name in WORDS:
            return "string"
        return "boolean" if name in FLAGS else "bigint"

    return ", ".join(f"`{name}` {kind(name)}" for name in names)


def quiet_day(rows: DataFrame, day: int) -> DataFrame:
    """Rows to which nothing happens on ``day``, after it: balances by state and a day's interest, as Spark's columns."""
    return accrue_day(split_balance(nw.from_native(rows), day)).to_native()  # type: ignore[no-any-return]


def figures_of(rows: DataFrame) -> DataFrame:
    """Rows with what screens read, as Spark's columns."""
    return figures(nw.from_native(rows)).to_native()  # type: ignore[no-any-return]


def sums_of(rows: DataFrame, *keys: str, month_start: int) -> DataFrame:
    """SUMS by ``keys``, as Spark's columns."""
    return totals(nw.from_native(rows), *keys, month_start=month_start).to_native()  # type: ignore[no-any-return]


def close_by_office(
    yesterday: DataFrame,
    given: DataFrame,
    day: int,
    month_start: int,
    *,
    decrees: Decrees | None = None,
) -> DataFrame:
    """The day's ROW. ``given``: GIVEN, everything that the day brings, with the office of each loan; loans that the law
    of running loans reaches on the day are among those to be folded anew. ``decrees``: those taken up by the book.

    A refused history, an event of an unknown loan or a lost row fails the job and names the loans.
    """

    def one(rows: pa.Table, brought: pa.Table) -> pa.Table:
        return _closed(rows, brought, day, month_start, decrees)

    left, right = yesterday.groupBy("office"), given.groupBy("office")
    return left.cogroup(right).applyInArrow(one, spark_schema())


def _closed(
    rows: pa.Table, brought: pa.Table, day: int, month_start: int, decrees: Decrees | None
) -> pa.Table:
    """One office's close inside a worker."""
    import polars as pl

    there = pl.DataFrame(pl.from_arrow(rows)).select(ROW).sort("loan")
    parts = pl.DataFrame(pl.from_arrow(brought))

    def part(what: int, names: tuple[str, ...]) -> Frame:
        found = parts.filter(pl.col("what") == what).select(names)
        return nw.from_native(found.sort(names[:2]), eager_only=True)

    opened = part(OPENED, CONTRACT)
    contracts = part(CONTRACTS, CONTRACT)
    today = Today(
        day,
        month_start,
        part(EVENTS, EVENT),
        opened,
        opened.select("loan", *PLACE).head(0),
        contracts.select("loan"),
        decrees,
    )
    yesterday = nw.from_native(there, eager_only=True)
    closed = close(yesterday, today, contracts, part(HISTORIES, EVENT))
    wrong = [*closed.unknown, *closed.lost, *closed.refused["loan"].to_list()]
    if wrong:
        raise ValueError(f"loans that cannot be closed on day {day}: {sorted(wrong)[:10]}")
    made: pl.DataFrame = closed.rows.to_native()
    return _in_sparks_types(made.select(ROW).to_arrow(compat_level=pl.CompatLevel.oldest()))


def _in_sparks_types(table: pa.Table) -> pa.Table:
    """Words as Spark expects them: Polars gives them with wide offsets."""
    import pyarrow as pa

    kinds = [
        (name, pa.string() if name in WORDS else table.schema.field(name).type) for name in ROW
    ]
    return table.cast(pa.schema(kinds))
