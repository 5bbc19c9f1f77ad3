"""Loans of the database as frames for the rules: what they owe on a day, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

import narwhals as nw

from tdcs.capital.models import CapitalSource
from tdcs.core import law
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.engine import LEAST_OF_ENGINES, few
from tdcs.core.frames import rows_of
from tdcs.core.remembered import remembered
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.reported import SUMS, reported_sums
from tdcs.loans.rules import limits
from tdcs.loans.rules.balance import EVERYTHING, state_of
from tdcs.loans.rules.events import voided
from tdcs.loans.rules.fold import (
    EVENT_COLUMNS,
    LAW_COLUMNS,
    LOAN_COLUMNS,
    Folded,
    PositionRow,
    fold,
)
from tdcs.loans.rules.kinds import DISBURSEMENT, FREEZE, KINDS, REVERSE, UNFREEZE
from tdcs.loans.rules.project import frame_of
from tdcs.loans.rules.reading import Event, LoanTerms
from tdcs.loans.rules.reported import reported_positions
from tdcs.loans.rules.running import Numbered, reached
from tdcs.loans.rules.states import StateCode
from tdcs.loans.rules.timeline import freezes
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import Decrees

# Events of as many loans as a page shows; a batch's fold is not kept.
_FEW: Final = 500
_Rows: TypeAlias = tuple[tuple[int | bool | None, ...], ...]
# Terms of the loans, their later events, the changes of law that reach them: the columns of rules/fold.py.
Given: TypeAlias = tuple[_Rows, _Rows, _Rows]
_EVENT_FIELDS: Final = (
    "loan_id",
    "pk",
    "on",
    "kind",
    "amount",
    "until_on",
    "due_on",
    "rate_ppm",
    "reverses_id",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An event as the database keeps it, or one that is about to be written (key beyond all others)."""

    key: int
    day: int
    kind: int
    amount: int = 0
    to: int = 0
    due: int = 0
    rate: int | None = None
    reverses: int | None = None
    # The longest that a freeze asked for may last; 0: what the law allows at most on its day.
    freeze_months: int = 0

    @property
    def on(self) -> date:
        return day_of_number(self.day)

    def as_event(self) -> Event:
        return (
            self.day,
            self.kind,
            self.amount,
            self.to,
            self.due,
            self.rate,
            self._longest() if self.kind == FREEZE else 0,
        )

    def _longest(self) -> int:
        return self.freeze_months or limits.freeze_months(None, self.on)


@dataclass(frozen=True, slots=True)
class LoanBalance:
    """A loan at the end of a day."""

    on: date
    balance: int
    in_time: int
    overdue: int
    frozen: int
    accrued: int
    collected: int
    lent: int
    paid: int
    written_off: int
    whole: int
    rest: int
    rate_ppm: int
    overdue_since: date | None
    final_due_on: date
    state: str
    refused: str = ""
    instalments: list[tuple[int, date, date, int]] = field(default_factory=list)
    waived: int = 0
    overdue_base_ppm: int = 0
    overdue_percent: int = 0

    @property
    def interest_due(self) -> int:
        """Interest accrued and neither collected nor written off; below 0 it is the loan's credit."""
        return self.accrued - self.collected - self.waived


# A loan, a day, the events that count on it.
View: TypeAlias = tuple[Loan, date, Sequence[Row]]


def balances_on(
    loans: Sequence[Loan], as_of: date, more: dict[int, Sequence[Row]] | None = None
) -> dict[int, LoanBalance]:
    """Each loan at the end of ``as_of``; ``more`` adds events not yet written, by loan."""
    events = events_of_many([loan.pk for loan in loans])
    views = [
        (loan, as_of, standings_rows([*events[loan.pk], *(more or {}).get(loan.pk, ())], as_of))
        for loan in loans
    ]
    folded = fold_views(views)
    return dict(zip([loan.pk for loan in loans], folded, strict=True))


def events_of(loan: Loan) -> list[Row]:
    """The events of one loan in the order in which they were written."""
    return events_of_many([loan.pk])[loan.pk]


