"""A task from an item of the document: its text, its units, its timing, its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tdcs.plans.reading.facts import LABELLED, task_facts
from tdcs.plans.reading.labels import Label, labels_behind, read_labels
from tdcs.plans.reading.model import Fact, Figure, ReadTask, Timing, UnitWords
from tdcs.plans.reading.roles import units_by_role
from tdcs.plans.reading.sentences import Assigned, assignment
from tdcs.plans.reading.structure import Item, Paragraph
from tdcs.plans.reading.targets import read_targets
from tdcs.plans.reading.timing import read_timing, timing_inside

ROLES: Final = ("lead", "perform", "coordinate")
# Slips of recognition that change a word into another real word: said, never silently mended.
_SLIPS: Final = (("Phần đầu tăng", "Phấn đấu tăng"), ("Phần đấu", "Phấn đấu"))


@dataclass(slots=True)
class Parts:
    """What was gathered for one task before it is made."""

    text: list[str] = field(default_factory=list)
    units: dict[str, list[UnitWords]] = field(default_factory=lambda: {role: [] for role in ROLES})
    timing: Timing = Timing()
    timed: bool = False
    product: str = ""
    lines: list[int] = field(default_factory=list)
    labelled: bool = False
    # Where each fact was found, by its kind.
    found: dict[str, Fact] = field(default_factory=dict)

    def take(self, label: Label, year: int, at: Fact | None = None) -> None:
        """Add what one label says; ``at``: where it stands, the first of the part's lines when it is left out."""
        self.labelled = True
        self.place(label.kind, at.confidence if at else LABELLED, at)
        if label.kind == "timing":
            time, _, behind = label.words.partition(". ")
            said = assignment(behind) if behind else Assigned()
            self.timing = read_timing(time if said.lead else label.words, year=year)
            self.timed = True
            self._add("lead", said.lead)
            self._add("coordinate", said.coordinate if said.lead else ())
        elif label.kind == "product":
            self.product = label.words.rstrip(".;")
        else:
            for role, units in units_by_role(label.words, label.kind):
                self._add(role, units)

    def place(self, kind: str, confidence: int, at: Fact | None = None) -> None:
        """Note where a fact stands, when nothing surer was found before."""
        block = at.block if at else min(self.lines, default=0)
        self.found.setdefault(kind, Fact(kind, confidence, block, at.cell if at else ""))

    def _add(self, role: str, units: tuple[UnitWords, ...]) -> None:
        said = self.units[role]
        said.extend(unit for unit in units if unit not in said)


def gather(item: Item, year: int, *, deep: bool) -> Parts:
    """Text and labels of an item; ``deep``: with all items below it as its text."""
    parts = Parts(text=[item.text], lines=list(item.lines))
    _in_brackets(parts, item, year)
    if not parts.labelled:
        _own_labels(parts, item, year)
    for note in item.notes:
        _note(parts, note, year)
    if deep:
        for below in [one for child in item.children for one in child.walk()]:
            parts.text.append(f"{below.marker}) {below.text}")
            parts.lines.extend(below.lines)
            for note in below.notes:
                _note(parts, note, year)
    return parts


def _own_labels(parts: Parts, item: Item, year: int) -> None:
    """ "1.1. Rà soát … Cơ quan chủ trì: Sở Y tế": labels at the end of the item's own paragraph."""
    own, labels = labels_behind(item.text)
    if labels:
        parts.text = [own]
        for label in labels:
            parts.take(label, year)


_BRACKETS = re.compile(
    r"\s*\(([^()]*\b(?:chủ trì|thực hiện|tham mưu|phụ trách|đầu mối|chịu trách nhiệm)\b[^()]*(?:\([^()]*\)[^()]*)*)\)\s*[.;]?\s*$",
    re.IGNORECASE,
)


def _in_brackets(parts: Parts, item: Item, year: int) -> None:
    """ "… (Sở X chủ trì, phối hợp UBND cấp xã; thời gian: thường xuyên)." """
    found = _BRACKETS.search(item.text)
    if not found:
        return
    labels = [one for piece in found[1].split(";") for one in read_labels(piece.strip())]
    said = assignment(f"({found[1]})", subject_leads=False)
    if not said.lead and not any(one.kind == "lead" for one in labels):
        return
    parts.text = [item.text[: found.start()].rstrip(" .;") + "."]
    parts.labelled = True
    parts.units["lead"].extend(said.lead)
    parts.units["coordinate"].extend(said.coordinate)
    for label in labels:
        parts.take(label, year)
    if not parts.timed and (inner := timing_inside(found[1], year=year)).kind != "unknown":
        parts.timing, parts.timed = inner, True


def _note(parts: Parts, note: Paragraph, year: int) -> None:
    parts.lines.extend(note.lines)
    labels = read_labels(note.text)
    if labels:
        for label in labels:
            parts.take(label, year, Fact(label.kind, LABELLED, note.lines[0]))
    else:
        parts.text.append(("- " if note.kind == "bullet" else "") + note.text)


def make_task(path: str, parts: Parts, section: tuple[str, str]) -> ReadTask:
    """The task with its warnings."""
    text = "\n".join(part for part in parts.text if part)
    units = {role: tuple(found) for role, found in parts.units.items()}
    facts = task_facts(parts.found, units, parts.timing, min(parts.lines, default=0))
    return ReadTask(
        facts=facts,
        path=path,
        text=text,
        section_path=section[0].lstrip("@"),
        section_title=section[1],
        lead=units["lead"],
        perform=units["perform"],
        coordinate=units["coordinate"],
        timing=parts.timing,
        targets=_targets(text, parts.product),
        product=parts.product,
        lines=tuple(sorted(set(parts.lines))),
        warnings=tuple(_warnings(parts, text)),
    )


def _targets(text: str, product: str) -> tuple[Figure, ...]:
    """Figures of the task's words, and those that the column of results adds."""
    own = read_targets(text)
    known = {(one.figure, one.unit) for one in own}
    return (*own, *(one for one in read_targets(product) if (one.figure, one.unit) not in known))


def _warnings(parts: Parts, text: str) -> list[str]:
    said = []
    if not parts.timed:
        said.append("Chưa nêu thời gian thực hiện.")
    elif parts.timing.kind == "unknown":
        said.append(f"Chưa hiểu thời gian: “{parts.timing.text}”.")
    if not parts.units["lead"] and not parts.units["perform"]:
        said.append("Chưa nêu đơn vị chủ trì hoặc thực hiện.")
    for role in ROLES:
        for unit in parts.units[role]:
            if not unit.resolved:
                said.append(f"Chưa nhận ra đơn vị: “{unit.words}”.")
            elif unit.fuzzy:
                said.append(f"Đọc “{unit.words}” là “{unit.name}”; cần xem lại.")
    for wrong, right in _SLIPS:
        if wrong in text:
            said.append(f"“{wrong}”: có thể là “{right}” (lỗi nhận dạng chữ).")
            break
    return said
