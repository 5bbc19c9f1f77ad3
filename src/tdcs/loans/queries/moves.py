"""What goes along when a household's debts move to another office or commune."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsAccount
from tdcs.households.models import Household
from tdcs.loans.models import ChangeRequest, Loan, MoveRequest
from tdcs.loans.queries.scope import visible_loans


def loans_of_household(user: User, household: Household) -> list[Loan]:
    """A household's loans in scope, the oldest first."""
    return list(visible_loans(user).filter(household=household).order_by("pk"))


def open_accounts_of(household: Household) -> QuerySet[SavingsAccount]:
    """A household's savings accounts that are not closed."""
    return SavingsAccount.objects.filter(household=household, closed_on=None).order_by("pk")


def waiting_move_of(household: Household) -> MoveRequest | None:
    """The household's request to move that nobody has decided."""
    rows = MoveRequest.objects.filter(household=household, state=ChangeRequest.State.ASKED)
    return rows.first()
