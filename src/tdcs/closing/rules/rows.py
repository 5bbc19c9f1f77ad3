"""The columns of a snapshot, what follows from them, and their sums.

Days are whole numbers (core/columns.py), 0 for none; money is whole dong. A row stands at the end of its day.
"""

from __future__ import annotations

from types import ModuleType
from typing import Final, Literal

import narwhals as nw

from tdcs.core.basis import basis
from tdcs.core.frames import AnyFrame, Frame
from tdcs.loans.rules.accrual import accrue, rounded, unit
from tdcs.loans.rules.balance import EVERYTHING, split, zero

# Where a loan belongs on the day: numbers of rows of the database, the commune's as well.
PLACE: Final = ("group", "mass", "office", "commune")
KEYS: Final = ("household", "programme", "source", "local", *PLACE)
# Of the contract; ``principal`` is what the first disbursement paid out.
TERMS: Final = ("disbursed", "principal", "term", "spacing", "session", "by_instalment")
STATE: Final = (
    "plain",  # instalments are the contract's own and no freeze ever began
    "rate",  # ppm a year
    "overdue_rate",  # hundredths of ppm a year, on overdue principal
    "lent",
    "paid",  # principal paid, with what was written off
    "written_off",
    "fallen",  # principal whose trigger day has passed; EVERYTHING past the final day of the older regime
    "frozen_from",
    "frozen_to",  # the last frozen day
    "whole",  # interest through the day: whole dong, and rest in parts of a dong (accrual.unit)
    "rest",
    "collected",
    "waived",  # interest written off
    "in_time",
    "overdue",
    "frozen",
    "accrued",  # whole and rest, rounded half up
    "overdue_since",
    "next_trigger",  # the first trigger day from this day on
    "next_due",  # the due day that belongs to it
    "next_reach",  # principal of the instalments up to and with it
    "final_due",
)
MONTH: Final = (
    "balance_days",  # sum of the balances at the ends of the month's days
    "lent_0",  # these as they stood at the end of the month before
    "paid_0",
    "written_off_0",
    "collected_0",
    "waived_0",
    "accrued_0",
    "overdue_0",
)
ROW: Final = ("loan", *KEYS, *TERMS, *STATE, *MONTH)
WORDS: Final = frozenset({"programme", "target_group"})
FLAGS: Final = frozenset({"local", "by_instalment", "plain"})
SUM_KEYS: Final = ("office", "commune", "programme", "source", "local", "mass", "group")
SUMS: Final = (
    "loans",
    "balance",
    "in_time",
    "overdue",
    "frozen",
    "accrued",
    "collected",
    "due",
    "arrears",
    "to_collect",
    "balance_days",
    "lent_month",
    "repaid_month",
    "written_off_month",
    "collected_month",
    "accrued_month",
    "newly_overdue",
    "overdue_loans",
    "frozen_loans",
    "new_loans",
)


def kind_of(name: str) -> nw.dtypes.DType:
    """The type of a column inside the rules."""
    if name in WORDS:
        return nw.String()
    return nw.Boolean() if name in FLAGS else nw.Int64()


def empty(names: tuple[str, ...], backend: Literal["polars"] | ModuleType = "polars") -> Frame:
    """No rows of the given columns."""
    return nw.DataFrame.from_dict(
        {name: [] for name in names}, {name: kind_of(name) for name in names}, backend=backend
    )


def split_balance(rows: AnyFrame, day: int) -> AnyFrame:
    """``rows`` with balances by state on ``day``, from lent, paid, fallen and the freeze.

    While a freeze goes on it holds what it held the day before (``frozen``), as far as that is still owed.
    """
    col = nw.col
    is_frozen = (col("frozen_from") <= day) & (col("frozen_to") >= day)
    held = nw.when(is_frozen).then(col("frozen")).otherwise(0)
    return split(rows, frozen=held).drop("balance")


