"""Whole lives of loans as the books keep them: the events that count on a day, and what the engine makes of them."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw

from tdcs.loans.rules.kinds import DISBURSEMENT, FREEZE, REVERSE
from tdcs.loans.rules.position import EVENT_COLUMNS, LOAN_COLUMNS, Folded, fold

Frame = nw.DataFrame[Any]

# A loan's terms beside its number; ``rate`` is the contract's.
TERMS: Final = ("disbursed", "term", "spacing", "session", "by_instalment", "rate")
# An event as the books keep it; ``key`` is the order of writing, ``reverses`` the key of the reversed one or 0.
EVENT: Final = ("loan", "key", "day", "kind", "amount", "to", "due", "rate", "reverses")
_FREEZE_MONTHS: Final = 60


def counted(events: Frame, day: int | nw.Expr) -> Frame:
    """The events that count at the end of ``day``: not later, not reversed; a reversed reversal restores."""
    col = nw.col
    there = events.filter(col("day") <= day)
    reversals = there.filter(col("kind") == REVERSE).select("loan", "key", "reverses")
    if len(reversals) == 0:
        return there
    standing = reversals
    while True:
        void = standing.select(key="reverses")
        left = reversals.join(void, on="key", how="anti")
        if len(left) == len(standing) and left["key"].sum() == standing["key"].sum():
            break
        standing = left
    plain = there.filter(col("kind") != REVERSE)
    return plain.join(standing.select(key="reverses"), on="key", how="anti")


def split(contracts: Frame, events: Frame) -> tuple[Frame, Frame]:
    """The first disbursement is the loan's principal, the others stay events: (loans with principal, ranked events)."""
    col = nw.col
    paid_out = events.filter(col("kind") == DISBURSEMENT).sort("loan", "key")
    first = paid_out.unique("loan", keep="first", order_by=["key"]).select(
        "loan", "key", principal="amount"
    )
    loans = contracts.join(first.select("loan", "principal"), on="loan", how="left")
    loans = loans.with_columns(col("principal").fill_null(0))
    later = events.join(first.select("key"), on="key", how="anti")
    later = later.sort("loan", "day", "kind", "key").with_row_index("rank")
    return loans, later.with_columns(col("rank").cast(nw.Int64))


class Position:
    """Loans folded through a day: the engine's answer with the loans and events it was given.

    Without ``day`` each loan is folded through its own, the contracts' column ``as_of``.
    """

    def __init__(self, contracts: Frame, events: Frame, day: int | None = None) -> None:
        if day is None:
            until = contracts.select("loan", _until="as_of")
            theirs = events.join(until, on="loan", how="inner")
            there = counted(theirs, nw.col("_until")).drop("_until")
        else:
            contracts = contracts.with_columns(as_of=nw.lit(day, dtype=nw.Int64))
            there = counted(events, day)
        self.loans, self.events = split(contracts, there)
        # Longest freeze in months; what a tranche may reach was judged when it was paid out.
        frozen = nw.when(nw.col("kind") == FREEZE).then(_FREEZE_MONTHS).otherwise(0)
        self.folded: Folded = fold(
            self.loans.select(*LOAN_COLUMNS),
            self.events.with_columns(limit=frozen).select(*EVENT_COLUMNS),
        )
