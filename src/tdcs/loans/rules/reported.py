"""How a loan stands that is followed by extracts: what they say, never what the law makes of it."""

from __future__ import annotations

import narwhals as nw

from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame
from tdcs.loans.rules.balance import state


@without_basis("số liệu của hệ thống lõi, không tính lại")
def reported_positions(sums: Frame) -> Frame:
    """``sums`` with balance, in_time, due, is_frozen and state.

    In: lent, principal, written_off, collected, waived, accrued, overdue, frozen, gone. A loan that is no longer in the
    extracts owes nothing that anybody reports: its figures are nought. 50 million lent, 20 paid, 10 overdue: 30 owed, of
    which 20 in time.
    """
    col = nw.col
    there = nw.when(col("gone") > 0).then(0).otherwise(1)
    found = sums.with_columns(
        balance=(col("lent") - col("principal") - col("written_off")) * there,
        overdue=col("overdue") * there,
        frozen=col("frozen") * there,
        due=nw.max_horizontal(
            col("accrued") - col("collected") - col("waived"), nw.lit(0, dtype=nw.Int64)
        )
        * there,
    )
    found = found.with_columns(
        in_time=col("balance") - col("overdue") - col("frozen"),
        is_frozen=nw.when(col("frozen") > 0).then(1).otherwise(0),
    )
    return found.with_columns(state=state())
