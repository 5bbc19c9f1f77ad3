"""Where the facts of a draft come from and how sure they are: the doubtful first, beside the document's blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from tdcs.plans.models import Duty, PlanVersion, Task
from tdcs.plans.reading.facts import DOUBTFUL

# A row of the reading as it is kept.
Said = dict[str, Any]
_SURE: Final = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of the document: words, or rows of (cell, is it a fact's source)."""

    number: int
    page: int
    words: str
    on: bool
    rows: tuple[tuple[tuple[str, bool], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact's name, how sure it is in percent, and where it stands."""

    name: str
    confidence: int
    block: int
    cell: str
    doubtful: bool


def confidence_by_path(version: PlanVersion) -> dict[str, int]:
    """For each task that was read that of its least sure fact."""
    return {row["path"]: row.get("confidence", _SURE) for row in version.reading.get("tasks", [])}


def doubtful_first(version: PlanVersion, tasks: list[Task]) -> list[Task]:
    """Tasks with a doubtful fact that nobody has checked, then the others, each in the order of the document."""
    sure = confidence_by_path(version)
    return sorted(tasks, key=lambda one: one.checked or sure.get(one.path, _SURE) >= DOUBTFUL)


def header_of(version: PlanVersion) -> list[FactShown]:
    """How sure number, day, issuer, title and signer are."""
    return _facts(version.reading.get("facts", []))


def facts_of(said: Said) -> list[FactShown]:
    """The facts of one task as the reader gave it, the least sure first."""
    return sorted(_facts(said.get("facts", [])), key=lambda fact: fact.confidence)


def _facts(rows: list[Said]) -> list[FactShown]:
    names: dict[str, str] = {
        "text": _("Nội dung"),
        "lead": _("Đơn vị chủ trì"),
        "coordinate": _("Đơn vị phối hợp"),
        "timing": _("Thời gian"),
        "number": _("Số, ký hiệu"),
        "issued_on": _("Ngày ban hành"),
        "issuer": _("Cơ quan ban hành"),
        "title": _("Trích yếu"),
        "signer": _("Người ký"),
    }
    return [
        FactShown(
            str(names.get(row["kind"], row["kind"])),
            row["confidence"],
            row["block"],
            ", ".join(row["cell"].split(",")) if row["cell"] else "",
            row["confidence"] < DOUBTFUL,
        )
        for row in rows
    ]


def shown_blocks(version: PlanVersion, said: Said) -> list[Shown]:
    """The document's blocks in order; those of the item marked, in tables the cells of its facts."""
    reading = version.reading
    lines, pages = reading.get("lines", []), reading.get("pages", [])
    tables = {table["number"]: table["rows"] for table in reading.get("tables", [])}
    marked = set(said.get("lines", []))
    cells = {(fact["block"], fact["cell"]) for fact in said.get("facts", [])}
    made = []
    for number, words in enumerate(lines, 1):
        if not words.strip():
            continue
        rows = tuple(
            tuple((cell, (number, f"{at},{column}") in cells) for column, cell in enumerate(row, 1))
            for at, row in enumerate(tables.get(number, []), 1)
        )
        page = pages[number - 1] if number <= len(pages) else 1
        made.append(Shown(number, page, words, number in marked, rows))
    return made


def page_of(version: PlanVersion, said: Said) -> int:
    """The page on which an item stands; of a table that goes on, that of its row."""
    reading = version.reading
    tables = {table["number"]: table for table in reading.get("tables", [])}
    for fact in said.get("facts", []):
        table = tables.get(fact["block"], {})
        row = int(fact["cell"].split(",")[0]) if fact["cell"] else 0
        if 0 < row <= len(table.get("pages", [])):
            return int(table["pages"][row - 1])
    pages = reading.get("pages", [])
    first = min(said.get("lines", []), default=1)
    return int(pages[first - 1]) if first <= len(pages) else 1


def page_count(version: PlanVersion) -> int:
    """How many pages the document has that can be drawn; 0 when it is no PDF."""
    reading = version.reading
    if reading.get("kind") not in ("pdf", "scan"):
        return 0
    rows = [page for table in reading.get("tables", []) for page in table.get("pages", [])]
    return max([*reading.get("pages", []), *rows], default=0)


def item_said(version: PlanVersion, chosen: Task | Duty) -> Said:
    """What the reader gave for the item; two duties may stand under one number."""
    name, kind = ("tasks", "") if isinstance(chosen, Task) else ("duties", chosen.kind)
    rows: list[Said] = version.reading.get(name, [])
    same = (row for row in rows if row["path"] == chosen.path and kind in ("", row.get("kind")))
    return next(same, {})
