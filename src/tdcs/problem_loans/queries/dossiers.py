"""Dossiers in scope, with promises as the ledger judges them; freezes that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Least

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.access.queries import visible_organisations
from tdcs.core.columns import months_later
from tdcs.households.models import Household
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.rules.kinds import REPORTED_KINDS
from tdcs.loans.states import PAYING
from tdcs.organisations.queries import names_on
from tdcs.problem_loans.models import PaymentPromise, ProblemDossier
from tdcs.problem_loans.queries.warnings import head_names
from tdcs.problem_loans.rules.promises import judged
from tdcs.problem_loans.rules.thresholds import lists

MINE, DUE, QUIET, CLOSED = "mine", "due", "quiet", "closed"
# Roles of an office to which a household in difficulty is entrusted.
_OFFICERS: Final = (Role.LOAN_OFFICER, Role.CREDIT_HEAD, Role.OFFICE_DIRECTOR)


def visible_dossiers(user: User, on: date) -> QuerySet[ProblemDossier]:
    """Dossiers of the households whose loans are in scope."""
    loans = visible_loans(user, on).order_by()
    return ProblemDossier.objects.filter(household__in=loans.values("household"))


def works_on(user: User, dossier: ProblemDossier, on: date) -> bool:
    """Whether a person writes in a dossier: of the office that keeps the loans."""
    seen = visible_organisations(user, on)
    return user.may("problem_loans.work") and (seen is None or dossier.office_id in seen)


def officers_of(office: int, on: date) -> list[User]:
    """Who of an office may be responsible for a household, by name."""
    rows = RoleHolding.objects.on(on).filter(
        organisation=office, role__in=_OFFICERS, user__is_active=True
    )
    users = User.objects.filter(pk__in=rows.values("user"))
    return list(users.order_by("full_name", "pk"))


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier as the list shows it."""

    dossier: ProblemDossier
    name: str
    office: str
    owed: int
    last_on: date | None
    broken: int
    late: bool


def found_dossiers(user: User, on: date, stage: str, officer: int) -> QuerySet[ProblemDossier]:
    """By stage (own, due, without contact, closed) and officer; what is due first stands first."""
    rows = visible_dossiers(user, on).annotate(last_on=Max("contacts__on"))
    rows = rows.filter(closed_on__isnull=stage != CLOSED)
    if officer:
        rows = rows.filter(responsible=officer)
    if stage == MINE:
        rows = rows.filter(responsible=user)
    elif stage == DUE:
        rows = rows.filter(next_on__lte=on)
    elif stage == QUIET:
        since = on - timedelta(days=lists(on)["no_contact_days"])
        rows = rows.filter(Q(last_on__lt=since) | Q(last_on=None, opened_on__lt=since))
    return rows.select_related("responsible").order_by("next_on", "pk")


def dossier_lines(rows: list[ProblemDossier], on: date) -> list[DossierLine]:
    """Names, what is owed, the last contact, promises broken; a fixed number of queries but for the promises."""
    names = head_names({row.household_id for row in rows}, on)
    offices = names_on(on, {row.office_id for row in rows})
    owed = dict(
        Loan.objects.filter(household__in=[row.household_id for row in rows])
        .order_by()
        .values_list("household")
        .annotate(sum=Sum("balance"))
    )
    return [
        DossierLine(
            dossier=row,
            name=names.get(row.household_id, ""),
            office=offices.get(row.office_id, ""),
            owed=owed.get(row.household_id, 0),
            last_on=getattr(row, "last_on", None),
            broken=sum(one.verdict == "broken" for one in promises_of(row, on)),
            late=row.closed_on is None and row.next_on < on,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise with what was paid for it and whether it was kept."""

    promise: PaymentPromise
    paid: int
    verdict: str


def promises_of(dossier: ProblemDossier, on: date) -> list[PromiseLine]:
    """The promises, the newest first: paid is what came on the household's loans from its day to its last day."""
    found = []
    for one in dossier.promises.order_by("-due_on", "-pk"):
        paid = paid_between(dossier.household_id, one.made_on, min(one.due_on, on))
        found.append(PromiseLine(one, paid, judged(one.amount, paid, one.due_on, on)))
    return found


def paid_between(household: int, first: date, last: date) -> int:
    """Principal and interest paid on a household's loans in some days; a payment that was reversed is none.

    What an extract reports since the one before counts on the day of the last transaction that it names; what the first one
    reports is a whole life and no payment of a day.
    """
    told = LoanEvent.objects.filter(loan=OuterRef("loan"), kind__in=REPORTED_KINDS)
    since = told.order_by("on").values("on")[:1]
    reported = Q(kind__in=REPORTED_KINDS)
    # An opening book tells anew what the extracts had told.
    own = Q(loan__record_from=None) | Q(on__gte=F("loan__record_from"))
    counted = (~reported & own) | (reported & Q(on__gt=Subquery(since)))
    rows = LoanEvent.objects.filter(
        counted, loan__household=household, kind__in=PAYING, reversed_by=None
    )
    # The database's least of a day and none is the day (loans/queries/paying.py).
    rows = rows.annotate(paid_on=Least("due_on", "on")).filter(paid_on__range=(first, last))
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def ending_freezes(user: User, on: date) -> QuerySet[Loan]:
    """Frozen loans in scope whose freeze ends within the months of law/warnings.yaml, or has ended; the first first."""
    until = months_later(on, lists(on)["freeze_ahead_months"])
    rows = visible_loans(user, on).filter(
        frozen_to__isnull=False, frozen_to__lte=until, balance__gt=0
    )
    rows = rows.annotate(ends_on=F("frozen_to"))
    return rows.select_related("borrower").order_by("frozen_to", "pk")


def household_to_open(user: User, pk: int, on: date) -> Household | None:
    """A household in scope that owes and has no open dossier."""
    loans = visible_loans(user, on).filter(household=pk, balance__gt=0)
    if not loans.exists() or ProblemDossier.objects.filter(household=pk, closed_on=None).exists():
        return None
    return Household.objects.filter(pk=pk).first()


def office_keeping(household: Household) -> int:
    """The office that keeps the most of what a household owes."""
    loans = Loan.objects.filter(household=household, balance__gt=0).order_by("-balance", "pk")
    return loans[0].office_id


def loans_owing(dossier: ProblemDossier) -> QuerySet[Loan]:
    """The loans on which the household owes."""
    return Loan.objects.filter(household=dossier.household_id, balance__gt=0).order_by("pk")


def officers_with_dossiers(user: User, on: date) -> list[tuple[int, str]]:
    """Who is responsible for a dossier in scope, by name."""
    seen = visible_dossiers(user, on).order_by()
    people = User.objects.filter(pk__in=seen.values("responsible"))
    return list(people.order_by("full_name", "pk").values_list("pk", "full_name"))
