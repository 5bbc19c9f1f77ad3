"""The plan in force, its versions and years."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.plans.errors import YearClosed, YearNotOpen
from tdcs.plans.models import Plan, PlanState, PlanVersion, ReportingYear, Task
from tdcs.plans.models.plan import VersionState


def current_plan() -> Plan | None:
    """The plan being carried out, the latest issued when there are several."""
    return Plan.objects.filter(state=PlanState.PUBLISHED).order_by("-issued_on").first()


def current_version(plan: Plan) -> PlanVersion:
    """The published version."""
    return PlanVersion.objects.get(plan=plan, state=VersionState.PUBLISHED)


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
