"""Tasks and duties from the tree of items, whichever way the plan assigns: labels, agencies, sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.assignments import ROLES, Parts, gather, make_task
from tdcs.plans.reading.duties import is_duty, read_duties
from tdcs.plans.reading.facts import BY_SENTENCE, HEADED
from tdcs.plans.reading.grammar import is_agency, subject
from tdcs.plans.reading.labels import labels_behind
from tdcs.plans.reading.model import Fact, ReadDuty, ReadTask, UnitWords
from tdcs.plans.reading.sections import is_aside, is_carry_out, is_closing, is_reporting, is_work
from tdcs.plans.reading.sentences import assignment
from tdcs.plans.reading.structure import Item, Paragraph
from tdcs.plans.reading.timing import timing_inside

_SHORTEST: Final = 6
_HEADING: Final = 70
_ANNEX = re.compile(
    r"\bphu luc\b|\bchi tiet tai\b|\bbang (?:duoi|sau)\b|\bkem theo\b|\bnhu sau:?$|\bduoi day:?$"
)


@dataclass(slots=True)
class Found:
    """One task on its way: ``sure`` when somebody was named for it, ``duty`` when its words lay down a report."""

    path: str
    parts: Parts
    section: tuple[str, str]
    sure: bool
    carry_out: bool
    duty: bool = False

    @property
    def task(self) -> ReadTask:
        return make_task(self.path, self.parts, self.section)


def tasks_and_duties(
    roots: list[Item], year: int, *, annexed: bool
) -> tuple[list[ReadTask], list[ReadDuty]]:
    """``annexed``: an annex assigns the work, so what the body leaves without a unit is only its heading."""
    found: list[Found] = []
    for root in roots:
        if not is_reporting(root) and (is_carry_out(root) or not is_aside(root)):
            found.extend(_found(root, year, carry_out=is_carry_out(root)))
    labelled = any(one.parts.labelled for one in found)
    agency = any(one.sure and not one.parts.labelled for one in found)
    kept = [one for one in found if _kept(one, labelled=labelled, agency=agency, annexed=annexed)]
    reporting = [root for root in roots if is_carry_out(root) or is_reporting(root)]
    used = {number for one in kept for number in one.parts.lines}
    duties = _duties(reporting, year, used)
    for one in found:
        if one.duty and one not in kept and not one.carry_out:
            text = "\n".join(one.parts.text)
            duties.extend(read_duties(one.path, text, tuple(one.parts.lines), year))
    return [one.task for one in kept], duties


# A point that says what or where, and gives nobody work.
_SAYS_WHAT: Final = re.compile(
    r"(?:linh vuc|doi tuong|pham vi|dia ban|dia diem|thanh phan|kinh phi|quy mo|co so phap ly|so luong|hinh thuc|thoi luong)\b"
)


def _kept(one: Found, *, labelled: bool, agency: bool, annexed: bool) -> bool:
    if one.parts.labelled:
        return True
    if one.duty and not one.sure:
        return False
    if one.carry_out:
        return one.section[0].startswith("@") or (
            one.sure and not (one.duty or labelled or annexed)
        )
    if one.sure:
        return not one.duty
    if not one.parts.timed and _SAYS_WHAT.match(fold(one.parts.text[0][:60])):
        return False
    return not (agency or annexed) or (labelled and not annexed)


def _found(root: Item, year: int, *, carry_out: bool) -> list[Found]:
    found: list[Found] = []
    if not root.children and not root.notes and is_closing(root.text):
        return [_report(root, gather(root, year, deep=False))] if is_duty(root.text) else found
    section = root.kind in ("part", "capital", "roman") and root.text.isupper()
    units = _section_agency(root.text) if section else is_agency(root.text)
    if units:
        return _of_agency(root, units, year, carry_out=carry_out)
    own = gather(root, year, deep=False)
    if root.children and own.labelled and root.kind not in ("part", "capital", "roman"):
        return [_one(root, gather(root, year, deep=True), carry_out=carry_out, year=year)]
    for child in root.children:
        found.extend(_found(child, year, carry_out=carry_out))
    if root.children:
        return found
    if root.kind not in ("part", "capital", "roman") or own.labelled:
        if is_closing(root.text) or is_pointer(root.text):
            return [_report(root, own)] if is_duty(root.text) else found
        one = _one(root, own, carry_out=carry_out, year=year)
        return [one] if one.sure or one.parts.labelled or carry_out or is_work(root) else found
    if root.kind == "part" and len(root.text) > _HEADING:
        # "Điều 2. Sở Xây dựng là cơ quan đầu mối …": a sentence, no heading.
        one = _one(root, own, carry_out=carry_out, year=year)
        return [one] if one.sure or one.duty else found
    if carry_out or is_work(root):
        found.extend(_of_notes(root, year, carry_out=carry_out))
    return found


_WORK_OF = re.compile(r"^(?:phan cong )?(?:nhiem vu|trach nhiem|cong viec) (?:cua|doi voi|cho) ")


def _section_agency(text: str) -> tuple[UnitWords, ...]:
    """ "II. NHIỆM VỤ CỦA CÔNG AN PHƯỜNG": capitals alone prove no name, so the words before it must say so."""
    units = is_agency(text)
    named = _WORK_OF.match(fold(text)) or all(unit.resolved for unit in units)
    return units if named else ()


def is_pointer(text: str) -> bool:
    """ "Chi tiết tại Phụ lục kèm theo": it only says where the work stands."""
    return bool(_ANNEX.search(fold(text)))


def _report(item: Item, parts: Parts) -> Found:
    """A closing paragraph that asks everybody to report."""
    return Found(item.path, parts, (item.path, item.text), False, False, True)


def _one(item: Item, parts: Parts, *, carry_out: bool, year: int) -> Found:
    above = item.parent or item
    sure = parts.labelled
    if not parts.labelled:
        sure = _by_sentence(parts, year)
    elif not parts.units["lead"] and not parts.units["perform"]:
        _by_notes(parts)
    text = " ".join(parts.text)
    duty = not parts.labelled and is_duty(text)
    return Found(item.path, parts, (above.path, above.text), sure, carry_out, duty)


def _by_sentence(parts: Parts, year: int, *, subject_leads: bool = True) -> bool:
    """Units and time that the sentence itself names; whether it names who leads."""
    said = assignment(" ".join(parts.text), subject_leads=subject_leads)
    parts.units["lead"].extend(said.lead)
    parts.units["coordinate"].extend(said.coordinate)
    for kind in ("lead", "coordinate", "timing"):
        parts.place(kind, BY_SENTENCE)
    if not parts.timed:
        parts.timing = timing_inside(" ".join(parts.text), year=year)
        parts.timed = parts.timing.kind != "unknown"
    return bool(said.lead)


def _by_notes(parts: Parts) -> None:
    """Labels say only when; "- Phòng A chủ trì; Trung tâm B phối hợp." among the notes says who."""
    for note in parts.text:
        said = assignment(note.removeprefix("- "))
        if said.lead:
            parts.units["lead"].extend(said.lead)
            parts.units["coordinate"].extend(said.coordinate)
            return


def _of_notes(root: Item, year: int, *, carry_out: bool) -> list[Found]:
    """A section without numbers: each dash or paragraph that gives somebody work."""
    found = []
    for number, note in enumerate(root.notes, 1):
        if is_closing(note.text) or len(note.text) < _SHORTEST or is_pointer(note.text):
            continue
        parts = Parts(text=[note.text], lines=list(note.lines))
        sure = _by_sentence(parts, year)
        duty = is_duty(note.text)
        if sure or (note.kind == "bullet" and not carry_out):
            section = (root.path, root.text)
            found.append(Found(f"{root.path}.{number}", parts, section, sure, carry_out, duty))
    return found


def _of_agency(
    item: Item, units: tuple[UnitWords, ...], year: int, *, carry_out: bool
) -> list[Found]:
    """ "1. Sở Tài chính: a) …; b) …": the heading's units lead each point below it."""
    _, _, said = item.text.partition(":")
    found: list[Found] = []
    section = ("@" + item.path, item.text)
    if said.strip():
        parts = Parts(text=[said.strip()], lines=list(item.lines))
        found.append(_led(item.path, parts, section, units, year, carry_out))
    for number, note in enumerate(item.notes, 1):
        if len(note.text) >= _SHORTEST and not is_closing(note.text):
            found.append(
                _led(
                    f"{item.path}.{number}",
                    _note_parts(note, year),
                    section,
                    units,
                    year,
                    carry_out,
                )
            )
    for child in item.children:
        if inner := is_agency(child.text):
            found.extend(_of_agency(child, inner, year, carry_out=carry_out))
        elif not is_closing(child.text):
            parts = gather(child, year, deep=True)
            found.append(_led(child.path, parts, section, units, year, carry_out))
    for one in found:
        one.parts.found["lead"] = Fact("lead", HEADED, item.lines[0])
    return found