@basis("TT-14-2017-NHNN", "Điều 5")
@basis("ND-06-2026", "Điều 32.2")
def accrue_day(rows: AnyFrame) -> AnyFrame:
    """``rows`` with one day's interest and balance-day on what stands at its end."""
    col = nw.col
    held_in = unit(col("disbursed"))
    names = ("whole", "rest", "balance_days")
    begun = rows.rename({name: f"_{name}" for name in names})
    begun = accrue(
        begun.with_columns(
            balance=col("in_time") + col("overdue") + col("frozen"), days=zero() + 1
        ),
        held_in,
    )
    begun = begun.with_columns(_sum=col("_rest") + col("rest"))
    carry = nw.when(col("_sum") >= held_in).then(1).otherwise(0)
    begun = begun.with_columns(_carry=carry)
    begun = begun.with_columns(
        whole=col("_whole") + col("whole") + col("_carry"),
        rest=col("_sum") - col("_carry") * held_in,
        balance_days=col("_balance_days") + col("balance"),
    )
    accrued = rounded(col("whole"), col("rest"), held_in)
    return begun.with_columns(accrued=accrued).select(*rows.columns)


def owes() -> nw.Expr:
    """Whether anything is owed: principal, or interest."""
    col = nw.col
    return (col("lent") > col("paid")) | (col("accrued") != col("collected") + col("waived"))


def owed_before() -> nw.Expr:
    """``owes`` as it stood when the month began."""
    col = nw.col
    settled = col("collected_0") + col("waived_0")
    return (col("lent_0") > col("paid_0")) | (col("accrued_0") != settled)


def new_month(rows: AnyFrame) -> AnyFrame:
    """The rows with which a month begins: what owes nothing stays behind, the month's sums start anew."""
    col = nw.col
    opened = {f"{name}_0": col(name) for name in OPENED}
    return rows.filter(owes()).with_columns(**opened, balance_days=zero())


OPENED: Final = ("lent", "paid", "written_off", "collected", "waived", "accrued", "overdue")


def figures(rows: AnyFrame) -> AnyFrame:
    """``rows`` with what screens and sums read.

    to_collect: interest that accrued before this month began and was not collected by then (a month's interest is
    collected on the session day of the next); arrears: what of it is still not collected. next_amount:
    principal to pay by next_due beside what is overdue.
    """
    col = nw.col
    counted = nw.when(col("fallen") == EVERYTHING).then(col("lent")).otherwise(col("fallen"))
    staged = rows.with_columns(
        balance=col("lent") - col("paid"),
        due=nw.max_horizontal(col("accrued") - col("collected") - col("waived"), zero()),
        to_collect=nw.max_horizontal(
            col("accrued_0") - col("collected_0") - col("waived_0"), zero()
        ),
        arrears=nw.max_horizontal(col("accrued_0") - col("collected") - col("waived"), zero()),
        next_amount=nw.max_horizontal(
            col("next_reach") - nw.max_horizontal(col("paid"), counted), zero()
        ),
        lent_month=col("lent") - col("lent_0"),
        written_off_month=col("written_off") - col("written_off_0"),
        collected_month=col("collected") - col("collected_0"),
        accrued_month=col("accrued") - col("accrued_0"),
        newly_overdue=nw.max_horizontal(col("overdue") - col("overdue_0"), zero()),
    )
    return staged.with_columns(repaid_month=col("paid") - col("paid_0") - col("written_off_month"))


def totals(rows: AnyFrame, *keys: str, month_start: int) -> AnyFrame:
    """SUMS of the rows by ``keys``, in any order. ``loans`` counts those with principal."""
    col = nw.col

    def count(condition: nw.Expr) -> nw.Expr:
        return condition.cast(nw.Int64)

    staged = figures(rows).with_columns(
        loans=count(col("lent") > col("paid")),
        overdue_loans=count(col("overdue") > 0),
        frozen_loans=count(col("frozen") > 0),
        new_loans=count(col("disbursed") >= month_start),
    )
    return staged.group_by(*keys).agg(*(col(name).sum() for name in SUMS))


def sums(rows: AnyFrame, *keys: str, month_start: int) -> AnyFrame:
    """``totals`` in the order of their keys."""
    return totals(rows, *keys, month_start=month_start).sort(*keys)
