"""Which rows of a sheet are data, what their columns are, and everything that is wrong with them, at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import polars as pl

from tdcs.core.text import fold
from tdcs.imports.rules.cells import shown, typed
from tdcs.imports.rules.checking import broken_rules
from tdcs.imports.rules.days import days_of
from tdcs.imports.rules.layouts import Layout, key_of
from tdcs.imports.rules.recognising import Header
from tdcs.imports.rules.shapes import Printed, Shaped, is_marks, is_noise, shaped
from tdcs.imports.rules.totals import broken_totals

FAULT_SCHEMA: Final = {
    "row": pl.Int64,
    "field": pl.String,
    "code": pl.String,
    "value": pl.String,
    "blocks": pl.Boolean,
}
# The number that a spreadsheet shows beside the row.
ROW: Final = "_row"
# Twelve digits are a person's number.
IDENTITY: Final = r"^[0-9]{12}$"
_TYPES: Final[dict[str, pl.DataType]] = {
    "date": pl.Date(),
    "money": pl.Int64(),
    "million": pl.Int64(),
    "rate": pl.Int64(),
    "count": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """``frame``: typed columns of the kind with ROW; ``faults``: FAULT_SCHEMA; ``notes``: (code, field, count)."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    notes: list[tuple[str, str, int]] = field(default_factory=list)


def read_rows(
    header: Header,
    rows: Iterable[Sequence[object]],
    first: int,
    day: date | None = None,
    formulas: Mapping[int, str] | None = None,
    named: Collection[date] = (),
) -> Sheet:
    """The rows below the header. ``first``: number of the first row given; ``day``: the extract's day where it is known;
    ``formulas``: row → cell of those where a formula stands; ``named``: days that the title and the file's name say."""
    layout = header.layout
    shape = shaped(header, rows, first)
    header = replace(header, columns=shape.columns)
    kept, numbers, left = _kept(header, shape)
    places = sorted(header.columns)
    lists = list(zip(*kept, strict=True)) if kept else []
    nothing: tuple[object, ...] = ("",) * len(kept)
    cells_of = {
        header.columns[place]: lists[place] if place < len(lists) else nothing for place in places
    }
    kinds = {name: layout.column(name) for name in cells_of}
    dated = {name: cells for name, cells in cells_of.items() if kinds[name].kind == "date"}
    days, doubts = days_of(dated, layout.day, named)
    columns: list[pl.Series] = [pl.Series(ROW, numbers, dtype=pl.Int64)]
    faults = [(row, "", "row_without_key", value, True) for row, value in left.unknown]
    told = (("headers", left.headers), ("totals", left.totals))
    notes = [(code, "", len(found)) for code, found in told if found] + doubts
    important = _important(layout)
    for name, cells in cells_of.items():
        made, wrong = days[name] if name in days else typed(kinds[name], cells)
        columns.append(made)
        notes += [(code, name, count) for code, count in wrong.notes]
        faults += [
            (numbers[at], name, code, value, name in important) for at, code, value in wrong.cells
        ]
    frame = pl.DataFrame(columns)
    notes += _twice(layout, frame)
    there = set(numbers)
    faults += [
        (row, "", "formula", cell, True) for row, cell in (formulas or {}).items() if row in there
    ]
    found = pl.DataFrame(faults, schema=FAULT_SCHEMA, orient="row")
    own_day = day_of(layout, frame)
    broken = broken_rules(layout, frame, own_day or day)
    other = _of_other_days(layout, frame, own_day)
    printed = broken_totals(header, frame, left.printed)
    return Sheet(frame, pl.concat([found, broken, other, printed]).sort("row", "field"), notes)


