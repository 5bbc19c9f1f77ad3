"""How far a reading holds what a document of ``documents/`` says: facts found, facts lost, facts made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from case_files import CASES
from yaml_cases import read_cases

from tdcs.core.text import fold
from tdcs.plans.reading import PlanReading
from tdcs.plans.reading.model import ReadDuty, ReadTask, Timing

Wanted = dict[str, Any]


def expected(batch: str) -> dict[str, Wanted]:
    """The documents of one file of expectations by name."""
    found: dict[str, Wanted] = read_cases(CASES / f"{batch}.yaml")
    return found


@dataclass(slots=True)
class Sheet:
    """``total`` facts are wanted, ``hit`` of them found; ``said`` tells what is lost or ``extra``."""

    hit: int = 0
    total: int = 0
    extra: int = 0
    said: list[str] = field(default_factory=list)

    def want(self, ok: object, words: str) -> None:
        self.total += 1
        self.hit += bool(ok)
        if not ok:
            self.said.append(words)

    def invented(self, words: str) -> None:
        self.extra += 1
        self.said.append(words)


def scored(wanted: Wanted, got: PlanReading | None) -> Sheet:
    """``got`` is None when the document was refused."""
    sheet = Sheet()
    if wanted.get("refuse"):
        sheet.want(got is None, "read, though it is no plan")
        return sheet
    for key in ("number", "issued_on", "signer"):
        found = getattr(got, key, "")
        sheet.want(got and found == str(wanted[key]), f"{key}: {found!r}")
    issuer = got.issuer if got else ""
    sheet.want(_is_in(wanted["issuer"], issuer), f"issuer: {issuer!r}")
    used: list[ReadTask] = []
    tasks = got.tasks if got else ()
    for want in wanted["tasks"]:
        task = next((t for t in tasks if _is_in(want["has"], t.text) and t not in used), None)
        if task:
            used.append(task)
        if task or not want.get("optional"):
            _score_task(sheet, want, task)
    things: list[ReadTask | ReadDuty] = [*(got.duties if got else ()), *tasks]
    for want in wanted.get("duties", []):
        found = [one for one in things if _is_in(want["has"], one.text)]
        sheet.want(found, f"{want['has']}: no duty")
        if "due" in want or "days" in want:
            wrong = [_due_is_wrong(want, one.timing) for one in found]
            sheet.want(found and not all(wrong), f"{want['has']}: {wrong[:1]}")
        used.extend(one for one in found if isinstance(one, ReadTask))
    for task in tasks:
        if task not in used:
            sheet.invented(f"invented: {task.text[:60]}")
    return sheet


def _score_task(sheet: Sheet, want: Wanted, task: ReadTask | None) -> None:
    has = want["has"]
    sheet.want(task, f"{has}: no task")
    lead = " ; ".join(u.words for u in (*task.lead, *task.perform)) if task else ""
    helps = " ; ".join(u.words for u in task.coordinate) if task else ""
    for one in want["lead"]:
        sheet.want(task and _is_in(one, lead), f"{has}: lead {lead!r} lacks {one}")
    for one in want["with"]:
        sheet.want(task and _is_in(one, helps), f"{has}: with {helps!r} lacks {one}")
    if task and not want["with"] and helps:
        sheet.invented(f"{has}: with {helps!r}, nobody said")
    timing = task.timing if task else Timing()
    if "kind" in want:
        ok = task and timing.kind in want["kind"].split("|")
        sheet.want(ok, f"{has}: kind {timing.kind}, not {want['kind']} ({timing.text!r})")
    wrong = _due_is_wrong(want, timing)
    if "due" in want or "days" in want:
        sheet.want(task and not wrong, f"{has}: {wrong}")
    elif task and wrong:
        sheet.invented(f"{has}: {wrong}")


def _is_in(words: str, text: str) -> bool:
    return any(fold(one) in fold(text) for one in words.split("|"))


def _days(timing: Timing) -> set[str]:
    if timing.due_on or timing.days:
        return {*timing.days, *([timing.due_on] if timing.due_on else [])}
    if timing.month and timing.day:
        return {f"{timing.month:02d}-{timing.day:02d}"}
    return {f"{timing.day:02d}"} if timing.day else set()


def _due_is_wrong(want: Wanted, timing: Timing) -> str:
    wanted = list(map(str, want.get("days", [want["due"]] if "due" in want else [])))
    given = _days(timing)
    if not all(set(one.split("|")) & given for one in wanted):
        return f"due {sorted(given)}, not {wanted} ({timing.text!r})"
    no_day = want.get("kind") == "on_instruction" and given and not wanted
    return f"due {sorted(given)}, not said" if no_day else ""
