"""Amendments: proposed by units, gathered by the branch, decided, turned into the next version."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.documents.official.wording import LETTERS, letter
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import (
    AlreadyIssued,
    MoveNotAllowed,
    NothingChosen,
    ProposalIncomplete,
    ReasonMissing,
)
from tdcs.plans.models import (
    AmendmentProposal,
    AmendmentSubmission,
    Assignment,
    AssignmentRole,
    Duty,
    NoticeKind,
    Plan,
    PlanVersion,
    ProposalState,
    Target,
    Task,
    TimingKind,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.plans import current_version
from tdcs.plans.reading.timing import read_timing
from tdcs.plans.services.issuing import require_signed, write_signed
from tdcs.plans.services.notices import notify
from tdcs.plans.titles import short_title


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalDraft:
    """What a unit would have otherwise in the plan, and why."""

    kind: str
    task: Task | None
    section_path: str
    text: str
    timing: str
    reason: str


def propose(
    *,
    plan: Plan,
    organisation: Organisation,
    draft: ProposalDraft,
    as_draft: bool = False,
    by: User | None,
    on: date,
) -> AmendmentProposal:
    """A unit asks; it goes to the branch at once, unless kept as a draft. Raises ProposalIncomplete."""
    with transaction.atomic():
        made = AmendmentProposal(plan=plan, organisation=organisation)
        _fill(made, draft)
        if not as_draft:
            _require_complete(made)
            made.state = ProposalState.SUBMITTED
            made.submitted_on, made.submitted_by = on, by
        made.save()
        trail.record(action="plans.propose", subject=made, by=by, on=on)
    return made


def edit(
    *, proposal: AmendmentProposal, draft: ProposalDraft, by: User | None, on: date
) -> AmendmentProposal:
    """Change a draft."""
    with transaction.atomic():
        row = _one(proposal, "sửa kiến nghị", ProposalState.DRAFT)
        _fill(row, draft)
        row.save()
        trail.record(action="plans.edit_proposal", subject=row, by=by, on=on)
    return row


def submit(*, proposal: AmendmentProposal, by: User | None, on: date) -> AmendmentProposal:
    """Send a draft to the branch. Raises ProposalIncomplete."""
    with transaction.atomic():
        row = _one(proposal, "gửi kiến nghị", ProposalState.DRAFT)
        _require_complete(row)
        row.state, row.returned_why = ProposalState.SUBMITTED, ""
        row.submitted_on, row.submitted_by = on, by
        row.save()
        trail.record(action="plans.submit_proposal", subject=row, by=by, on=on)
    return row


def recall(*, proposal: AmendmentProposal, by: User | None, on: date) -> AmendmentProposal:
    """Take a proposal back before the branch has gathered it."""
    with transaction.atomic():
        row = _one(proposal, "rút lại kiến nghị", ProposalState.SUBMITTED)
        row.state = ProposalState.DRAFT
        row.save()
        trail.record(action="plans.recall_proposal", subject=row, by=by, on=on)
    return row


def send_back(
    *, proposal: AmendmentProposal, why: str, by: User | None, on: date
) -> AmendmentProposal:
    """The branch asks the unit to say more. Raises ReasonMissing."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _one(proposal, "trả lại kiến nghị", ProposalState.SUBMITTED)
        row.state, row.returned_why = ProposalState.DRAFT, nfc(why).strip()
        row.save()
        _notify_unit(row, f"Kiến nghị được trả lại để bổ sung: {row.returned_why}")
        trail.record(action="plans.return_proposal", subject=row, by=by, on=on, why=why[:300])
    return row