def filled(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The frame with every column of its kind; what a file does not have is nothing."""
    return frame.with_columns(
        pl.lit(None, dtype=_TYPES.get(one.kind, pl.String())).alias(one.field)
        for one in layout.columns
        if one.field not in frame.columns
    )


def _twice(layout: Layout, frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    """A note of rows of one loan and one savings book that stand there again: they count once."""
    names = [one for one in (layout.once_by, "savings_book") if one in frame.columns]
    if layout.once_by not in frame.columns:
        return []
    again = frame.filter(pl.col(layout.once_by).is_not_null()).select(names)
    count = len(again) - again.n_unique() if len(again) else 0
    return [("loan_twice", layout.once_by, count)] if count else []


@dataclass(slots=True)
class _Left:
    """Rows that are no data, by their numbers."""

    headers: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)


def _important(layout: Layout) -> set[str]:
    """Fields without which a row is not taken; a wrong telephone is only shown."""
    named = {*layout.key, *layout.sums, *layout.needs, layout.day, layout.office}
    return named - {""}


def _kept(header: Header, shape: Shaped) -> tuple[list[Sequence[object]], list[int], _Left]:
    """(rows of data, their numbers, what was left out by why)."""
    layout = header.layout
    by_field = {name: place for place, name in header.columns.items()}
    keys = [by_field[name] for name in layout.key if name in by_field]
    main, titles = keys[0], {key_of(title) for title in layout.column(layout.key[0]).titles}
    # A row that is about a name has no code to be known by.
    named = bool(layout.levels) or layout.column(layout.key[0]).kind == "text"
    digits = layout.column(layout.key[0]).width
    width = max(by_field.values()) + 1
    kept: list[Sequence[object]] = []
    numbers: list[int] = []
    left = _Left()
    for number, row in shape.rows:
        value = row[main] if main < len(row) else ""
        coded = value != "" and (type(value) is not str or value[:1].isdigit()) and not named
        if coded and not _is_counted_total(row, value, digits):
            kept.append(row)
            numbers.append(number)
            continue
        words = [shown(cell) for cell in row if cell != ""]
        if not words:
            continue
        if key_of(shown(value)) in titles or is_marks(words) or _is_header(words, layout):
            left.headers.append(number)
        elif is_noise(words) and not (layout.levels or (named and _is_full(row, by_field))):
            left.totals.append(number)
            if fold(words[0]).startswith(("tong", "cong")):
                left.printed.append(Printed(number, words[0], row))
        elif (named and value != "") or any(_is_code(row[place]) for place in keys[1:]):
            kept.append([*row, *[""] * (width - len(row))])
            numbers.append(number)
        elif len(words) > 2:
            left.unknown.append((number, " · ".join(words[:3])[:120]))
        else:
            left.totals.append(number)
    left.headers += shape.headers
    left.unknown += shape.unknown
    left.printed += shape.totals
    left.totals += [one.row for one in shape.totals]
    return kept, numbers, left


def _is_full(row: Sequence[object], by_field: Mapping[str, int]) -> bool:
    """Whether most of the columns have something: a person called Công is no total."""
    there = sum(place < len(row) and row[place] != "" for place in by_field.values())
    return there * 3 > len(by_field) * 2


def _is_counted_total(row: Sequence[object], value: object, digits: int) -> bool:
    """Whether a row is a total with a count where the code should stand: far too short for one, under the word for a total."""
    if type(value) is str and len(value) * 2 > digits:
        return False
    said = shown(value)
    return len(said) * 2 <= digits and is_noise([shown(cell) for cell in row if cell != ""])


def _is_code(cell: object) -> bool:
    return shown(cell)[:1].isdigit()


def _is_header(words: Sequence[str], layout: Layout) -> bool:
    names = layout.names()
    return len(words) > 2 and sum(key_of(one) in names for one in words) * 2 > len(words)


def _of_other_days(layout: Layout, frame: pl.DataFrame, day: date | None) -> pl.DataFrame:
    """A fault for each row that is of another day than the extract: it would count on a day that it does not speak of."""
    if day is None:
        return pl.DataFrame(schema=FAULT_SCHEMA)
    return frame.filter(pl.col(layout.day) != day).select(
        row=pl.col(ROW),
        field=pl.lit(layout.day),
        code=pl.lit("other_day"),
        value=pl.col(layout.day).dt.strftime("%d/%m/%Y"),
        blocks=pl.lit(value=True),
    )


def day_of(layout: Layout, frame: pl.DataFrame) -> date | None:
    """The day that most rows say."""
    found = most_common(frame, layout.day)
    return found if isinstance(found, date) else None


def most_common(frame: pl.DataFrame, name: str) -> str | int | date | None:
    """The most frequent value of a column; None where it is missing or empty."""
    if not name or name not in frame.columns:
        return None
    there = frame[name].drop_nulls()
    found: str | int | date | None = there.mode().sort()[0] if len(there) else None
    return found
