"""Publish a reviewed version: it becomes the plan in force and obligations follow from it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.models import OrganisationSuccession
from tdcs.plans.errors import Unresolved, VersionNotDraft
from tdcs.plans.models import (
    Assignment,
    Duty,
    Obligation,
    ObligationState,
    Plan,
    PlanState,
    PlanVersion,
    Task,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.services.deriving import follow_successions, open_year


def publish(
    *,
    version: PlanVersion,
    first_year: int,
    last_year: int,
    leave_out_unresolved: bool = False,
    by: User | None,
    on: date,
) -> PlanVersion:
    """Make a draft the version in force; open the years from the first to the present one.

    Raises VersionNotDraft, Unresolved (words without a unit, unless left out on purpose).
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=version.plan_id)
        version = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if version.state != VersionState.DRAFT:
            raise VersionNotDraft
        if not leave_out_unresolved:
            _require_resolved(version)
        before = plan.versions.filter(state=VersionState.PUBLISHED).first()
        if before:
            before.state = VersionState.SUPERSEDED
            before.save(update_fields=["state"])
        version.state = VersionState.PUBLISHED
        version.takes_effect_on = on if before else plan.issued_on
        version.published_at, version.published_by = clock.now(), by
        version.save()
        plan.state, plan.first_year, plan.last_year = PlanState.PUBLISHED, first_year, last_year
        plan.save()
        if before:
            _carry_over(plan, version)
        _open_years(plan, by=by, on=on, renew=before is not None)
        trail.record(
            action="plans.publish", subject=version, by=by, on=on, data={"version": version.number}
        )
    return version


def unresolved_tasks(version: PlanVersion) -> list[Task]:
    """Tasks with words that no unit was found for and nobody was chosen for."""
    rows = Assignment.objects.filter(task__version=version, unit="", organisations__isnull=True)
    return list(Task.objects.filter(pk__in=rows.values("task")).order_by("position"))


def _require_resolved(version: PlanVersion) -> None:
    tasks = unresolved_tasks(version)
    if tasks:
        raise Unresolved(count=len(tasks), paths=", ".join(task.path for task in tasks))


def _open_years(plan: Plan, *, by: User | None, on: date, renew: bool) -> None:
    """Open each year with the units of its start, then follow every succession up to the present."""
    closed = set(plan.years.filter(closed_on__isnull=False).values_list("year", flat=True))
    for year in range(plan.first_year, min(on.year, plan.last_year) + 1):
        if year in closed:
            continue
        open_year(plan=plan, year=year, by=by, on=on)
    days = OrganisationSuccession.objects.filter(on__gt=plan.issued_on, on__lte=on)
    for day in days.values_list("on", flat=True).distinct().order_by("on"):
        follow_successions(plan=plan, on=day, by=by)


def _carry_over(plan: Plan, version: PlanVersion) -> None:
    """Open obligations of kept tasks point to the new rows; those of removed tasks are withdrawn."""
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    live = Obligation.objects.filter(plan=plan).exclude(year__in=closed)
    for model, name in ((Task, "task"), (Duty, "duty")):
        new = {row.lineage: row.pk for row in model._default_manager.filter(version=version)}
        old = model._default_manager.filter(version__plan=plan).exclude(version=version)
        for row in old:
            mine = live.filter(**{name: row})
            if row.lineage in new:
                mine.update(**{f"{name}_id": new[row.lineage]})
            else:
                mine.exclude(state=ObligationState.ACCEPTED).update(state=ObligationState.WITHDRAWN)
