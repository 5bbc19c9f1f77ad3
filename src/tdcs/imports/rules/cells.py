"""Cells of a column as a spreadsheet gives them, made into one type: codes, text, dong, rates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

import polars as pl

from tdcs.imports.rules.layouts import Column

# What a spreadsheet's reader gives: text, a number, a day, or "" for an empty cell.
Cell: TypeAlias = object
# Of a number as text: dots or commas between thousands, or a comma before decimals.
_THOUSANDS: Final = re.compile(r"-?\d{1,3}([.,]\d{3})+")
_PLAIN: Final = re.compile(r"-?\d+([.,]\d+)?")
# Whole dong above this are no sums of a borrower, and a float would no longer hold them.
_MOST: Final = 10**15
# How accountants write that a cell holds nothing.
_NOTHING: Final = ("", "-", "\u2013", "\u2014")
_PPM_OF_PERCENT: Final = 10_000
# Kinds of columns whose figures are told in another unit than they are kept in.
_SCALES: Final = {"rate": _PPM_OF_PERCENT, "million": 1_000_000, "thousand": 1_000}
_DECIMALS: Final = re.compile(r"-?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:\.\d{3})+,\d+)")
# Numbers of fixed lengths that spreadsheets take for figures → (what is left of one, its digits): a person's number of twelve
# digits begins with its province's 001 to 096, an identity card's has nine, a telephone's ten.
_CUT: Final = {
    "identity": ((r"^\d{8}$", 9), (r"^[1-9]\d{10}$", 12), (r"^[1-9]\d{9}$", 12)),
    "phone": ((r"^[35789]\d{8}$", 10),),
}


@dataclass(slots=True)
class Wrong:
    """What could not be read of a column: place of the row → (code, what stood there)."""

    cells: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)

    def add(self, place: int, code: str, cell: Cell) -> None:
        self.cells.append((place, code, shown(cell)))


def typed(column: Column, cells: Sequence[Cell]) -> tuple[pl.Series, Wrong]:
    """The column with nulls for what is empty or wrong; days are decided together (days.py)."""
    wrong = Wrong()
    if column.kind == "code":
        return _codes(column, cells, wrong), wrong
    if column.kind in _CUT:
        return _uncut(_texts(column.field, cells), _CUT[column.kind], wrong), wrong
    if column.kind == "text":
        return _texts(column.field, cells), wrong
    scale = _SCALES.get(column.kind, 1)
    return _numbers(column.field, cells, scale, wrong), wrong


def _numbers(name: str, cells: Sequence[Cell], scale: int, wrong: Wrong) -> pl.Series:
    if set(map(type, cells)) - {int, float}:
        cells = [
            cell if type(cell) in (int, float) else _number(cell, place, wrong)
            for place, cell in enumerate(cells)
        ]
    read = pl.Series(name, cells, dtype=pl.Float64, strict=False) * scale
    # Half up, as everywhere.
    whole = (read.abs() + 0.5).floor() * read.sign()
    large = (whole.abs() > _MOST).fill_null(False)
    if large.any():
        for place in large.arg_true():
            wrong.add(place, "number_too_large", cells[place])
        whole = whole.set(large, None)
    return whole.cast(pl.Int64).alias(name)


def _number(cell: Cell, place: int, wrong: Wrong) -> float | None:
    words = str(cell).replace("\u00a0", "").replace(" ", "").rstrip("%").removesuffix("đ")
    if words[:1] == "(" and words[-1:] == ")":
        # Accountants write what is below nought in brackets.
        words = "-" + words[1:-1]
    if words in _NOTHING:
        return None
    if isinstance(cell, str):
        if _THOUSANDS.fullmatch(words):
            return float(words.replace(".", "").replace(",", ""))
        if _PLAIN.fullmatch(words):
            return float(words.replace(",", "."))
        if _DECIMALS.fullmatch(words):
            thousands = "," if words.index(",") < words.rindex(".") else "."
            return float(words.replace(thousands, "").replace(",", "."))
    wrong.add(place, "not_a_number", cell)
    return None


def _texts(name: str, cells: Sequence[Cell]) -> pl.Series:
    if set(map(type, cells)) - {str}:
        cells = [cell if type(cell) is str else shown(cell) for cell in cells]
    read = pl.Series(name, cells, dtype=pl.String).str.strip_chars()
    if read.null_count() < len(read):
        read = read.str.normalize("NFC")
    return read.replace("", None)


def _without_fraction(read: pl.Series) -> pl.Series:
    """26001.0 is 26001."""
    return read.str.replace(r"^(\d+)\.0+$", "${1}")


def _uncut(read: pl.Series, forms: Sequence[tuple[str, int]], wrong: Wrong) -> pl.Series:
    """Numbers whose zeros at their beginning a spreadsheet lost have them again."""
    read, restored = _without_fraction(read), 0
    for form, width in forms:
        cut = read.str.contains(form).fill_null(False)
        restored += int(cut.sum())
        read = read.zip_with(~cut, read.str.zfill(width))
    if restored:
        wrong.notes.append(("zeros_restored", restored))
    return read


def _codes(column: Column, cells: Sequence[Cell], wrong: Wrong) -> pl.Series:
    """Digits of the code's width: a spreadsheet made 26001 or 26001.0 of 0026001."""
    width = column.width
    read = _without_fraction(_texts(column.field, cells))
    short = ((read.str.len_chars() < width) & read.str.contains(r"^\d+$")).fill_null(False)
    if short.any():
        wrong.notes.append(("zeros_restored", int(short.sum())))
        read = read.str.zfill(width)
    bad = (read.is_not_null() & ~read.str.contains(rf"^\d{{{width}}}$")).fill_null(False)
    for place in bad.arg_true():
        wrong.add(place, "code_wrong", cells[place])
    return read


def shown(cell: Cell) -> str:
    """A cell as text: whole numbers without a fraction, days as dd/mm/yyyy."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", str(cell)).strip() if cell is not None else ""
