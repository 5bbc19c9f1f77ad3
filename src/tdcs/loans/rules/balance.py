"""What a loan's principal is at the end of a day: in time, overdue or frozen; since when; and the loan's state.

One definition each, as columns. `tests/loans/referee.py` says the same a day at a time, on purpose in other arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tdcs.core.basis import basis, without_basis
from tdcs.core.engine import nw
from tdcs.core.frames import AnyFrame, Frame
from tdcs.loans.rules.states import StateCode

# More than any loan: "all that is unpaid falls due".
EVERYTHING: Final = 10**14


def zero() -> nw.Expr:
    """Nothing, as a column."""
    return nw.lit(0, dtype=nw.Int64)


def late(fallen: nw.Expr, lent: nw.Expr, paid: nw.Expr) -> nw.Expr:
    """Principal that fell due and is not paid, frozen or not: min(fallen, lent) − paid, never below 0.

    ``fallen``: principal whose trigger day has passed, EVERYTHING past the final day of the older regime.
    """
    return nw.max_horizontal(nw.min_horizontal(fallen, lent) - paid, zero())


@basis("CV-597-2026")
@basis("QD-50-2010-TTg")
def split(rows: AnyFrame, *, frozen: nw.Expr) -> AnyFrame:
    """``rows`` with balance and its parts in_time, overdue, frozen.

    In: lent, paid (principal and write-offs), fallen. ``frozen``: how much the freeze in which the day lies holds, 0
    outside one, EVERYTHING of an ordinary one: then all that is unpaid is frozen and nothing overdue. Of 50 million, 5
    frozen and 8 fallen due: 5 frozen, 8 overdue, 37 in time; what is paid fills the frozen part last.
    """
    col = nw.col
    rows = rows.with_columns(
        balance=col("lent") - col("paid"),
        _late=late(col("fallen"), col("lent"), col("paid")),
        _held=frozen,
    )
    held = nw.when(col("_held") > 0).then(nw.min_horizontal("_held", "balance"))
    rows = rows.with_columns(frozen=held.otherwise(0))
    rows = rows.with_columns(
        overdue=nw.min_horizontal(col("_late"), col("balance") - col("frozen"))
    )
    rows = rows.with_columns(in_time=col("balance") - col("overdue") - col("frozen"))
    return rows.drop("_late", "_held")


@basis("CV-597-2026")
@basis("VB-2174")
def judged(by_instalment: nw.Expr, number: nw.Expr, last: nw.Expr) -> nw.Expr:
    """Whether an instalment can become overdue by itself: each one, or under the older regime the last alone."""
    return by_instalment | (number == last)


@basis("CV-597-2026")
def overdue_since(
    instalments: Frame, freezes: Frame | None = None, *, keys: tuple[str, ...] = ("loan",)
) -> Frame:
    """``keys``, overdue_since: the day after the trigger of the first instalment not wholly paid.

    In: of loans with overdue principal their instalments as they stand: loan, number, last, trigger, reach (principal up
    to and with it), paid, by_instalment. ``freezes``: loan, first, final day and amount of freezes: a trigger within one
    counts as the freeze's last day, where the freeze holds all that is unpaid.
    """
    col = nw.col
    unpaid = instalments.filter(
        (col("reach") > col("paid")) & judged(col("by_instalment"), col("number"), col("last"))
    )
    if freezes is not None and len(freezes):
        # The last instalment is among them, so that the furthest reach is all that was lent.
        unpaid = unpaid.with_columns(_rest=col("reach").max().over(*keys) - col("paid"))
        thawed = unpaid.join(freezes, on="loan", how="left")
        inside = (col("first") <= col("trigger")) & (col("trigger") <= col("final"))
        inside = inside & (col("held") >= col("_rest"))
        thawed = thawed.with_columns(
            trigger=nw.when(inside.fill_null(False)).then(col("final")).otherwise(col("trigger"))
        )
        unpaid = thawed.group_by(*keys, "number").agg(col("trigger").max())
    return unpaid.group_by(*keys).agg(overdue_since=col("trigger").min() + 1)


# The first that holds, of a loan with ``balance``, ``is_frozen`` (0 or more), ``overdue``, ``written_off`` and ``due``
# (interest accrued and neither collected nor written off); each works on a number and on a column.
_STATES: Final[tuple[tuple[str, Callable[[Any], Any]], ...]] = (
    (StateCode.FROZEN.value, lambda of: (of("balance") > 0) & (of("is_frozen") > 0)),
    (StateCode.OVERDUE.value, lambda of: (of("balance") > 0) & (of("overdue") > 0)),
    (StateCode.IN_TIME.value, lambda of: of("balance") > 0),
    (StateCode.WRITTEN_OFF.value, lambda of: of("written_off") > 0),
    (StateCode.SETTLED.value, lambda of: of("due") <= 0),
    (StateCode.IN_TIME.value, lambda of: of("balance") == 0),
)


@without_basis("đặt tên cho kết quả của các quy tắc khác")
def state() -> nw.Expr:
    """The state of loans as a column, from columns balance, is_frozen, overdue, written_off, due: LoanState's values."""
    found = nw.lit(None, dtype=nw.String)
    for name, holds in reversed(_STATES):
        found = nw.when(holds(nw.col)).then(nw.lit(name)).otherwise(found)
    return found


def state_of(row: Mapping[str, Any]) -> str:
    """``state`` of one loan."""
    return next(name for name, holds in _STATES if holds(row.__getitem__))
