"""Directives: whom a choice means, how far each is, what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl
from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core.text import fold
from tdcs.organisations.models import Organisation, OrganisationProfile, living_on
from tdcs.plans.models import Directive, ObligationState, Plan
from tdcs.plans.queries.matrix import units_in
from tdcs.plans.queries.obligations import GROUP_ORDER, Tally, frame, group_of, tallies

# Nobody of these has an account: a task is given to those who answer for them.
_WITHOUT_ACCOUNTS: Final = ("savings_group", "vbsp_head_office")
SEARCH_LIMIT: Final = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A living unit that may be given a task."""

    pk: int
    name: str
    group: str
    search: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the form means: groups of units, narrowed to places, and single units beside them."""

    groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    units: tuple[int, ...] = ()


@dataclass(slots=True)
class Chosen:
    """What a choice comes to."""

    units: list[Candidate] = field(default_factory=list)
    by_group: list[tuple[str, int]] = field(default_factory=list)


def candidates(day: date) -> list[Candidate]:
    """Living units by group, then by name."""
    rows = (
        OrganisationProfile.objects.filter(living_on(day), living_on(day, "organisation__"))
        .exclude(organisation__kind__in=_WITHOUT_ACCOUNTS)
        .values_list(
            "organisation_id", "short_name", "organisation__kind", "organisation__level", "search"
        )
    )
    made = [Candidate(pk, name, group_of(kind, level), s) for pk, name, kind, level, s in rows]
    return sorted(made, key=lambda c: (GROUP_ORDER[c.group], c.search, c.name, c.pk))


def choose(everyone: list[Candidate], choice: Choice, day: date) -> Chosen:
    """The units of the groups that stand in one of the places (when places are given), and the single ones."""
    inside: set[int] | None = None
    if choice.areas:
        inside = {unit for code in choice.areas for unit in units_in(code, day)}
    units = [
        one
        for one in everyone
        if one.pk in choice.units
        or (one.group in choice.groups and (inside is None or one.pk in inside))
    ]
    counts: dict[str, int] = {}
    for one in units:
        counts[one.group] = counts.get(one.group, 0) + 1
    return Chosen(units, sorted(counts.items(), key=lambda pair: GROUP_ORDER[pair[0]]))


def search(everyone: list[Candidate], words: str, leave_out: Iterable[int]) -> list[Candidate]:
    """Units by name, accents not needed, at most SEARCH_LIMIT."""
    key, known = fold(words), set(leave_out)
    if not key:
        return []
    found = (one for one in everyone if key in one.search and one.pk not in known)
    return [one for one, _at in zip(found, range(SEARCH_LIMIT), strict=False)]


def organisations_of(chosen: Chosen) -> QuerySet[Organisation]:
    """The rows of a choice."""
    return Organisation.objects.filter(pk__in=[one.pk for one in chosen.units])


def directives_of(plan: Plan, year: int, user: User) -> list[tuple[Directive, Tally | None]]:
    """Directives of a year with the tally of the units the person sees, the latest due first."""
    rows = frame(plan, year, user).filter(pl.col("directive").is_not_null())
    counts = tallies(rows, "directive")
    found = visible_directives(user).filter(plan=plan, period_start__year=year)
    return [(one, counts.get(one.pk)) for one in found.order_by("-due_on", "-pk")]


def visible_directives(user: User) -> QuerySet[Directive]:
    """Directives given to a unit in the person's scope."""
    visible = visible_organisations(user)
    if visible is None:
        return Directive.objects.all()
    mine = Q(obligations__holder_id__in=visible) & ~Q(obligations__state=ObligationState.WITHDRAWN)
    return Directive.objects.filter(mine).distinct()


@dataclass(frozen=True, slots=True)
class Sum:
    """The figures of the answers that stand: how many gave one, and their sum."""

    total: Decimal
    given: int
    accepted: Decimal


def sum_of(figures: Iterable[tuple[Decimal | None, str]]) -> Sum:
    """Sum exact figures of (figure, state); only submitted and accepted answers count."""
    given = [(f, s) for f, s in figures if f is not None and s in ("submitted", "accepted")]
    return Sum(
        sum((f for f, _ in given), Decimal(0)),
        len(given),
        sum((f for f, s in given if s == "accepted"), Decimal(0)),
    )


def latest_directives(plan: Plan) -> QuerySet[Directive]:
    """Everything the branch assigned under a plan, the latest due first."""
    return Directive.objects.filter(plan=plan).order_by("-due_on", "-pk")
