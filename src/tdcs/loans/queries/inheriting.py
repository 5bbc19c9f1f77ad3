"""Debts of members who died: who owes in a household, who may take over, which requests a person sees."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.households.models import Household, HouseholdMember
from tdcs.households.queries.scope import visible_households
from tdcs.loans.models import HeirRequest, Loan, LoanTransfer
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.states import OPEN_STATES
from tdcs.organisations.models import living_on


def open_loans_of(household: Household, borrower: int) -> list[Loan]:
    """What a member owes in the household's name, the oldest first."""
    rows = Loan.objects.filter(household=household, borrower=borrower, state__in=OPEN_STATES)
    return list(rows.select_related("source", "application").order_by("pk"))


def owing_people(user: User, household: Household) -> list[tuple[int, str]]:
    """The borrowers of a household's running loans in scope: key and name."""
    rows = visible_loans(user).filter(household=household, state__in=OPEN_STATES)
    found = dict(rows.values_list("borrower", "borrower__full_name"))
    return sorted(found.items(), key=lambda row: (row[1], row[0]))


def members_on(household: Household, on: date) -> list[HouseholdMember]:
    """The household's members of a day, its head first."""
    rows = HouseholdMember.objects.filter(living_on(on), household=household)
    return list(rows.select_related("person").order_by("-is_head", "pk"))


def visible_heirs(user: User) -> QuerySet[HeirRequest]:
    """Requests about households in scope, or about loans that the person sees."""
    seen = Q(household__in=visible_households(user)) | Q(transfers__loan__in=visible_loans(user))
    near = ("household", "deceased", "heir", "asked_by", "decided_by", "undone_by")
    return HeirRequest.objects.filter(seen).select_related(*near).distinct()


def waiting_heir_of(household: Household) -> HeirRequest | None:
    """The household's request that nobody has decided."""
    rows = HeirRequest.objects.filter(household=household, state=HeirRequest.State.ASKED)
    return rows.first()


def borrowers_before(loan: Loan, on: date) -> list[LoanTransfer]:
    """The days on which another member took the loan over, up to ``on``."""
    kinds = (LoanTransfer.Kind.HEIR, LoanTransfer.Kind.UNHEIR)
    rows = loan.transfers.filter(kind__in=kinds, on__lte=on)
    return list(rows.select_related("old_borrower", "new_borrower").order_by("on", "pk"))
