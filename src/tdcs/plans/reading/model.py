"""What is read from a plan: frozen rows that turn into the command's JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tdcs.documents.reading.model import Table


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit or class found in words of the document; ``unit`` is a catalogue code, "" when not recognised."""

    words: str
    unit: str = ""
    name: str = ""
    levels: tuple[str, ...] = ()
    area: str = ""
    qualifier: str = ""
    fuzzy: bool = False

    @property
    def resolved(self) -> bool:
        return bool(self.unit)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a task is due. ``due_on`` and ``starts_on`` are ISO days where the words give them."""

    kind: str = "unknown"
    text: str = ""
    starts_on: str = ""
    due_on: str = ""
    month: int = 0
    day: int = 0
    before: bool = False
    years: tuple[int, ...] = ()
    # Several days of one rule: "06-30" each year, "18" each month, "2026-06-30" once.
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """How sure (percent) a fact is, and where it stands: number of the block, and "row,column" inside a table."""

    kind: str
    confidence: int
    block: int
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A target: the figure as written in Vietnamese turned plain ("0.5"), its unit, comparison and base."""

    figure: str
    unit: str
    comparison: str
    words: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class ReadTask:
    path: str
    text: str
    section_path: str = ""
    section_title: str = ""
    lead: tuple[UnitWords, ...] = ()
    perform: tuple[UnitWords, ...] = ()
    coordinate: tuple[UnitWords, ...] = ()
    timing: Timing = Timing()
    targets: tuple[Figure, ...] = ()
    product: str = ""
    lines: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def confidence(self) -> int:
        """That of its least sure fact."""
        return min((fact.confidence for fact in self.facts), default=0)


@dataclass(frozen=True, slots=True)
class ReadDuty:
    path: str
    kind: str
    text: str
    units: tuple[UnitWords, ...] = ()
    timing: Timing = Timing()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal text that the plan rests on."""

    words: str
    kind: str = ""
    number: str = ""
    issued_on: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class PlanReading:
    number: str
    issued_on: str
    issuer: str
    signer: str
    signer_title: str
    title: str
    legal_bases: tuple[Basis, ...]
    sections: tuple[tuple[str, str], ...]
    tasks: tuple[ReadTask, ...]
    duties: tuple[ReadDuty, ...]
    recipients: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    # What became neither task nor duty, a sentence each; they stand among the warnings too.
    aside: tuple[str, ...] = ()
    # Of number, issued_on, issuer, title and signer.
    facts: tuple[Fact, ...] = ()
    # The document itself: kind of file, words and page of each block by its number, and the tables among the blocks.
    kind: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)
    tables: tuple[Table, ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """The shape of `tdcs plan parse --json`; without the document's blocks."""
        import msgspec

        shown: dict[str, Any] = msgspec.to_builtins(replace(self, lines=(), pages=(), tables=()))
        del shown["kind"], shown["lines"], shown["pages"], shown["tables"]
        shown["sections"] = [{"path": path, "title": title} for path, title in self.sections]
        for task, made in zip(shown["tasks"], self.tasks, strict=True):
            for role in ("lead", "perform", "coordinate"):
                task[role] = [unit_json(unit) for unit in getattr(made, role)]
            task["confidence"] = made.confidence
        for duty, read in zip(shown["duties"], self.duties, strict=True):
            duty["units"] = [unit_json(unit) for unit in read.units]
        return shown


def unit_json(unit: UnitWords) -> dict[str, Any]:
    """One unit as the command prints it; what was not recognised has unit null."""
    return {
        "words": unit.words,
        "unit": unit.unit or None,
        "name": unit.name or None,
        "levels": list(unit.levels),
        "area": unit.area or None,
        "qualifier": unit.qualifier or None,
        "resolved": unit.resolved,
        "fuzzy": unit.fuzzy,
    }
