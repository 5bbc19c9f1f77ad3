"""What people corrected in earlier documents of an issuer, used at the next reading: labels, column headings, units, deadlines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import ReadDocument, Table, TextLine
from tdcs.plans.reading.facts import LABELLED
from tdcs.plans.reading.model import ReadTask, Timing, UnitWords

# The words by which the reader knows each meaning of a label or a column.
MEANT: Final[dict[str, str]] = {
    "task": "Nhiệm vụ",
    "lead": "Đơn vị chủ trì",
    "perform": "Đơn vị thực hiện",
    "coordinate": "Đơn vị phối hợp",
    "timing": "Thời gian thực hiện",
    "product": "Sản phẩm",
}
_LABEL = re.compile(r"^(?P<mark>[\s\-–+*•]*)(?P<words>[^:]{2,60}?)\s*:")


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the words of a time mean: the kind, and for a day how many years after the plan's own it falls."""

    kind: str
    month: int = 0
    day: int = 0
    years_later: int = 0


@dataclass(frozen=True, slots=True)
class Lessons:
    """Keys are folded words; empty when the issuer's documents were never corrected."""

    labels: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, UnitWords] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)

    def rewritten(self, document: ReadDocument) -> ReadDocument:
        """The document with the labels and column headings that the reader knows in place of those that were taught."""
        if not self.labels and not self.headings:
            return document
        made = [
            self._line(b) if isinstance(b, TextLine) else self._table(b) for b in document.blocks
        ]
        return replace(document, blocks=tuple(made))

    def corrected(self, task: ReadTask, year: int) -> ReadTask:
        """The task with its units and its time as people meant them before."""
        taught = self.deadlines.get(key_of(task.timing.text))
        timing = _timing(taught, task.timing, year) if taught else task.timing
        roles = {
            role: tuple(self.units.get(key_of(unit.words), unit) for unit in getattr(task, role))
            for role in ("lead", "perform", "coordinate")
        }
        if timing == task.timing and all(roles[role] == getattr(task, role) for role in roles):
            return task
        known = {key_of(unit.words) for units in roles.values() for unit in units if unit.resolved}
        left = tuple(
            words for words in task.warnings if not _settled(words, known, taught is not None)
        )
        changed = {role for role in roles if roles[role] != getattr(task, role)}
        changed |= {"timing"} if taught else set()
        changed |= {"lead"} if "perform" in changed else set()
        facts = tuple(
            replace(f, confidence=max(f.confidence, LABELLED)) if f.kind in changed else f
            for f in task.facts
        )
        return replace(
            task,
            timing=timing,
            warnings=left,
            facts=facts,
            lead=roles["lead"],
            perform=roles["perform"],
            coordinate=roles["coordinate"],
        )

    def _line(self, line: TextLine) -> TextLine:
        found = _LABEL.match(line.text)
        meaning = self.labels.get(key_of(found["words"])) if found else None
        if not found or meaning is None:
            return line
        return replace(line, text=f"{found['mark']}{MEANT[meaning]}:{line.text[found.end() :]}")

    def _table(self, table: Table) -> Table:
        rows = tuple(
            tuple(MEANT.get(self.headings.get(key_of(cell), ""), cell) for cell in row)
            if at < _HEADER_ROWS
            else row
            for at, row in enumerate(table.rows)
        )
        return replace(table, rows=rows)


_HEADER_ROWS: Final = 6


def key_of(words: str) -> str:
    """Words as corrections are looked up by: no accents, no case, no signs at the ends."""
    return fold(squash(words)).strip(" .;:,-")


def _timing(taught: Deadline, read: Timing, year: int) -> Timing:
    if not (taught.month and taught.day):
        return Timing(taught.kind, read.text)
    if not year:
        return read
    due = date(year + taught.years_later, taught.month, taught.day).isoformat()
    return Timing(taught.kind, read.text, due_on=due, month=taught.month, day=taught.day)


def _settled(warning: str, known: set[str], timed: bool) -> bool:
    """Whether a warning speaks of what was taught meanwhile."""
    about = re.search(r"“(.+?)”", warning)
    if "thời gian" in warning:
        return timed
    return bool(about and key_of(about[1]) in known)
