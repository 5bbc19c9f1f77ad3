"""Obligations are derived, never typed: task or duty × resolved unit × period (docs/rules/obligations.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.errors import InstructionPast, MoveNotAllowed, YearOutOfPlan
from tdcs.plans.models import (
    Duty,
    DutyKind,
    Obligation,
    ObligationState,
    Plan,
    ReportingYear,
    Task,
    TimingKind,
)
from tdcs.plans.queries.derivation import Owed, derive, lineages, owed_for, resolver_on
from tdcs.plans.queries.plans import last_year_of, require_open
from tdcs.plans.rules.periods import once_only
from tdcs.plans.services.following import follow_successions

__all__ = ["activate", "create", "follow_successions", "open_year"]

_GONE = (ObligationState.MERGED, ObligationState.WITHDRAWN)


def open_year(*, plan: Plan, year: int, by: User | None, on: date) -> int:
    """Open a reporting year and create its obligations; returns how many were created. Idempotent.

    Raises YearOutOfPlan, YearClosed.
    """
    last = last_year_of(plan)
    if not plan.first_year <= year <= last:
        raise YearOutOfPlan(year=year, first=plan.first_year, last=last)
    with transaction.atomic():
        _, new = ReportingYear.objects.get_or_create(plan=plan, year=year)
        require_open(plan, year)
        made = create(plan, derive(plan, year))
        if new or made:
            trail.record(
                action="plans.open_year",
                subject=plan,
                by=by,
                on=on,
                data={"year": year, "made": made},
            )
    return made


def activate(*, task: Task, due_on: date, by: User | None, on: date) -> int:
    """An instruction came: the task "khi có chỉ đạo" is owed by a day. Returns how many units owe it.

    Raises MoveNotAllowed, InstructionPast, YearNotOpen, YearClosed.
    """
    if task.timing_kind != TimingKind.ON_INSTRUCTION:
        raise MoveNotAllowed(verb="giao thực hiện", state=task.get_timing_kind_display())
    if due_on < on:
        raise InstructionPast(due_on=f"{due_on:%d/%m/%Y}")
    plan = task.version.plan
    with transaction.atomic():
        require_open(plan, due_on.year)
        period = once_only(due_on=due_on, starts_on=on, plan_day=plan.issued_on)
        made = create(plan, owed_for(task, period, resolver_on(plan, on)))
        trail.record(
            action="plans.activate",
            subject=task,
            by=by,
            on=on,
            data={"due_on": due_on, "made": made},
        )
    return made


def create(plan: Plan, owed: Iterable[Owed]) -> int:
    """Write what is owed and not there yet; a withdrawn one is taken up again. Returns how many live anew."""
    settled, same = _own_plans(plan), lineages(plan)
    there = {
        (same[_thing(row.task_id, row.duty_id)], row.organisation_id, row.period_start): row
        for row in Obligation.objects.filter(plan=plan, directive=None)
    }
    new: list[Obligation] = []
    revived: list[Obligation] = []
    for one in owed:
        if one.duty in settled and one.organisation in settled[one.duty]:
            continue
        thing = same[_thing(one.task, one.duty)]
        row = there.get((thing, one.organisation, one.period.validity.starts_on))
        if row is None:
            new.append(_obligation(plan, one))
        elif row.state == ObligationState.WITHDRAWN:
            # What was told before it was withdrawn is kept; the unit hands it in again.
            row.state = ObligationState.IN_PROGRESS if row.words else ObligationState.OPEN
            row.holder_id, row.submitted_on = one.organisation, None
            shape(row, one)
            revived.append(row)
    Obligation.objects.bulk_create(new, batch_size=1000)
    update_rows(revived, ["state", "holder", "submitted_on", *SHAPE])
    return len(new) + len(revived)


# What the period and role of a derivation set on a row.
SHAPE = ("role", "year", "period_start", "period_end", "due_on", "due_before")


def shape(row: Obligation, one: Owed) -> bool:
    """Give a row the role and period of a derivation; returns whether anything changed."""
    before = [getattr(row, name) for name in SHAPE]
    row.role, row.year = one.role, one.period.year
    row.period_start = one.period.validity.starts_on
    assert one.period.validity.ends_on is not None  # every period has an end
    row.period_end = one.period.validity.ends_on
    row.due_on, row.due_before = one.period.due_on, one.period.due_before
    return before != [getattr(row, name) for name in SHAPE]


def _obligation(plan: Plan, one: Owed) -> Obligation:
    row = Obligation(
        plan=plan,
        task_id=one.task,
        duty_id=one.duty,
        organisation_id=one.organisation,
        holder_id=one.organisation,
    )
    shape(row, one)
    return row


def _thing(task: int | None, duty: int | None) -> tuple[str, int | None]:
    return ("task", task) if task else ("duty", duty)


def _own_plans(plan: Plan) -> dict[int, set[int]]:
    """Duty "a plan of one's own" → units that have it already, by any version's row of the duty."""
    rows = Obligation.objects.filter(plan=plan, duty__kind=DutyKind.OWN_PLAN).exclude(
        state__in=_GONE
    )
    have = {unit for pair in rows.values_list("holder_id", "organisation_id") for unit in pair}
    duties = Duty.objects.filter(version__plan=plan, kind=DutyKind.OWN_PLAN)
    return dict.fromkeys(duties.values_list("pk", flat=True), have)
