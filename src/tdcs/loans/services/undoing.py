"""Undoing what a loan's events and recoveries posted: asked for by one person, happens when another confirms."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.ledger import requesting
from tdcs.ledger.models import EntryRequest
from tdcs.ledger.rules import lines_for, swapped
from tdcs.ledger.services import book_of
from tdcs.loans.models import LoanEvent, Recovery
from tdcs.loans.services.changing import foresee_reversal, reverse_event
from tdcs.loans.services.recovering import TEMPLATE, require_standing, take_back


def ask_reversal(*, event: LoanEvent, why: str, by: User, on: date) -> EntryRequest:
    """The undoing of an event. Raises NotReversible, what the rules refuse, and what ``requesting.ask`` refuses."""
    _after, lines = foresee_reversal(event=event, on=on)
    about = f"{event.get_kind_display()} ngày {event.on:%d/%m/%Y}, khế ước {event.loan.number}"
    asked = requesting.RequestContent(
        EntryRequest.Kind.LOAN, book_of(event.loan.office_id), event.pk, about, lines
    )
    return requesting.ask(asked=asked, words=why, permission="loans.reverse", by=by, on=on)


def ask_taking_back(*, recovery: Recovery, why: str, by: User, on: date) -> EntryRequest:
    """The undoing of a recovery booked wrongly. Raises NotReversible, EventBeforeLast."""
    require_standing(recovery, on)
    loan = recovery.loan
    lines = lines_for(TEMPLATE, {"amount": recovery.amount}, tier=loan.source.tier, subject=loan.pk)
    about = f"Thu nợ đã xóa ngày {recovery.on:%d/%m/%Y}, khế ước {loan.number}"
    asked = requesting.RequestContent(
        EntryRequest.Kind.RECOVERY, book_of(loan.office_id), recovery.pk, about, swapped(lines)
    )
    return requesting.ask(asked=asked, words=why, permission="loans.reverse", by=by, on=on)


def register() -> None:
    """Says to the ledger how these requests happen."""
    requesting.install(EntryRequest.Kind.LOAN, _reverse)
    requesting.install(EntryRequest.Kind.RECOVERY, _take_back)


def _reverse(request: EntryRequest, on: date, key: str) -> int | None:
    event = LoanEvent.objects.get(pk=request.subject or 0)
    made = reverse_event(event=event, why=request.words, by=request.asked_by, on=on, key=key)
    entry: int | None = LoanEvent.objects.values_list("entry_id", flat=True).get(pk=made["event"])
    return entry


def _take_back(request: EntryRequest, on: date, key: str) -> int | None:
    held = Recovery.objects.get(pk=request.subject or 0)
    made = take_back(recovery=held, why=request.words, by=request.asked_by, on=on, key=key)
    return int(made["entry"])
