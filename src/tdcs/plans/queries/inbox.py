"""A unit's own work: what it owes, the most pressing first, and where it only helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core.text import by_name, fold
from tdcs.organisations import catalogue
from tdcs.organisations.models import OrganisationProfile
from tdcs.organisations.queries import ancestors_of, names_on
from tdcs.plans.models import Assignment, Obligation, ObligationState, Plan, Task
from tdcs.plans.queries.obligations import frame_of_units, map_day
from tdcs.plans.queries.plans import current_version
from tdcs.plans.states import stamp

# Drawers of an inbox, in the order in which they ask for attention.
DRAWERS: Final = ("late", "returned", "soon", "open", "done")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One obligation in a unit's inbox, with its standing."""

    obligation: Obligation
    standing: str
    days_left: int | None
    days_late: int | None
    # Units whose duty this is by succession; the unit that did it, when it was not this one.
    inherited: tuple[str, ...] = ()

    @property
    def drawer(self) -> str:
        if self.standing.startswith("done"):
            return "done"
        if self.obligation.state == ObligationState.RETURNED and self.standing != "late":
            return "returned"
        return self.standing if self.standing in DRAWERS else "open"

    @property
    def stamp(self) -> str:
        return stamp(self.obligation.state, self.obligation.touched_at)

    @property
    def days(self) -> int | None:
        """Days to the last day in time, negative when it has passed."""
        if self.days_late:
            return -self.days_late
        if self.days_left is None:
            return None
        return self.days_left


def inbox(user: User, plan: Plan, year: int) -> list[InboxRow]:
    """What the person's own unit owes in a year and still from the years before, the most pressing first."""
    unit = own_organisation(user)
    return work_of(unit.pk, plan, year) if unit else []


def work_of(unit: int, plan: Plan, year: int) -> list[InboxRow]:
    """What one unit owes; what the units did that it continues stands among what is done."""
    before = ancestors_of({unit})
    rows = frame_of_units(plan, year, before | {unit})
    return rows_of(rows, unit, map_day(year))


def rows_of(rows: pl.DataFrame, own: int, day: date) -> list[InboxRow]:
    """The obligations of a frame with their standing, most pressing first."""
    found = Obligation.objects.filter(pk__in=rows["id"].to_list())
    by_id = {o.pk: o for o in found.select_related("task", "duty", "directive")}
    absorbed: dict[int, set[int]] = defaultdict(set)
    for into, unit in Obligation.objects.filter(merged_into__in=by_id).values_list(
        "merged_into_id", "organisation_id"
    ):
        absorbed[into].add(unit)
    for key, row in by_id.items():
        absorbed[key] |= {row.organisation_id, row.holder_id}
        absorbed[key].discard(own)
    names = names_on(day, {unit for units in absorbed.values() for unit in units})
    made = [
        InboxRow(by_id[key], standing, left, late, _named(absorbed[key], names))
        for key, standing, left, late in rows.select(
            "id", "standing", "days_left", "days_late"
        ).iter_rows()
    ]
    return sorted(made, key=_pressing)


def _named(units: Iterable[int], names: dict[int, str]) -> tuple[str, ...]:
    return tuple(sorted((names[unit] for unit in units), key=by_name))


def _pressing(row: InboxRow) -> tuple[int, date, int, int]:
    thing = row.obligation
    position = thing.task.position if thing.task else 900
    return DRAWERS.index(row.drawer), thing.due_on or date.max, position, thing.pk


def drawers(rows: Sequence[InboxRow]) -> list[tuple[str, list[InboxRow]]]:
    """(drawer, rows), empty ones left out."""
    found: dict[str, list[InboxRow]] = {code: [] for code in DRAWERS}
    for row in rows:
        found[row.drawer].append(row)
    return [(code, group) for code, group in found.items() if group]


def coordinated_tasks(user: User, plan: Plan) -> list[Task]:
    """Tasks in which the person's unit coordinates without owing a result of its own.

    A unit is meant when the words mean it, or mean a unit that it continues.
    """
    unit = own_organisation(user)
    if unit is None:
        return []
    line = ancestors_of({unit.pk}) | {unit.pk}
    profiles = list(
        OrganisationProfile.objects.filter(organisation_id__in=line).select_related(
            "organisation", "area"
        )
    )
    version = current_version(plan)
    rows = Assignment.objects.filter(task__version=version, role="coordinate")
    rows = rows.select_related("task").prefetch_related("organisations")
    tasks = {row.task for row in rows if row.task and _means(row, profiles)}
    owed = set(
        Obligation.objects.filter(holder=unit, task__in=tasks).values_list("task_id", flat=True)
    )
    return sorted((task for task in tasks if task.pk not in owed), key=lambda t: t.position)


def _means(row: Assignment, line: Sequence[OrganisationProfile]) -> bool:
    chosen = {unit.pk for unit in row.organisations.all()}
    if chosen:
        return any(profile.organisation_id in chosen for profile in line)
    entry = catalogue.entries().get(row.unit)
    if entry is None or entry.open_class:
        return False
    if entry.represented_by:
        entry = catalogue.entries()[entry.represented_by]
    levels = () if entry.fixed_level else tuple(row.levels) or entry.levels
    return any(
        (not levels or profile.organisation.level in levels)
        and (
            profile.organisation.kind in entry.kinds or profile.organisation.type in entry.types
            if entry.is_class
            else profile.organisation.type == entry.code
        )
        and (not row.area or _stands_in(profile, fold(row.area)))
        for profile in line
    )


def _stands_in(profile: OrganisationProfile, place: str) -> bool:
    return place in profile.search
