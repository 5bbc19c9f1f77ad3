"""Kept rows of loans whose book takes a decree up: the interest they were closed with is summed anew under it.

The row of a loan holds its interest up to the eve of ``standing_on``, as the law was known when the row was written. A
decree confirmed later reaches back: `closing.services.decrees` brings the rows under it piece by piece. Until it has come
to a loan, whoever reads the loan's row gets it as it will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.core.remembered import remembered
from tdcs.loans.queries.columns import copied, events_where
from tdcs.loans.rules.balance import state
from tdcs.loans.rules.events import effective_events
from tdcs.loans.rules.history import LAW_TERMS, TERMS, Position
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import Decrees, decrees_in_law

# What the law moves of a row, in the order of the rules' names; ``state`` is the state of the day of the row.
MOVED: Final = ("whole", "rest", "rate", "overdue_base", "overdue_percent", "state")
_TERMS: Final = ("loan", *LAW_TERMS, *TERMS, "standing_on")
_TERMS_SQL: Final = """
    SELECT l.id, l.programme, l.target_group, (s.tier = 'local')::int,
           l.disbursed_on - DATE '1970-01-01', l.term_months, l.instalment_months,
           coalesce(l.session_day, 0), l.by_instalment::int, l.rate_ppm,
           l.standing_on - DATE '1970-01-01'
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
     WHERE l.id = ANY(%(loans)s)
"""


class RowNotBrought(Exception):
    """The engine refuses the events of loans under the law: (loan, code)."""

    def __init__(self, refused: Sequence[tuple[int, str]]) -> None:
        self.refused = list(refused)
        super().__init__(str(self.refused[:10]))


@dataclass(frozen=True, slots=True)
class Arriving:
    """A decree that is being taken up: rows of loans with keys beyond ``through`` may not be under it yet."""

    first: int
    through: int


@remembered
def law_of_the_book() -> tuple[Decrees, tuple[Arriving, ...]]:
    """The decrees under which the book's loans stand, and those of them whose work is not done."""
    states = (DecreeApplication.State.CONFIRMED, DecreeApplication.State.DONE)
    rows = list(
        DecreeApplication.objects.filter(state__in=states, taken_up_on__isnull=False).values_list(
            "document", "taken_up_on", "state", "through_loan"
        )
    )
    first: dict[str, date] = dict(decrees_in_law()) if rows else {}
    arriving = tuple(
        Arriving(day_number(first[document]), through)
        for document, _, state_, through in rows
        if state_ == DecreeApplication.State.CONFIRMED and document in first
    )
    return Decrees.of({document: on for document, on, *_ in rows if on}), arriving


def arrived(loans: Frame, arriving: Sequence[Arriving], decrees: Decrees) -> Frame:
    """``loans`` (due.LOAN_FIELDS) with the rows that a decree has not reached yet as it will leave them."""
    if not arriving:
        return loans
    stale = nw.lit(False)
    for one in arriving:
        stale = stale | ((nw.col("id") > one.through) & touched(one.first))
    old = loans.filter(stale)
    if len(old) == 0:
        return loans
    rest = loans.join(old.select("id"), on="id", how="anti")
    return nw.concat([rest, under_law(old, decrees)]).sort("id")


def touched(first: int) -> nw.Expr:
    """Whether a law's first day lies behind a loan's row: later days are rolled forward under the law anyway."""
    return (nw.col("contract_day") < first) & (nw.col("standing_on") >= first)


def under_law(loans: Frame, decrees: Decrees) -> Frame:
    """``loans`` (due.LOAN_FIELDS) with MOVED as all their events make them under ``decrees``. Raises RowNotBrought."""
    if len(loans) == 0:
        return loans
    now, past = _folded(loans["id"].to_list(), decrees)
    col = nw.col
    refused = nw.concat([one.folded.refused.select("loan", "code") for one in (now, past) if one])
    if len(refused):
        raise RowNotBrought(refused.unique("loan").sort("loan").rows())
    names = ("rate", "overdue_base", "overdue_percent", "state")
    found = now.folded.positions.with_columns(state=state()).select("loan", *names)
    if past is None:
        found = found.with_columns(whole=nw.lit(0), rest=nw.lit(0))
    else:
        sums = past.folded.positions.select("loan", "whole", "rest")
        found = found.join(sums, on="loan", how="left")
    found = found.with_columns(col("whole").fill_null(0), col("rest").fill_null(0))
    found = found.rename({"loan": "id"}).select("id", *MOVED)
    kept = loans.drop(*MOVED)
    return kept.join(found, on="id", how="left").select(*loans.columns)


def _folded(loans: list[int], decrees: Decrees) -> tuple[Position, Position | None]:
    """The loans at the end of the day of their rows, and on its eve (None where every row is of its loan's first day)."""
    rows: pl.DataFrame = copied(
        _TERMS_SQL,
        {"loans": loans},
        _TERMS,
        words={"programme", "target_group"},
        flags={"local", "by_instalment"},
    )
    contracts = nw.from_native(rows, eager_only=True)
    events = events_where("WHERE e.loan_id = ANY(%(loans)s)", {"loans": loans})
    until = contracts.select("loan", _until="standing_on")
    # Interest up to the eve too is that of the events which count on the day: what is void on it was never there.
    counting = effective_events(events.join(until, on="loan", how="inner"), nw.col("_until")).drop(
        "_until"
    )
    now = Position(contracts.with_columns(as_of=nw.col("standing_on")), counting, decrees=decrees)
    older = contracts.filter(nw.col("standing_on") > nw.col("disbursed"))
    if len(older) == 0:
        return now, None
    eve = older.with_columns(as_of=nw.col("standing_on") - 1)
    return now, Position(eve, counting, decrees=decrees)
