"""Whom the plan's words mean on a day: shown beside the words while a person reviews them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Max

from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.organisations.models import Organisation, OrganisationProfile, OrganisationSuccession
from tdcs.organisations.queries import Resolver, names_on
from tdcs.plans.models import Assignment, AssignmentRole, DutyKind, Plan, PlanVersion
from tdcs.plans.queries.derivation import owed_by, resolve_assignment, resolver_on

# Loading every unit costs more than a page may take; what was loaded holds until a unit changes.
_KEPT: dict[tuple[object, ...], Resolver] = {}
_KEEP: Final = 8

NAMES_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Meaning:
    """An assignment and the units it means."""

    row: Assignment
    count: int
    names: list[str]
    unit_name: str
    open_class: bool

    @property
    def settled(self) -> bool:
        """Somebody is meant, or nobody on purpose."""
        return bool(self.count or self.row.left_out)

    @property
    def more(self) -> int:
        """How many names are not shown."""
        return self.count - len(self.names)


def meanings(rows: Iterable[Assignment], plan: Plan, day: date) -> list[Meaning]:
    """Each row with its units on a day."""
    resolver = kept_resolver(plan, day)
    found = [(row, resolve_assignment(row, resolver)) for row in rows]
    names = names_on(day, {unit for _, units in found for unit in units})
    entries = catalogue.entries()
    made = []
    for row, units in found:
        entry = entries.get(row.unit)
        shown = sorted(names[unit] for unit in units)[:NAMES_SHOWN]
        made.append(
            Meaning(
                row,
                len(units),
                shown,
                entry.name if entry else "",
                bool(entry and entry.open_class),
            )
        )
    return made


def kept_resolver(plan: Plan, day: date) -> Resolver:
    """A resolver for previews, kept between requests while no unit changes; services load their own."""
    stamp = (
        *OrganisationProfile.objects.aggregate(Max("pk"), Count("ends_on")).values(),
        *Organisation.objects.aggregate(Max("pk"), Count("ends_on")).values(),
        *OrganisationSuccession.objects.aggregate(Max("pk"), Count("pk")).values(),
    )
    key = (plan.issuer_id, plan.issued_on, day, *stamp)
    if key not in _KEPT:
        while len(_KEPT) >= _KEEP:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = resolver_on(plan, day)
    return _KEPT[key]


@dataclass(frozen=True, slots=True)
class YearAhead:
    """What publication will make of a year."""

    year: int
    obligations: int
    units: int


def years_ahead(version: PlanVersion, first: int, until: int) -> list[YearAhead]:
    """Obligations and units of each year as they will be derived, before units are followed."""
    made = []
    own_plans = set(version.duties.filter(kind=DutyKind.OWN_PLAN).values_list("pk", flat=True))
    written: set[tuple[int | None, int]] = set()
    for year in range(first, until + 1):
        start = max(date(year, 1, 1), version.plan.issued_on)
        owed = owed_by(version, year, kept_resolver(version.plan, start))
        owed = [one for one in owed if (one.duty, one.organisation) not in written]
        # A unit's own plan is owed once in the life of the plan.
        written |= {(one.duty, one.organisation) for one in owed if one.duty in own_plans}
        made.append(YearAhead(year, len(owed), len({one.organisation for one in owed})))
    return made


def nobody_meant(version: PlanVersion, day: date) -> list[Meaning]:
    """Words of lead or performing units that mean nobody today: open classes, units that do not exist here."""
    rows = Assignment.objects.filter(task__version=version, left_out=False).exclude(unit="")
    rows = rows.exclude(role=AssignmentRole.COORDINATE)
    rows = rows.select_related("task").prefetch_related("organisations")
    found = meanings(rows.order_by("task__position", "position"), version.plan, day)
    return [one for one in found if not one.count]


def code_of(words: str) -> str | None:
    """The catalogue code of a name or another spelling; None when there is none, "" for no words."""
    key = fold(words)
    if not key:
        return ""
    for entry in catalogue.entries().values():
        if key in (entry.code, fold(entry.name), *(fold(alias) for alias in entry.aliases)):
            return entry.code
    return None


def units_named(words: str, day: date, limit: int = 12) -> list[tuple[int, str]]:
    """Living units whose name holds the words, accents not needed; exact names first."""
    key = fold(words)
    if not key:
        return []
    rows = OrganisationProfile.objects.filter(search__contains=key, starts_on__lte=day)
    rows = rows.exclude(ends_on__lte=day).exclude(organisation__ends_on__lte=day)
    found = [(row.organisation_id, row.name) for row in rows.order_by("search", "name", "pk")[:200]]
    found.sort(key=lambda pair: (fold(pair[1]) != key, len(pair[1])))
    return found[:limit]
