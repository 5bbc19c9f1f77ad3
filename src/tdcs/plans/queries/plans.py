"""The plan in force, its versions and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tdcs.plans.errors import YearClosed, YearNotOpen
from tdcs.plans.models import (
    Assignment,
    Duty,
    Plan,
    PlanState,
    PlanVersion,
    ReportingYear,
    Target,
    Task,
    TimingKind,
)
from tdcs.plans.models.plan import VersionState


def current_plan() -> Plan | None:
    """The plan being carried out, the latest issued when there are several."""
    return Plan.objects.filter(state=PlanState.PUBLISHED).order_by("-issued_on", "-pk").first()


def current_version(plan: Plan) -> PlanVersion:
    """The published version."""
    return PlanVersion.objects.get(plan=plan, state=VersionState.PUBLISHED)


def version_for(plan: Plan, year: int) -> PlanVersion:
    """The version by which a year is derived: the last that took effect by the year's end, else the first."""
    rows = plan.versions.exclude(state=VersionState.DRAFT).order_by("number")
    found = rows.filter(takes_effect_on__lt=date(year + 1, 1, 1)).last() or rows.first()
    if found is None:
        raise PlanVersion.DoesNotExist(f"{plan} has no published version")
    return found


def version_before(version: PlanVersion) -> PlanVersion | None:
    """The version that this one follows."""
    return version.plan.versions.filter(number__lt=version.number).order_by("-number").first()


def drafts() -> QuerySet[PlanVersion]:
    """Versions that wait for review, latest first."""
    return (
        PlanVersion.objects.filter(state=VersionState.DRAFT)
        .select_related("plan", "document")
        .order_by("-pk")
    )


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


def years_of(plan: Plan) -> list[ReportingYear]:
    """Opened years, latest first."""
    return list(plan.years.order_by("-year"))


def require_open(plan: Plan, year: int) -> ReportingYear:
    """The year, locked for this transaction. Raises YearNotOpen, YearClosed."""
    row = ReportingYear.objects.select_for_update().filter(plan=plan, year=year).first()
    if row is None:
        raise YearNotOpen(year=year)
    if row.closed_on:
        raise YearClosed(year=year, closed_on=f"{row.closed_on:%d/%m/%Y}")
    return row


def is_closed(plan: Plan, year: int) -> bool:
    """Whether a year is closed."""
    return ReportingYear.objects.filter(plan=plan, year=year, closed_on__isnull=False).exists()


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


def targets_of(version: PlanVersion) -> QuerySet[Target]:
    """The figures that a version sets itself, with their tasks."""
    return Target.objects.filter(task__version=version).select_related("task")
