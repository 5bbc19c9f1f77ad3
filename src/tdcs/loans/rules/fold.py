"""How loans stand at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypedDict

from tdcs.core.basis import without_basis
from tdcs.core.columns import FAR, add_months, divided_by_its_engine
from tdcs.core.engine import nw
from tdcs.core.frames import Frame
from tdcs.loans.rules import limits, timeline
from tdcs.loans.rules.accrual import overdue_percent, rounded, unit
from tdcs.loans.rules.balance import overdue_since, split, zero
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    EXTEND,
    FREEZE,
    PRINCIPAL,
    WRITE_OFF,
)
from tdcs.loans.rules.schedule import change, named, schedule

LOAN_COLUMNS: Final = (
    "loan",  # a number that names the loan in these frames
    "disbursed",  # day
    "principal",  # dong, disbursed on that day
    "term",  # months
    "spacing",  # months between instalments
    "session",  # day of the month on which the borrower's point meets, 0 for none
    "rate",  # ppm a year, the contract's
    "by_instalment",  # a missed instalment becomes overdue (else only the final day counts)
    "law",  # the row of ``law`` frames that reaches the loan while it runs, 0 for none
    "own_overdue_rate",  # hundredths of ppm a year, where the programme sets the rate of overdue principal; else 0
    "law_known_on",  # the day on which the book took the law of ``law`` up late, 0 where it always knew it
    "as_of",  # day
)
# What the law changes for loans that run: ``law`` is the loans' column; the others null where nothing changes.
LAW_COLUMNS: Final = ("law", "day", "rate", "overdue_base", "overdue_percent")
EVENT_COLUMNS: Final = (
    "loan",
    "day",
    "rank",  # order within the loan: by day, kind, place in the list
    "kind",  # kinds.py
    "amount",
    "to",
    "due",
    "rate",
    "limit",  # of a freeze: its longest, in months (limits.py); of a disbursement: the most that may be lent, 0 for none
)


class PositionRow(TypedDict):
    """A row of ``Folded.positions``."""

    loan: int
    balance: int
    in_time: int
    overdue: int
    frozen: int
    accrued: int
    collected: int
    waived: int
    due: int
    overdue_since: int | None
    final_due: int
    rate: int
    overdue_base: int
    overdue_percent: int
    lent: int
    paid: int
    written_off: int
    whole: int
    rest: int
    is_frozen: int


@dataclass(frozen=True, slots=True)
class Folded:
    """``positions``: a row a loan; ``instalments``: as they stand; ``refused``: loan, rank, code, the first of each loan;
    ``staged``: the stretches behind the figures; ``laid``: every instalment that ever stood, from ``since`` to ``until``;
    ``freezes``: loan, first, final day of each freeze, and what it holds."""

    positions: Frame
    instalments: Frame
    refused: Frame
    staged: Frame
    laid: Frame
    freezes: Frame


@divided_by_its_engine
@without_basis("gọi các quy tắc khác theo thứ tự")
def fold(loans: Frame, events: Frame, law: Frame) -> Folded:
    """All that is to know of loans at the end of their ``as_of`` day, from LOAN_COLUMNS, EVENT_COLUMNS and LAW_COLUMNS.

    Positions: loan, balance, in_time, overdue, frozen, accrued, collected, waived (interest written off), due (accrued less
    both), overdue_since (day or null), final_due, rate, overdue_base, overdue_percent, overdue_rate, lent, paid,
    written_off, whole, rest, is_frozen. A refused loan's figures mean nothing.
    """
    col = nw.col
    events = _with_running(loans, events)
    freezes, freezes_refused = timeline.freezes(events)
    rows, refusals = change(schedule(loans), loans, events, freezes)
    begun = loans.with_columns(
        contract_day=col("disbursed"),
        overdue_base=col("rate"),
        overdue_percent=overdue_percent(col("disbursed")),
    )
    staged = timeline.stretches(timeline.changes(begun, rows, events, freezes, law))
    refused = nw.concat([*refusals, freezes_refused, timeline.payment_refusals(staged)])
    first = refused.sort("loan", "rank").unique("loan", keep="first", order_by=["rank"])
    now = rows.filter(col("until") == FAR)
    positions = _positions(loans, now, staged, events, freezes)
    return Folded(positions, named(now), first, staged, named(rows), freezes)


def _any(events: Frame, kind: int) -> bool:
    return bool((events["kind"] == kind).any())


def _with_running(loans: Frame, events: Frame) -> Frame:
    """``events`` with disbursed_after and paid_before as they stand at each, and what the law allows on its day:
    extended_limit (of an extension; FAR for others) and freeze_limit (the last day that a freeze may reach)."""
    col = nw.col

    def amount_of(*kinds: int) -> nw.Expr:
        return nw.when(col("kind").is_in(list(kinds))).then(col("amount")).otherwise(0)

    terms = loans.select("loan", "principal", "disbursed", "term")
    staged = events.join(terms, on="loan", how="inner")
    staged = staged.with_columns(
        disbursed_after=col("principal")
        + amount_of(DISBURSEMENT).cum_sum().over("loan", order_by="rank"),
        paid_before=amount_of(PRINCIPAL, WRITE_OFF).cum_sum().over("loan", order_by="rank"),
    )
    # Counting months is half of the work of folding one loan: only where somebody asks.
    if _any(events, EXTEND):
        extending = limits.with_extension_limit(staged.filter(col("kind") == EXTEND))
        limited = extending.select("loan", "rank", "extended_limit")
        staged = staged.join(limited, on=["loan", "rank"], how="left")
        staged = staged.with_columns(col("extended_limit").fill_null(FAR))
    else:
        staged = staged.with_columns(extended_limit=nw.lit(FAR, dtype=nw.Int64))
    staged = staged.drop("principal", "disbursed", "term")
    if not _any(events, FREEZE):
        return staged.with_columns(freeze_limit=col("day"))
    longest = nw.when(col("kind") == FREEZE).then(col("limit")).otherwise(0)
    return add_months(staged, "freeze_limit", col("day"), longest)


def _positions(loans: Frame, now: Frame, staged: Frame, events: Frame, freezes: Frame) -> Frame:
    col = nw.col
    sums = staged.group_by("loan").agg(
        col("lent").sum(),
        col("paid").sum(),
        col("fallen").sum(),
        is_frozen=col("freeze").sum(),
        collected=col("collected").sum(),
        waived=col("waived").sum(),
        whole=col("whole").sum() + col("brought").sum(),
        rest=col("rest").sum(),
    )
    rates = ("rate", "overdue_base", "overdue_percent", "overdue_rate")
    last = staged.select("loan", "seq", *rates).unique("loan", keep="last", order_by="seq")
    found = (
        loans.select("loan", "as_of", "by_instalment", "disbursed")
        .join(sums, on="loan", how="left")
        .join(last.select("loan", *rates), on="loan", how="left")
    )
    if _any(events, WRITE_OFF):
        of_loan = events.filter(col("kind") == WRITE_OFF).group_by("loan")
        found = found.join(of_loan.agg(written_off=col("amount").sum()), on="loan", how="left")
        found = found.with_columns(col("written_off").fill_null(0))
    else:
        found = found.with_columns(written_off=zero())
    found = split(found, frozen=col("is_frozen"))
    found = found.with_columns(
        accrued=rounded(col("whole"), col("rest"), unit(col("disbursed"))),
    )
    found = found.with_columns(due=col("accrued") - col("collected") - col("waived"))
    found = _with_days(found, now, freezes)
    return found.drop("fallen", "by_instalment", "as_of", "disbursed")


def _with_days(found: Frame, now: Frame, freezes: Frame) -> Frame:
    """``final_due``, and ``overdue_since`` where something is overdue."""
    col = nw.col
    final = now.filter(col("number") == col("last")).select("loan", final_due="due")
    found = found.join(final, on="loan", how="left")
    if not (found["overdue"] > 0).any():
        return found.with_columns(overdue_since=nw.lit(None, dtype=nw.Int64))
    rows = now.with_columns(reach=col("principal").cum_sum().over("loan", order_by="number"))
    late = found.filter(col("overdue") > 0).select("loan", "paid", "by_instalment")
    since = overdue_since(rows.join(late, on="loan", how="inner"), freezes)
    return found.join(since, on="loan", how="left")
