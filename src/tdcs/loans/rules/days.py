"""How loans stood at the end of many days, read from the stretches and instalments of one fold."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from tdcs.core.columns import FAR, divided_by_its_engine, floor_div
from tdcs.core.frames import Frame
from tdcs.loans.rules.accrual import rounded, unit
from tdcs.loans.rules.balance import overdue_since, split
from tdcs.loans.rules.fold import Folded
from tdcs.loans.rules.kinds import WRITE_OFF

# A loan and a day as one number: any day is below it.
_SPAN: Final = 2**20
assert FAR < _SPAN
_RATES: Final = ("rate", "overdue_rate", "overdue_base", "overdue_percent")


@divided_by_its_engine
def on_days(staged: Frame, wanted: Frame) -> Frame:
    """Money, rates and interest at the end of the day ``at`` of each (loan, at) of ``wanted`` on which the loan was there.

    ``staged``: the fold's stretches. Out: loan, at, lent, paid, fallen, is_frozen, rate, overdue_rate, overdue_base,
    overdue_percent, collected, waived, whole, rest, balance_days (the sum of the balances at the ends of all days so far).
    """
    col = nw.col

    def until(name: str) -> nw.Expr:
        # What a day of the stretch bears, times its days through ``at``.
        return floor_div(col(name), col("days")) * (col("at") - col("day") + 1)

    rows = staged.with_columns(_days=col("balance") * col("days"))
    rows = rows.sort("loan", "seq").with_columns(
        days_before=col("_days").cum_sum().over("loan", order_by="seq") - col("_days")
    )
    # Of changes on one day only the last leaves a stretch.
    rows = rows.filter(col("days") > 0).with_columns(_key=col("loan") * _SPAN + col("day"))
    asked = wanted.with_columns(_key=col("loan") * _SPAN + col("at")).sort("_key")
    found = asked.join_asof(
        rows.rename({"loan": "_of"}).sort("_key"), on="_key", strategy="backward"
    )
    found = found.filter((col("_of") == col("loan")).fill_null(False))
    return found.select(
        "loan",
        "at",
        *_RATES,
        lent="total_lent",
        paid="total_paid",
        fallen="total_fallen",
        is_frozen="frozen",
        collected=col("collected_after") - col("total_waived"),
        waived="total_waived",
        whole=col("whole_before") + until("whole"),
        rest=col("rest_before") + until("rest"),
        balance_days=col("days_before") + col("balance") * (col("at") - col("day") + 1),
    )


def positions_on(folded: Folded, events: Frame, wanted: Frame, disbursed: Frame) -> Frame:
    """``on_days`` with the parts of the balance, what was written off, and interest accrued and due.

    ``events``: those that count, with loan, day, kind, amount; ``disbursed``: loan, disbursed. Out: also balance, in_time,
    overdue, frozen, written_off, accrued, due; whole and rest with the rest below one dong.
    """
    col = nw.col
    found = on_days(folded.staged, wanted).join(disbursed, on="loan", how="left")
    off = events.filter(col("kind") == WRITE_OFF).select("loan", "amount", off_on="day")
    off = found.select("loan", "at").join(off, on="loan", how="inner")
    off = off.filter(col("off_on") <= col("at"))
    sums = off.group_by("loan", "at").agg(written_off=col("amount").sum())
    found = found.join(sums, on=["loan", "at"], how="left")
    found = split(found, frozen=col("is_frozen"))
    held_in = unit(col("disbursed"))
    found = found.with_columns(
        col("written_off").fill_null(0),
        accrued=rounded(col("whole"), col("rest"), held_in),
        _carry=floor_div(col("rest"), held_in),
    )
    return found.with_columns(
        whole=col("whole") + col("_carry"),
        rest=col("rest") - col("_carry") * held_in,
        due=col("accrued") - col("collected") - col("waived"),
    ).drop("_carry", "disbursed")


def instalments_on(laid: Frame, wanted: Frame) -> Frame:
    """The instalments that stood on each (loan, at), with ``reach``: principal up to and with each."""
    col = nw.col
    rows = wanted.select("loan", "at").join(laid, on="loan", how="inner")
    rows = rows.filter((col("since") <= col("at")) & (col("at") < col("until")))
    return rows.with_columns(reach=col("principal").cum_sum().over("loan", "at", order_by="number"))


def next_instalments(instalments: Frame) -> Frame:
    """loan, at, next_trigger, next_due, next_reach of the first instalment triggered on ``at`` or later.

    Instalments that share its trigger day count with it. In: ``instalments_on``.
    """
    col, keys = nw.col, ("loan", "at")
    coming = instalments.filter(col("trigger") >= col("at"))
    first = coming.group_by(*keys).agg(next_trigger=col("trigger").min())
    with_it = instalments.join(first, on=list(keys), how="inner").filter(
        col("trigger") <= col("next_trigger")
    )
    return (
        with_it.with_columns(
            _due=nw.when(col("trigger") == col("next_trigger")).then(col("due")).otherwise(0)
        )
        .group_by(*keys)
        .agg(
            next_trigger=col("next_trigger").max(),
            next_due=col("_due").max(),
            next_reach=col("principal").sum(),
        )
    )


def final_days(instalments: Frame) -> Frame:
    """loan, at, final_due. In: ``instalments_on``."""
    last = instalments.filter(nw.col("number") == nw.col("last"))
    return last.select("loan", "at", final_due="due")


def since_on(instalments: Frame, late: Frame, freezes: Frame) -> Frame:
    """loan, at, overdue_since of ``late``: loan, at, paid, by_instalment of what is overdue. In: ``instalments_on``."""
    rows = instalments.join(late, on=["loan", "at"], how="inner")
    return overdue_since(rows, freezes, keys=("loan", "at"))
