"""A person corrects what was read before it is published."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.organisations import catalogue
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import AnswerIncomplete, VersionNotDraft
from tdcs.plans.models import Assignment, PlanVersion, Task, TimingKind
from tdcs.plans.models.plan import VersionState


def update_task(
    *,
    task: Task,
    title: str,
    text: str,
    timing_kind: str,
    due_on: date | None,
    assignments: list[dict[str, Any]],
    by: User | None,
    on: date,
) -> Task:
    """Correct one task. ``assignments``: role, words, unit, levels, area, organisations of each row kept.

    Raises VersionNotDraft, AnswerIncomplete.
    """
    dated = timing_kind in (TimingKind.QUARTER, TimingKind.BY_DATE)
    missing = [
        words
        for there, words in (
            (title.strip(), "tên nhiệm vụ"),
            (text.strip(), "nội dung"),
            (timing_kind in TimingKind.values, "thời gian"),
            (not dated or due_on, "ngày đến hạn"),
        )
        if not there
    ]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))
    with transaction.atomic():
        require_draft(task.version)
        task.title, task.text = title.strip()[:200], text.strip()
        task.timing_kind = timing_kind
        task.due_on = due_on if dated else None
        task.save()
        task.assignments.all().delete()
        for position, row in enumerate(assignments):
            _write(task, position, row)
        trail.record(action="plans.review_task", subject=task, by=by, on=on)
    return task


def remove_task(*, task: Task, by: User | None, on: date) -> None:
    """What was read is no task: leave it out."""
    with transaction.atomic():
        require_draft(task.version)
        trail.record(action="plans.remove_task", subject=task, by=by, on=on)
        task.delete()


def _write(task: Task, position: int, row: dict[str, Any]) -> None:
    unit = row.get("unit", "")
    made = Assignment.objects.create(
        task=task,
        role=row["role"],
        position=position,
        words=str(row.get("words") or unit)[:500],
        unit=unit if unit in catalogue.entries() else "",
        levels=[one for one in row.get("levels", []) if one in ("province", "district", "commune")],
        area=str(row.get("area", ""))[:120],
        qualifier=str(row.get("qualifier", ""))[:80],
    )
    made.organisations.set(Organisation.objects.filter(pk__in=row.get("organisations", [])))


def require_draft(version: PlanVersion) -> None:
    """Lock the version; raises VersionNotDraft."""
    row = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != VersionState.DRAFT:
        raise VersionNotDraft
