"""Where who pays by telephone sends the money; what the bank says came in, beside what sessions collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet, Sum

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import SavingsEvent
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.sheets import TRANSFER, SheetLine, lines_of
from tdcs.loans.states import EventKind
from tdcs.organisations.models import living_on
from tdcs.transaction_points.models import BankCredit, TransactionSession, TransferAccount
from tdcs.transaction_points.queries.sessions import offices_of_sessions
from tdcs.transaction_points.states import CreditState

# Not in the book as a transfer, or not any more.
_UNBOOKED: Final = Q(entry__isnull=True) | Q(entry__reversed_by__isnull=False)
# Sessions so near may be what a transfer was meant for.
_NEAR: Final = timedelta(days=20)
# Loan and day: what was collected of it then.
LoanDay = tuple[int, date]


def transfer_account(office: int, on: date) -> dict[str, object] | None:
    """The office's account of a day as a pack carries it; None where it has none."""
    row = account_row(office, on)
    return {"account": row.number, "bank_bin": row.bank_bin} if row is not None else None


def account_row(office: int, on: date) -> TransferAccount | None:
    """The office's account of a day."""
    return TransferAccount.objects.filter(living_on(on), office=office).first()


@dataclass(frozen=True, slots=True)
class CreditFilters:
    """What the list is narrowed by; ``show`` "" is everything, "look" what a person must look at."""

    office: int = 0
    show: str = "look"
    words: str = ""


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A line of the bank's list with what the session collected of its loan; ``credited``: all lines of this loan and session."""

    credit: BankCredit
    state: CreditState
    credited: int
    booked: int

    @property
    def open(self) -> bool:
        return self.state not in (CreditState.BOOKED, CreditState.HANDLED)


def credits_in_scope(user: User) -> QuerySet[BankCredit]:
    """The lines of the offices whose sessions a person sees."""
    offices = [key for key, _name in offices_of_sessions(user)]
    rows = BankCredit.objects.filter(office__in=offices)
    return rows.select_related(
        "session__point", "loan__borrower", "handled_by", "booked_by", "entry"
    )


def credit_rows(user: User, filters: CreditFilters) -> list[CreditRow]:
    """The lines that match, the newest first, at most two thousand."""
    rows = credits_in_scope(user)
    if filters.office:
        rows = rows.filter(office=filters.office)
    found = judged(list(rows.order_by("-on", "-pk")[:2000]))
    words = fold(filters.words).split()
    return [
        row
        for row in found
        if (not filters.show or (row.open if filters.show == "look" else row.state == filters.show))
        and all(word in fold(_said(row.credit)) for word in words)
    ]


def _said(credit: BankCredit) -> str:
    loan = f"{credit.loan.number} {credit.loan.borrower.full_name}" if credit.loan else ""
    return f"{credit.content} {loan} {credit.amount}"


def judged(credits: Sequence[BankCredit]) -> list[CreditRow]:
    """Each line against what its session wrote of its loan: all transfers of one loan and session count together."""
    entries = [one.entry_id for one in credits if one.entry_id is not None]
    undone = set(
        JournalEntry.objects.filter(reverses__in=entries).values_list("reverses", flat=True)
    )
    named = [one for one in credits if one.session is not None and one.loan is not None]
    booked = collected_of({(one.loan_id, one.session.held_on) for one in named if one.session})  # type: ignore[misc]
    pairs = {(one.session_id, one.loan_id) for one in named}
    sums: dict[tuple[int | None, int | None], int] = defaultdict(int)
    # What is booked as a transfer stands on no sheet.
    every = BankCredit.objects.filter(session__in={one.session_id for one in named}).filter(
        _UNBOOKED
    )
    for session, loan, amount in every.values_list("session_id", "loan_id", "amount"):
        if (session, loan) in pairs:
            sums[session, loan] += amount
    found = []
    for one in credits:
        total = sums[one.session_id, one.loan_id]
        there = 0
        if one.session is not None and one.loan_id is not None:
            there = booked.get((one.loan_id, one.session.held_on), 0)
        found.append(CreditRow(one, _state(one, total, there, undone), total, there))
    return found


def is_booked(credit: BankCredit) -> bool:
    """Whether an entry of it stands: one that was reversed does not."""
    return (
        credit.entry_id is not None
        and not JournalEntry.objects.filter(reverses=credit.entry_id).exists()
    )


def _state(credit: BankCredit, credited: int, booked: int, undone: set[int | None]) -> CreditState:
    if credit.handled_on is not None:
        return CreditState.HANDLED
    if credit.entry_id is not None and credit.entry_id not in undone:
        return CreditState.BOOKED
    if credit.session_id is None or credit.loan_id is None:
        return CreditState.UNKNOWN
    if not booked:
        return CreditState.UNPAID
    return CreditState.MATCHED if credited == booked else CreditState.DIFFERS


def collected_of(wanted: Iterable[LoanDay]) -> dict[LoanDay, int]:
    """Interest, principal and savings of loans and their households, booked on days, that still stand and were no transfer."""
    pairs = set(wanted)
    loans, days = {loan for loan, _on in pairs}, {on for _loan, on in pairs}
    found: dict[LoanDay, int] = defaultdict(int)
    kinds = (EventKind.INTEREST, EventKind.PRINCIPAL)
    events = LoanEvent.objects.filter(loan__in=loans, on__in=days, kind__in=kinds)
    events = events.filter(reversed_by__isnull=True).exclude(entry__template=TRANSFER).order_by()
    for loan, on, amount in events.values_list("loan_id", "on").annotate(n=Sum("amount")):
        found[loan, on] += amount
    deposits = SavingsEvent.objects.filter(
        account__household__loans__in=loans, on__in=days, kind=SavingsEvent.Kind.DEPOSIT
    ).filter(reversed_by__isnull=True)
    deposits = deposits.exclude(entry__template=TRANSFER)
    saved = deposits.order_by().values_list("account__household__loans", "on")
    for loan, on, amount in saved.annotate(n=Sum("amount")):
        found[loan, on] += amount
    return {pair: amount for pair, amount in found.items() if pair in pairs}


def owed_of(loan: Loan, on: date) -> SheetLine | None:
    """What a loan owes on a day, and where its household saves."""
    return next(iter(lines_of(Loan.objects.filter(pk=loan.pk), on)), None)


def sessions_of_credit(credit: BankCredit) -> list[tuple[int, str, date]]:
    """The sessions of the office around the day on which the money came: key, point, day."""
    near = (credit.on - _NEAR, credit.on + _NEAR)
    rows = TransactionSession.objects.filter(office=credit.office_id, held_on__range=near)
    return list(rows.order_by("held_on", "pk").values_list("pk", "point__code", "held_on"))
