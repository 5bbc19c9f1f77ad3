"""Where who pays by telephone sends the money; what the bank says came in, beside what sessions collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import SavingsEvent
from tdcs.loans.models import LoanEvent
from tdcs.loans.states import EventKind
from tdcs.organisations.models import living_on
from tdcs.transaction_points.models import BankCredit, TransferAccount
from tdcs.transaction_points.queries.sessions import offices_of_sessions
from tdcs.transaction_points.states import CreditState

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
        return self.state not in (CreditState.MATCHED, CreditState.HANDLED)


def credits_in_scope(user: User) -> QuerySet[BankCredit]:
    """The lines of the offices whose sessions a person sees."""
    offices = [key for key, _name in offices_of_sessions(user)]
    rows = BankCredit.objects.filter(office__in=offices)
    return rows.select_related("session__point", "loan__borrower", "handled_by")


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
    """Each line against what its session collected of its loan: all transfers of one loan and session count together."""
    named = [one for one in credits if one.session is not None and one.loan is not None]
    booked = collected_of({(one.loan_id, one.session.held_on) for one in named if one.session})  # type: ignore[misc]
    pairs = {(one.session_id, one.loan_id) for one in named}
    sums: dict[tuple[int | None, int | None], int] = defaultdict(int)
    every = BankCredit.objects.filter(session__in={one.session_id for one in named})
    for session, loan, amount in every.values_list("session_id", "loan_id", "amount"):
        if (session, loan) in pairs:
            sums[session, loan] += amount
    found = []
    for one in credits:
        total = sums[one.session_id, one.loan_id]
        there = 0
        if one.session is not None and one.loan_id is not None:
            there = booked.get((one.loan_id, one.session.held_on), 0)
        found.append(CreditRow(one, _state(one, total, there), total, there))
    return found


def _state(credit: BankCredit, credited: int, booked: int) -> CreditState:
    if credit.handled_on is not None:
        return CreditState.HANDLED
    if credit.session_id is None or credit.loan_id is None:
        return CreditState.UNKNOWN
    if not booked:
        return CreditState.UNPAID
    return CreditState.MATCHED if credited == booked else CreditState.DIFFERS


def collected_of(wanted: Iterable[LoanDay]) -> dict[LoanDay, int]:
    """Interest, principal and savings of loans and their households that were booked on days and still stand."""
    pairs = set(wanted)
    loans, days = {loan for loan, _on in pairs}, {on for _loan, on in pairs}
    found: dict[LoanDay, int] = defaultdict(int)
    kinds = (EventKind.INTEREST, EventKind.PRINCIPAL)
    events = LoanEvent.objects.filter(loan__in=loans, on__in=days, kind__in=kinds)
    events = events.filter(reversed_by__isnull=True).order_by()
    for loan, on, amount in events.values_list("loan_id", "on").annotate(n=Sum("amount")):
        found[loan, on] += amount
    deposits = SavingsEvent.objects.filter(
        account__household__loans__in=loans, on__in=days, kind=SavingsEvent.Kind.DEPOSIT
    ).filter(reversed_by__isnull=True)
    saved = deposits.order_by().values_list("account__household__loans", "on")
    for loan, on, amount in saved.annotate(n=Sum("amount")):
        found[loan, on] += amount
    return {pair: amount for pair, amount in found.items() if pair in pairs}
