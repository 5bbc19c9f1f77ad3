"""Sheets as law/sheets.yaml defines them. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tdcs.core import law
from tdcs.documents.workbook import Kind, SheetColumn

_FILE: Final = "sheets.yaml"
# An entry as the file writes it: checked by what is made of it.
Row = Mapping[str, Any]
# What a tab gives its source besides the request: months, a key, a size.
Take = Mapping[str, int | str]
KINDS: Final[frozenset[Kind]] = frozenset({"text", "money", "count", "day", "percent"})


class Reader(StrEnum):
    """Who a sheet is for: readers of single cases, of sums, of capital."""

    CASES = "cases"
    FIGURES = "figures"
    CAPITAL = "capital"


@dataclass(frozen=True, slots=True)
class TabSpec:
    """A tab: its source with what it takes, how its rows are summed, parted and sorted, which columns are shown."""

    title: str
    source: str
    columns: tuple[SheetColumn, ...]
    take: Take = field(default_factory=dict)
    by: tuple[str, ...] = ()
    part: str = ""
    sort: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """A standard sheet. ``package``: it is a data set made in one piece, not a workbook of tabs."""

    code: str
    section: str
    section_en: str
    title: str
    english: str
    about: str
    about_en: str
    reader: Reader
    tabs: tuple[TabSpec, ...]
    signers: tuple[str, ...] = ()
    days: int = 1
    file: str = "xlsx"
    package: str = ""
    identity: bool = False

    def heading(self, language: str) -> str:
        """The section's name in a reader's language."""
        return self.section_en if language == "en" else self.section

    def named(self, language: str) -> str:
        """The title in a reader's language."""
        return self.english if language == "en" else self.title

    def sentence(self, language: str) -> str:
        """The sentence about it in a reader's language."""
        return self.about_en if language == "en" else self.about


@law.remembered
def sheets() -> Mapping[str, SheetSpec]:
    """Every sheet by its code, in the order of the file. Raises ValueError for an entry that contradicts itself."""
    raw = law.load(_FILE)
    columns = {name: _column(name, row) for name, row in raw["columns"].items()}
    found: dict[str, SheetSpec] = {}
    for row in raw["sheets"]:
        made = _sheet(row, columns, raw["sections"])
        if made.code in found:
            raise ValueError(f"law/{_FILE}: two sheets are called {made.code}")
        found[made.code] = made
    return found


def _column(name: str, row: Row) -> SheetColumn:
    kind = row.get("kind", "text")
    if kind not in KINDS:
        raise ValueError(f"law/{_FILE}: column {name} is of no kind: {kind}")
    return SheetColumn(name, row["title"], kind, row["width"], row.get("total", False))


def _sheet(row: Row, columns: Mapping[str, SheetColumn], sections: Mapping[str, str]) -> SheetSpec:
    tabs = tuple(_tab(row["code"], one, columns) for one in row.get("tabs", ()))
    if bool(tabs) == bool(row.get("package")):
        raise ValueError(f"law/{_FILE}: {row['code']} has tabs or is a package")
    return SheetSpec(
        code=row["code"],
        section=row["section"],
        section_en=sections[row["section"]],
        title=row["title"],
        english=row["english"],
        about=row["about"],
        about_en=row["about_en"],
        reader=Reader(row["reader"]),
        tabs=tabs,
        signers=tuple(row.get("signers", ())),
        days=row.get("days", 1),
        file=row.get("file", "xlsx"),
        package=row.get("package", ""),
        identity=row.get("identity", False),
    )


def _tab(code: str, row: Row, columns: Mapping[str, SheetColumn]) -> TabSpec:
    unknown = set(row["columns"]) - set(columns)
    if unknown:
        raise ValueError(f"law/{_FILE}: {code} shows unknown columns: {sorted(unknown)}")
    return TabSpec(
        title=row["title"],
        source=row["source"],
        columns=tuple(columns[name] for name in row["columns"]),
        take=row.get("take", {}),
        by=tuple(row.get("by", ())),
        part=row.get("part", ""),
        sort=tuple(row.get("sort", ())),
        note=row.get("note", ""),
    )
