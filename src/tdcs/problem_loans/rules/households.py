"""Households that stopped paying: silence measured against the household's own past, savings that left with them."""

from __future__ import annotations

from datetime import date

import polars as pl

from tdcs.core.basis import basis, without_basis
from tdcs.problem_loans.rules.columns import Book, bit, share, warning
from tdcs.problem_loans.rules.thresholds import HOUSEHOLD, threshold


def with_silence(book: Book) -> pl.DataFrame:
    """The loans with ``silent`` (the newest months in a row in which interest was to be paid and nothing was), ``habit`` (the
    longest such run before them) and ``history`` (months before them in which interest was to be paid)."""
    zero = pl.lit(0, pl.Int64)
    rows = book.loans.filter(pl.col("balance") > 0, pl.col("frozen") == 0).with_columns(
        _still=1 - pl.col("paid_now"), silent=zero, _run=zero, habit=zero, history=zero
    )
    for ago in range(book.months):
        owed, quiet = bit("owed_bits", ago), pl.col("_quiet")
        rows = rows.with_columns(_owed=owed, _quiet=owed * (1 - bit("paid_bits", ago)))
        rows = rows.with_columns(_still=pl.col("_still") * quiet)
        before = 1 - pl.col("_still")
        rows = rows.with_columns(
            silent=pl.col("silent") + pl.col("_still"),
            _run=(pl.col("_run") + 1) * quiet * before,
            history=pl.col("history") + pl.col("_owed") * before,
        ).with_columns(habit=pl.max_horizontal("habit", "_run"))
    return rows.drop(name for name in rows.columns if name.startswith("_"))


@basis("HD-727-2026")
def silent_loans(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Loans of ``with_silence`` that are silent for longer than is usual of them.

    silent ≥ levels[0] and silent ≥ habit + beyond; of a loan with fewer than ``history`` months silent ≥ unknown. Loans of
    the exempt programmes (students) count from their first instalment on.
    """
    by = threshold(day, "silent", HOUSEHOLD)
    known = pl.col("history") >= by["history"]
    needed = pl.when(known).then(pl.col("habit") + by["beyond"]).otherwise(by["unknown"])
    studying = pl.col("programme").is_in(by["exempt"]) & (pl.col("fallen") == 0)
    return rows.filter(pl.col("silent") >= by["levels"][0], pl.col("silent") >= needed, ~studying)


@basis("HD-727-2026")
def silent(found: pl.DataFrame, day: date) -> pl.DataFrame:
    """Households of ``silent_loans``: figure months, before the longest silence of the past, amount and count of their loans."""
    rows = (
        found.sort("silent", descending=True)
        .group_by("household", maintain_order=True)
        .agg(
            pl.col("group", "commune", "office").first(),
            figure=pl.col("silent").first(),
            before=pl.col("habit").first(),
            amount=pl.col("balance").sum(),
            count=pl.len(),
        )
    )
    rows = rows.with_columns(strength=pl.col("figure") - pl.col("before"))
    return warning(rows, "silent", HOUSEHOLD, threshold(day, "silent", HOUSEHOLD)["levels"])


@without_basis("dấu hiệu trước khi nợ quá hạn, không văn bản nào quy định")
def savings_withdrawn(book: Book, rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Households that took their savings out and left the last months unpaid, which is not usual of them.

    withdrawn × 10⁶ ÷ held ≥ levels[0], held ≥ least, the last withdrawal within ``days``; silent ≥ ``silent`` and above habit.
    """
    by = threshold(day, "savings_withdrawn", HOUSEHOLD)
    stopped = rows.filter(pl.col("silent") >= by["silent"], pl.col("silent") > pl.col("habit"))
    quiet = (
        stopped.sort("silent", descending=True)
        .group_by("household", maintain_order=True)
        .agg(pl.col("group", "commune", "office").first(), before=pl.col("silent").first())
    )
    left = book.savings.filter(
        pl.col("held") >= by["least"], pl.col("day") > book.day - by["days"]
    ).with_columns(figure=share(pl.col("withdrawn"), pl.col("held")))
    found = left.join(quiet, on="household").rename({"withdrawn": "amount", "day": "when"})
    return warning(found, "savings_withdrawn", HOUSEHOLD, by["levels"])
