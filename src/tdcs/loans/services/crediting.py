"""Interest collected above what a decree left to collect: owed to the borrower until it is set off or paid out.

``Loan.interest_credit`` is what stands for the loan on the account of such interest; income is what was collected less it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.ledger.models import Operation
from tdcs.ledger.rules import Line, account_of, lines_for, swapped
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.loans.errors import NotAllowed, NothingToRefund
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services.balances import write_balance
from tdcs.loans.services.results import CreditRefunded

CREDIT: Final = account_of("loan.credit", "credit")


def credit_lines(amount: int, *, tier: str, loan: int) -> list[Line]:
    """The lines that bring income to the loan's credit; a negative amount brings credit back to income."""
    lines = lines_for(
        "loan.credit", {"income": abs(amount), "credit": abs(amount)}, tier=tier, subject=loan
    )
    return lines if amount > 0 else swapped(lines)


def refund_credit(*, loan: Loan, by: User, on: date, key: str) -> CreditRefunded:
    """Pay out what a loan that is paid off has left of its credit; the rest of the credit was set off and is income.

    Raises NotAllowed, NothingToRefund.
    """
    if not by.may("loans.collect"):
        raise NotAllowed(verb="Trả lại lãi thu thừa")

    def work(operation: Operation) -> CreditRefunded:
        kept = Loan.objects.select_for_update().get(pk=loan.pk)
        [row] = roll_forward(loan_rows([kept.pk]), on).rows(named=True)
        rest = -row["due"]
        if kept.balance or rest <= 0 or kept.interest_credit < rest:
            raise NothingToRefund(number=kept.number)
        tier = kept.source.tier
        lines = lines_for("loan.refund_interest", {"credit": rest}, tier=tier, subject=kept.pk)
        if kept.interest_credit > rest:
            lines += credit_lines(rest - kept.interest_credit, tier=tier, loan=kept.pk)
        words = f"Trả lại lãi thu thừa khế ước {kept.number}"
        entry = NewEntry(book_of(kept.office_id).pk, on, "loan.refund_interest", words, lines)
        [(made, number)] = post([entry], by=by, on=on, operation=operation)
        event = LoanEvent.objects.create(
            loan=kept,
            on=on,
            kind="refund_interest",
            amount=rest,
            entry_id=made,
            operation=operation,
            by=by,
            recorded_at=clock.now(),
        )
        kept.interest_credit = 0
        write_balance(kept, on)
        data = {"amount": rest, "event": event.pk}
        trail.record(action="loans.refund_credit", subject=kept, by=by, on=on, data=data)
        return {"event": event.pk, "entry": made, "number": number, "amount": rest}

    with transaction.atomic():
        return idempotent(
            key=key,
            action="loans.refund_credit",
            request={"loan": loan.pk},
            by=by,
            on=on,
            work=work,
        )