def gather(
    *, proposals: Iterable[AmendmentProposal], opinion: str = "", by: User | None, on: date
) -> AmendmentSubmission:
    """Put proposals into one submission to the People's Committee. Raises NothingChosen, MoveNotAllowed."""
    with transaction.atomic():
        rows = list(_locked(proposals))
        if not rows:
            raise NothingChosen(what="kiến nghị")
        made = AmendmentSubmission.objects.create(
            plan=rows[0].plan, made_on=on, opinion=nfc(opinion).strip()
        )
        for row in rows:
            _require(row, "tổng hợp", ProposalState.SUBMITTED)
            row.state, row.submission = ProposalState.CONSOLIDATED, made
            row.save(update_fields=["state", "submission"])
            trail.record(action="plans.gather", subject=row, by=by, on=on)
        trail.record(
            action="plans.make_submission", subject=made, by=by, on=on, data={"count": len(rows)}
        )
    return made


def set_opinion(
    *, submission: AmendmentSubmission, opinion: str, by: User | None, on: date
) -> AmendmentSubmission:
    """The branch's own words under the proposals. Raises AlreadyIssued."""
    with transaction.atomic():
        row = _submission_draft(submission)
        row.opinion = nfc(opinion.replace("\r\n", "\n")).strip()
        row.save(update_fields=["opinion"])
        trail.record(action="plans.edit_submission", subject=row, by=by, on=on)
    return row


def issue_submission(
    *, submission: AmendmentSubmission, signing: Signing, by: User | None, on: date
) -> AmendmentSubmission:
    """Give the submission its number, day and signer. Raises AnswerIncomplete, AlreadyIssued."""
    require_signed(signing)
    with transaction.atomic():
        row = _submission_draft(submission)
        write_signed(row, signing, on)
        row.state = AmendmentSubmission.State.ISSUED
        row.save()
        trail.record(action="plans.issue_submission", subject=row, by=by, on=on)
    return row


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitteeDecision:
    """What the People's Committee decided."""

    approved: bool
    number: str
    decided_on: date
    words: str


def decide(
    *,
    proposals: Iterable[AmendmentProposal],
    decision: CommitteeDecision,
    by: User | None,
    on: date,
) -> int:
    """Enter the People's Committee's decision on some proposals. Raises ProposalIncomplete, NothingChosen."""
    if decision.approved and not decision.number.strip():
        raise ProposalIncomplete(what="số văn bản quyết định")
    with transaction.atomic():
        rows = list(_locked(proposals))
        if not rows:
            raise NothingChosen(what="kiến nghị")
        for row in rows:
            _require(row, "ghi quyết định", ProposalState.CONSOLIDATED)
            row.state = ProposalState.APPROVED if decision.approved else ProposalState.REJECTED
            row.decision_number, row.decided_on = (
                nfc(decision.number).strip()[:60],
                decision.decided_on,
            )
            row.decision_words = nfc(decision.words).strip()
            row.save()
            _notify_unit(row, f"Kiến nghị sửa đổi: {row.get_state_display().lower()}")
            trail.record(action="plans.decide", subject=row, by=by, on=on, why=decision.words[:300])
    return len(rows)


def _fill(row: AmendmentProposal, draft: ProposalDraft) -> None:
    row.kind = (
        draft.kind if draft.kind in AmendmentProposal.Kind.values else AmendmentProposal.Kind.CHANGE
    )
    row.task = None if row.kind == AmendmentProposal.Kind.ADD else draft.task
    row.section_path = (row.task.section_path if row.task else draft.section_path)[:30]
    row.proposed_text = "" if row.kind == AmendmentProposal.Kind.REMOVE else squash(draft.text)
    row.proposed_timing = (
        "" if row.kind == AmendmentProposal.Kind.REMOVE else squash(draft.timing)[:300]
    )
    row.reason = nfc(draft.reason.replace("\r\n", "\n")).strip()


def _require_complete(row: AmendmentProposal) -> None:
    adds = row.kind == AmendmentProposal.Kind.ADD
    removes = row.kind == AmendmentProposal.Kind.REMOVE
    needed = (
        (row.reason, "lý do"),
        (adds or row.task, "nhiệm vụ cần sửa đổi, bãi bỏ"),
        (removes or row.proposed_text or (not adds and row.proposed_timing), "nội dung đề nghị"),
        (not adds or row.section_path, "phần của kế hoạch"),
    )
    missing = [words for there, words in needed if not there]
    if missing:
        raise ProposalIncomplete(what=", ".join(missing))


