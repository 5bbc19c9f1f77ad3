"""A unit's own plan to carry out the province's (III.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import AlreadyIssued, AnswerIncomplete
from tdcs.plans.models import DutyKind, Obligation, Plan, UnitPlan
from tdcs.plans.queries.plans import require_open


def open_unit_plan(
    *, plan: Plan, organisation: Organisation, year: int, by: User | None, on: date
) -> UnitPlan:
    """The unit's plan of a year; made the first time with a row for each of its tasks."""
    with transaction.atomic():
        there = UnitPlan.objects.filter(plan=plan, organisation=organisation, year=year).first()
        if there:
            return there
        require_open(plan, year)
        made = UnitPlan.objects.create(
            plan=plan, organisation=organisation, year=year, words=_rows(plan, organisation, year)
        )
        trail.record(action="plans.open_unit_plan", subject=made, by=by, on=on)
    return made


def _rows(plan: Plan, organisation: Organisation, year: int) -> list[dict[str, str]]:
    owed = Obligation.objects.filter(
        plan=plan, year=year, holder=organisation, task__isnull=False
    ).exclude(state__in=("merged", "withdrawn"))
    return [
        {
            "path": row.task.path,
            "title": row.task.title,
            "who": "",
            "when": f"trước {row.due_on:%d/%m/%Y}"
            if row.due_on and row.due_before
            else f"{row.due_on:%d/%m/%Y}"
            if row.due_on
            else "",
        }
        for row in owed.select_related("task").order_by("task__position")
        if row.task
    ]


def save(*, unit_plan: UnitPlan, rows: list[dict[str, Any]], by: User | None, on: date) -> UnitPlan:
    """Save who does what by when."""
    with transaction.atomic():
        row = _draft(unit_plan)
        row.words = [
            {key: str(one.get(key, ""))[:300] for key in ("path", "title", "who", "when")}
            for one in rows
            if str(one.get("title", "")).strip()
        ]
        row.save(update_fields=["words"])
        trail.record(action="plans.edit_unit_plan", subject=row, by=by, on=on)
    return row


def issue(
    *,
    unit_plan: UnitPlan,
    number: str,
    signer: str,
    signer_title: str,
    issued_on: date,
    by: User | None,
    on: date,
) -> UnitPlan:
    """Issue the plan; the duty of III.1 is met."""
    missing = [w for v, w in ((number, "số, ký hiệu"), (signer, "người ký")) if not v.strip()]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))
    with transaction.atomic():
        row = _draft(unit_plan)
        row.number, row.signer, row.signer_title = number[:60], signer[:120], signer_title[:120]
        row.issued_on, row.state = issued_on, UnitPlan.State.ISSUED
        row.save()
        Obligation.objects.filter(
            plan=row.plan, holder=row.organisation, duty__kind=DutyKind.OWN_PLAN
        ).exclude(state__in=("merged", "withdrawn", "accepted")).update(
            state="submitted",
            submitted_on=on,
            percent=100,
            touched_at=clock.now(),
            words=f"Kế hoạch số {row.number} ngày {issued_on:%d/%m/%Y}",
        )
        trail.record(action="plans.issue_unit_plan", subject=row, by=by, on=on)
    return row


def _draft(unit_plan: UnitPlan) -> UnitPlan:
    row = UnitPlan.objects.select_for_update().get(pk=unit_plan.pk)
    require_open(row.plan, row.year)
    if row.state == UnitPlan.State.ISSUED:
        raise AlreadyIssued(what="Kế hoạch của đơn vị")
    return row
