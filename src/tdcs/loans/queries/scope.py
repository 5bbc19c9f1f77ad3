"""Whose loans and applications a person sees: an office its own, a commune those of its households, a leader the group's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Final

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.access.scopes import reads_cases
from tdcs.core import clock, remembered
from tdcs.entrustment.models import GroupAccount, GroupProfile, SavingsGroup
from tdcs.entrustment.queries.groups import profile_rows
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.households.models import Household
from tdcs.households.queries.scope import (
    addresses_on,
    is_group_leader,
    seen_communes,
    visible_households,
)
from tdcs.loans.models import ChangeRequest, Loan, LoanApplication
from tdcs.loans.states import OPEN_APPLICATIONS
from tdcs.organisations.models import (
    Kind,
    Level,
    Organisation,
    OrganisationProfile,
    living_on,
)
from tdcs.organisations.prepared import Given, Prepared

# What the page of a loan shows of the rows next to it.
_NEAR: Final = ("household", "borrower", "group", "source__investor", "application")
_GROUP: Final = Prepared(lambda: SavingsGroup.objects.filter(pk=Given("group")))


def visible_loans(user: User, on: date | None = None) -> QuerySet[Loan]:
    """Loans in scope on a day (today)."""
    return Loan.objects.filter(_within(user, on))


def visible_applications(user: User, on: date | None = None) -> QuerySet[LoanApplication]:
    """Applications in scope on a day (today)."""
    return LoanApplication.objects.filter(_within(user, on))


def application_states(user: User, on: date) -> frozenset[str]:
    """The states in which applications in scope stand that have not ended: read once for all whose scope is the same
    offices or groups, and once for all communes."""
    kind, ids = _reach(user, on)
    if kind == "households":
        areas = seen_communes(user, on)
        there = _states_by_commune(on)
        return frozenset().union(
            *(states for area, states in there if areas is None or area in areas)
        )

    def read() -> frozenset[str]:
        rows = visible_applications(user, on).filter(state__in=OPEN_APPLICATIONS).order_by()
        return frozenset(rows.values_list("state", flat=True).distinct())

    return remembered.answer(("loans.application_states", kind, ids, on), read)


@remembered.remembered
def _states_by_commune(on: date) -> tuple[tuple[int, frozenset[str]], ...]:
    """Commune → states of the applications, not ended, of the households that live there on a day or lived there last."""
    there: dict[int, set[str]] = defaultdict(set)
    rows = addresses_on(on).filter(household__applications__state__in=OPEN_APPLICATIONS).order_by()
    pairs = rows.values_list("area_id", "household__applications__state").distinct()
    for area, found in pairs:
        there[area].add(found)
    return tuple((area, frozenset(states)) for area, states in sorted(there.items()))


def visible_requests(user: User, on: date | None = None) -> QuerySet[ChangeRequest]:
    """Requests to change a loan, of the loans in scope."""
    return ChangeRequest.objects.filter(loan__in=visible_loans(user, on))


def visible_lending_groups(user: User, on: date | None = None) -> QuerySet[SavingsGroup]:
    """Groups whose collection sheet a person may print: by office, by commune, or the own one."""
    day = on or clock.today()
    kind, ids = _reach(user, day)
    if kind == "all":
        return SavingsGroup.objects.all()
    if kind == "groups":
        return SavingsGroup.objects.filter(pk__in=ids)
    living = living_on(day, "profiles__")
    if kind == "offices":
        return SavingsGroup.objects.filter(living, profiles__office_id__in=ids).distinct()
    communes = seen_communes(user, day) or frozenset()
    return SavingsGroup.objects.filter(living, profiles__area_id__in=communes).distinct()


def led_groups(user: User, on: date | None = None) -> frozenset[int]:
    """Groups that the account of a group leader speaks for on a day."""
    rows = GroupAccount.objects.filter(living_on(on or clock.today()), user=user)
    return frozenset(rows.values_list("group_id", flat=True))


def _within(user: User, on: date | None) -> Q:
    """The condition on a loan or an application that it lies in scope."""
    day = on or clock.today()
    kind, ids = _reach(user, day)
    if kind == "households":
        return Q(household__in=visible_households(user, day))
    return _inside(kind, ids)


def _inside(kind: str, ids: frozenset[int] | Given) -> Q:
    """The condition that a loan or an application lies in a scope of loans, which is not measured by households."""
    if kind == "all":
        return Q()
    key = {"groups": "group_id", "offices": "office_id"}[kind]
    return Q((f"{key}__{'equals_any' if isinstance(ids, Given) else 'in'}", ids))


def visible_loan(user: User, pk: int) -> Loan | None:
    """A loan in scope today with its household, borrower, group, source and application; None when there is none."""
    kind, ids = _reach(user, clock.today())
    if kind == "households":
        return visible_loans(user).select_related(*_NEAR).filter(pk=pk).first()
    rows = _loan_question(kind)(loan=pk, ids=list(ids))
    return rows[0] if rows else None


@cache
def _loan_question(kind: str) -> Prepared[Loan]:
    return Prepared(
        lambda: (
            Loan.objects.filter(_inside(kind, Given("ids")), pk=Given("loan"))
            .select_related(*_NEAR)
            .order_by()
        )
    )


def loans_in_rows(rows: pl.DataFrame, user: User, day: date) -> pl.DataFrame:
    """Rows of a closed day (household, group, office) whose loans are in scope, by where they belonged on that day."""
    kind, ids = _reach(user, day)
    if kind == "all":
        return rows
    if kind == "households":
        ids = frozenset(visible_households(user, day).values_list("pk", flat=True))
    key = {"groups": "group", "offices": "office", "households": "household"}[kind]
    return rows.filter(pl.col(key).is_in(list(ids)))


def _reach(user: User, day: date) -> tuple[str, frozenset[int]]:
    """By what a person's scope is measured: all, groups, offices or households."""
    unit = own_organisation(user)
    if unit is None:
        return "groups", frozenset()
    if is_group_leader(user):
        return "groups", led_groups(user, day)
    if unit.kind == Kind.MASS_ORGANISATION and unit.level == Level.PROVINCE:
        # It follows the groups entrusted to it, and their loans.
        return "groups", frozenset(visible_groups(user, day).values_list("pk", flat=True))
    if not reads_cases(user, "loans"):
        return "groups", frozenset()
    if sees_all(user) or unit.level == Level.PROVINCE:
        return "all", frozenset()
    if unit.kind == Kind.TRANSACTION_OFFICE:
        seen = visible_organisations(user, day)
        return ("all", frozenset()) if seen is None else ("offices", seen)
    return "households", frozenset()


