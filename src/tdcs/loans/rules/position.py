"""How loans stand at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from tdcs.core.columns import FAR, add_months
from tdcs.loans.rules import timeline
from tdcs.loans.rules.interest import rounded
from tdcs.loans.rules.kinds import DISBURSEMENT, EXTEND, FREEZE, PRINCIPAL, WRITE_OFF
from tdcs.loans.rules.schedule import change, schedule

Frame = nw.DataFrame[Any]

LOAN_COLUMNS: Final = (
    "loan",  # a number that names the loan in these frames
    "disbursed",  # day
    "principal",  # dong, disbursed on that day
    "term",  # months
    "spacing",  # months between instalments
    "session",  # day of the month on which the borrower's point meets, 0 for none
    "rate",  # ppm a year
    "by_instalment",  # a missed instalment becomes overdue (else only the final day counts)
    "as_of",  # day
)
EVENT_COLUMNS: Final = (
    "loan",
    "day",
    "rank",  # order within the loan: by day, kind, place in the list
    "kind",  # kinds.py
    "amount",
    "to",
    "due",
    "rate",
    "limit",  # of a freeze: its longest, in months; of a disbursement: the most that may be lent in all, 0 for none
)


@dataclass(frozen=True, slots=True)
class Folded:
    """``positions``: a row a loan; ``instalments``: as they stand; ``refused``: loan, rank, code, the first of each loan;
    ``staged``: the stretches behind the figures; ``laid``: every instalment that ever stood, from ``since`` to ``until``."""

    positions: Frame
    instalments: Frame
    refused: Frame
    staged: Frame
    laid: Frame


def fold(loans: Frame, events: Frame) -> Folded:
    """All that is to know of loans at the end of their ``as_of`` day, from LOAN_COLUMNS and EVENT_COLUMNS.

    Positions: loan, balance, in_time, overdue, frozen, accrued, collected, overdue_since (day or null), final_due, rate,
    lent, paid, written_off, whole, rest, is_frozen. A refused loan's figures mean nothing.
    """
    col = nw.col
    loans = _with_limits(loans, events)
    events = _with_running(loans, events)
    ice, ice_refused = timeline.freezes(events)
    rows, refusals = change(schedule(loans), loans, events, ice)
    staged = timeline.stretches(timeline.changes(loans, rows, events, ice))
    refused = nw.concat([*refusals, ice_refused, timeline.payment_refusals(staged)])
    first = refused.sort("loan", "rank").unique("loan", keep="first", order_by=["rank"])
    standing = rows.filter(col("until") == FAR)
    return Folded(_positions(loans, standing, staged, events, ice), standing, first, staged, rows)


def _with_limits(loans: Frame, events: Frame) -> Frame:
    """``extended_limit``: the latest final day that an extension may reach (12 months, or half of a longer term).

    Where nothing is extended nobody asks for it: half of the work of folding one loan is counting months.
    """
    col = nw.col
    if not _any(events, EXTEND):
        return loans.with_columns(extended_limit=nw.lit(FAR, dtype=nw.Int64))
    limited = loans.with_columns(
        _reach=nw.when(col("term") <= 12).then(12).otherwise(col("term") // 2)
    )
    limited = add_months(limited, "final", col("disbursed"), col("term"))
    return add_months(limited, "extended_limit", col("final"), col("_reach")).drop(
        "_reach", "final"
    )


def _any(events: Frame, kind: int) -> bool:
    return bool((events["kind"] == kind).any())


def _with_running(loans: Frame, events: Frame) -> Frame:
    """Disbursed and paid as they stand at each event, and how long a freeze from its day may last."""
    col = nw.col

    def amount_of(*kinds: int) -> nw.Expr:
        return nw.when(col("kind").is_in(list(kinds))).then(col("amount")).otherwise(0)

    staged = events.join(loans.select("loan", "principal"), on="loan", how="inner")
    staged = staged.with_columns(
        disbursed_after=col("principal")
        + amount_of(DISBURSEMENT).cum_sum().over("loan", order_by="rank"),
        paid_before=amount_of(PRINCIPAL, WRITE_OFF).cum_sum().over("loan", order_by="rank"),
    )
    if not _any(events, FREEZE):
        return staged.with_columns(freeze_limit=col("day")).drop("principal")
    longest = nw.when(col("kind") == FREEZE).then(col("limit")).otherwise(0)
    return add_months(staged, "freeze_limit", col("day"), longest).drop("principal")


def _positions(loans: Frame, standing: Frame, staged: Frame, events: Frame, ice: Frame) -> Frame:
    col = nw.col
    sums = staged.group_by("loan").agg(
        col("lent").sum(),
        col("paid").sum(),
        _fallen=col("fallen").sum(),
        is_frozen=col("ice").sum(),
        collected=col("collected").sum(),
        whole=col("whole").sum(),
        rest=col("rest").sum(),
    )
    last = staged.select("loan", "seq", "rate").unique("loan", keep="last", order_by="seq")
    off = (
        events.filter(col("kind") == WRITE_OFF)
        .group_by("loan")
        .agg(written_off=col("amount").sum())
    )
    found = (
        loans.select("loan", "as_of", "by_instalment")
        .join(sums, on="loan", how="left")
        .join(last.select("loan", "rate"), on="loan", how="left")
        .join(off, on="loan", how="left")
        .with_columns(col("written_off").fill_null(0))
    )
    zero = nw.lit(0, dtype=nw.Int64)
    found = found.with_columns(balance=col("lent") - col("paid"))
    late = nw.max_horizontal(nw.min_horizontal(col("_fallen") - col("paid"), col("balance")), zero)
    cold = col("is_frozen") > 0
    found = found.with_columns(
        overdue=nw.when(cold).then(0).otherwise(late),
        frozen=nw.when(cold).then(col("balance")).otherwise(0),
        accrued=rounded(col("whole"), col("rest")),
    )
    found = found.with_columns(in_time=col("balance") - col("overdue") - col("frozen"))
    return _with_days(found, standing, ice).drop("_fallen", "by_instalment", "as_of")


def _with_days(found: Frame, standing: Frame, ice: Frame) -> Frame:
    """``final_due``, and ``overdue_since``: the day after the trigger of the first instalment not wholly paid.

    A trigger within a freeze counts as the freeze's last day.
    """
    col = nw.col
    rows = standing.with_columns(
        reach=col("principal").cum_sum().over("loan", order_by="number")
    ).join(
        found.select("loan", "paid", "by_instalment", "overdue", "as_of"), on="loan", how="inner"
    )
    final = rows.filter(col("number") == col("last")).select("loan", final_due="due")
    unpaid = rows.filter(
        (col("overdue") > 0)
        & (col("reach") > col("paid"))
        & (col("by_instalment") | (col("number") == col("last")))
    )
    thawed = unpaid.join(ice, on="loan", how="left")
    inside = (col("first") <= col("trigger")) & (col("trigger") <= col("final"))
    thawed = thawed.with_columns(
        _counts=nw.when(inside.fill_null(False)).then(col("final")).otherwise(col("trigger"))
    )
    per_row = thawed.group_by("loan", "number").agg(col("_counts").max())
    since = per_row.group_by("loan").agg(overdue_since=col("_counts").min() + 1)
    return found.join(final, on="loan", how="left").join(since, on="loan", how="left")
