"""What a household owes under a programme, and what is on its way to be paid out."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet, Sum

from tdcs.households.models import Household
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.states import ApplicationState

_OVER: Final = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)


def owed_under(household: Household, programme: str) -> int:
    """Principal that a household owes under a programme."""
    rows = Loan.objects.filter(household=household, programme=programme)
    return int(rows.aggregate(n=Sum("balance"))["n"] or 0)


def promised(household: Household, programme: str, *, but: LoanApplication | None = None) -> int:
    """Dong on their way: asked for, or approved and not yet paid out; ``but`` one application."""
    rows = applications_under(household, programme).exclude(state__in=_OVER)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return sum(still_to_pay(row) for row in rows)


def applications_under(household: Household, programme: str) -> QuerySet[LoanApplication]:
    """All applications of a household under a programme, in whatever state."""
    return LoanApplication.objects.filter(household=household, programme=programme)
