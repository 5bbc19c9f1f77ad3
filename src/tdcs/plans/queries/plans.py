"""The plan in force, its versions and years."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tdcs.plans.errors import YearClosed, YearNotOpen
from tdcs.plans.models import Assignment, Plan, PlanState, PlanVersion, ReportingYear, Task
from tdcs.plans.models.plan import VersionState


def current_plan() -> Plan | None:
    """The plan being carried out, the latest issued when there are several."""
    return Plan.objects.filter(state=PlanState.PUBLISHED).order_by("-issued_on").first()


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
