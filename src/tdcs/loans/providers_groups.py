"""What this room provides to entrustment's ports: who owes, whose loans move along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tdcs.entrustment import ports
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.states import ENDED_STATES, ApplicationState


def register() -> None:
    """Called once when the room starts."""
    ports.debts.register(owes)
    ports.members_moved.register(follow)


def owes(households: Collection[int], on: date) -> dict[int, int]:
    """Principal and interest that households owe through the end of a day, only of those that owe."""
    loans = dict(
        Loan.objects.filter(household_id__in=households)
        .exclude(state__in=ENDED_STATES)
        .values_list("pk", "household_id")
    )
    if not loans:
        return {}
    found: dict[int, int] = {}
    # What a payment of tomorrow could collect is what is owed at today's end.
    rows = roll_forward(loan_rows(sorted(loans)), on + timedelta(days=1))
    for row in rows.rows(named=True):
        debt = row["balance"] + row["due"]
        if debt:
            household = loans[row["id"]]
            found[household] = found.get(household, 0) + debt
    return found


def follow(households: Collection[int], old: int, new: int, on: date) -> None:
    """Loans of members who moved are collected with the new group from now on; their own session day stays. Applications on
    their way, and what is still to be paid out, go with them."""
    rows = Loan.objects.filter(household_id__in=households, group_id=old).order_by("pk")
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    Loan.objects.filter(pk__in=keys).update(group_id=new)
    coming = LoanApplication.objects.filter(household_id__in=households, group_id=old)
    coming.exclude(state__in=(ApplicationState.REFUSED, ApplicationState.WITHDRAWN)).update(
        group_id=new
    )
