"""A transfer on the bank's list is booked by the service of the counter when a person confirms it, or named by its loan first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.entrustment.models import SavingsAccount
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.transaction_points import ports
from tdcs.transaction_points.errors import (
    CaseDecided,
    PointFieldWrong,
    TransferSplitWrong,
    TransferUnnamed,
)
from tdcs.transaction_points.models import BankCredit, TransactionSession
from tdcs.transaction_points.queries.conflicts import prefix_of
from tdcs.transaction_points.queries.transfers import is_booked
from tdcs.transaction_points.rules.transfers import Parts
from tdcs.transaction_points.services.booking import first_open, link_late
from tdcs.transaction_points.services.transfers import require_settler


@dataclass(frozen=True, slots=True)
class TransferDays:
    """``on``: of the loan's events; ``entry``: of the entry."""

    on: date
    entry: date


def days_of(credit: BankCredit, loan: Loan, on: date) -> TransferDays:
    """The day on which the bank had the money, or the loan's last event where that is later: what stands is not opened again.

    The entry stands on that day while the office's book is open for it, else on the first open day.
    """
    event = min(max(credit.on, loan.standing_on), on)
    return TransferDays(event, first_open(credit.office_id, event, on))


def name_credit(
    *, credit: BankCredit, session: TransactionSession, number: str, by: User, on: date
) -> BankCredit:
    """Whose money it is, where the words do not say. Raises PointOutOfScope, CaseDecided, PointFieldWrong."""
    with transaction.atomic():
        row = _waiting(credit, by, on)
        loan = Loan.objects.filter(office=row.office_id, number=number.strip()).first()
        if loan is None:
            raise PointFieldWrong(field="số khế ước", why="phòng giao dịch không có khế ước này")
        if session.office_id != row.office_id:
            raise PointFieldWrong(field="phiên", why="không phải phiên của phòng giao dịch")
        row.loan, row.session = loan, session
        row.save(update_fields=["loan", "session"])
        data = {"loan": loan.number, "session": session.pk, "amount": row.amount}
        trail.record(action="points.name_credit", subject=row, by=by, on=on, data=data)
    return row


def book_credit(*, credit: BankCredit, parts: Parts, by: User, on: date) -> BankCredit:
    """The transfer as a collection of its loan, on the account for transfers instead of the cash; once, however often asked.

    Raises TransferUnnamed, TransferSplitWrong, CaseDecided (handled otherwise, or booked already), PointOutOfScope and what the
    counter refuses.
    """
    with transaction.atomic():
        row = _waiting(credit, by, on)
        if row.loan is None or row.session is None:
            raise TransferUnnamed
        if any(type(n) is not int or n < 0 for n in parts) or sum(parts) != row.amount:
            raise TransferSplitWrong(total=sum(parts), amount=row.amount)
        loan = Loan.objects.select_for_update().get(pk=row.loan.pk)
        days = days_of(row, loan, on)
        row.tries += 1
        row.entry_id = _post(row, loan, parts, days, by)
        row.booked_by, row.booked_on = by, on
        row.save(update_fields=["entry", "tries", "booked_by", "booked_on"])
        link_late(row.session)
        again = ports.booked_late(days.on, by, on)
        data = {
            "loan": loan.number,
            **parts._asdict(),
            "entry": row.entry_id,
            "day": days.on.isoformat(),
        }
        if again is not None:
            data["job"] = again
        trail.record(action="points.book_credit", subject=row, by=by, on=on, data=data)
    return row


def _post(row: BankCredit, loan: Loan, parts: Parts, days: TransferDays, by: User) -> int:
    account = SavingsAccount.objects.filter(
        household=loan.household_id, office=row.office_id, closed_on=None
    ).order_by("pk")
    saved = account.first() if parts.savings else None
    line = Collection(loan.pk, *parts, saved.pk if saved is not None else None)
    # The key begins as a session's do: what comes late is known by it, and a device's log is not surprised by it.
    sheet = Sheet(
        f"{prefix_of(row.session_id or 0)}ck-{row.pk}-{row.tries}",
        row.office_id,
        None,
        (line,),
        f"(báo có ngày {row.on:%d/%m/%Y})",
        days.entry if days.entry != days.on else None,
        by_transfer=True,
    )
    return collect_sheet(sheet=sheet, by=by, on=days.on)["entry"]


def _waiting(credit: BankCredit, by: User, on: date) -> BankCredit:
    """The line, held, when nobody decided on it yet. Raises PointOutOfScope, CaseDecided."""
    rows = BankCredit.objects.select_for_update(of=("self",)).select_related("session", "loan")
    row = rows.get(pk=credit.pk)
    require_settler(by, row.office_id, on)
    if row.handled_on is not None or is_booked(row):
        raise CaseDecided
    return row
