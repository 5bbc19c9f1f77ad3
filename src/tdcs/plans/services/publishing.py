"""Publish a reviewed version: it is in force beside the plans there are, and obligations follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.organisations.queries import successors
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.errors import (
    NothingToPublish,
    RelationWrong,
    Unresolved,
    VersionNotDraft,
    YearsWrong,
)
from tdcs.plans.models import (
    Duty,
    Obligation,
    ObligationState,
    Plan,
    PlanMove,
    PlanState,
    PlanVersion,
    ProgressEntry,
    Task,
    TimingKind,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.derivation import Owed, derive
from tdcs.plans.queries.plans import last_year_of, unresolved_rows, version_before
from tdcs.plans.rules.in_force import end_of
from tdcs.plans.services.deriving import SHAPE, create, open_year, shape
from tdcs.plans.services.entries import enter_steps
from tdcs.plans.services.following import follow_successions
from tdcs.plans.services.moves import note_move
from tdcs.plans.services.relating import Related, relate

LONGEST = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """How a plan takes its place among the others; without anything said it runs beside them, with its own report."""

    in_force_from: date | None = None
    field: str = ""
    reports_with: Plan | None = None
    related: tuple[Related, ...] = ()
    # Words without a unit are left out on purpose.
    leave_out_unresolved: bool = False


def publish(
    *,
    version: PlanVersion,
    first_year: int,
    last_year: int,
    terms: Terms | None = None,
    by: User | None,
    on: date,
) -> PlanVersion:
    """Make a draft the version in force and derive what it asks for, through the present year.

    Plans in force before stay so, unless ``terms`` say what this one does to them, of a plan's first
    version only. Years derived before keep their first year; closed years keep their rows. Raises VersionNotDraft,
    NothingToPublish, YearsWrong, Unresolved (words without a unit, unless left out on purpose), TwoSuccessors,
    RelationWrong.
    """
    terms = terms or Terms()
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=version.plan_id)
        version = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        before = version_before(version)
        first_year = plan.first_year if before else first_year
        _require_ready(version, first_year, last_year, terms.leave_out_unresolved)
        if before:
            before.state = VersionState.SUPERSEDED
            before.save(update_fields=["state"])
        version.state = VersionState.PUBLISHED
        version.takes_effect_on = on if before else plan.issued_on
        version.published_at, version.published_by = clock.now(), by
        version.save()
        _take_place(plan, first_year, last_year, None if before else terms)
        if plan.obligations.exists():
            carry_over(plan, version)
        if before:
            align(plan, from_year=on.year, by=by, on=on)
        else:
            relate(plan=plan, related=terms.related, by=by, on=on)
        _open_years(plan, by=by, on=on)
        note_move(PlanMove.Verb.PUBLISH, plan=plan, version=version, by=by, on=on)
        trail.record(
            action="plans.publish", subject=version, by=by, on=on, data={"version": version.number}
        )
    version.plan = plan
    return version


def _take_place(plan: Plan, first: int, last: int, terms: Terms | None) -> None:
    """State, years and days of the plan; a next version leaves its first day and its relations as they are."""
    shortened = plan.in_force_until is not None and plan.in_force_until < end_of(plan.last_year)
    plan.state, plan.first_year, plan.last_year = PlanState.PUBLISHED, first, last
    if terms:
        plan.in_force_from = terms.in_force_from or plan.issued_on
        plan.field = squash(terms.field)[:120] or plan.field
        plan.reports_with = _reporting_host(plan, terms.reports_with)
    if terms or not shortened:
        plan.in_force_until = end_of(last)
    if plan.in_force_from is None or plan.in_force_from >= end_of(last):
        raise YearsWrong(first=first, last=last, issued=plan.issued_on.year)
    plan.save()


def _reporting_host(plan: Plan, host: Plan | None) -> Plan | None:
    """The plan in whose report this one is reported; it must have a report of its own. Raises RelationWrong."""
    if host is None:
        return None
    host = Plan.objects.get(pk=host.pk)
    if host.pk == plan.pk or host.reports_with_id or host.state != PlanState.PUBLISHED:
        raise RelationWrong(what=f"không báo cáo chung với {host} được")
    return host


def unresolved_tasks(version: PlanVersion) -> list[Task]:
    """Tasks with words that no unit was found for and nobody has settled."""
    keys = unresolved_rows(version).values_list("task", flat=True)
    return list(version.tasks.filter(pk__in=set(keys)).order_by("position"))


def _require_ready(version: PlanVersion, first: int, last: int, leave_out: bool) -> None:
    if version.state != VersionState.DRAFT:
        raise VersionNotDraft
    if not version.tasks.exists():
        raise NothingToPublish
    issued = version.plan.issued_on.year
    if not issued <= first <= last <= first + LONGEST:
        raise YearsWrong(first=first, last=last, issued=issued)
    rows = list(unresolved_rows(version))
    if rows and not leave_out:
        paths = dict.fromkeys(row.task.path if row.task else row.duty.path for row in rows)  # type: ignore[union-attr]
        raise Unresolved(count=len(paths), paths=", ".join(paths))
    for row in rows:
        row.left_out = True
        row.save(update_fields=["left_out"])


def _open_years(plan: Plan, *, by: User | None, on: date) -> None:
    """Open each year with the units of its start and follow its successions before the next is opened."""
    closed = set(plan.years.filter(closed_on__isnull=False).values_list("year", flat=True))
    for year in range(plan.first_year, min(on.year, last_year_of(plan)) + 1):
        if year not in closed:
            open_year(plan=plan, year=year, by=by, on=on)
        follow_successions(plan=plan, on=min(on, date(year, 12, 31)), by=by)


def carry_over(plan: Plan, version: PlanVersion) -> None:
    """Obligations of open years point to the new rows of tasks and duties that live on."""
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    live = Obligation.objects.filter(plan=plan).exclude(year__in=closed)
    for model, name in ((Task, "task"), (Duty, "duty")):
        new = {row.lineage: row.pk for row in model._default_manager.filter(version=version)}
        old = model._default_manager.filter(version__plan=plan).exclude(version=version)
        for row in old:
            if row.lineage in new:
                live.filter(**{name: row}).update(**{f"{name}_id": new[row.lineage]})


def align(plan: Plan, *, from_year: int, by: User | None, on: date) -> None:
    """From the year of the change on, rows take the new period and role, or are withdrawn with the task."""
    years = plan.years.filter(year__gte=from_year, closed_on=None).order_by("year")
    for year in years.values_list("year", flat=True):
        owed = derive(plan, year)
        rows = list(
            Obligation.objects.select_for_update(of=("self",))
            .select_related("task")
            .filter(plan=plan, year=year, directive=None)
            .exclude(state__in=(ObligationState.ACCEPTED, ObligationState.WITHDRAWN))
            .order_by("pk")
        )
        withdrawn = _reshape(rows, owed, on)
        _withdraw(withdrawn, by, on)
        _unmerge(rows)
        create(plan, owed)


def _reshape(rows: list[Obligation], owed: list[Owed], on: date) -> list[Obligation]:
    """Give rows the period of what is owed now; returns those that are owed no more."""
    named = {(*one.thing, one.organisation): one for one in owed}
    lines = successors({one.organisation for one in owed}, on)
    carried = {(*one.thing, unit): one for one in owed for unit in lines[one.organisation]}
    changed, gone = [], []
    for row in rows:
        if row.task and row.task.timing_kind == TimingKind.ON_INSTRUCTION and _lives_on(row):
            continue
        thing = (row.task_id, row.duty_id)
        one = named.get((*thing, row.organisation_id)) or carried.get((*thing, row.holder_id))
        if one is None:
            gone.append(row)
        elif shape(row, one):
            changed.append(row)
    update_rows(changed, SHAPE)
    return gone


def _lives_on(row: Obligation) -> bool:
    assert row.task is not None  # asked by the caller
    return row.task.version.state == VersionState.PUBLISHED


def _withdraw(rows: list[Obligation], by: User | None, on: date) -> None:
    for row in rows:
        row.state = ObligationState.WITHDRAWN
    update_rows(rows, ["state"])
    verb = ProgressEntry.Verb.WITHDRAW
    enter_steps(rows, verb, "Kế hoạch sửa đổi", at=clock.now(), by=by, on=on)


def _unmerge(rows: Iterable[Obligation]) -> None:
    """What had been merged into a row that is now withdrawn stands by itself again, to be followed anew."""
    freed = [
        row
        for row in rows
        if row.state == ObligationState.MERGED
        and row.merged_into is not None
        and row.merged_into.state == ObligationState.WITHDRAWN
    ]
    for row in freed:
        row.state, row.merged_into = ObligationState.OPEN, None
    update_rows(freed, ["state", "merged_into"])
