"""What a list of debts says of each loan: its age, what falls due of it, whether it is silent. Knows no Django."""

from __future__ import annotations

from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.loans.rules.balance import EVERYTHING

# Ages of overdue debt by the last day of each, as offices list them.
_AGES: Final = (
    (30, "1. Đến 30 ngày"),
    (90, "2. Từ 31 đến 90 ngày"),
    (180, "3. Từ 91 đến 180 ngày"),
    (360, "4. Từ 181 đến 360 ngày"),
)
_OLDEST: Final = "5. Trên 360 ngày"


@without_basis("nhóm tuổi nợ do chi nhánh dùng trong sao kê, không phải phân loại nợ theo văn bản")
def overdue_age(days: pl.Expr) -> pl.Expr:
    """The age group of overdue debt. 90 days: the second; 91: the third."""
    found: pl.Expr = pl.lit(_OLDEST)
    for last, words in reversed(_AGES):
        found = pl.when(days <= last).then(pl.lit(words)).otherwise(found)
    return pl.when(days.is_null()).then(None).otherwise(found)


def falling_due(rows: pl.DataFrame, instalments: pl.DataFrame, day: int) -> pl.DataFrame:
    """What of each instalment that is triggered from ``day`` on is still to be paid.

    rows: loan, lent, paid, fallen (closing/rules/rows.py). instalments: loan, number, due, session, principal. Out: loan,
    number, due, session, due_amount. The first of them takes what earlier instalments left, as the snapshot's next_amount
    does: the sums of a loan are its balance less what is overdue.
    """
    counted = pl.when(pl.col("fallen") == EVERYTHING).then("lent").otherwise("fallen")
    covered = rows.select("loan", _covered=pl.max_horizontal("paid", counted))
    ordered = instalments.sort("loan", "number").with_columns(
        _reach=pl.col("principal").cum_sum().over("loan")
    )
    coming = ordered.filter(pl.col("session") >= day).join(covered, on="loan")
    before = pl.col("_reach").shift(1).over("loan").fill_null(0)
    amount = pl.col("_reach") - pl.max_horizontal("_covered", before)
    found = coming.with_columns(due_amount=amount.clip(lower_bound=0))
    found = found.filter(pl.col("due_amount") > 0)
    return found.select("loan", "number", "due", "session", "due_amount")


def months_between(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Whole months from a day to another. 31/1 to 28/2: none; 31/1 to 31/3: two."""
    months = (later.dt.year() - earlier.dt.year()).cast(pl.Int64) * 12
    months = months + later.dt.month().cast(pl.Int64) - earlier.dt.month().cast(pl.Int64)
    return months - (later.dt.day() < earlier.dt.day()).cast(pl.Int64)
