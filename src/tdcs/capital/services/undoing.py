"""A receipt booked wrongly: one person asks to undo it, it happens when another confirms."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.capital.errors import ReceiptReversed
from tdcs.capital.models import FundReceipt, ReceiptKind
from tdcs.capital.services.funds import require_free
from tdcs.capital.services.receipts import follow_tranche
from tdcs.core import clock, trail
from tdcs.ledger import requesting
from tdcs.ledger import services as ledger
from tdcs.ledger.errors import WordsMissing
from tdcs.ledger.models import EntryRequest, Operation
from tdcs.ledger.results import Posted
from tdcs.ledger.rules import swapped
from tdcs.ledger.services import idempotent


def ask_reversal(*, receipt: FundReceipt, why: str, by: User, on: date) -> EntryRequest:
    """The undoing of a receipt waits for a second person. Raises ReceiptReversed, and what ``requesting.ask`` refuses."""
    _require_standing(receipt)
    entry = receipt.entry
    ledger.require_reversible(entry, on)
    rows = entry.postings.order_by("pk")
    lines = list(rows.values_list("account__code", "debit", "credit", "subject"))
    about = f"{receipt.get_kind_display()} ngày {receipt.on:%d/%m/%Y}: {receipt.source.name}"
    asked = requesting.RequestContent(
        EntryRequest.Kind.CAPITAL, entry.book, receipt.pk, about, swapped(lines)
    )
    return requesting.ask(asked=asked, words=why, permission="capital.receive", by=by, on=on)


def _require_standing(receipt: FundReceipt) -> None:
    undone = FundReceipt.objects.filter(reverses=receipt).exists()
    if undone or receipt.reverses_id is not None or receipt.kind == ReceiptKind.ADDED:
        raise ReceiptReversed


def reverse_receipt(
    *, receipt: FundReceipt, why: str, by: User | None, on: date, key: str
) -> Posted:
    """A receipt was booked wrongly: its counter-entry and a row against it. Answer: entry, number.

    Raises WordsMissing, ReceiptReversed, FundExhausted, and what the ledger refuses.
    """
    if not why.strip():
        raise WordsMissing

    def work(operation: Operation) -> Posted:
        kept = FundReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
        _require_standing(kept)
        entry, number = ledger.reverse(entry=kept.entry, why=why, by=by, on=on, operation=operation)
        if kept.amount > 0:
            require_free(source=kept.source, amount=kept.amount)
        made = FundReceipt.objects.create(
            source=kept.source,
            contract=kept.contract,
            tranche=kept.tranche,
            office=kept.office,
            kind=kept.kind,
            amount=-kept.amount,
            on=on,
            words=why.strip()[:300],
            entry_id=entry,
            operation=operation,
            reverses=kept,
            by=by,
            recorded_at=clock.now(),
        )
        data = {"amount": made.amount, "number": number, "of": kept.pk}
        trail.record(
            action="capital.reverse_receipt", subject=kept.source, by=by, on=on, why=why, data=data
        )
        follow_tranche(kept.tranche, by, on)
        return {"entry": entry, "number": number}

    request = {"receipt": receipt.pk}
    return idempotent(
        key=key, action="capital.reverse_receipt", request=request, by=by, on=on, work=work
    )


def register() -> None:
    """Says to the ledger how these requests happen."""
    requesting.install(EntryRequest.Kind.CAPITAL, _reverse)


def _reverse(request: EntryRequest, on: date, key: str) -> int | None:
    held = FundReceipt.objects.get(pk=request.subject or 0)
    made = reverse_receipt(receipt=held, why=request.words, by=request.asked_by, on=on, key=key)
    return int(made["entry"])
