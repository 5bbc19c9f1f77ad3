"""A unit's own work over all plans: what it owes, the most pressing first, and where it only helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from django.db.models import Count, Q

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core.remembered import remembered
from tdcs.core.text import by_name, fold
from tdcs.organisations import catalogue
from tdcs.organisations.models import OrganisationProfile
from tdcs.organisations.queries import ancestors_of, names_on
from tdcs.plans.models import Assignment, Obligation, ObligationState, Task, UnitTask
from tdcs.plans.queries.in_force import Plans, keys_of
from tdcs.plans.queries.obligations import frame_of_units, map_day
from tdcs.plans.queries.plans import closed_years, tasks_of_plans
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
    # Its year is closed: it is only looked at.
    closed: bool = False
    # Of the unit's own plan: how many tasks carry it out, how many of them are done.
    unit_tasks: tuple[int, int] = (0, 0)

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


def inbox(user: User, plans: Plans, year: int) -> list[InboxRow]:
    """What the person's own unit owes in a year and still from the years before, of all the plans in one list."""
    unit = own_organisation(user)
    return work_of(unit.pk, plans, year) if unit else []


def work_of(unit: int, plans: Plans, year: int) -> list[InboxRow]:
    """What one unit owes; what the units did that it continues stands among what is done."""
    before = ancestors_of({unit})
    rows = frame_of_units(plans, year, before | {unit})
    return rows_of(rows, unit, map_day(year))


def rows_of(rows: pl.DataFrame, own: int, day: date) -> list[InboxRow]:
    """The obligations of a frame with their standing, most pressing first."""
    found = Obligation.objects.filter(pk__in=rows["id"].to_list())
    by_id = {o.pk: o for o in found.select_related("plan", "task", "duty", "directive")}
    own_tasks = {
        row["obligation"]: (row["total"], row["done"])
        for row in UnitTask.objects.filter(obligation__in=by_id)
        .values("obligation")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    }
    closed = closed_years([row.plan for row in by_id.values()])
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
        InboxRow(
            by_id[key],
            standing,
            left,
            late,
            _named(absorbed[key], names),
            (by_id[key].plan_id, by_id[key].year) in closed,
            own_tasks.get(key, (0, 0)),
        )
        for key, standing, left, late in rows.select(
            "id", "standing", "days_left", "days_late"
        ).iter_rows()
    ]
    return sorted(made, key=_pressing)


def _named(units: Iterable[int], names: dict[int, str]) -> tuple[str, ...]:
    return tuple(sorted((names[unit] for unit in units), key=by_name))


def _pressing(row: InboxRow) -> tuple[int, date, date, int, int]:
    thing = row.obligation
    position = thing.task.position if thing.task else 900
    due = thing.due_on or date.max
    return DRAWERS.index(row.drawer), due, thing.plan.issued_on, position, thing.pk


def drawers(rows: Sequence[InboxRow]) -> list[tuple[str, list[InboxRow]]]:
    """(drawer, rows), empty ones left out."""
    found: dict[str, list[InboxRow]] = {code: [] for code in DRAWERS}
    for row in rows:
        found[row.drawer].append(row)
    return [(code, group) for code, group in found.items() if group]


def coordinated_tasks(user: User, plans: Plans) -> list[Task]:
    """Tasks in which the person's unit coordinates without owing a result of its own.

    A unit is meant when the words mean it, or mean a unit that it continues.
    """
    unit = own_organisation(user)
    if unit is None:
        return []
    keys = tuple(keys_of(plans))
    tasks = _coordinated_by(unit.pk, keys)
    owed = _owed_tasks(keys).get(unit.pk, frozenset())
    return [task for task in tasks if task.pk not in owed]


@remembered
def _coordinated_by(unit: int, plans: tuple[int, ...]) -> tuple[Task, ...]:
    line = ancestors_of({unit}) | {unit}
    profiles = list(
        OrganisationProfile.objects.filter(organisation_id__in=line).select_related(
            "organisation", "area"
        )
    )
    found = {row.task for row, chosen in _coordinating(plans) if _means(row, chosen, profiles)}
    return tuple(
        sorted((task for task in found if task), key=lambda t: (t.version.plan_id, t.position))
    )


@remembered
def _coordinating(plans: tuple[int, ...]) -> tuple[tuple[Assignment, frozenset[int]], ...]:
    """Who coordinates, by the words of the plans, with the units that were chosen for them."""
    rows = Assignment.objects.filter(task__in=tasks_of_plans(plans), role="coordinate")
    rows = rows.select_related("task__version__plan").prefetch_related("organisations")
    return tuple(
        (row, frozenset(unit.pk for unit in row.organisations.all())) for row in rows if row.task
    )


@remembered
def _owed_tasks(plans: tuple[int, ...]) -> dict[int, frozenset[int]]:
    """Unit → the tasks of which it owes a result."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Obligation.objects.filter(task__in=tasks_of_plans(plans))
    for unit, task in rows.values_list("holder_id", "task_id"):
        found[unit].add(task)
    return {unit: frozenset(tasks) for unit, tasks in found.items()}


def _means(row: Assignment, chosen: frozenset[int], line: Sequence[OrganisationProfile]) -> bool:
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
