"""Whole lives of loans as the books keep them: what the engine makes of contracts and events."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from tdcs.core.frames import Frame
from tdcs.loans.rules import limits
from tdcs.loans.rules.events import EVENT, effective_events
from tdcs.loans.rules.fold import EVENT_COLUMNS, LOAN_COLUMNS, Folded, fold
from tdcs.loans.rules.kinds import DISBURSEMENT, FREEZE
from tdcs.loans.rules.running import with_law
from tdcs.programmes.rules.decrees import Decrees

__all__ = ["EVENT", "LAW_TERMS", "TERMS", "Position", "split"]

# By which a loan is known to the law, and its terms; ``rate`` is the contract's, ``local`` whether its money is.
LAW_TERMS: Final = ("programme", "target_group", "local")
TERMS: Final = ("disbursed", "term", "spacing", "session", "by_instalment", "rate")


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

    ``contracts``: loan, LAW_TERMS, TERMS; ``events``: EVENT. Without ``day`` each loan is folded through its own, the
    contracts' column ``as_of``. ``decrees``: those that the book has taken up; all of the law where none are named.
    """

    def __init__(
        self,
        contracts: Frame,
        events: Frame,
        day: int | None = None,
        *,
        decrees: Decrees | None = None,
    ) -> None:
        if day is None:
            until = contracts.select("loan", _until="as_of")
            theirs = events.join(until, on="loan", how="inner")
            there = effective_events(theirs, nw.col("_until")).drop("_until")
        else:
            contracts = contracts.with_columns(as_of=nw.lit(day, dtype=nw.Int64))
            there = effective_events(events, day)
        contracts, law = with_law(contracts, decrees)
        self.loans, self.events = split(contracts, there)
        # What a tranche may reach was judged when it was paid out.
        col = nw.col
        freezing = col("kind") == FREEZE
        longest = nw.when(freezing).then(limits.longest_freeze(col("day"))).otherwise(0)
        self.folded: Folded = fold(
            self.loans.select(*LOAN_COLUMNS),
            self.events.with_columns(limit=longest).select(*EVENT_COLUMNS),
            law,
        )
