"""How loans stood on many days, read from the stretches of one fold."""

from __future__ import annotations

from typing import Final

import polars as pl

from tdcs.loans.rules.interest import DIVISOR

# What a stretch says of every day in it.
_STRETCH: Final = (
    "loan",
    "day",
    "lent",
    "paid",
    "fallen",
    "ice",
    "rate",
    "balance",
    "overdue",
    "collected",
    "whole_before",
    "rest_before",
    "balance_days_before",
    "per_day",
)


def stretches(staged: pl.DataFrame) -> pl.DataFrame:
    """The stretches that last a day at least, in order of loan and day."""
    rows = staged.sort("loan", "seq").with_columns(
        balance_days_before=(pl.col("balance") * pl.col("days")).cum_sum().over("loan")
        - pl.col("balance") * pl.col("days"),
        per_day=pl.when(pl.col("frozen") > 0)
        .then(0)
        .otherwise(pl.col("rate") * (10 * pl.col("balance") + 3 * pl.col("overdue"))),
        ice="frozen",
        lent="_lent",
        paid="_paid",
        fallen="_fallen",
        collected="collected_after",
    )
    # Of changes on one day only the last leaves a stretch.
    return rows.filter(pl.col("days") > 0).select(*_STRETCH)


def on_days(rows: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The stretch of each (loan, at) of ``wanted`` with interest summed through the day ``at``; null where no loan is yet."""
    found = wanted.sort("loan", "at").join_asof(
        rows, left_on="at", right_on="day", by="loan", strategy="backward", check_sortedness=False
    )
    return through(found)


def through(found: pl.DataFrame) -> pl.DataFrame:
    """``whole``, ``rest`` (as the engine sums them) and ``balance_days`` through the day ``at``."""
    days = pl.col("at") - pl.col("day") + 1
    return found.with_columns(
        whole=pl.col("whole_before") + pl.col("per_day") // DIVISOR * days,
        rest=pl.col("rest_before") + pl.col("per_day") % DIVISOR * days,
        balance_days=pl.col("balance_days_before") + pl.col("balance") * days,
    )


def accrued(whole: pl.Expr, rest: pl.Expr) -> pl.Expr:
    """Rounded half up to the dong, as rules.interest.rounded."""
    return whole + (2 * rest + DIVISOR) // (2 * DIVISOR)


def state(gone: pl.Expr) -> pl.Expr:
    """The state of a loan at the end of ``at``; ``gone``: a column that says whether anything was written off."""
    owed = pl.col("balance") > 0
    due = accrued(pl.col("whole"), pl.col("rest")) - pl.col("collected")
    return (
        pl.when(owed & (pl.col("ice") > 0))
        .then(pl.lit("frozen"))
        .when(owed & (pl.col("overdue") > 0))
        .then(pl.lit("overdue"))
        .when(owed)
        .then(pl.lit("in_time"))
        .when(gone)
        .then(pl.lit("written_off"))
        .when(due == 0)
        .then(pl.lit("settled"))
        .otherwise(pl.lit("in_time"))
    )
