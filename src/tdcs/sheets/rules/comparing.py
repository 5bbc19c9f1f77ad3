"""Two days of the book beside one another: states from and to, what turned overdue, what came back. Knows no Django."""

from __future__ import annotations

from typing import Final

import polars as pl

from tdcs.core.basis import without_basis

NONE, IN_TIME, OVERDUE, FROZEN, PAID = (
    "Chưa vay",
    "Trong hạn",
    "Quá hạn",
    "Khoanh nợ",
    "Đã trả hết",
)
_ORDER: Final = (NONE, IN_TIME, OVERDUE, FROZEN, PAID)
_FIGURES: Final = ("balance", "in_time", "overdue", "frozen")
_RATES: Final = (
    ("Nợ trong hạn kỳ trước chuyển quá hạn", IN_TIME, OVERDUE, "overdue"),
    ("Nợ quá hạn kỳ trước trở lại trong hạn", OVERDUE, IN_TIME, "in_time"),
    ("Nợ quá hạn kỳ trước chuyển khoanh", OVERDUE, FROZEN, "frozen"),
)


def two_days(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """``now`` with balance, in_time, overdue and frozen of ``before`` beside its own, the state on both days.

    Both have the same columns: loan, the figures, where it belongs. A loan that only one day knows has nothing on the other;
    one that the first does not know was lent since, one that the second does not know was paid back.
    """
    earlier = before.select("loan", *(pl.col(name).alias(f"{name}_before") for name in _FIGURES))
    gone = before.join(now.select("loan"), on="loan", how="anti")
    gone = gone.with_columns(pl.lit(0, pl.Int64).alias(name) for name in _FIGURES)
    every = pl.concat([now, gone.select(now.columns)])
    joined = every.join(earlier.with_columns(_before=pl.lit(True)), on="loan", how="left")
    figures = [f"{name}_before" for name in _FIGURES]
    joined = joined.with_columns(pl.col(figures).fill_null(0))
    return joined.with_columns(
        state_before=pl.when(pl.col("_before").is_null())
        .then(pl.lit(NONE))
        .otherwise(_state("_before")),
        state_now=_state(""),
        change=pl.col("balance") - pl.col("balance_before"),
        overdue_change=pl.col("overdue") - pl.col("overdue_before"),
    ).drop("_before")


def _state(suffix: str) -> pl.Expr:
    return (
        pl.when(pl.col(f"frozen{suffix}") > 0)
        .then(pl.lit(FROZEN))
        .when(pl.col(f"overdue{suffix}") > 0)
        .then(pl.lit(OVERDUE))
        .when(pl.col(f"balance{suffix}") > 0)
        .then(pl.lit(IN_TIME))
        .otherwise(pl.lit(PAID))
    )


def transitions(rows: pl.DataFrame) -> pl.DataFrame:
    """The matrix: each pair of states that occurs with its loans and balances, in the order of the states."""
    found = rows.group_by("state_before", "state_now").agg(
        pl.len().cast(pl.Int64).alias("loans"), pl.col("balance_before", "balance").sum()
    )
    ranks = {name: at for at, name in enumerate(_ORDER)}
    order = [
        pl.col(name).replace_strict(ranks, return_dtype=pl.Int64)
        for name in ("state_before", "state_now")
    ]
    return found.sort(order)


@without_basis("tỷ lệ chuyển nhóm do công cụ của cán bộ dùng, không phải chỉ tiêu theo văn bản")
def rolls(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each state before, what stands in another now, of what stood in it: ratio_name, part_amount, whole_amount, ratio."""
    made = []
    for words, source, target, now in _RATES:
        stood = rows.filter(pl.col("state_before") == source)
        whole = int(stood["balance_before"].sum())
        part = int(stood.filter(pl.col("state_now") == target)[now].sum())
        ratio = (2 * part * 1_000_000 + whole) // (2 * whole) if whole else None
        made.append((words, part, whole, ratio))
    schema = {
        "ratio_name": pl.String,
        "part_amount": pl.Int64,
        "whole_amount": pl.Int64,
        "ratio": pl.Int64,
    }
    return pl.DataFrame(made, schema=schema, orient="row")


def by_key(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows added up by a name, with the change in parts of a million of the balance before."""
    names = ("balance_before", "balance", "change", "overdue_before", "overdue", "overdue_change")
    found = rows.group_by(key).agg(pl.col(names).sum())
    return found.with_columns(change_rate=ppm(pl.col("change"), pl.col("balance_before")))


def ppm(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Parts of a million, rounded half up away from nothing; none of nothing."""
    rounded = (part.abs() * 2_000_000 + whole) // (2 * pl.when(whole == 0).then(1).otherwise(whole))
    return pl.when(whole != 0).then(rounded * part.sign())
