"""What a sheet is: its kind, header row and columns from its first rows; never by position, never by accents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core.text import fold
from tdcs.imports.rules.layouts import Layout, key_of, layouts

SCANNED: Final = 40
# Days as file names and titles write them: dd-mm-yyyy, dd/mm/yyyy, yyyy-mm-dd, ddmmyyyy, "ngày dd tháng mm năm yyyy".
_DAYS: Final = (
    (re.compile(r"(?<!\d)(\d{1,2})[-/._](\d{1,2})[-/._](20\d{2})(?!\d)"), (3, 2, 1)),
    (re.compile(r"(?<!\d)(20\d{2})[-/._](\d{1,2})[-/._](\d{1,2})(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d{2})(\d{2})(20\d{2})(?!\d)"), (3, 2, 1)),
    (re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (20\d{2})"), (3, 2, 1)),
)
_OFFICE: Final = re.compile(r"(?<!\d)(?:00)?(\d{4})(?=[_\- ])")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a sheet stands. ``row``: from 0; ``columns``: place of a column → its field; ``unknown``: names
    that no column of the kind has; ``title``: the words above."""

    layout: Layout
    row: int
    columns: Mapping[int, str]
    unknown: tuple[str, ...]
    title: str

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields of the kind that the sheet lacks."""
        there = set(self.columns.values())
        return tuple(one.field for one in self.layout.columns if one.field not in there)


def header_of(
    rows: Sequence[Sequence[str]], remembered: Mapping[str, Mapping[str, str]] | None = None
) -> Header | None:
    """The header among the first rows of a sheet, of the kind that names most of its columns; None when it is no extract.

    ``remembered``: by kind, names that people said → field.
    """
    found: list[Header] = []
    for at, row in enumerate(rows[:SCANNED]):
        keys = [key_of(cell) for cell in row]
        for layout in layouts():
            matched = _matched(layout, keys, (remembered or {}).get(layout.kind, {}))
            if matched is not None:
                unknown = tuple(
                    cell for place, cell in enumerate(row) if keys[place] and place not in matched
                )
                title = " ".join(" ".join(filter(None, above)) for above in rows[:at])
                found.append(Header(layout, at, matched, unknown, title))
    return max(found, key=lambda one: len(one.columns), default=None)


def _matched(
    layout: Layout, keys: Sequence[str], remembered: Mapping[str, str]
) -> dict[int, str] | None:
    names = {**layout.names(), **remembered}
    if any(name in keys for name in layout.never):
        return None
    found: dict[int, str] = {}
    for place, key in enumerate(keys):
        field = names.get(key)
        # Of a name that comes twice the first counts.
        if field is not None and field not in found.values():
            found[place] = field
    return found if set(layout.needs) <= set(found.values()) else None


def days_in(words: str) -> list[date]:
    """Every day that words name, in their order, each once."""
    folded = fold(words)
    found: list[tuple[int, date]] = []
    for pattern, places in _DAYS:
        for one in pattern.finditer(folded):
            year, month, day = (int(one[place]) for place in places)
            try:
                found.append((one.start(), date(year, month, day)))
            except ValueError:
                continue
    return list(dict.fromkeys(day for _, day in sorted(found)))


def export_day_after(name: str, day: date) -> date | None:
    """The day of export that a file's name says beside its day of figures: the file may hold movements after closing."""
    later = [one for one in days_in(name) if one > day]
    return max(later, default=None)


def office_in(name: str) -> str:
    """The office's code that a file's name begins with, "" when it has none; "4820_…" is 004820."""
    found = _OFFICE.search(name)
    return f"00{found[1]}" if found else ""
