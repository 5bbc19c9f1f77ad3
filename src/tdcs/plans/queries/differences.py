"""What a version changed against the one before it, task by task."""

from __future__ import annotations

from dataclasses import dataclass, field

from tdcs.plans.models import PlanVersion, Task
from tdcs.plans.rules.difference import words_changed

Runs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One task that was added, removed, changed or only moved."""

    kind: str
    task: Task
    text: Runs = field(default_factory=list)
    timing: Runs = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    moved_from: str = ""


def changes_of(version: PlanVersion, before: PlanVersion) -> list[Change]:
    """Tasks in the order of the new version; removed ones at the end."""
    old = {task.lineage: task for task in before.tasks.prefetch_related("assignments")}
    new = {task.lineage: task for task in version.tasks.prefetch_related("assignments")}
    found = [
        change for key, task in new.items() if (change := _change(task, old.get(key))) is not None
    ]
    gone = [
        Change("remove", task, [("del", task.text)]) for key, task in old.items() if key not in new
    ]
    return found + gone


def _change(task: Task, was: Task | None) -> Change | None:
    if was is None:
        return Change("add", task, [("ins", task.text)], [], [("ins", w) for w in _units(task)])
    text = words_changed(was.text, task.text) if was.text != task.text else []
    timing = words_changed(_time(was), _time(task)) if _time(was) != _time(task) else []
    before, after = _units(was), _units(task)
    units = [("del", words) for words in before if words not in after]
    units += [("ins", words) for words in after if words not in before]
    moved = was.path if was.path != task.path else ""
    if not (text or timing or units or moved):
        return None
    kind = "change" if text or timing or units else "move"
    return Change(kind, task, text, timing, units, moved)


def _time(task: Task) -> str:
    words = task.timing_text or task.get_timing_kind_display()
    return f"{words} ({task.due_on:%d/%m/%Y})" if task.due_on else words


def _units(task: Task) -> list[str]:
    return [
        f"{row.get_role_display()}: {row.words}"
        + (f" ({', '.join(row.levels)})" if row.levels else "")
        for row in task.assignments.all()
    ]
