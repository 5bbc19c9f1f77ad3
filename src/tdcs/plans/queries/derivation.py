"""What a version of the plan makes units owe in a year: read from the plan and the units, nothing written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tdcs.organisations.queries import Resolver, UnitRef, province_of, successors
from tdcs.plans.models import Assignment, Duty, DutyKind, Plan, PlanVersion, Task, TimingKind
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.in_force import ends_of_tasks
from tdcs.plans.queries.plans import version_for
from tdcs.plans.rules.in_force import end_of, still_owed
from tdcs.plans.rules.periods import Period, once_only, yearly

# A unit named twice owes once, under the stronger role.
_ROLE_ORDER: Final = {"lead": 0, "perform": 1}

_DATED: Final = (TimingKind.QUARTER, TimingKind.BY_DATE)


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as derivation says it."""

    task: int | None
    duty: int | None
    organisation: int
    role: str
    period: Period

    @property
    def thing(self) -> tuple[int | None, int | None]:
        """What is owed: (task, duty)."""
        return (self.task, self.duty)


def derive(plan: Plan, year: int) -> list[Owed]:
    """What the plan makes the units owe in a year, by the units at the year's start; less what a later plan ended."""
    owed = derive_whole(plan, year)
    tasks, until = ends_of_tasks(plan), plan.in_force_until
    if not tasks and (until is None or until >= end_of(year)):
        return owed
    kept = lineages(plan) if tasks else {}
    return [one for one in owed if _still_owed(one, until, tasks.get(str(kept.get(_thing(one)))))]


def _still_owed(one: Owed, until: date | None, task_ended: date | None) -> bool:
    ends = [day for day in (until, task_ended) if day]
    assert one.period.validity.ends_on is not None  # every period has an end
    return still_owed(
        due_on=one.period.due_on,
        due_before=one.period.due_before,
        period_end=one.period.validity.ends_on,
        ended_on=min(ends) if ends else None,
    )


def _thing(one: Owed) -> tuple[str, int | None]:
    return ("task", one.task) if one.task else ("duty", one.duty)


def derive_whole(plan: Plan, year: int) -> list[Owed]:
    """The same before any end: what the version of the year asks for."""
    version = version_for(plan, year)
    resolver = resolver_on(plan, max(date(year, 1, 1), plan.issued_on))
    owed = owed_by(version, year, resolver)
    if version.state == VersionState.PUBLISHED:
        return owed
    # A year before the amendment is derived by its own version, but points to the rows that live on.
    tasks, duties = _heirs_of_rows(version, Task), _heirs_of_rows(version, Duty)
    return [
        replace(one, task=tasks.get(one.task, one.task), duty=duties.get(one.duty, one.duty))
        for one in owed
    ]


def lineages(plan: Plan) -> dict[tuple[str, int | None], object]:
    """("task" or "duty", id) → what stays the same over versions."""
    tasks = Task.objects.filter(version__plan=plan).values_list("pk", "lineage")
    duties = Duty.objects.filter(version__plan=plan).values_list("pk", "lineage")
    found: dict[tuple[str, int | None], object] = {("task", pk): key for pk, key in tasks}
    found.update((("duty", pk), key) for pk, key in duties)
    return found


def _heirs_of_rows(
    version: PlanVersion, model: type[Task] | type[Duty]
) -> dict[int | None, int | None]:
    current = model._default_manager.filter(
        version__plan=version.plan_id, version__state=VersionState.PUBLISHED
    )
    new = dict(current.values_list("lineage", "pk"))
    old = model._default_manager.filter(version=version).values_list("pk", "lineage")
    return {pk: new.get(lineage, pk) for pk, lineage in old}


def owed_by(version: PlanVersion, year: int, resolver: Resolver) -> list[Owed]:
    """The same for any version, a draft too."""
    plan, report = version.plan, _report_duty(version)
    owed: list[Owed] = []
    for task in version.tasks.prefetch_related("assignments__organisations"):
        period = period_of(task, plan, year, report)
        if period:
            owed += _owed(task.assignments.all(), resolver, period, task=task.pk)
    for duty in version.duties.prefetch_related("assignments__organisations"):
        period = duty_period(duty, year)
        if period:
            owed += _owed(duty.assignments.all(), resolver, period, duty=duty.pk)
    return owed


def owed_for(task: Task, period: Period, resolver: Resolver) -> list[Owed]:
    """What one task makes owed in a given period."""
    rows = task.assignments.prefetch_related("organisations")
    return _owed(rows, resolver, period, task=task.pk)


def resolver_on(plan: Plan, day: date) -> Resolver:
    """Answers whom the plan's words mean on a day."""
    return Resolver(province=province_of(plan.issuer, plan.issued_on), on=day)


def period_of(task: Task, plan: Plan, year: int, report: Duty | None) -> Period | None:
    """The task's period in a year, or None when nothing is owed in that year."""
    if task.timing_kind == TimingKind.ON_INSTRUCTION:
        return None
    if task.timing_kind in _DATED and task.due_on:
        if task.due_on.year != year:
            return None
        return once_only(due_on=task.due_on, starts_on=task.starts_on, plan_day=plan.issued_on)
    month, day = (report.due_month, report.due_day) if report else (None, None)
    return yearly(year, month=month, day=day, before=bool(report and report.due_before))


def duty_period(duty: Duty, year: int) -> Period | None:
    """The duty's period in a year; proposals to amend and other general words are owed by nobody."""
    if duty.kind in (DutyKind.AMEND, DutyKind.OTHER):
        return None
    if duty.kind == DutyKind.OWN_PLAN:
        # A plan of its own is owed once by each unit, from the first year it is in the plan.
        return Period(yearly(year, month=None, day=None, before=False).validity, year, None)
    return yearly(year, month=duty.due_month, day=duty.due_day, before=duty.due_before)


def _report_duty(version: PlanVersion) -> Duty | None:
    return version.duties.filter(kind=DutyKind.YEARLY_REPORT).first()


def resolve_assignment(row: Assignment, resolver: Resolver) -> tuple[int, ...]:
    """Units of an assignment on the resolver's day: those chosen by hand, else those the words mean."""
    if row.left_out:
        return ()
    chosen = [unit.pk for unit in row.organisations.all()]
    if chosen:
        return tuple(sorted({h for hs in successors(chosen, resolver.on).values() for h in hs}))
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
        if row.role not in _ROLE_ORDER:
            continue
        for unit in resolve_assignment(row, resolver):
            known = roles.get(unit)
            if known is None or _ROLE_ORDER[row.role] < _ROLE_ORDER[known]:
                roles[unit] = row.role
    return [Owed(task, duty, unit, role, period) for unit, role in sorted(roles.items())]
