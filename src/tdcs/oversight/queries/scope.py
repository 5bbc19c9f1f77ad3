"""Whose inspections a person sees, for which body a person plans, who may write the results of one."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.core import clock
from tdcs.households.queries.scope import is_group_leader, seen_communes
from tdcs.organisations.models import Kind, Level, Organisation
from tdcs.organisations.queries import organisations_of
from tdcs.oversight.models import Finding, Inspection, InspectionProgramme
from tdcs.oversight.rules.settings import body_of_kind

# Bodies for which the branch does the secretary's work.
_KEPT_BY_BRANCH = (Kind.TRANSACTION_OFFICE, Kind.BOARD)


def reach(user: User, on: date) -> tuple[str, frozenset[int]]:
    """By which column of the book a person's scope is measured ("all", "mass", "office", "commune"), and which of it."""
    unit = own_organisation(user)
    if unit is None or is_group_leader(user):
        return "commune", frozenset()
    if sees_all(user):
        return "all", frozenset()
    seen = visible_organisations(user, on)
    if unit.kind == Kind.MASS_ORGANISATION:
        return "mass", seen or frozenset()
    if unit.kind == Kind.TRANSACTION_OFFICE:
        return "office", seen or frozenset()
    if unit.level == Level.PROVINCE:
        return "all", frozenset()
    areas = seen_communes(user, on)
    return ("all", frozenset()) if areas is None else ("commune", areas)


def visible_inspections(user: User, on: date | None = None) -> QuerySet[Inspection]:
    """Inspections by the person's own units, and those held in the person's communes; the newest first."""
    rows = Inspection.objects.filter(_seen(user, on or clock.today(), "body", "area"))
    return rows.select_related("group", "point", "body", "area", "lead").order_by("-due_on", "-pk")


def visible_findings(user: User, on: date | None = None) -> QuerySet[Finding]:
    """Findings of the inspections in scope, and those that the person has to remedy; the first due first."""
    day = on or clock.today()
    rows = Finding.objects.all()
    # An empty condition beside another would leave the other alone.
    if reach(user, day)[0] != "all":
        seen = _seen(user, day, "inspection__body", "inspection__area")
        rows = rows.filter(seen | Q(owner=user))
    return rows.select_related("inspection__group", "loan", "owner", "repeats").order_by(
        "due_on", "pk"
    )


def visible_programmes(user: User, on: date | None = None) -> QuerySet[InspectionProgramme]:
    """Programmes of the person's own units, or all."""
    rows = InspectionProgramme.objects.select_related("body").order_by("-year", "body", "pk")
    kind, _ = reach(user, on or clock.today())
    if kind == "all":
        return rows
    return rows.filter(body__in=visible_organisations(user, on) or frozenset())


def _seen(user: User, day: date, body: str, area: str) -> Q:
    kind, ids = reach(user, day)
    if kind == "all":
        return Q()
    own = Q(**{f"{body}__in": visible_organisations(user, day) or frozenset()})
    if kind == "mass":
        # Another body's inspection of the own groups lies in the own communes.
        return own
    areas = ids if kind == "commune" else (seen_communes(user, day) or frozenset())
    return own | Q(**{f"{area}__in": areas})


def acts_for(user: User, body: Organisation | int) -> bool:
    """Whether a person plans and inspects for a body: the own unit; the branch also for its offices and the boards."""
    unit = own_organisation(user)
    there = organisations_of([body]).first() if isinstance(body, int) else body
    if unit is None or there is None or body_of_kind(there.kind) is None or is_group_leader(user):
        return False
    if unit.pk == there.pk:
        return True
    return unit.kind == Kind.VBSP_BRANCH and there.kind in _KEPT_BY_BRANCH


def on_the_team(user: User, inspection: Inspection) -> bool:
    """Whether a person leads an inspection or is a member of its team."""
    if inspection.lead_id == user.pk:
        return True
    return inspection.members.filter(person=user).exists()
