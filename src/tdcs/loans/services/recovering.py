"""Money that still comes on a debt that was written off: cash in, and so much less to follow off the balance.

The debt itself is gone from the balance; nothing accrues on it. So a recovery is no event of the loan's life, but a record of
its own beside it, with its entry.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.ledger.models import Operation
from tdcs.ledger.rules import Line, lines_for, swapped
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.loans.errors import (
    AboveWrittenOff,
    EventBeforeLast,
    FieldWrong,
    NotAllowed,
    NotReversible,
)
from tdcs.loans.models import Loan, Recovery
from tdcs.loans.services.results import Recovered

TEMPLATE = "loan.recover"


def recovered(loan: Loan) -> int:
    """What came back of the principal that was written off."""
    return int(Recovery.objects.filter(loan=loan).aggregate(n=Sum("amount"))["n"] or 0)


def recover(*, loan: Loan, amount: int, by: User, on: date, key: str) -> Recovered:
    """A borrower pays on a debt that was written off. Answer: recovery, entry, number, left.

    Raises NotAllowed, FieldWrong, AboveWrittenOff, EventBeforeLast and what the ledger refuses. The same key is answered again.
    """
    if not by.may("loans.collect"):
        raise NotAllowed(verb="Thu nợ đã xóa")
    if type(amount) is not int or amount <= 0:
        raise FieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")

    def work(operation: Operation) -> Recovered:
        kept = Loan.objects.select_for_update().get(pk=loan.pk)
        left = kept.written_off - recovered(kept)
        if amount > left:
            raise AboveWrittenOff(number=kept.number, amount=amount, left=left)
        _require_after_the_write_off(kept, on)
        lines = lines_for(TEMPLATE, {"amount": amount}, tier=kept.source.tier, subject=kept.pk)
        words = f"Thu nợ đã xóa, khế ước {kept.number}"
        made = _written(kept, lines, amount, words, operation)
        return {**made, "left": left - amount}

    request = {"loan": loan.pk, "amount": amount}
    return idempotent(key=key, action="loans.recover", request=request, by=by, on=on, work=work)


def take_back(*, recovery: Recovery, why: str, by: User, on: date, key: str) -> Recovered:
    """A recovery that was booked wrongly, by its counter-entry. Raises NotAllowed, FieldWrong, NotReversible, EventBeforeLast."""
    if not by.may("loans.reverse"):
        raise NotAllowed(verb="Đảo khoản thu nợ đã xóa")
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")

    def work(operation: Operation) -> Recovered:
        kept = Loan.objects.select_for_update().get(pk=recovery.loan_id)
        held = Recovery.objects.get(pk=recovery.pk)
        require_standing(held, on)
        lines = swapped(
            lines_for(TEMPLATE, {"amount": held.amount}, tier=kept.source.tier, subject=kept.pk)
        )
        words = f"Đảo thu nợ đã xóa, khế ước {kept.number}: {why.strip()}"[:300]
        return _written(kept, lines, -held.amount, words, operation, held)

    request = {"recovery": recovery.pk}
    return idempotent(
        key=key, action="loans.take_back_recovery", request=request, by=by, on=on, work=work
    )


def require_standing(recovery: Recovery, on: date) -> None:
    """Raises NotReversible for one that was taken back, EventBeforeLast for a day before it."""
    if recovery.reverses_id is not None or Recovery.objects.filter(reverses=recovery).exists():
        raise NotReversible(why="đã được đảo, hoặc chính là bút toán đảo")
    if on < recovery.on:
        raise EventBeforeLast(number=recovery.loan.number, day=on, last=recovery.on)


def _require_after_the_write_off(loan: Loan, on: date) -> None:
    last = loan.events.filter(kind="write_off", reversed_by=None).order_by("-on").first()
    if last is not None and on < last.on:
        raise EventBeforeLast(number=loan.number, day=on, last=last.on)


def _written(
    loan: Loan,
    lines: list[Line],
    amount: int,
    words: str,
    operation: Operation,
    reverses: Recovery | None = None,
) -> Recovered:
    """The entry, the record and the line of the trail, on the day of the operation."""
    by, on = operation.by, operation.on
    book = book_of(loan.office_id).pk
    against = reverses.entry_id if reverses is not None else None
    new = NewEntry(book, on, TEMPLATE, words, lines, reverses_id=against)
    [(entry, number)] = post([new], by=by, on=on, operation=operation)
    made = Recovery.objects.create(
        loan=loan,
        amount=amount,
        on=on,
        by=by,
        entry_id=entry,
        operation=operation,
        reverses=reverses,
        recorded_at=clock.now(),
    )
    data = {"amount": amount, "number": number}
    trail.record(action="loans.recover", subject=loan, by=by, on=on, why=words, data=data)
    return {"recovery": made.pk, "entry": entry, "number": number}