def _one(proposal: AmendmentProposal, verb: str, state: ProposalState) -> AmendmentProposal:
    row = AmendmentProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    _require(row, verb, state)
    return row


def _require(row: AmendmentProposal, verb: str, state: ProposalState) -> None:
    if row.state != state:
        raise MoveNotAllowed(verb=verb, state=row.get_state_display())


def _submission_draft(submission: AmendmentSubmission) -> AmendmentSubmission:
    row = AmendmentSubmission.objects.select_for_update().get(pk=submission.pk)
    if row.state == AmendmentSubmission.State.ISSUED:
        raise AlreadyIssued(what="Tờ trình")
    return row


def _notify_unit(row: AmendmentProposal, words: str) -> None:
    notify(organisation=row.organisation_id, words=words, kind=NoticeKind.PROPOSALS)


def next_version(*, plan: Plan, by: User | None, on: date) -> PlanVersion:
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
    if row.kind == AmendmentProposal.Kind.ADD:
        _add(row, made)
        return
    lineage = row.task.lineage if row.task else None
    task = copies.get(lineage) if lineage else None
    if task is None or lineage is None:
        return  # an earlier proposal of the same decision took the task away
    if row.kind == AmendmentProposal.Kind.REMOVE:
        task.delete()
        del copies[lineage]
        return
    if row.proposed_text:
        task.text, task.title = row.proposed_text, short_title(row.proposed_text)
    if row.proposed_timing:
        _time(task, row.proposed_timing)
    task.save()


def _add(row: AmendmentProposal, made: PlanVersion) -> None:
    """A task at the end of its section, performed by the unit that asked; the draft's review can change it."""
    siblings = list(made.tasks.filter(section_path=row.section_path).order_by("position"))
    like = siblings[-1] if siblings else made.tasks.order_by("position").last()
    assert like is not None  # a published version has tasks
    made.tasks.filter(position__gt=like.position).update(position=F("position") + 1)
    task = Task(
        version=made,
        lineage=uuid.uuid4(),
        position=like.position + 1,
        path=_free_path(made.plan, row.section_path),
        section_path=row.section_path,
        section_title=like.section_title if siblings else "",
        title=short_title(row.proposed_text),
        text=row.proposed_text,
        timing_kind=TimingKind.UNKNOWN,
    )
    _time(task, row.proposed_timing or "Hàng năm")
    task.save()
    unit = row.organisation
    made_row = Assignment.objects.create(
        task=task,
        role=AssignmentRole.PERFORM,
        position=0,
        words=profile_of(unit, row.submitted_on or made.plan.issued_on).name,
        unit=unit.type,
    )
    made_row.organisations.set([unit])


def _free_path(plan: Plan, section: str) -> str:
    """The list letter after the last that any version of the plan used in the section."""
    used = Task.objects.filter(version__plan=plan, section_path=section)
    marks = {path.rpartition(".")[2] for path in used.values_list("path", flat=True)}
    letters = [LETTERS.index(mark) for mark in marks if len(mark) == 1 and mark in LETTERS]
    figures = [int(mark) for mark in marks if mark.isdecimal()]
    if figures and not letters:
        return f"{section}.{max(figures) + 1}"
    return f"{section}.{letter(max(letters, default=-1) + 2)}"


def _time(task: Task, words: str) -> None:
    timing = read_timing(words)
    task.timing_kind, task.timing_text = timing.kind, words[:300]
    task.starts_on = date.fromisoformat(timing.starts_on) if timing.starts_on else None
    task.due_on = date.fromisoformat(timing.due_on) if timing.due_on else None
