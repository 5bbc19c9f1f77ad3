"""Rows of a sheet as one plain table: forms with rows under rows, tables under each other, units side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tdcs.core.text import fold
from tdcs.imports.rules.cells import shown
from tdcs.imports.rules.layouts import Layout, Level, codes
from tdcs.imports.rules.letters import TABLES
from tdcs.imports.rules.recognising import Header, joined, line_name, named

Row = Sequence[object]
_ROMAN: Final = re.compile(r"[IVX]+\.?")
_LETTER: Final = re.compile(r"[A-Z]{1,2}\.?")
_NUMBER: Final = re.compile(r"\d+(\.\d+)*\.?")
_MARKS: Final = re.compile(r"\(\d{1,3}\)")


@dataclass(slots=True)
class Printed:
    """A total as it is printed. ``numbers``: rows of the sheet that it is the sum of, None for all."""

    row: int
    words: str
    cells: Row
    numbers: set[int] | None = None


@dataclass(slots=True)
class Shaped:
    """``columns``: place → field; ``rows``: (number, cells); ``totals``: what is printed as sums; ``headers``: numbers of rows
    that repeat the header; ``unknown``: (number, words) of rows that are nothing known."""

    columns: Mapping[int, str]
    rows: Iterable[tuple[int, Row]]
    totals: list[Printed] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)


def shaped(header: Header, rows: Iterable[Row], first: int) -> Shaped:
    """The rows below a header as those of a plain table."""
    numbered = enumerate(_in_unicode(rows, header.letters), first)
    if header.layout.levels:
        return _form(header, numbered)
    if header.layout.tables:
        return _stacked(header, list(numbered))
    if header.layout.matrix:
        return _across(header, numbered)
    return Shaped(header.columns, numbered)


def _in_unicode(rows: Iterable[Row], letters: str) -> Iterable[Row]:
    if not letters:
        return rows
    convert = TABLES[letters]
    return (
        [convert(cell) if isinstance(cell, str) and not cell.isascii() else cell for cell in row]
        for row in rows
    )


def is_marks(words: Sequence[str]) -> bool:
    """Whether a row numbers the columns: (1) (2) (3), or 1 2 3 in order."""
    if len(words) < 3:
        return False
    if all(_MARKS.fullmatch(one) for one in words):
        return True
    return list(words) == [str(at) for at in range(1, len(words) + 1)]


def _form(header: Header, rows: Iterator[tuple[int, Row]] | Iterable[tuple[int, Row]]) -> Shaped:
    """Rows of the lowest level, each with the names of the levels above it."""
    levels = header.layout.levels
    places = {name: place for place, name in header.columns.items()}
    width = max(places.values()) + 1
    columns = dict(header.columns) | {width + at: one.field for at, one in enumerate(levels)}
    made: list[tuple[int, Row]] = []
    found = Shaped(columns, made)
    open_: list[tuple[int, Printed]] = []
    carried = [""] * len(levels)
    for number, row in rows:
        words = [shown(cell) for cell in row if cell != ""]
        if not words:
            continue
        mark, name = (shown(row[places[one]]) for one in ("mark", "name"))
        if is_marks(words) or (not _figures(row, places) and len(words) > 3):
            found.headers.append(number)
            continue
        at = _level_of(levels, mark, name) if _figures(row, places) else None
        if _is_total(name or mark):
            found.totals.append(Printed(number, name or mark, row))
        elif at is None:
            if _figures(row, places):
                found.unknown.append((number, " · ".join(words[:3])[:120]))
        else:
            open_ = [(deep, one) for deep, one in open_ if deep < at]
            carried = [*carried[:at], name, *[""] * (len(levels) - at - 1)]
            if at < len(levels) - 1:
                printed = Printed(number, name, row, set())
                open_.append((at, printed))
                found.totals.append(printed)
                continue
            for _, one in open_:
                assert one.numbers is not None
                one.numbers.add(number)
            padded = [*row, *[""] * (width - len(row))][:width]
            made.append((number, [*padded, *carried]))
    return found


def _figures(row: Row, places: Mapping[str, int]) -> bool:
    rest = [row[at] for name, at in places.items() if name not in ("mark", "name")]
    return any(shown(cell)[:1].isdigit() or shown(cell)[:1] == "-" for cell in rest)


def _is_total(words: str) -> bool:
    folded = fold(words)
    return folded == "cong" or folded.startswith(("tong cong", "tong so", "cong:"))


def _level_of(levels: Sequence[Level], mark: str, name: str) -> int | None:
    """The level of a row by its mark and by its words; where they differ the higher, for a commune may be called as a row under
    others is ("Vay trực tiếp")."""
    folded = fold(name)
    found = [at for at, one in enumerate(levels) if one.words and folded.startswith(one.words)]
    pattern = {"roman": _ROMAN, "letter": _LETTER, "number": _NUMBER}
    for at, one in enumerate(levels):
        by_mark = mark and one.mark in pattern and pattern[one.mark].fullmatch(mark)
        if by_mark or (not mark and not found and one.mark == "none"):
            found.append(at)
            break
    return min(found, default=None)


def _stacked(header: Header, rows: list[tuple[int, Row]]) -> Shaped:
    """Tables under each other, each with a header of its own, as one with the columns of all; ``table`` says which."""
    layout = header.layout
    fields = [one.field for one in layout.columns]
    made: list[tuple[int, Row]] = []
    found = Shaped(dict(enumerate(fields)), made)
    places: Mapping[int, str] = header.columns
    which = _table_of(layout, places)
    skip = -1
    for at, (number, row) in enumerate(rows):
        if at <= skip:
            continue
        told = next(
            ((deep, cols) for deep in (2, 1) if (cols := _own_header(layout, rows, at, deep))), None
        )
        if told:
            skip, places = at + told[0] - 1, told[1]
            which = _table_of(layout, places)
            found.headers.append(number)
            continue
        cells: list[object] = [""] * len(fields)
        for place, name in places.items():
            if place < len(row):
                cells[fields.index(name)] = row[place]
        if any(cell != "" for cell in row):
            if "table" in fields and any(cell != "" for cell in cells):
                cells[fields.index("table")] = which
            made.append((number, cells))
    return found


def _own_header(
    layout: Layout, rows: list[tuple[int, Row]], at: int, deep: int
) -> dict[int, str] | None:
    """The columns of a further table, where a header of it stands."""
    texts = [[shown(cell) for cell in row] for _, row in rows[at : at + 2]]
    if deep == 2 and (len(texts) < 2 or any(one[:1].isdigit() for one in texts[1])):
        return None
    known, columns = layout.names(), dict[int, str]()
    for place, name in enumerate(named(joined(texts, 0, deep))):
        if name in known and known[name] not in columns.values():
            columns[place] = known[name]
    return columns if _table_of(layout, columns) else None


def _table_of(layout: Layout, places: Mapping[int, str]) -> int:
    there = set(places.values())
    return next((at for at, needs in enumerate(layout.tables, 1) if set(needs) <= there), 0)


def _across(header: Header, rows: Iterable[tuple[int, Row]]) -> Shaped:
    """A row for each unit of a sheet that has them side by side and the indicators under each other."""
    layout = header.layout
    units = {place: name for place, name in header.columns.items() if name.startswith("unit:")}
    words = next(place for place, name in header.columns.items() if name == "words")
    fields = [one.field for one in layout.columns]
    made: dict[int, list[object]] = {}
    totals: list[object] = [""] * len(fields)
    last = ""
    for _number, row in rows:
        name = _indicator(layout, shown(row[words]) if words < len(row) else "", last)
        if not name:
            continue
        last = name
        for place, unit in units.items():
            if place < len(row):
                cells = made.setdefault(place, [""] * len(fields))
                cells[fields.index(layout.matrix)] = unit.removeprefix("unit:")
                cells[fields.index(name)] = row[place]
        printed = _place_of(header.columns, "total")
        if printed is not None and printed < len(row):
            totals[fields.index(name)] = row[printed]
    found = Shaped(dict(enumerate(fields)), [(header.row + 1, one) for one in made.values()])
    if any(cell != "" for cell in totals):
        found.totals.append(Printed(header.row + 1, "Cộng", totals))
    return found


def _place_of(columns: Mapping[int, str], name: str) -> int | None:
    return next((place for place, one in columns.items() if one == name), None)


def _indicator(layout: Layout, words: str, last: str) -> str:
    """The field that a line's words name; "Trđ: …" under a debt is what of it is overdue."""
    name = line_name(words)
    if name.startswith(("trd", "trong do")) and "qua han" in name:
        under = {"balance_a": "overdue_a", "balance_b": "overdue_b", "balance": "overdue"}
        return under.get(last, "")
    return layout.names().get(name, "")


def is_noise(words: Sequence[str]) -> bool:
    """Whether a row begins as totals and signatures do."""
    noise = tuple(codes("noise"))
    return any(fold(one).startswith(noise) for one in words[:3])
