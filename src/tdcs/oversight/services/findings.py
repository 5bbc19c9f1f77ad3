"""Findings: raised at an inspection, answered by who has to remedy them, closed by others or with evidence, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.documents.accepting import plain_title
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.oversight.errors import (
    ClosedWithoutEvidence,
    NotTheOwner,
    NotYourInspection,
    OversightFieldWrong,
    SubjectOutside,
)
from tdcs.oversight.models import Finding, FindingStep, Inspection, Severity
from tdcs.oversight.queries.inspections import checklist_of, loan_checklist_of, loan_in
from tdcs.oversight.queries.scope import acts_for, on_the_team
from tdcs.oversight.services.files import PROOFS, keep
from tdcs.oversight.services.moving import (
    Step,
    note,
    require_step,
    require_words,
    step_fields,
)
from tdcs.oversight.states import FINDING_MOVES, INSPECTION_MOVES, InspectionState


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """What is written down of a finding; ``loan`` 0: of the group or session itself."""

    item: str
    words: str
    cause: str
    recommendation: str
    owner: User
    due_on: date
    severity: str = ""
    loan: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """Words with or without a file."""

    words: str
    content: bytes = b""
    filename: str = ""


def raise_finding(
    *, inspection: Inspection, draft: FindingDraft, by: User, on: date, key: str
) -> Finding:
    """Writes a finding down; the last one of the same question at the same group, point or loan is the one it repeats.

    A second press is the first. Raises NotYourInspection, OversightStep, OversightFieldWrong, OversightReasonMissing,
    SubjectOutside.
    """

    def work(operation: Operation) -> dict[str, int]:
        row = Inspection.objects.select_for_update().get(pk=inspection.pk)
        if not on_the_team(by, row):
            raise NotYourInspection
        if row.state != InspectionState.OPEN:
            require_step(row, "finish", INSPECTION_MOVES)
        return {"finding": _raised(row, draft, by=by, on=on).pk}

    asked = {
        "inspection": inspection.pk, "loan": draft.loan, "item": draft.item, "words": draft.words,
        "cause": draft.cause, "recommendation": draft.recommendation, "owner": draft.owner.pk,
        "due_on": draft.due_on.isoformat(), "severity": draft.severity,
    }  # fmt: skip
    done = idempotent(
        key=key, action="oversight.raise_finding", request=asked, by=by, on=on, work=work
    )
    return Finding.objects.get(pk=done["finding"])


def _raised(row: Inspection, draft: FindingDraft, *, by: User, on: date) -> Finding:
    loan = loan_in(row, draft.loan) if draft.loan else None
    if draft.loan and loan is None:
        raise SubjectOutside(what="khoản vay")
    checklist = loan_checklist_of(row) if loan else checklist_of(row)
    item = checklist.item(draft.item) if checklist else None
    if item is None:
        raise OversightFieldWrong(field="nội dung kiểm tra", why="chưa chọn")
    severity = draft.severity or item.severity
    if severity not in Severity.values:
        raise OversightFieldWrong(field="mức độ", why="chưa chọn")
    if draft.due_on < on:
        raise OversightFieldWrong(field="hạn khắc phục", why="ngày đã qua")
    before = Finding.objects.filter(item=item.code, loan=loan).exclude(inspection=row)
    before = before.filter(inspection__group=row.group_id, inspection__point=row.point_id)
    made = Finding.objects.create(
        inspection=row,
        loan=loan,
        item=item.code,
        severity=severity,
        words=require_words(draft.words)[:500],
        cause=require_words(draft.cause)[:500],
        recommendation=require_words(draft.recommendation)[:500],
        owner=draft.owner,
        due_on=draft.due_on,
        repeats=before.order_by("-made_on", "-pk").first(),
        made_by=by,
        made_on=on,
    )
    FindingStep.objects.create(
        finding=made, **step_fields(made, Step("raise", "", made.words), by=by, on=on)
    )
    note(made, "raise_finding", by=by, on=on, item=item.code, owner=draft.owner.pk)
    return made


def answer(*, finding: Finding, proof: Proof, by: User, on: date) -> Finding:
    """Its owner says what was done. Raises NotTheOwner, OversightStep, OversightReasonMissing, FileRefused."""
    with transaction.atomic():
        row = _locked(finding)
        if row.owner_id != by.pk:
            raise NotTheOwner(owner=row.owner.full_name)
        return _moved(row, "answer", proof, by=by, on=on)


def close(*, finding: Finding, proof: Proof, by: User, on: date) -> Finding:
    """The finding is settled: by the inspecting body, or by its owner when a file proves it.

    Raises ClosedWithoutEvidence, NotTheOwner, OversightStep, OversightReasonMissing, FileRefused.
    """
    with transaction.atomic():
        row = _locked(finding)
        if row.owner_id == by.pk:
            if not proof.content and not row.steps.exclude(sha256="").exists():
                raise ClosedWithoutEvidence
        elif not acts_for(by, row.inspection.body_id):
            raise NotTheOwner(owner=row.owner.full_name)
        return _moved(row, "close", proof, by=by, on=on)


def reopen(*, finding: Finding, words: str, by: User, on: date) -> Finding:
    """It was not remedied after all. Raises NotYourInspection, OversightStep, OversightReasonMissing."""
    with transaction.atomic():
        row = _locked(finding)
        if row.owner_id == by.pk or not acts_for(by, row.inspection.body_id):
            raise NotYourInspection
        return _moved(row, "reopen", Proof(words), by=by, on=on)


def _locked(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("inspection", "owner")
    found: Finding = rows.get(pk=finding.pk)
    return found


def _moved(row: Finding, verb: str, proof: Proof, *, by: User, on: date) -> Finding:
    move = require_step(row, verb, FINDING_MOVES)
    words = require_words(proof.words)[:500]
    what = keep(proof.content, PROOFS) if proof.content else None
    source, row.state = row.state, move.target
    row.save(update_fields=["state"])
    title = plain_title(proof.filename, "Minh chứng") if what else ""
    FindingStep.objects.create(
        finding=row, **step_fields(row, Step(verb, source, words, what, title), by=by, on=on)
    )
    note(row, f"{verb}_finding", by=by, on=on, why=words, sha256=what.sha256 if what else "")
    return row