def fold_views(views: Sequence[View]) -> list[LoanBalance]:
    """The standing of each (loan, day, events that count); of one that extracts report, what they say."""
    if not any(loan.reported_on(day) for loan, day, _ in views):
        return standings_of(folded_of(views), [view[1] for view in views])
    own = [view for view in views if not view[0].reported_on(view[1])]
    folded = iter(standings_of(folded_of(own), [view[1] for view in own]) if own else [])
    return [
        reported_balance(loan, day) if loan.reported_on(day) else next(folded)
        for loan, day, _ in views
    ]


def reported_balance(loan: Loan, on: date) -> LoanBalance:
    """A loan that extracts report, as the last one up to a day says."""
    sums = reported_sums(on, loans=[loan.pk])
    rows = reported_positions(nw.from_native(sums, eager_only=True))
    found: dict[str, Any] = next(iter(rows.iter_rows(named=True)), _NEVER)
    late, final = found["overdue_since"] or None, found["final_due"]
    return LoanBalance(
        on=on,
        balance=found["balance"],
        in_time=found["in_time"],
        overdue=found["overdue"],
        frozen=found["frozen"],
        accrued=found["accrued"],
        collected=found["collected"],
        lent=found["lent"],
        paid=found["principal"],
        written_off=found["written_off"],
        whole=found["accrued"],
        rest=0,
        rate_ppm=found["rate"],
        waived=found["waived"],
        overdue_since=day_of_number(late) if late and found["overdue"] else None,
        final_due_on=day_of_number(final) if final else loan.final_due_on,
        state=found["state"],
    )


# Before the first extract, or when all of them were undone.
_NEVER: Final[dict[str, Any]] = {
    **dict.fromkeys((*SUMS, "balance", "in_time", "due"), 0),
    "state": StateCode.SETTLED.value,
}


def folded_of(views: Sequence[View]) -> Folded:
    """All that the rules know of each view, numbered in that order."""
    return folded_from(given_of(views, Reaching()))


def given_of(views: Sequence[View], reach: Reaching) -> Given:
    """What the rules are given of each view: everything on which their answer rests but the law's files."""
    loans: list[tuple[int | bool | None, ...]] = []
    rows: list[tuple[int | bool | None, ...]] = []
    numbered = Numbered()
    for number, (loan, as_of, events) in enumerate(views):
        loans.append(
            (number, *loan_terms(loan, events), *reach.of(loan, numbered), day_number(as_of))
        )
        later = sorted(_later(events), key=lambda row: (row.day, row.kind, row.key))
        rows += [(number, e[0], rank, *e[1:]) for rank, e in enumerate(r.as_event() for r in later)]
    return tuple(loans), tuple(rows), numbered.rows()


def folded_from(given: Given) -> Folded:
    """What the rules make of it."""
    return _kept(*given) if len(given[1]) <= _FEW else _fold(*given)


def _fold(loans: _Rows, events: _Rows, changes: _Rows) -> Folded:
    with few(len(events) < LEAST_OF_ENGINES):
        return fold(
            frame_of(LOAN_COLUMNS, loans, {"by_instalment"}),
            frame_of(EVENT_COLUMNS, events, set()),
            frame_of(LAW_COLUMNS, changes, set()),
        )


# A page folds one loan: the same terms, events and changes of law give what they gave a moment ago.
_kept = lru_cache(maxsize=256)(_fold)
law.forgetting(_kept.cache_clear)


@remembered
def tiers() -> dict[int, str]:
    """Source of capital → its tier."""
    return dict(CapitalSource.objects.values_list("pk", "tier"))


class Reaching:
    """How the law that this book has taken up reaches its loans while they run; asks the database once."""

    def __init__(self) -> None:
        self.decrees: Decrees = decrees_taken_up()
        self._tiers = tiers()
        self._province = law.province()

    def of(self, loan: Loan, numbered: Numbered) -> tuple[int, int, int]:
        """law, own_overdue_rate, law_known_on of LOAN_COLUMNS."""
        found = reached(
            loan.programme,
            loan.target_group,
            loan.disbursed_on,
            province=self._province,
            tier=self._tiers[loan.source_id],
            decrees=self.decrees,
        )
        return numbered.number(found.changes), found.own_overdue_rate, found.known_on


def loan_terms(loan: Loan, events: Sequence[Row]) -> LoanTerms:
    """The values of LOAN_COLUMNS between loan and law; the first disbursement is the principal there."""
    first = _first(events)
    return (
        day_number(loan.disbursed_on),
        first.amount if first else 0,
        loan.term_months,
        loan.instalment_months,
        loan.session_day or 0,
        loan.rate_ppm,
        loan.by_instalment,
    )


