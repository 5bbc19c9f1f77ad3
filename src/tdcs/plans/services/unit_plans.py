"""A unit's own plan to carry out the province's (III.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.organisations.models import Organisation
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import AlreadyIssued, Stale
from tdcs.plans.models import DutyKind, Obligation, ObligationState, Plan, UnitPlan
from tdcs.plans.queries.plans import require_open
from tdcs.plans.services.evidence import accepted
from tdcs.plans.services.issuing import meet_duties, require_signed, write_signed

ROW_KEYS = ("path", "title", "who", "when")
MAX_ROWS = 200


def open_unit_plan(
    *, plan: Plan, organisation: Organisation, year: int, by: User | None, on: date
) -> UnitPlan:
    """The unit's plan of a year; made the first time with a row for each of its tasks. Raises YearClosed."""
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
    """The unit's tasks; who did each in the plan of the year before is taken over."""
    owed = Obligation.objects.filter(
        plan=plan, year=year, holder=organisation, task__isnull=False
    ).exclude(state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN))
    before = (
        UnitPlan.objects.filter(plan=plan, organisation=organisation, year__lt=year)
        .order_by("-year")
        .first()
    )
    who = {row.get("path"): row.get("who", "") for row in (before.words if before else [])}
    return [
        {
            "path": row.task.path,
            "title": row.task.title,
            "who": who.get(row.task.path, ""),
            "when": timing_words(row),
        }
        for row in owed.select_related("task").order_by("task__position")
        if row.task
    ]


def timing_words(row: Obligation) -> str:
    """ "Thường xuyên, trước 15/12/2026": the plan's own words and the day by which the result is due."""
    said = squash(row.task.timing_text).rstrip(".") if row.task else ""
    if row.due_on is None:
        return said
    due = f"{'trước' if row.due_before else 'đến'} {row.due_on:%d/%m/%Y}"
    return f"{said}, {due}" if said else due[:1].upper() + due[1:]


def save(
    *,
    unit_plan: UnitPlan,
    rows: Iterable[Mapping[str, object]],
    revision: int | None = None,
    by: User | None,
    on: date,
) -> UnitPlan:
    """Save who does what by when; rows without a title are dropped. Raises Stale, AlreadyIssued."""
    with transaction.atomic():
        row = _draft(unit_plan)
        kept = [
            {key: squash(str(one.get(key, "")))[:300] for key in ROW_KEYS}
            for one in rows
            if squash(str(one.get("title", "")))
        ][:MAX_ROWS]
        if kept == row.words:
            return row
        if revision is not None and revision != row.revision:
            raise Stale
        row.words, row.revision = kept, row.revision + 1
        row.save(update_fields=["words", "revision"])
        trail.record(action="plans.edit_unit_plan", subject=row, by=by, on=on)
    return row


def issue(*, unit_plan: UnitPlan, signing: Signing, by: User | None, on: date) -> UnitPlan:
    """Issue the plan; the duty of III.1 is met. Raises AnswerIncomplete, AlreadyIssued, YearClosed."""
    with transaction.atomic():
        row = _draft(unit_plan)
        require_signed(signing, **{"nhiệm vụ": bool(row.words)})
        write_signed(row, signing, on)
        row.state = UnitPlan.State.ISSUED
        row.save()
        _meet_duty(row, by, on)
        trail.record(action="plans.issue_unit_plan", subject=row, by=by, on=on)
    return row


def _meet_duty(unit_plan: UnitPlan, by: User | None, on: date) -> None:
    closed = unit_plan.plan.years.filter(closed_on__isnull=False).values("year")
    rows = Obligation.objects.filter(
        plan=unit_plan.plan,
        holder=unit_plan.organisation,
        duty__kind=DutyKind.OWN_PLAN,
        state__in=(ObligationState.OPEN, ObligationState.IN_PROGRESS, ObligationState.RETURNED),
    ).exclude(year__in=closed)
    words = f"Kế hoạch số {unit_plan.number} ngày {unit_plan.issued_on:%d/%m/%Y}"
    meet_duties(rows, words, by=by, on=on)


def attach(
    *, unit_plan: UnitPlan, filename: str, content: bytes, by: User | None, on: date
) -> UnitPlan:
    """Keep the signed scan beside the plan. Raises BadEvidence, YearClosed."""
    what = accepted(content)
    with transaction.atomic():
        row = UnitPlan.objects.select_for_update(of=("self",)).get(pk=unit_plan.pk)
        require_open(row.plan, row.year)
        # The stored name is ours: nothing of the sender's name reaches the disk.
        row.file.save(f"{what.sha256[:20]}{what.ending}", ContentFile(content), save=False)
        row.sha256 = what.sha256
        row.save(update_fields=["file", "sha256"])
        trail.record(
            action="plans.attach_unit_plan",
            subject=row,
            by=by,
            on=on,
            data={"file": squash(filename)[:200], "sha256": what.sha256},
        )
    return row


def _draft(unit_plan: UnitPlan) -> UnitPlan:
    row = UnitPlan.objects.select_for_update(of=("self",)).get(pk=unit_plan.pk)
    require_open(row.plan, row.year)
    if row.state == UnitPlan.State.ISSUED:
        raise AlreadyIssued(what="Kế hoạch của đơn vị")
    return row
