"""Documents of our own in forms that nobody showed the reader: what each says is found, nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from case_files import CASES, file_of

from tdcs.core.text import fold
from tdcs.plans.reading import PlanReading, read_plan
from tdcs.plans.reading.model import ReadDuty, ReadTask, Timing

EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((CASES / "expected.yaml").read_text("utf-8"))


def _is_in(words: str, text: str) -> bool:
    return any(fold(one) in fold(text) for one in words.split("|"))


def _days(timing: Timing) -> set[str]:
    if timing.due_on or timing.days:
        return {*timing.days, *([timing.due_on] if timing.due_on else [])}
    if timing.month and timing.day:
        return {f"{timing.month:02d}-{timing.day:02d}"}
    return {f"{timing.day:02d}"} if timing.day else set()


def _due_is_wrong(want: dict[str, Any], timing: Timing) -> str:
    wanted = set(map(str, want.get("days", [want["due"]] if "due" in want else [])))
    given = _days(timing)
    if wanted and not wanted <= given:
        return f"due {sorted(given)}, not {sorted(wanted)} ({timing.text!r})"
    return (
        f"due {sorted(given)}, not said" if want.get("kind") == "on_instruction" and given else ""
    )


def misses(wanted: dict[str, Any], got: PlanReading) -> list[str]:
    """What the reading lacks or adds, in words."""
    said = [
        f"{key}: {getattr(got, key)!r}"
        for key in ("number", "issued_on", "signer")
        if getattr(got, key) != str(wanted[key])
    ]
    if not _is_in(wanted["issuer"], got.issuer):
        said.append(f"issuer: {got.issuer!r}")
    used: list[ReadTask] = []
    for want in wanted["tasks"]:
        task = next((t for t in got.tasks if _is_in(want["has"], t.text) and t not in used), None)
        if task:
            used.append(task)
            said.extend(f"{want['has']}: {one}" for one in _task_misses(want, task))
        elif not want.get("optional"):
            said.append(f"{want['has']}: no task")
    things: list[ReadTask | ReadDuty] = [*got.duties, *got.tasks]
    for want in wanted.get("duties", []):
        found = [one for one in things if _is_in(want["has"], one.text)]
        if not found:
            said.append(f"{want['has']}: no duty")
        elif all(_due_is_wrong(want, one.timing) for one in found):
            said.append(f"{want['has']}: {_due_is_wrong(want, found[0].timing)}")
        used.extend(one for one in found if isinstance(one, ReadTask))
    return [*said, *(f"invented: {t.text[:60]}" for t in got.tasks if t not in used)]


def _task_misses(want: dict[str, Any], task: ReadTask) -> list[str]:
    lead = " ; ".join(u.words for u in (*task.lead, *task.perform))
    helps = " ; ".join(u.words for u in task.coordinate)
    said = [f"lead {lead!r} lacks {one}" for one in want["lead"] if not _is_in(one, lead)]
    said += [f"with {helps!r} lacks {one}" for one in want["with"] if not _is_in(one, helps)]
    if not want["with"] and helps:
        said.append(f"with {helps!r}, nobody said")
    if "kind" in want and task.timing.kind not in want["kind"].split("|"):
        said.append(f"kind {task.timing.kind}, not {want['kind']} ({task.timing.text!r})")
    wrong = _due_is_wrong(want, task.timing)
    return [*said, *([wrong] if wrong else [])]


@pytest.mark.parametrize(
    ("name", "form"), [(name, form) for name, row in EXPECTED.items() for form in row["forms"]]
)
def test_the_document_is_read_as_it_is_meant(name: str, form: str) -> None:
    assert misses(EXPECTED[name], read_plan(file_of(name, form))) == []
