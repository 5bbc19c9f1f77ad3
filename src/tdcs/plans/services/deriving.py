"""Obligations are derived, never typed: task or duty × resolved unit × period; and they follow their unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.queries import Resolver, UnitRef, heirs, province_of
from tdcs.plans.errors import MoveNotAllowed, YearOutOfPlan
from tdcs.plans.models import (
    Assignment,
    Duty,
    DutyKind,
    Obligation,
    ObligationState,
    Plan,
    PlanVersion,
    ProgressEntry,
    ReportingYear,
    Task,
    TimingKind,
)
from tdcs.plans.queries.plans import current_version, require_open
from tdcs.plans.rules.periods import Period, once, yearly

_ROLE_ORDER = {"lead": 0, "perform": 1, "coordinate": 2}


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as derivation says it."""

    task: int | None
    duty: int | None
    organisation: int
    role: str
    period: Period


def open_year(*, plan: Plan, year: int, by: User | None, on: date) -> int:
    """Open a reporting year and create its obligations; returns how many were created. Idempotent."""
    if not plan.first_year <= year <= plan.last_year:
        raise YearOutOfPlan(year=year, first=plan.first_year, last=plan.last_year)
    with transaction.atomic():
        ReportingYear.objects.get_or_create(plan=plan, year=year)
        require_open(plan, year)
        made = _create(plan, derive(plan, year))
        trail.record(
            action="plans.open_year", subject=plan, by=by, on=on, data={"year": year, "made": made}
        )
    return made


def derive(plan: Plan, year: int) -> list[Owed]:
    """What the published version makes the units owe in a year, by the units at the year's start."""
    version = current_version(plan)
    start = max(date(year, 1, 1), plan.issued_on)
    resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=start)
    report = _report_duty(version)
    owed: list[Owed] = []
    for task in version.tasks.prefetch_related("assignments__organisations"):
        period = period_of(task, plan, year, report)
        if period:
            owed += _owed(task.assignments.all(), resolver, period, task=task.pk)
    for duty in version.duties.prefetch_related("assignments__organisations"):
        period = _duty_period(duty, plan, year)
        if period:
            owed += _owed(duty.assignments.all(), resolver, period, duty=duty.pk)
    return owed


def period_of(task: Task, plan: Plan, year: int, report: Duty | None) -> Period | None:
    """The task's period in a year, or None when nothing is owed in that year."""
    if task.timing_kind == TimingKind.ON_INSTRUCTION:
        return None
    if task.timing_kind in (TimingKind.QUARTER, TimingKind.BY_DATE) and task.due_on:
        if task.due_on.year != year:
            return None
        return once(due_on=task.due_on, starts_on=task.starts_on, plan_day=plan.issued_on)
    month, day = (report.due_month, report.due_day) if report else (None, None)
    return yearly(year, month=month, day=day, before=bool(report and report.due_before))


def _duty_period(duty: Duty, plan: Plan, year: int) -> Period | None:
    if duty.kind in (DutyKind.AMEND, DutyKind.OTHER):
        return None
    if duty.kind == DutyKind.OWN_PLAN:
        # A plan of its own is owed once, by each unit, from the first year it is in the plan.
        return Period(yearly(year, month=None, day=None, before=False).validity, year, None)
    return yearly(year, month=duty.due_month, day=duty.due_day, before=duty.due_before)


def _report_duty(version: PlanVersion) -> Duty | None:
    return version.duties.filter(kind=DutyKind.YEARLY_REPORT).first()


def resolve_assignment(row: Assignment, resolver: Resolver) -> tuple[int, ...]:
    """Units of an assignment on the resolver's day: those chosen by hand, else those the words mean."""
    chosen = [unit.pk for unit in row.organisations.all()]
    if chosen:
        return tuple(sorted({h for hs in heirs(chosen, resolver.on).values() for h in hs}))
    return resolver.resolve(UnitRef(row.unit, tuple(row.levels), row.area)) if row.unit else ()


def _owed(
    rows: Iterable[Assignment],
    resolver: Resolver,
    period: Period,
    *,
    task: int | None = None,
    duty: int | None = None,
) -> list[Owed]:
    roles: dict[int, str] = {}
    for row in rows:
        if row.role == "coordinate":
            continue
        for unit in resolve_assignment(row, resolver):
            known = roles.get(unit)
            if known is None or _ROLE_ORDER[row.role] < _ROLE_ORDER[known]:
                roles[unit] = row.role
    return [Owed(task, duty, unit, role, period) for unit, role in sorted(roles.items())]


