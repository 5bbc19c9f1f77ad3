"""Amendments: proposed by units, gathered by the branch, decided, turned into the next version."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import MoveNotAllowed, ProposalIncomplete
from tdcs.plans.models import (
    AmendmentProposal,
    Assignment,
    Duty,
    Plan,
    PlanVersion,
    ProposalState,
    Target,
    Task,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.plans import current_version
from tdcs.plans.reading.timing import read_timing
from tdcs.plans.services.notices import notify
from tdcs.plans.titles import short_title


def propose(
    *,
    plan: Plan,
    organisation: Organisation,
    kind: str,
    task: Task | None,
    section_path: str,
    proposed_text: str,
    proposed_timing: str,
    reason: str,
    by: User | None,
    on: date,
) -> AmendmentProposal:
    """A unit asks; it goes to the branch at once."""
    missing = [
        words
        for there, words in (
            (reason.strip(), "lý do"),
            (kind == "add" or task, "nhiệm vụ cần sửa"),
            (
                kind == "remove" or proposed_text.strip() or proposed_timing.strip(),
                "nội dung đề nghị",
            ),
            (kind != "add" or section_path, "mục của kế hoạch"),
        )
        if not there
    ]
    if missing:
        raise ProposalIncomplete(what=", ".join(missing))
    with transaction.atomic():
        made = AmendmentProposal.objects.create(
            plan=plan,
            organisation=organisation,
            kind=kind,
            task=task,
            section_path=section_path or (task.section_path if task else ""),
            proposed_text=proposed_text.strip(),
            proposed_timing=proposed_timing.strip()[:300],
            reason=reason.strip(),
            state=ProposalState.SUBMITTED,
            submitted_on=on,
            submitted_by=by,
        )
        trail.record(action="plans.propose", subject=made, by=by, on=on)
    return made


def gather(*, proposals: Iterable[AmendmentProposal], by: User, on: date) -> int:
    """Put proposals into the branch's submission to the People's Committee."""
    with transaction.atomic():
        rows = list(_locked(proposals))
        for row in rows:
            if row.state != ProposalState.SUBMITTED:
                raise MoveNotAllowed(verb="tổng hợp", state=row.get_state_display())
            row.state = ProposalState.CONSOLIDATED
            row.save(update_fields=["state"])
            trail.record(action="plans.gather", subject=row, by=by, on=on)
    return len(rows)


def decide(
    *,
    proposals: Iterable[AmendmentProposal],
    approved: bool,
    number: str,
    decided_on: date,
    words: str,
    by: User,
    on: date,
) -> int:
    """Enter the People's Committee's decision."""
    if approved and not number.strip():
        raise ProposalIncomplete(what="số văn bản quyết định")
    with transaction.atomic():
        rows = list(_locked(proposals))
        for row in rows:
            if row.state != ProposalState.CONSOLIDATED:
                raise MoveNotAllowed(verb="ghi quyết định", state=row.get_state_display())
            row.state = ProposalState.APPROVED if approved else ProposalState.REJECTED
            row.decision_number, row.decided_on = number.strip()[:60], decided_on
            row.decision_words = words.strip()
            row.save()
            notify(
                organisation=row.organisation_id,
                words=f"Kiến nghị sửa đổi: {row.get_state_display().lower()}",
                url="/ke-hoach/kien-nghi/",
            )
            trail.record(action="plans.decide", subject=row, by=by, on=on, why=words)
    return len(rows)


def next_version(*, plan: Plan, by: User, on: date) -> PlanVersion:
    """A draft of the next version with every approved proposal applied; lineages are kept."""
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        rows = list(
            AmendmentProposal.objects.select_for_update(of=("self",))
            .filter(plan=plan, state=ProposalState.APPROVED, version__isnull=True)
            .select_related("task")
            .order_by("pk")
        )
        if not rows:
            raise ProposalIncomplete(what="kiến nghị đã được chấp thuận")
        if plan.versions.filter(state=VersionState.DRAFT).exists():
            raise MoveNotAllowed(verb="lập bản mới", state="đang có một bản chờ công bố")
        before = current_version(plan)
        numbers = sorted({row.decision_number for row in rows})
        made = PlanVersion.objects.create(
            plan=plan,
            number=before.number + 1,
            document=before.document,
            reading=before.reading,
            note=f"Theo {', '.join(numbers)}"[:300],
        )
        copies = _copy(before, made)
        for row in rows:
            _apply(row, made, copies)
            row.version = made
            row.save(update_fields=["version"])
        trail.record(
            action="plans.next_version", subject=made, by=by, on=on, data={"proposals": len(rows)}
        )
    return made


def _locked(proposals: Iterable[AmendmentProposal]) -> Iterable[AmendmentProposal]:
    keys = [row.pk for row in proposals]
    return (
        AmendmentProposal.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    )


def _copy(before: PlanVersion, made: PlanVersion) -> dict[uuid.UUID, Task]:
    copies: dict[uuid.UUID, Task] = {}
    for task in before.tasks.prefetch_related("assignments__organisations", "targets"):
        rows, targets = list(task.assignments.all()), list(task.targets.all())
        task.pk, task.version = None, made
        task.save(force_insert=True)
        copies[task.lineage] = task
        _copy_assignments(rows, task=task)
        for target in targets:
            target.pk, target.task = None, task
        Target.objects.bulk_create(targets)
    for duty in before.duties.prefetch_related("assignments__organisations"):
        rows = list(duty.assignments.all())
        duty.pk, duty.version = None, made
        duty.save(force_insert=True)
        _copy_assignments(rows, duty=duty)
    return copies


def _copy_assignments(
    rows: list[Assignment], *, task: Task | None = None, duty: Duty | None = None
) -> None:
    for row in rows:
        chosen = list(row.organisations.all())
        row.pk, row.task, row.duty = None, task, duty
        row.save(force_insert=True)
        row.organisations.set(chosen)


def _apply(row: AmendmentProposal, made: PlanVersion, copies: dict[uuid.UUID, Task]) -> None:
    if row.kind == "add":
        _add(row, made)
        return
    task = copies.get(row.task.lineage) if row.task else None
    if task is None:
        return
    if row.kind == "remove":
        task.delete()
        return
    if row.proposed_text:
        task.text, task.title = row.proposed_text, short_title(row.proposed_text)
    if row.proposed_timing:
        _time(task, row.proposed_timing)
    task.save()


def _add(row: AmendmentProposal, made: PlanVersion) -> None:
    siblings = list(made.tasks.filter(section_path=row.section_path).order_by("position"))
    like = siblings[-1] if siblings else made.tasks.order_by("position").last()
    assert like is not None  # a published version has tasks
    paths = set(made.tasks.values_list("path", flat=True))
    number = next(n for n in range(1, 100) if f"{row.section_path}.bs{n}" not in paths)
    task = Task(
        version=made,
        lineage=uuid.uuid4(),
        position=like.position,
        path=f"{row.section_path}.bs{number}",
        section_path=row.section_path,
        section_title=like.section_title if siblings else "",
        title=short_title(row.proposed_text),
        text=row.proposed_text,
        timing_kind="unknown",
    )
    _time(task, row.proposed_timing or "Hàng năm")
    task.save()
    Assignment.objects.create(
        task=task,
        role="perform",
        position=0,
        words=str(row.organisation),
        unit=row.organisation.type,
    ).organisations.set([row.organisation])


def _time(task: Task, words: str) -> None:
    timing = read_timing(words)
    task.timing_kind, task.timing_text = timing.kind, words[:300]
    task.starts_on = date.fromisoformat(timing.starts_on) if timing.starts_on else None
    task.due_on = date.fromisoformat(timing.due_on) if timing.due_on else None
