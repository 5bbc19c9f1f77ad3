"""The plan in force, its versions and years."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from tdcs.core.remembered import remembered
from tdcs.plans.errors import YearClosed, YearNotOpen
from tdcs.plans.models import (
    Assignment,
    Duty,
    Plan,
    PlanVersion,
    ReportingYear,
    Target,
    Task,
    TimingKind,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.in_force import Plans, keys_of

# Drafts, and versions whose publication was withdrawn.
_NOT_IN_FORCE: Final = (VersionState.DRAFT, VersionState.WITHDRAWN)


def current_version(plan: Plan) -> PlanVersion:
    """The published version."""
    return PlanVersion.objects.get(plan=plan, state=VersionState.PUBLISHED)


def shown_version(plan: Plan) -> PlanVersion:
    """The published version; of a plan that was withdrawn the last that was."""
    rows = plan.versions.exclude(state=VersionState.DRAFT).order_by("number")
    found = rows.filter(state=VersionState.PUBLISHED).first() or rows.last()
    if found is None:
        raise PlanVersion.DoesNotExist(f"{plan} was never published")
    return found


def version_for(plan: Plan, year: int) -> PlanVersion:
    """The version by which a year is derived: the last that took effect by the year's end, else the first."""
    rows = plan.versions.exclude(state__in=_NOT_IN_FORCE).order_by("number")
    found = rows.filter(takes_effect_on__lt=date(year + 1, 1, 1)).last() or rows.first()
    if found is None:
        raise PlanVersion.DoesNotExist(f"{plan} has no published version")
    return found


def version_before(version: PlanVersion) -> PlanVersion | None:
    """The version that this one follows; one whose publication was withdrawn is passed over."""
    rows = version.plan.versions.filter(number__lt=version.number)
    return rows.exclude(state__in=_NOT_IN_FORCE).order_by("-number").first()


def drafts() -> QuerySet[PlanVersion]:
    """Versions that wait for review, latest first."""
    return (
        PlanVersion.objects.filter(state=VersionState.DRAFT)
        .select_related("plan", "document")
        .order_by("-pk")
    )


def has_draft(plan: Plan) -> bool:
    """Whether a version of the plan waits for review."""
    return plan.versions.filter(state=VersionState.DRAFT).exists()


def unresolved_rows(version: PlanVersion) -> QuerySet[Assignment]:
    """Words of tasks and duties for which no unit was found and which nobody has settled."""
    return (
        Assignment.objects.filter(Q(task__version=version) | Q(duty__version=version))
        .filter(unit="", organisations__isnull=True, left_out=False)
        .select_related("task", "duty")
        .order_by("task__position", "duty__position", "position")
    )


def tasks_of(version: PlanVersion) -> QuerySet[Task]:
    """Tasks in the order of the document."""
    return version.tasks.order_by("position")


@dataclass(frozen=True, slots=True)
class OpenedYear:
    """A year as pages offer it; of several plans it is closed when every one of them has closed it."""

    year: int
    closed_on: date | None


def years_of(plans: Plans) -> list[OpenedYear]:
    """Opened years of one plan or of several, latest first."""
    found: dict[int, list[date | None]] = {}
    for _plan, year, closed_on in _years(tuple(keys_of(plans))):
        found.setdefault(year, []).append(closed_on)
    return [
        OpenedYear(year, None if None in days else max(d for d in days if d))
        for year, days in found.items()
    ]


@remembered
def _years(plans: tuple[int, ...]) -> tuple[tuple[int, int, date | None], ...]:
    """(plan, year, day of its close), latest year first."""
    rows = ReportingYear.objects.filter(plan__in=plans).order_by("-year", "plan")
    return tuple(rows.values_list("plan", "year", "closed_on"))


def last_year_of(plan: Plan) -> int:
    """The last year that is reported: the plan's own, or the year in which a later plan ended it."""
    if plan.in_force_until is None:
        return plan.last_year
    return min(plan.last_year, (plan.in_force_until - timedelta(days=1)).year)


def require_open(plan: Plan, year: int) -> ReportingYear:
    """The year, locked for this transaction. Raises YearNotOpen, YearClosed."""
    row = ReportingYear.objects.select_for_update().filter(plan=plan, year=year).first()
    if row is None:
        raise YearNotOpen(year=year)
    if row.closed_on:
        raise YearClosed(year=year, closed_on=f"{row.closed_on:%d/%m/%Y}")
    return row


def is_closed(plans: Plans, year: int) -> bool:
    """Whether a year is closed, of several plans in all of them that have it."""
    days = [closed for _plan, one, closed in _years(tuple(keys_of(plans))) if one == year]
    return bool(days) and None not in days


def closed_years(plans: Plans) -> set[tuple[int, int]]:
    """(plan, year) of what is closed."""
    return {(plan, year) for plan, year, closed in _years(tuple(keys_of(plans))) if closed}


def versions() -> QuerySet[PlanVersion]:
    """Every version with its plan and document."""
    return PlanVersion.objects.select_related("plan", "document")


def all_tasks() -> QuerySet[Task]:
    """Tasks of every version, with their plan."""
    return Task.objects.select_related("version__plan")


def all_duties() -> QuerySet[Duty]:
    """General duties of every version, with their plan."""
    return Duty.objects.select_related("version__plan")


def task_in_plan(plan: Plan, key: int) -> Task | None:
    """A task of one of the plan's versions."""
    return Task.objects.filter(pk=key, version__plan=plan).first()


def task_in_version(version: PlanVersion, key: int) -> Task | None:
    """A task of this version."""
    return version.tasks.filter(pk=key).first()


def lineage_of(task: Task) -> list[int]:
    """The rows of one task in all versions."""
    return list(Task.objects.filter(lineage=task.lineage).values_list("pk", flat=True))


def first_row_of(task: Task) -> Task | None:
    """The task as the plan's first version has it."""
    first = task.version.plan.versions.order_by("number").first()
    return first.tasks.filter(lineage=task.lineage).first() if first else None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What of a version a person should look at once more before it is published."""

    untimed: QuerySet[Task]
    instructed: int
    unchecked: int


def unsettled(version: PlanVersion) -> Unsettled:
    """Tasks without a time, tasks that wait for an instruction, tasks nobody has checked."""
    return Unsettled(
        untimed=version.tasks.filter(timing_kind=TimingKind.UNKNOWN),
        instructed=version.tasks.filter(timing_kind=TimingKind.ON_INSTRUCTION).count(),
        unchecked=version.tasks.filter(checked=False).count(),
    )


def targets_of(plans: Plans) -> QuerySet[Target]:
    """The figures that plans in force set themselves, with their tasks."""
    rows = Target.objects.filter(
        task__version__plan__in=keys_of(plans), task__version__state=VersionState.PUBLISHED
    )
    return rows.select_related("task__version__plan").order_by("task__version__plan", "pk")


def tasks_in_force(plans: Plans) -> QuerySet[Task]:
    """The tasks of the published versions of one plan or of several, in the order of each document."""
    return tasks_of_plans(keys_of(plans))


def tasks_of_plans(plans: Collection[int]) -> QuerySet[Task]:
    """The same of plans by their keys."""
    rows = Task.objects.filter(version__plan__in=list(plans), version__state=VersionState.PUBLISHED)
    return rows.select_related("version__plan").order_by("version__plan", "position")
