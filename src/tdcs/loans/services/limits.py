"""What a household may still borrow under a programme: what it owes, and what is on its way to be paid out.

The callers hold the household's row locked, so that two officers at once cannot both pass.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Max, Q

from tdcs.households.models import Household
from tdcs.loans.errors import AboveMaximum
from tdcs.loans.models import LoanApplication
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.limits import applications_under, owed_under
from tdcs.loans.states import ApplicationState
from tdcs.programmes.rules import terms_on

# From here on money may be paid out without another approval.
APPROVED: Final = (
    ApplicationState.APPROVED,
    ApplicationState.SIGNED,
    ApplicationState.DISBURSED,
)


def require_below(
    household: Household, programme: str, amount: int, maximum: int | None, waiting: int
) -> None:
    """Refuse ``amount`` that lifts the household's debt and what is on its way above the maximum. Raises AboveMaximum."""
    owed = owed_under(household, programme)
    if maximum is not None and owed + waiting + amount > maximum:
        raise AboveMaximum(
            owed=owed, promised=waiting, amount=amount, maximum=maximum, programme=programme
        )


def require_payable(application: LoanApplication, on: date) -> None:
    """Before money goes out: the household's debt and all that is approved stay within the maximum by which its latest
    approval under the programme was judged. Raises AboveMaximum."""
    household, programme = application.household, application.programme
    others = (
        applications_under(household, programme)
        .filter(state__in=APPROVED)
        .exclude(pk=application.pk)
    )
    waiting = sum(still_to_pay(row) for row in others)
    require_below(
        household,
        programme,
        still_to_pay(application),
        _maximum_of_the_latest(household, programme, on),
        waiting,
    )


def _maximum_of_the_latest(household: Household, programme: str, on: date) -> int | None:
    """The highest maximum among the household's approvals of their latest day; of ``on`` while there is none."""
    approvals = (
        applications_under(household, programme)
        .filter(state__in=APPROVED)
        .annotate(approved_on=Max("moves__on", filter=Q(moves__verb="approve")))
        .values_list("approved_on", "target_group")
    )
    days = [(day or on, group) for day, group in approvals]
    last = max((day for day, _ in days), default=on)
    found = [
        terms_on(programme, last, group).maximum for day, group in days or [(on, "")] if day == last
    ]
    known = [value for value in found if value is not None]
    return max(known) if len(known) == len(found) else None
