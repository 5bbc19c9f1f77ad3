"""What a signed receipt is in the book: not handed in yet, booked on a day, different, undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, Sum

from tdcs.entrustment.models import SavingsEvent
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import LoanEvent
from tdcs.loans.states import EventKind
from tdcs.transaction_points.models import Device, LogLine
from tdcs.transaction_points.queries.conflicts import key_of
from tdcs.transaction_points.rules.chain import COLLECT, SAVINGS
from tdcs.transaction_points.rules.receipts import Statement
from tdcs.transaction_points.states import LogState, ReceiptState

# What a line became that is not booked, in words for who holds the receipt.
_UNBOOKED: Final = {
    LogState.RECEIVED: ReceiptState.RECEIVED,
    LogState.VOIDED: ReceiptState.VOIDED,
    LogState.CASE: ReceiptState.WAITING,
    LogState.RESOLVED: ReceiptState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class ReceiptStatus:
    """Where a receipt stands; ``on``: the day of the entry; ``revoked_on``: since when its device may no longer be used."""

    state: ReceiptState
    on: date | None = None
    revoked_on: date | None = None


def device_of(statement: Statement) -> Device | None:
    """The device that a receipt names."""
    return Device.objects.filter(pk=statement.device).first()


def status_of(statement: Statement, device: Device) -> ReceiptStatus:
    """What is known of a receipt whose signature was found right."""
    line = (
        LogLine.objects.filter(device=device, session=statement.session, seq=statement.seq)
        .select_related("session")
        .first()
    )
    if line is None:
        return ReceiptStatus(ReceiptState.PENDING, revoked_on=device.revoked_on)
    if line.session.held_on != statement.day or _logged(line, statement) != statement.amounts:
        return ReceiptStatus(ReceiptState.DIFFERS)
    entries = _entries(line)
    booked, reversed_ = _money_booked(entries, statement)
    if booked == statement.amounts:
        days = [entry.on for entry in entries]
        return ReceiptStatus(ReceiptState.BOOKED, max(days) if days else None)
    state = _UNBOOKED.get(LogState(line.state))
    if not any(booked) and not any(reversed_) and state is not None:
        return ReceiptStatus(state)
    if reversed_ == statement.amounts:
        return ReceiptStatus(ReceiptState.REVERSED)
    waiting = line.state == LogState.CASE
    return ReceiptStatus(ReceiptState.WAITING if waiting else ReceiptState.DIFFERS)


def _logged(line: LogLine, statement: Statement) -> tuple[int, int, int] | None:
    """The amounts of the receipt's loan or account in the line of the log; None when it names neither."""
    if line.kind == SAVINGS:
        own = not statement.loan and line.data.get("account") == statement.account
        return (
            (0, 0, line.data.get("amount") or 0) if own and line.data.get("way") != "out" else None
        )
    rows = line.data.get("lines") if line.kind == COLLECT else None
    found = [
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and _is_of(row, statement)
    ]
    if not found:
        return None
    interest, principal, savings = (
        sum(row.get(name) or 0 for row in found) for name in ("interest", "principal", "savings")
    )
    return interest, principal, savings


def _is_of(row: dict[str, Any], statement: Statement) -> bool:
    return bool(statement.loan) and row.get("loan") == statement.loan


def _entries(line: LogLine) -> list[JournalEntry]:
    """Everything that was booked of a line, at once or when a person decided."""
    key = key_of(line.session_id, line.device_id, line.seq)
    rows = JournalEntry.objects.filter(
        Q(operation__key=key) | Q(operation__key__startswith=f"{key}-")
    )
    return list(rows)


def _money_booked(
    entries: list[JournalEntry], statement: Statement
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Interest, principal and savings of the receipt in these entries: what stands, and what was taken back."""
    keys = [entry.pk for entry in entries]
    events = LoanEvent.objects.filter(entry__in=keys, loan=statement.loan)
    deposits = SavingsEvent.objects.filter(entry__in=keys, kind=SavingsEvent.Kind.DEPOSIT)
    deposits = deposits.filter(account=statement.account)
    found = []
    for undone in (False, True):
        mine = events.filter(reversed_by__isnull=not undone)
        sums = dict(mine.order_by().values_list("kind").annotate(n=Sum("amount")))
        saved = deposits.filter(reversed_by__isnull=not undone).aggregate(n=Sum("amount"))["n"]
        found.append(
            (sums.get(EventKind.INTEREST, 0), sums.get(EventKind.PRINCIPAL, 0), saved or 0)
        )
    return found[0], found[1]
