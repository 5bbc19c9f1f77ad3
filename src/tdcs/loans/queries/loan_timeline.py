"""One loan's story up to the end of a day: what happened, its schedule, how it stands, and the days behind its interest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from tdcs.loans.models import Instalment, Loan, LoanEvent
from tdcs.loans.queries.folded_days import Stretch, folded_day
from tdcs.loans.queries.folding import LoanBalance, frozen_stretch, row_of, standings_rows
from tdcs.organisations.prepared import Given, Prepared
from tdcs.programmes.rules.showing import percent

# A run of at least so many collections of interest is told in one line that opens.
_RUN: Final = 4
_LENT: Final = ("disbursement", "reported_lent")
_OUT: Final = ("principal", "write_off", "reported_principal", "reported_write_off")
_EVENTS: Final = Prepared(
    lambda: (
        LoanEvent.objects.filter(loan=Given("loan"), on__lte=Given("on"))
        # Two words of other rows, not three more objects for each of forty events.
        .annotate(entry_number=F("entry__number"), by_name=F("by__full_name"))
        .order_by("pk")
    )
)
_CONTRACT: Final = Prepared(
    lambda: (
        Instalment.objects.filter(loan=Given("loan"))
        .values_list("number", "contract_due_on")
        .order_by("number")
    )
)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event: ``after`` is the principal owed after it; ``struck`` that a later event took it back.

    ``entry``: the number of its entry; ``by``: who wrote it; empty for none.
    """

    event: LoanEvent
    entry: str
    by: str
    words: str
    after: int
    struck: bool
    undone_by: LoanEvent | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Events told together: one, or a run of interest collections."""

    events: tuple[TimelineRow, ...]
    total: int

    @property
    def first(self) -> TimelineRow:
        return self.events[0]

    @property
    def last(self) -> TimelineRow:
        return self.events[-1]


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment with its three days; ``mark``: paid, late, next, later, or rolled into the next one."""

    number: int
    contract_due_on: date
    due_on: date
    session_on: date
    principal: int
    paid: int
    mark: str

    @property
    def left(self) -> int:
        return self.principal - self.paid


@dataclass(frozen=True, slots=True)
class LoanTimeline:
    """``may_collect``: interest that may be collected on the day: what accrued through the day before it.

    ``frozen_to``: the last day of the freeze in which the loan stands.
    """

    loan: Loan
    on: date
    now: LoanBalance
    may_collect: int
    frozen_to: date | None
    runs: list[Run]
    parts: list[Part]
    stretches: tuple[Stretch, ...]

    @property
    def next_part(self) -> Part | None:
        return next((part for part in self.parts if part.mark == "next"), None)

    @property
    def carried(self) -> int:
        """Principal of missed instalments that falls to the next one."""
        return sum(part.left for part in self.parts if part.mark == "rolled")

    @property
    def next_amount(self) -> int:
        """What is to be paid by the next session day, with what was carried there."""
        return self.carried + (self.next_part.left if self.next_part else 0)


def loan_timeline(loan: Loan, on: date) -> LoanTimeline:
    """The story at the end of ``on``: three queries, one fold of this loan's own events."""
    events = _EVENTS(loan=loan.pk, on=on)
    rows = [row_of(event) for event in events]
    counted = standings_rows(rows, on)
    day = folded_day(loan, on, counted)
    now = day.now
    stretch = frozen_stretch(counted, on) if now.frozen else None
    frozen_to = stretch[1] if stretch else None
    # Of a loan that is frozen in part, the rest falls due as it would.
    waiting = frozen_to if stretch and not stretch[2] else None
    return LoanTimeline(
        loan,
        on,
        now,
        max(0, day.before - now.collected - now.waived),
        frozen_to,
        _runs(_rows_of(events, {row.key for row in counted})),
        _parts(loan, now, on, waiting),
        day.stretches,
    )


def _rows_of(events: Sequence[Any], counted: set[int]) -> list[TimelineRow]:
    undone = {event.reverses_id: event for event in events if event.reverses_id is not None}
    told: list[TimelineRow] = []
    owed = 0
    # By effect, as the rules judge; a reversal stands where it was written.
    for event in sorted(events, key=lambda row: (row.on, row.pk)):
        stands = event.pk in counted
        if stands and event.kind in _LENT:
            owed += event.amount or 0
        elif stands and event.kind in _OUT:
            owed -= event.amount or 0
        by = undone.get(event.pk)
        # A reversal that was itself reversed strikes nothing.
        struck = by is not None if event.kind == "reverse" else not stands
        entry, writer = str(event.entry_number or ""), event.by_name or ""
        told.append(
            TimelineRow(event, entry, writer, _words(event), owed, struck, by if struck else None)
        )
    return told


def _words(event: LoanEvent) -> str:
    """What an event set besides an amount."""
    said = {"due": event.due_on, "until": event.until_on}
    days = {name: f"{day:%d/%m/%Y}" for name, day in said.items() if day is not None}
    if event.kind == "reschedule" and len(days) == 2:
        return _("kỳ hạn %(due)s chuyển sang %(until)s") % days
    if event.kind == "session_day" and "until" in days:
        return _("ngày %(day)s hằng tháng, từ ngày %(until)s") % {"day": event.amount, **days}
    if event.kind == "extend" and "until" in days:
        return _("hạn cuối đến %(until)s") % days
    if event.kind == "freeze" and "until" in days:
        return _("đến hết ngày %(until)s") % days
    if event.kind == "rate" and event.rate_ppm is not None:
        return percent(event.rate_ppm)
    return ""


def _runs(told: Iterable[TimelineRow]) -> list[Run]:
    """The newest first; neighbouring collections of interest together when they are many."""
    runs: list[Run] = []

    def plain(row: TimelineRow) -> bool:
        return row.event.kind == "interest" and not row.struck

    for alike, group in groupby(told, key=plain):
        rows = list(group)
        if alike and len(rows) >= _RUN:
            runs.append(Run(tuple(reversed(rows)), sum(row.event.amount or 0 for row in rows)))
        else:
            runs += [Run((row,), row.event.amount or 0) for row in rows]
    return runs[::-1]


def _parts(loan: Loan, now: LoanBalance, on: date, frozen_to: date | None) -> list[Part]:
    """The schedule as it stood on the day; what was paid and written off counts for the oldest instalment.

    What falls due while the loan is frozen (to ``frozen_to``) counts on the freeze's last day.
    """
    contract: dict[int, date] = dict(_CONTRACT(loan=loan.pk))
    rest, parts, seen_next = now.paid + now.written_off, [], False
    for number, due, session, principal in now.instalments:
        paid = min(rest, principal)
        rest -= paid
        gone = session < on
        if paid == principal:
            mark = "paid"
        elif frozen_to is not None and session <= frozen_to:
            mark = "frozen"
        elif gone and (loan.by_instalment or due == now.final_due_on):
            mark = "late"
        elif gone:
            mark = "rolled"
        else:
            mark, seen_next = ("later" if seen_next else "next"), True
        parts.append(Part(number, contract.get(number, due), due, session, principal, paid, mark))
    return parts