def _create(plan: Plan, owed: list[Owed]) -> int:
    own_plans = set(
        Obligation.objects.filter(plan=plan, duty__kind=DutyKind.OWN_PLAN).values_list(
            "holder_id", flat=True
        )
    )
    own_duties = set(
        Duty.objects.filter(version__plan=plan, kind=DutyKind.OWN_PLAN).values_list("pk", flat=True)
    )
    rows = [
        Obligation(
            plan=plan,
            task_id=one.task,
            duty_id=one.duty,
            organisation_id=one.organisation,
            holder_id=one.organisation,
            role=one.role,
            year=one.period.year,
            period_start=one.period.validity.starts_on,
            period_end=one.period.validity.ends_on,
            due_on=one.period.due_on,
            due_before=one.period.due_before,
        )
        for one in owed
        if not (one.duty in own_duties and one.organisation in own_plans)
    ]
    before = Obligation.objects.filter(plan=plan).count()
    Obligation.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return Obligation.objects.filter(plan=plan).count() - before


def activate(*, task: Task, due_on: date, by: User | None, on: date) -> int:
    """An instruction came: the task "khi có chỉ đạo" is owed by a day. Returns how many units owe it."""
    if task.timing_kind != TimingKind.ON_INSTRUCTION:
        raise MoveNotAllowed(verb="kích hoạt", state=task.get_timing_kind_display())
    plan = task.version.plan
    with transaction.atomic():
        require_open(plan, due_on.year)
        resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=on)
        period = once(due_on=due_on, starts_on=on, plan_day=plan.issued_on)
        made = _create(plan, _owed(task.assignments.all(), resolver, period, task=task.pk))
        trail.record(
            action="plans.activate",
            subject=task,
            by=by,
            on=on,
            data={"due_on": due_on, "made": made},
        )
    return made


def follow_successions(*, plan: Plan, on: date, by: User | None) -> int:
    """Move what ceased units still owe to the units that carry on their duties; returns how many moved.

    Done matters stay where they were done. A successor that owes the same already absorbs the old one.
    """
    done = (ObligationState.ACCEPTED, ObligationState.MERGED, ObligationState.WITHDRAWN)
    with transaction.atomic():
        rows = list(
            Obligation.objects.select_for_update(of=("self",))
            .filter(plan=plan, holder__ends_on__lte=on)
            # A period that was over before the unit ceased stays on the map of its year.
            .filter(period_end__gt=F("holder__ends_on"))
            .exclude(state__in=done)
            .order_by("pk")
        )
        closed = set(plan.years.filter(closed_on__isnull=False).values_list("year", flat=True))
        rows = [row for row in rows if row.year not in closed]
        moved = _move(rows, on)
        if moved:
            trail.record(action="plans.follow", subject=plan, by=by, on=on, data={"moved": moved})
    return moved


def _move(rows: list[Obligation], on: date) -> int:
    lines = heirs({row.holder_id for row in rows}, on)
    there = {_key(o, o.holder_id): o for o in _living(rows)}
    changed: list[Obligation] = []
    entries: list[ProgressEntry] = []
    for row in rows:
        targets = [unit for unit in lines[row.holder_id] if unit != row.holder_id]
        if not targets:
            continue
        first = _settle(row, targets, there)
        changed.append(row)
        entries.append(_follow_entry(row, first, on))
    Obligation.objects.bulk_update(changed, ["holder", "state", "merged_into"], batch_size=500)
    ProgressEntry.objects.bulk_create(entries, batch_size=1000)
    return len(changed)


def _settle(
    row: Obligation, targets: list[int], there: dict[tuple[object, ...], Obligation]
) -> int:
    """Hand a row to its heirs: the first free heir takes the row itself, the others get one of their own."""
    free = [unit for unit in targets if _key(row, unit) not in there]
    if not free:
        row.state, row.merged_into = ObligationState.MERGED, there[_key(row, targets[0])]
        return targets[0]
    row.holder_id = free[0]
    there[_key(row, free[0])] = row
    for unit in free[1:]:
        there[_key(row, unit)] = Obligation.objects.create(
            plan_id=row.plan_id,
            task_id=row.task_id,
            duty_id=row.duty_id,
            directive_id=row.directive_id,
            organisation_id=unit,
            holder_id=unit,
            role=row.role,
            year=row.year,
            period_start=row.period_start,
            period_end=row.period_end,
            due_on=row.due_on,
            due_before=row.due_before,
        )
    return free[0]


def _key(row: Obligation, holder: int) -> tuple[object, ...]:
    return (row.task_id, row.duty_id, row.directive_id, row.year, holder)


def _living(rows: list[Obligation]) -> Iterable[Obligation]:
    gone = (ObligationState.MERGED, ObligationState.WITHDRAWN)
    years = {row.year for row in rows}
    plans = {row.plan_id for row in rows}
    return Obligation.objects.filter(plan_id__in=plans, year__in=years).exclude(state__in=gone)


def _follow_entry(row: Obligation, to: int, on: date) -> ProgressEntry:
    return ProgressEntry(
        obligation=row,
        verb=ProgressEntry.Verb.FOLLOW,
        on=on,
        at=clock.now(),
        organisation_id=to,
        percent=row.percent,
        words=row.words,
    )
