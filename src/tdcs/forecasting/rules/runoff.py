"""What is still to come of each loan, month by month: the run-off of a book to which nothing is lent any more.

Principal paid, and what was written off, fills the instalments in their order; what is left of an instalment comes on its
trigger day, the session before it falls due. What cannot come on its own day comes by one of three rules:

    missed, and the loan is judged by its final day   on the last instalment's day
    the loan is frozen                                on the first day after its last frozen day, or later
    missed, and none of these                         in no month (LATE): it is overdue

50,000,000 over 36 months from 5/3/2024 every 6 (5 × 8,300,000 + 8,500,000), of which 8,000,000 are paid, seen from
31/1/2025 (no session decides): 300,000 are late, 8,300,000 come in March 2025 (month 2), as much in September (month 8),
…, 8,500,000 in March 2027 (month 26).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.basis import without_basis
from tdcs.core.columns import month_numbers
from tdcs.core.frames import Frame

# A loan at the end of a month: ``paid`` is with what was written off, ``frozen_to`` 0 where it is not frozen.
LOAN: Final = ("loan", "paid", "by_instalment", "frozen_to")
INSTALMENT: Final = ("loan", "number", "trigger", "principal")
LATE: Final = 0


@without_basis("đọc lại lịch trả nợ đang có hiệu lực, không đặt ra quy định")
def coming(loans: Frame, instalments: Frame, day: int) -> Frame:
    """loan, number, month (of the day it comes, 1 for the one after ``day``; LATE for none), on, principal (dong, above 0).

    In: LOAN and the INSTALMENT that stand at the end of ``day``, the last of a month. A loan's sum is its balance.
    """
    col = nw.col
    nothing = nw.lit(0, dtype=nw.Int64)
    rows = instalments.select(*INSTALMENT).join(loans.select(*LOAN), on="loan", how="inner")
    rows = rows.with_columns(
        _reach=col("principal").cum_sum().over("loan", order_by="number"),
        _last=col("trigger").max().over("loan"),
    )
    unpaid = nw.max_horizontal(col("_reach") - col("paid"), nothing)
    rows = rows.with_columns(principal=nw.min_horizontal(col("principal"), unpaid))
    rows = rows.filter(col("principal") > 0)
    waits = (col("trigger") < day) & ~col("by_instalment")
    rows = rows.with_columns(on=nw.when(waits).then(col("_last")).otherwise(col("trigger")))
    thawed = nw.max_horizontal(col("on"), col("frozen_to") + 1)
    frozen = col("frozen_to") >= day
    rows = rows.with_columns(on=nw.when(frozen).then(thawed).otherwise(col("on")))
    rows = month_numbers(rows, "month", col("on"))
    # What may still be paid on the day itself is not late: it comes next.
    ahead = nw.max_horizontal(col("month") - _month_of(day), nothing + 1)
    return rows.with_columns(month=nw.when(col("on") >= day).then(ahead).otherwise(LATE)).select(
        "loan", "number", "month", "on", "principal"
    )


def by_month(rows: Frame, keys: Sequence[str], months: int) -> Frame:
    """``keys``, month (LATE, 1 … ``months``, and ``months`` + 1 for all later ones), principal: sums of ``coming``."""
    last = nw.lit(months + 1, dtype=nw.Int64)
    cut = rows.with_columns(month=nw.min_horizontal(nw.col("month"), last))
    found = cut.group_by(*keys, "month").agg(nw.col("principal").sum())
    return found.sort(*keys, "month")


def _month_of(day: int) -> int:
    row = nw.DataFrame.from_dict({"day": [day]}, {"day": nw.Int64()}, backend=pl)
    return int(month_numbers(row, "month", nw.col("day"))["month"][0])
