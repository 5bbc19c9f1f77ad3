"""Rows of loans that extracts of the bank's core report: what the extracts say, in the columns of every other row."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from tdcs.closing.rules.rows import ROW, owed_before, owes
from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame

# What an extract does not say of a loan.
_UNKNOWN: Final = ("overdue_rate", "frozen_from", "rest", "balance_days")


@without_basis("số liệu của hệ thống lõi, không tính lại")
def rows_of_reported(contracts: Frame, sums: Frame, day: int, month_start: int) -> Frame:
    """ROW of the loans that the extracts still name. In: CONTRACT, and the sums of ``loans/queries/reported.py``.

    Interest that had accrued when the month began is told by the arrears: what of it is still not collected. 300.000
    collected by now and 40.000 in arrears: 340.000 had accrued. Without arrears it is what the extract of the eve says,
    at most what was collected. The one due day of an extract is the final one; nothing is known of instalments.
    """
    col, nothing = nw.col, nw.lit(0, dtype=nw.Int64)
    rows = contracts.drop("rate").join(sums, on="loan", how="inner")
    rows = rows.filter((col("gone") <= 0) & (col("lent") != 0))
    settled = col("collected") + col("waived")
    told = nw.when(col("arrears") > 0).then(settled + col("arrears"))
    begun = told.otherwise(nw.min_horizontal(col("accrued_0"), settled))
    falls = col("final_due") >= day
    paid = col("principal") + col("written_off")
    rows = rows.with_columns(
        accrued_0=begun,
        whole=col("accrued"),
        paid_0=col("principal_0") + col("written_off_0"),
        paid=paid,
        principal=col("lent"),
        in_time=col("lent") - paid - col("overdue") - col("frozen"),
        fallen=paid + col("overdue"),
        overdue_since=nw.when(col("overdue") > 0).then(col("overdue_since")).otherwise(0),
        frozen_to=nw.when(col("frozen") > 0).then(col("frozen_to")).otherwise(0),
        next_trigger=nw.when(falls).then(col("session_due")).otherwise(0),
        next_due=nw.when(falls).then(col("final_due")).otherwise(0),
        next_reach=nw.when(falls).then(col("lent")).otherwise(0),
        plain=nw.lit(False),
        by_instalment=nw.lit(False),
        **dict.fromkeys(_UNKNOWN, nothing),
    )
    kept = rows.filter(owes() | owed_before() | (col("last") >= month_start))
    return kept.select(*ROW).sort("loan")