def lending_group(user: User, pk: int) -> SavingsGroup | None:
    """A group whose collection sheet the person may print today; None when there is none."""
    rows = _GROUP(group=pk)
    return rows[0] if rows and sees_group(user, rows[0]) else None


def sees_group(user: User, group: SavingsGroup, on: date | None = None) -> bool:
    """Whether a group is in the person's scope of lending on a day: whose collection sheet may be printed."""
    day = on or clock.today()
    kind, ids = _reach(user, day)
    if kind in ("all", "groups"):
        return kind == "all" or group.pk in ids
    living = [
        row
        for row in profile_rows(group.pk)
        if row.starts_on <= day and (row.ends_on is None or day < row.ends_on)
    ]
    if kind == "offices":
        return any(row.office_id in ids for row in living)
    communes = seen_communes(user, day) or frozenset()
    return any(row.area_id in communes for row in living)


def applications_of(user: User, household: Household) -> QuerySet[LoanApplication]:
    """A household's applications in scope, the newest first."""
    return visible_applications(user).filter(household=household).order_by("-pk")


def repaid_loans_of(user: User, household: Household) -> QuerySet[Loan]:
    """A household's loans in scope that owe no principal, the newest first."""
    return (
        visible_loans(user).filter(household=household, balance=0).order_by("-disbursed_on", "-pk")
    )


def is_living(user: User, household: Household, on: date) -> bool:
    """Whether a household is in scope and has not ended."""
    return living_households(user, on).filter(pk=household.pk).exists()


def living_households(user: User, on: date) -> QuerySet[Household]:
    """Households in scope that have not ended."""
    return visible_households(user).filter(living_on(on))


def offices_with_loans(user: User, on: date) -> list[int]:
    """Offices with a loan in scope; the first loan of each is looked for, so that no book is scanned."""
    seen = visible_loans(user, on).order_by()
    kinds = (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH)
    there = Organisation.objects.filter(kind__in=kinds)
    there = there.filter(Exists(seen.filter(office_id=OuterRef("pk"))))
    return list(there.values_list("pk", flat=True))


def offices_of_groups(user: User, on: date) -> list[int]:
    """Offices of the groups whose collection sheet the person may print."""
    seen = visible_lending_groups(user, on).order_by().values("pk")
    rows = GroupProfile.objects.filter(living_on(on), group__in=seen)
    return list(rows.order_by().values_list("office_id", flat=True).distinct())


def groups_meeting(user: User, on: date, days: list[int]) -> int:
    """How many living groups of those have their session on one of the days of a month."""
    seen = visible_lending_groups(user, on).filter(living_on(on)).order_by().values("pk")
    rows = GroupProfile.objects.filter(living_on(on), group__in=seen, session_day__in=days)
    return rows.values("group").distinct().count()


def loans_numbered(user: User, beginning: str) -> QuerySet[Loan]:
    """Loans in scope by the beginning of their number."""
    return visible_loans(user).filter(number__startswith=beginning).order_by("number")


def applications_numbered(user: User, beginning: str) -> QuerySet[LoanApplication]:
    """Applications in scope by the beginning of their number."""
    return visible_applications(user).filter(number__startswith=beginning).order_by("number")


def loans_to_open(user: User, keys: Collection[int]) -> frozenset[int]:
    """Which of some loans the person may open: figures of a place are read by more people than its loans."""
    if not user.may("loans.view"):
        return frozenset()
    return frozenset(visible_loans(user).filter(pk__in=keys).values_list("pk", flat=True))


def people_for_step(application: LoanApplication, verb: str, on: date) -> list[RoleHolding]:
    """Who may take the next step of an application: by role, at the unit whose step it is, and never who is barred by an
    earlier step of his own (access/conflicts.py)."""
    if verb == "appraise":
        units = GroupAccount.objects.filter(living_on(on), group=application.group)
        rows = RoleHolding.objects.on(on).filter(user__in=units.values("user"))
    elif verb == "confirm":
        areas = application.household.addresses.filter(living_on(on)).values("area")
        seats = OrganisationProfile.objects.filter(
            living_on(on), area__in=areas, organisation__kind=Kind.PEOPLE_COMMITTEE
        )
        rows = RoleHolding.objects.on(on).filter(organisation__in=seats.values("organisation"))
    else:
        rows = RoleHolding.objects.on(on).filter(organisation_id=application.office_id)
    roles = PERMISSIONS[f"loans.{verb}"]
    found = rows.filter(role__in=roles, user__is_active=True).select_related("user")
    moves = application.moves.values_list("verb", "by_id")
    hands = [("loans.apply", application.made_by_id), *((f"loans.{v}", by) for v, by in moves)]
    return [
        one
        for one in found.order_by("user")
        if not in_conflict(f"loans.{verb}", hands, one.user_id)
    ]