def _first(events: Sequence[Row]) -> Row | None:
    return next((row for row in events if row.kind == DISBURSEMENT), None)


def _later(events: Sequence[Row]) -> list[Row]:
    first = _first(events)
    return [row for row in events if row is not first]


def row_of(event: LoanEvent) -> Row:
    """An event already read, as the rules take it."""
    return Row(
        event.pk,
        day_number(event.on),
        KINDS[event.kind],
        event.amount or 0,
        day_number(event.until_on) if event.until_on else 0,
        day_number(event.due_on) if event.due_on else 0,
        event.rate_ppm,
        event.reverses_id,
    )


def events_of_many(loan_ids: Iterable[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    rows = LoanEvent.objects.filter(loan_id__in=list(loan_ids)).order_by("pk")
    for loan, key, on, kind, amount, until, due, rate, reverses in rows.values_list(*_EVENT_FIELDS):
        found[loan].append(
            Row(
                key,
                day_number(on),
                KINDS[kind],
                amount or 0,
                day_number(until) if until else 0,
                day_number(due) if due else 0,
                rate,
                reverses,
            )
        )
    return found


def standings_rows(events: Sequence[Row], as_of: date) -> list[Row]:
    """The events that count on a day: not later than it, not reversed by it."""
    end = day_number(as_of)
    there = [row for row in events if row.day <= end]
    void = voided((row.key, row.reverses) for row in there if row.kind == REVERSE and row.reverses)
    return [row for row in there if row.kind != REVERSE and row.key not in void]


def frozen_stretch(events: Sequence[Row], on: date) -> tuple[date, date, int] | None:
    """The freeze in which a loan stands at the end of ``on``, by the events that count: its first and last day, and the
    part of the principal that it holds, 0 for all."""
    day = day_number(on)
    marks = [row for row in events if row.kind in (FREEZE, UNFREEZE) and row.day <= day]
    if not marks:
        return None
    ranked = sorted(marks, key=lambda row: (row.day, row.kind, row.key))
    rows = [
        (0, row.day, rank, row.kind, row.amount, row.to, row.day) for rank, row in enumerate(ranked)
    ]
    names = ("loan", "day", "rank", "kind", "amount", "to", "freeze_limit")
    with few():
        found, _ = freezes(frame_of(names, rows, set()))
    for _, first, final, held in found.rows():
        if first <= day <= final:
            return day_of_number(first), day_of_number(final), 0 if held == EVERYTHING else held
    return None


def standings_of(folded: Folded, days: Sequence[date]) -> list[LoanBalance]:
    """The balances in a fold, as of each view's day."""
    codes = dict(
        zip(folded.refused["loan"].to_list(), folded.refused["code"].to_list(), strict=True)
    )
    parts: dict[int, list[tuple[int, date, date, int]]] = defaultdict(list)
    rows = folded.instalments.sort("loan", "number")
    for loan, number, due, trigger, principal in rows.select(
        "loan", "number", "due", "trigger", "principal"
    ).rows():
        parts[loan].append((number, day_of_number(due), day_of_number(trigger), principal))
    figures = {row["loan"]: row for row in rows_of(folded.positions, PositionRow)}
    return [
        _balance_of(figures[at], day, codes.get(at, ""), parts[at]) for at, day in enumerate(days)
    ]


def _balance_of(
    row: PositionRow, on: date, refused: str, parts: list[tuple[int, date, date, int]]
) -> LoanBalance:
    since = row["overdue_since"]
    return LoanBalance(
        on=on,
        balance=row["balance"],
        in_time=row["in_time"],
        overdue=row["overdue"],
        frozen=row["frozen"],
        accrued=row["accrued"],
        collected=row["collected"],
        lent=row["lent"],
        paid=row["paid"] - row["written_off"],
        written_off=row["written_off"],
        whole=row["whole"],
        rest=row["rest"],
        rate_ppm=row["rate"],
        waived=row["waived"],
        overdue_base_ppm=row["overdue_base"],
        overdue_percent=row["overdue_percent"],
        overdue_since=day_of_number(since) if since is not None else None,
        final_due_on=day_of_number(row["final_due"]),
        state=state_of(row),
        refused=refused,
        instalments=parts,
    )


def eve(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
