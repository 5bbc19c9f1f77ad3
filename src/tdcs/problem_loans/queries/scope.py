"""Whose warnings a person sees: an office its own, a commune those of its groups and households, a leader the group's."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.access.scopes import reads_cases
from tdcs.core import clock
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.households.queries.scope import figure_communes, is_group_leader
from tdcs.loans.queries.scope import led_groups
from tdcs.organisations.models import Kind
from tdcs.problem_loans.models import EarlyWarning


def visible_warnings(user: User, on: date | None = None) -> QuerySet[EarlyWarning]:
    """The warnings in scope on a day (today). Who reads figures only sees those of communes."""
    day = on or clock.today()
    rows = EarlyWarning.objects.all()
    unit = own_organisation(user)
    if unit is None:
        return rows.none()
    if is_group_leader(user):
        return rows.filter(group__in=led_groups(user, day))
    if sees_all(user):
        return rows
    if unit.kind == Kind.TRANSACTION_OFFICE:
        seen = visible_organisations(user, day)
        return rows if seen is None else rows.filter(office__in=seen)
    if unit.kind == Kind.MASS_ORGANISATION:
        return rows.filter(group__in=visible_groups(user, day).order_by().values("pk"))
    communes = figure_communes(user, day)
    if communes is not None:
        rows = rows.filter(commune__in=communes)
    if not reads_cases(user, "loans"):
        rows = rows.filter(place=EarlyWarning.Place.COMMUNE)
    return rows


def notes_for(user: User, warning: EarlyWarning) -> bool:
    """Whether a person notes on a warning: of the own office, or who sees all."""
    if not user.may("warnings.note"):
        return False
    seen = visible_organisations(user, clock.today())
    return seen is None or warning.office_id in seen


def of_offices(offices: frozenset[int] | None) -> Q:
    """The condition that a warning is of one of some offices; None for all."""
    return Q() if offices is None else Q(office__in=offices)
