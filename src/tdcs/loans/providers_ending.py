"""What this room keeps on a household, a member of one, a group or an organisation that is about to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from tdcs.core import ending
from tdcs.core.errors import Kept
from tdcs.documents.numbers import grouped
from tdcs.ledger.models import Book
from tdcs.ledger.queries import cash_of_books
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.states import ENDED_STATES, ApplicationState

_ROOM = "loans"


def register() -> None:
    """Called once when the room starts."""
    ending.answer(kind="household", room=_ROOM, find=of_household)
    ending.answer(kind="member", room=_ROOM, find=of_member)
    ending.answer(kind="membership", room=_ROOM, find=of_membership)
    ending.answer(kind="group", room=_ROOM, find=of_group)
    ending.answer(kind="organisation", room=_ROOM, find=of_organisation)


def of_household(household: Any, last: date, on: date) -> Iterator[Kept]:
    """Loans on which it owes, applications on their way or with money still to be paid out."""
    yield from _loans(Loan.objects.filter(household=household), on)
    yield from _applications(LoanApplication.objects.filter(household=household))


def of_member(member: Any, last: date, on: date) -> Iterator[Kept]:
    """Loans and applications of the household in the person's name."""
    own = {"household": member.household_id, "borrower": member.person_id}
    yield from _loans(Loan.objects.filter(**own), on)
    yield from _applications(LoanApplication.objects.filter(**own))


def of_membership(membership: Any, last: date, on: date) -> Iterator[Kept]:
    """Applications through the group: its loans are asked for by what the household owes."""
    rows = LoanApplication.objects.filter(
        household=membership.household_id, group=membership.group_id
    )
    yield from _applications(rows)


def of_group(group: Any, last: date, on: date) -> Iterator[Kept]:
    """Loans collected with the group and applications through it."""
    yield from _loans(Loan.objects.filter(group=group), on)
    yield from _applications(LoanApplication.objects.filter(group=group))


def of_organisation(organisation: Any, last: date, on: date) -> Iterator[Kept]:
    """Loans and applications of an office, the cash in its book."""
    yield from _loans(Loan.objects.filter(office=organisation), on)
    yield from _applications(LoanApplication.objects.filter(office=organisation))
    book = Book.objects.filter(organisation=organisation).first()
    cash = cash_of_books([book.pk]).get(book.pk, 0) if book is not None else 0
    if cash:
        yield Kept(
            f"tiền mặt {grouped(cash)} đồng trong sổ cái",
            f"{grouped(cash)} dong of cash in its ledger",
        )


def _loans(rows: QuerySet[Loan], on: date) -> Iterator[Kept]:
    """Those that owe principal or interest at the end of the day."""
    owing = rows.exclude(state__in=ENDED_STATES)
    ids = list(owing.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    for row in roll_forward(loan_rows(ids), on + timedelta(days=1)).rows(named=True):
        if row["balance"] or row["due"]:
            principal, interest = grouped(row["balance"]), grouped(row["due"])
            yield Kept(
                f"khoản vay {row['number']} nợ gốc {principal} đồng, lãi {interest} đồng",
                f"loan {row['number']} owing {principal} dong of principal, {interest} of interest",
            )


def _applications(rows: QuerySet[LoanApplication]) -> Iterator[Kept]:
    for row in rows.exclude(
        state__in=(ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    ).order_by("pk"):
        rest = still_to_pay(row)
        if rest > 0:
            yield Kept(
                f"hồ sơ vay {row.number} còn {grouped(rest)} đồng chưa giải ngân",
                f"application {row.number} with {grouped(rest)} dong to pay out",
            )
