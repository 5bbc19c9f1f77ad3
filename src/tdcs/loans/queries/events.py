"""Single events and recoveries of loans, as pages of one of them show them."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.loans.models import Loan, LoanEvent, Recovery
from tdcs.loans.queries.scope import visible_loans

# Most loans have none of these: one short question spares three long ones.
_BESIDE: Final = """
    SELECT EXISTS (SELECT FROM loans_loanscan WHERE loan_id = %(loan)s),
           EXISTS (SELECT FROM loans_loantransfer WHERE loan_id = %(loan)s),
           EXISTS (SELECT FROM loans_changerequest WHERE loan_id = %(loan)s)
"""


class Beside(NamedTuple):
    """Whether a loan has papers, was ever taken over or moved, was ever asked to be changed."""

    scans: bool
    transfers: bool
    requests: bool


def records_beside(loan: Loan) -> Beside:
    """Which records a loan has beside its events."""
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"loan": loan.pk})
        return Beside(*cursor.fetchone())


def visible_events(user: User) -> QuerySet[LoanEvent]:
    """Events of the loans in scope."""
    return LoanEvent.objects.filter(loan__in=visible_loans(user))


def booked_together(event: LoanEvent) -> int:
    """How many other events stand in the same entry."""
    if event.entry_id is None:
        return 0
    return LoanEvent.objects.filter(entry=event.entry_id).exclude(pk=event.pk).count()


def visible_recoveries(user: User) -> QuerySet[Recovery]:
    """Recoveries on the loans in scope."""
    return Recovery.objects.filter(loan__in=visible_loans(user))


def recoveries_until(loan: Loan, on: date) -> list[Recovery]:
    """What came back of a principal written off by a day, in its order."""
    rows = loan.recoveries.filter(on__lte=on).select_related("entry", "by")
    return list(rows.order_by("on", "pk"))
