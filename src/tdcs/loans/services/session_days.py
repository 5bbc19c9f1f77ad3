"""Loans follow the day of the month on which their groups meet the bank from a day on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.ledger.models import Operation
from tdcs.ledger.services import NewEntry, book_of, post
from tdcs.loans.errors import EventBeforeLast
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import (
    LoanBalance,
    Row,
    eve,
    events_of_many,
    fold_views,
    frozen_stretch,
    standings_rows,
)
from tdcs.loans.rules.kinds import KINDS, SESSION_DAY
from tdcs.loans.services.balances import keep, write_instalments
from tdcs.loans.services.booking import held, held_by, reclassify_lines
from tdcs.loans.states import OPEN_STATES


def follow_session_day(
    *,
    groups: Collection[int],
    day: int,
    since: date,
    by: User | None,
    on: date,
    operation: Operation,
) -> int:
    """Instalments of the groups' loans whose session is still to come get one by the new day of the month; how many loans.

    In the caller's transaction, whose operation and trail answer for it. A loan without a session day has none to follow, one
    that follows the day already is left alone. Raises EventBeforeLast.
    """
    rows = Loan.objects.filter(group__in=groups, state__in=OPEN_STATES, session_day__isnull=False)
    loans = list(rows.select_related("source").select_for_update(of=("self",)).order_by("pk"))
    written = events_of_many([loan.pk for loan in loans])
    loans = [loan for loan in loans if _day_of(loan, written[loan.pk], on) != day]
    for loan in loans:
        if on < loan.standing_on:
            raise EventBeforeLast(number=loan.number, day=on, last=loan.standing_on)
    moment = clock.now()
    made = LoanEvent.objects.bulk_create(
        LoanEvent(
            loan=loan,
            on=on,
            kind="session_day",
            amount=day,
            until_on=since,
            operation=operation,
            by=by,
            recorded_at=moment,
        )
        for loan in loans
    )
    for event in made:
        row = Row(event.pk, day_number(on), KINDS[event.kind], day, day_number(since))
        written[event.loan_id].append(row)
    events = {event.loan_id: event for event in made}
    for loan, now, past in _folded(loans, written, on):
        _thaw(loan, events[loan.pk], written[loan.pk])
        keep(loan, now, past, on, written[loan.pk])
        write_instalments(loan, now)
    return len(loans)


def _thaw(loan: Loan, event: LoanEvent, rows: Sequence[Row]) -> None:
    """Where a freeze has ended by its day, the principal comes back to the account on which it stands from now on."""
    lines = reclassify_lines(
        [],
        was=held(loan),
        now=held_by(frozen_stretch(standings_rows(rows, event.on), event.on)),
        balance=loan.balance,
        tier=loan.source.tier,
        loan=loan.pk,
    )
    if not lines:
        return
    words = f"Hết khoanh nợ khế ước {loan.number}"
    entry = NewEntry(book_of(loan.office_id).pk, event.on, "loan.unfreeze", words, lines)
    event.entry_id = post([entry], by=event.by, on=event.on, operation=event.operation)[0][0]
    event.save(update_fields=["entry"])


def _day_of(loan: Loan, events: Sequence[Row], on: date) -> int:
    """The day of the month that a loan follows: the latest one set, else its contract's."""
    later = [row for row in standings_rows(events, on) if row.kind == SESSION_DAY]
    return later[-1].amount if later else loan.session_day or 0


def _folded(
    loans: Sequence[Loan], written: dict[int, list[Row]], on: date
) -> list[tuple[Loan, LoanBalance, LoanBalance | None]]:
    """Each loan at the end of the day and of its eve, all folded at once."""
    views = []
    for loan in loans:
        today = standings_rows(written[loan.pk], on)
        views.append((loan, on, today))
        before = [row for row in standings_rows(written[loan.pk], eve(on)) if row in today]
        views.append((loan, eve(on) if on > loan.disbursed_on else on, before))
    found = fold_views(views) if views else []
    return [
        (loan, now, past if on > loan.disbursed_on else None)
        for loan, now, past in zip(loans, found[::2], found[1::2], strict=True)
    ]
