"""Corrections remembered for the next document of the same issuer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.plans.errors import AnswerIncomplete
from tdcs.plans.models import (
    CorrectionKind,
    Plan,
    PlanState,
    PlanVersion,
    ReadingCorrection,
    Task,
)
from tdcs.plans.reading.lessons import MEANT, key_of
from tdcs.plans.reading.timing import year_of
from tdcs.plans.services import importing
from tdcs.plans.services.review import require_draft


@dataclass(frozen=True, slots=True)
class AsRead:
    """A task before its correction: its time, and the unit that was read for each of its words."""

    timing: tuple[str, date | None]
    units: dict[str, str]


def as_read(task: Task) -> AsRead:
    """What stands there before a person corrects it."""
    units = {row.words: row.unit for row in task.assignments.all()}
    return AsRead((task.timing_kind, task.due_on), units)


def remember_task(*, task: Task, before: AsRead, by: User | None, on: date) -> int:
    """Keep what the person changed in units and time; how many words were learnt."""
    plan = task.version.plan
    with transaction.atomic():
        learnt = 0
        for row in task.assignments.all():
            if row.unit and row.words in before.units and before.units[row.words] != row.unit:
                meaning = {"unit": row.unit, "levels": row.levels, "area": row.area}
                learnt += _keep(plan, CorrectionKind.UNIT, row.words, meaning, by)
        if task.timing_text and (task.timing_kind, task.due_on) != before.timing:
            learnt += _keep(
                plan, CorrectionKind.DEADLINE, task.timing_text, _deadline(task, plan), by
            )
        if learnt:
            trail.record(action="plans.learn", subject=plan, by=by, on=on, data={"words": learnt})
    return learnt


def teach_word(
    *, version: PlanVersion, kind: str, words: str, means: str, by: User | None, on: date
) -> ReadingCorrection:
    """Say what a label or the heading of a column means. Raises VersionNotDraft, AnswerIncomplete."""
    missing = [
        said
        for there, said in (
            (kind in (CorrectionKind.HEADING, CorrectionKind.LABEL), "loại"),
            (key_of(words), "từ trong văn bản"),
            (means in MEANT, "nghĩa"),
        )
        if not there
    ]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))
    with transaction.atomic():
        require_draft(version)
        _keep(version.plan, CorrectionKind(kind), words, {"means": means}, by)
        trail.record(action="plans.learn", subject=version.plan, by=by, on=on, data={"words": 1})
    return ReadingCorrection.objects.get(issuer=version.plan.issuer, kind=kind, key=key_of(words))


def read_again(*, version: PlanVersion, by: User | None, on: date) -> PlanVersion:
    """Read a draft's document anew with what was learnt since; corrections of its tasks made by hand are dropped.

    Raises VersionNotDraft, and what the import raises; then the draft stays as it was.
    """
    with transaction.atomic():
        require_draft(version)
        plan, document = version.plan, version.document
        if document is None or plan.state != PlanState.DRAFT or version.number != 1:
            raise AnswerIncomplete(what="tệp văn bản của bản đầu tiên")
        content, filename = bytes(document.content), document.filename
        number, issued_on = plan.number, plan.issued_on
        importing.discard(version=version, by=by, on=on)
        return importing.import_document(
            content=content, filename=filename, number=number, issued_on=issued_on, by=by, on=on
        )


def _deadline(task: Task, plan: Plan) -> dict[str, object]:
    meaning: dict[str, object] = {"kind": task.timing_kind}
    if task.due_on:
        year = year_of(plan.title, plan.issued_on)
        meaning |= {
            "month": task.due_on.month,
            "day": task.due_on.day,
            "years_later": task.due_on.year - year,
        }
    return meaning


def _keep(
    plan: Plan, kind: CorrectionKind, words: str, meaning: Mapping[str, object], by: User | None
) -> int:
    key = key_of(words)[:300]
    if not key:
        return 0
    ReadingCorrection.objects.update_or_create(
        issuer=plan.issuer,
        kind=kind,
        key=key,
        defaults={
            "words": squash(words)[:300],
            "meaning": meaning,
            "made_at": clock.now(),
            "made_by": by,
        },
    )
    return 1
