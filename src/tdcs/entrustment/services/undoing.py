"""Undoing a movement of a savings account: asked for by one person, happens when another confirms."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsEvent
from tdcs.entrustment.services.savings import require_undoable, reverse
from tdcs.ledger import requesting
from tdcs.ledger.models import EntryRequest
from tdcs.ledger.rules import lines_for, swapped
from tdcs.ledger.services import book_of


def ask_reversal(*, event: SavingsEvent, why: str, by: User, on: date) -> EntryRequest:
    """The undoing of a movement. Raises ReasonMissing, AlreadyReversed, SavingsClosed, BeforeReversed, SavingsShort."""
    account = event.account
    require_undoable(account, event, why, on)
    lines = lines_for(f"savings.{event.kind}", {"amount": abs(event.amount)}, subject=account.pk)
    about = f"{event.get_kind_display()} ngày {event.on:%d/%m/%Y}, sổ tiền gửi {account.number}"
    asked = requesting.RequestContent(
        EntryRequest.Kind.SAVINGS, book_of(account.office_id), event.pk, about, swapped(lines)
    )
    return requesting.ask(asked=asked, words=why, permission="loans.reverse", by=by, on=on)


def register() -> None:
    """Says to the ledger how these requests happen."""
    requesting.install(EntryRequest.Kind.SAVINGS, _reverse)


def _reverse(request: EntryRequest, on: date, key: str) -> int | None:
    event = SavingsEvent.objects.get(pk=request.subject or 0)
    made = reverse(event=event, why=request.words, by=request.asked_by, on=on, key=key)
    return int(made["entry"])
