"""A person corrects what was read before it is published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.organisations import catalogue
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import AnswerIncomplete, PathTaken, UnitNotFound, VersionNotDraft
from tdcs.plans.models import (
    Assignment,
    AssignmentRole,
    Duty,
    DutyKind,
    PlanVersion,
    Target,
    Task,
    TimingKind,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.titles import short_title

_LEVELS: Final = ("province", "district", "commune")
_DATED: Final = (TimingKind.QUARTER, TimingKind.BY_DATE)


@dataclass(frozen=True, slots=True)
class Named:
    """One row of who does it, as the reviewer leaves it; ``unit`` is a catalogue code or ""."""

    role: str
    words: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    area: str = ""
    qualifier: str = ""
    organisations: tuple[int, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """One target as the reviewer leaves it."""

    figure: Decimal
    unit: str
    comparison: str
    base: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskDraft:
    """A task as it is to read; ``targets`` and ``product`` None keep what is there."""

    title: str
    text: str
    timing_kind: str
    due_on: date | None
    assignments: Iterable[Named]
    targets: Iterable[Aim] | None = None
    product: str | None = None
    checked: bool = True


def update_task(*, task: Task, draft: TaskDraft, by: User | None, on: date) -> Task:
    """Correct one task; ``targets`` None keeps them. Raises VersionNotDraft, AnswerIncomplete, UnitNotFound."""
    dated = draft.timing_kind in _DATED
    _require(
        (draft.title.strip(), "tên nhiệm vụ"),
        (draft.text.strip(), "nội dung"),
        (draft.timing_kind in TimingKind.values, "thời gian"),
        (not dated or draft.due_on, "ngày đến hạn"),
    )
    with transaction.atomic():
        require_draft(task.version)
        task.title, task.text = squash(draft.title)[:200], nfc(draft.text).strip()
        task.timing_kind, task.due_on = draft.timing_kind, draft.due_on if dated else None
        if not dated or (task.starts_on and draft.due_on and task.starts_on > draft.due_on):
            task.starts_on = None
        if draft.product is not None:
            task.product = squash(draft.product)[:500]
        task.checked = draft.checked
        task.save()
        _write_named(draft.assignments, task=task)
        if draft.targets is not None:
            task.targets.all().delete()
            Target.objects.bulk_create(_target(task, aim) for aim in draft.targets)
        trail.record(action="plans.review_task", subject=task, by=by, on=on)
    return task


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyDraft:
    """A general duty as it is to read."""

    kind: str
    text: str
    due_month: int | None
    due_day: int | None
    due_before: bool
    assignments: Iterable[Named]
    checked: bool = True


def update_duty(*, duty: Duty, draft: DutyDraft, by: User | None, on: date) -> Duty:
    """Correct a general duty. Raises VersionNotDraft, AnswerIncomplete, UnitNotFound."""
    _require(
        (draft.text.strip(), "nội dung"),
        (draft.kind in DutyKind.values, "loại nhiệm vụ"),
        (bool(draft.due_month) == bool(draft.due_day), "cả ngày và tháng của hạn"),
        (
            not draft.due_month or _is_day(draft.due_month, draft.due_day or 0),
            "một ngày có thật làm hạn",
        ),
    )
    with transaction.atomic():
        require_draft(duty.version)
        duty.kind, duty.text = draft.kind, nfc(draft.text).strip()
        duty.due_month, duty.due_day = draft.due_month, draft.due_day
        duty.due_before, duty.checked = bool(draft.due_month) and draft.due_before, draft.checked
        duty.save()
        _write_named(draft.assignments, duty=duty)
        trail.record(action="plans.review_duty", subject=duty, by=by, on=on)
    return duty


def add_task(
    *, version: PlanVersion, path: str, text: str, after: Task | None, by: User | None, on: date
) -> Task:
    """A task that reading missed, placed after another. Raises VersionNotDraft, AnswerIncomplete, PathTaken."""
    path = squash(path)[:40]
    _require((path, "số mục"), (text.strip(), "nội dung"))
    with transaction.atomic():
        require_draft(version)
        if version.tasks.filter(path=path).exists():
            raise PathTaken(path=path)
        position = after.position + 1 if after else 0
        for row in version.tasks.filter(position__gte=position).order_by("-position"):
            row.position += 1
            row.save(update_fields=["position"])
        made = Task.objects.create(
            version=version,
            lineage=uuid.uuid4(),
            position=position,
            path=path,
            section_path=after.section_path if after else path.rpartition(".")[0][:30],
            section_title=after.section_title if after else "",
            title=short_title(nfc(text))[:200],
            text=nfc(text).strip(),
            timing_kind=TimingKind.UNKNOWN,
        )
        trail.record(action="plans.add_task", subject=made, by=by, on=on)
    return made


def remove_task(*, task: Task, by: User | None, on: date) -> None:
    """What was read is no task: leave it out."""
    with transaction.atomic():
        require_draft(task.version)
        trail.record(action="plans.remove_task", subject=task, by=by, on=on)
        task.delete()


def remove_duty(*, duty: Duty, by: User | None, on: date) -> None:
    """What was read is no duty: leave it out."""
    with transaction.atomic():
        require_draft(duty.version)
        trail.record(action="plans.remove_duty", subject=duty, by=by, on=on)
        duty.delete()


def require_draft(version: PlanVersion) -> None:
    """Lock the version; raises VersionNotDraft."""
    row = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != VersionState.DRAFT:
        raise VersionNotDraft


def _require(*parts: tuple[object, str]) -> None:
    missing = [words for there, words in parts if not there]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))


def _is_day(month: int, day: int) -> bool:
    try:
        # A due day must exist in every year, so 29 February does not.
        date(2025, month, day)
    except ValueError:
        return False
    return True


def _write_named(
    rows: Iterable[Named], *, task: Task | None = None, duty: Duty | None = None
) -> None:
    owner = task or duty
    assert owner is not None  # one of the two is given
    owner.assignments.all().delete()
    for position, row in enumerate(rows):
        if row.unit and row.unit not in catalogue.entries():
            raise UnitNotFound(words=row.unit)
        name = catalogue.entries()[row.unit].name if row.unit else ""
        made = Assignment.objects.create(
            task=task,
            duty=duty,
            role=row.role if row.role in AssignmentRole.values else AssignmentRole.PERFORM,
            position=position,
            words=squash(row.words or name)[:500],
            unit=row.unit,
            levels=[one for one in row.levels if one in _LEVELS],
            area=row.area[:120],
            qualifier=row.qualifier[:80],
            left_out=row.left_out,
        )
        if row.organisations:
            made.organisations.set(Organisation.objects.filter(pk__in=row.organisations))


def _target(task: Task, aim: Aim) -> Target:
    return Target(
        task=task,
        figure=aim.figure,
        unit=squash(aim.unit)[:30],
        comparison=aim.comparison[:10],
        base=squash(aim.base)[:200],
        words=squash(aim.words)[:500],
    )
