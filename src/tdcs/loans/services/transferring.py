"""A loan belongs elsewhere from a day on: its row says where it is now, the transfer where it was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.loans.models import HeirRequest, Loan, LoanTransfer, MoveRequest


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose a loan is and who keeps it: household, borrower, group and office by key."""

    household: int
    borrower: int
    group: int | None
    office: int


def transfer(
    loan: Loan,
    to: Belonging,
    *,
    kind: str,
    by: User | None,
    since: date,
    request: MoveRequest | HeirRequest | None = None,
) -> LoanTransfer:
    """Moves a loan that the caller has locked. What it moves in the ledger is the caller's."""
    made: LoanTransfer = LoanTransfer.objects.create(
        loan=loan,
        on=since,
        kind=kind,
        request=request if isinstance(request, MoveRequest) else None,
        heir_request=request if isinstance(request, HeirRequest) else None,
        old_household_id=loan.household_id,
        new_household_id=to.household,
        old_borrower_id=loan.borrower_id,
        new_borrower_id=to.borrower,
        old_group_id=loan.group_id,
        new_group_id=to.group,
        old_office_id=loan.office_id,
        new_office_id=to.office,
        by=by,
        recorded_at=clock.now(),
    )
    Loan.objects.filter(pk=loan.pk).update(
        household_id=to.household,
        borrower_id=to.borrower,
        group_id=to.group,
        office_id=to.office,
    )
    return made