def _note_parts(note: Paragraph, year: int) -> Parts:
    """A point of an agency; "…; thời gian: ngày 30/6" behind it says when, and still the agency leads."""
    own, labels = labels_behind(note.text)
    parts = Parts(text=[own], lines=list(note.lines))
    for label in labels:
        parts.take(label, year)
    parts.labelled = any(label.kind in ROLES for label in labels)
    return parts


def _led(
    path: str,
    parts: Parts,
    section: tuple[str, str],
    units: tuple[UnitWords, ...],
    year: int,
    carry_out: bool,
) -> Found:
    if not parts.labelled:
        _by_sentence(parts, year, subject_leads=False)
    lead = parts.units["lead"]
    if not parts.units["perform"]:
        parts.units["lead"] = [*units, *(unit for unit in lead if unit not in units)]
    return Found(path, parts, section, True, carry_out)


def _duties(roots: list[Item], year: int, used: set[int]) -> list[ReadDuty]:
    """Duties of the sections that carry out and report; what became a task is not said twice."""
    found: list[ReadDuty] = []
    for root in roots:
        for item in root.walk():
            if item is not root and not used & set(item.lines) and not is_agency(item.text):
                bullets = [note.text for note in item.notes if note.kind == "bullet"]
                text = " ".join([item.text, *bullets])
                found.extend(read_duties(item.path, text, tuple(item.lines), year))
            for number, note in enumerate(
                (n for n in item.notes if n.kind == "plain" or item is root), 1
            ):
                if used & set(note.lines):
                    continue
                count = len(root.children) if item is not root else 0
                path = f"{root.path}.{count + number}"
                found.extend(read_duties(path, note.text, tuple(note.lines), year))
    return [duty for duty in found if duty.kind != "other" or duty.units or subject(duty.text)[0]]
