"""What a clerk's file says: columns in any order under any of the usual headings, every fault of every row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tdcs.core.text import fold, squash
from tdcs.core.typed import parse_day
from tdcs.organisations.office_book.columns import OFFICES, POINTS, SHEETS, Sheet, field_of, plain
from tdcs.organisations.office_book.faults import Faults

# The number that a spreadsheet shows beside a row, and its cells.
Line = tuple[int, Sequence[Any]]

# Titles and notes may stand above the headings.
_HEADINGS_WITHIN: Final = 15
_CODE_DIGITS: Final = 6
_DAY: Final = re.compile(r"\D*(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})\D*")
_MONTH_DAY: Final = re.compile(r"\D{0,20}(\d{1,2})(?:\.0)?\D{0,20}")
_TIME: Final = r"(\d{1,2})\s*(?:[:hg]\s*(\d{2})?)?\s*(?:gio)?"
_HOURS: Final = re.compile(rf"(?:tu\s*)?{_TIME}\s*(?:-|den)\s*{_TIME}", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,3}(?:[.,]\d+)?")
# Around the whole country with its islands.
_LATITUDE: Final = (Decimal(6), Decimal(24))
_LONGITUDE: Final = (Decimal(102), Decimal(118))
_APART: Final = re.compile(r"[;,\n\r]+")


@dataclass(frozen=True, slots=True)
class OfficeRow:
    row: int
    code: str
    name: str
    communes: tuple[str, ...]
    address: str
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class PointRow:
    row: int
    code: str
    name: str
    commune: str
    session_day: int
    hours: str
    place: str
    latitude: Decimal | None
    longitude: Decimal | None
    starts_on: date | None


@dataclass(slots=True)
class Book:
    """What the file says, and what is wrong with it: then nothing of it is used."""

    offices: list[OfficeRow] = field(default_factory=list)
    points: list[PointRow] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)


def read_book(sheets: Mapping[str, Sequence[Line]]) -> Book:
    """The rows of the sheets that are ours, whatever they are called and in whatever order."""
    book = Book()
    found = False
    for name, lines in sheets.items():
        sheet = _sheet_of(name, lines)
        if sheet is None:
            continue
        found = True
        table = _table(sheet, name, lines, book.faults)
        for row, cells in table:
            if sheet is OFFICES:
                _office(book, row, cells)
            else:
                _point(book, row, cells)
    if not found:
        book.faults.add("", 0, "", "no_sheet")
    _no_code_twice(book)
    return book


def _sheet_of(name: str, lines: Sequence[Line]) -> Sheet | None:
    """By its name, else by the headings that only one of the two has."""
    words = plain(name)
    for sheet in SHEETS:
        if any(alias in words for alias in sheet.aliases):
            return sheet
    for _, cells in lines[:_HEADINGS_WITHIN]:
        keys = {field_of(POINTS, cell) for cell in cells}
        if {"code", "session_day"} <= keys:
            return POINTS
        if {"code", "communes"} <= {field_of(OFFICES, cell) for cell in cells}:
            return OFFICES
    return None


def _table(
    sheet: Sheet, name: str, lines: Sequence[Line], faults: Faults
) -> list[tuple[int, dict[str, Any]]]:
    """Rows under the headings as cells by key; the line of explanations under the headings is no row."""
    at, places = _headings(sheet, lines)
    if not places:
        if lines:
            faults.add(name, lines[0][0], "", "no_headings")
        return []
    faults.name_columns(sheet.title, name, places)
    missing = [f.title for f in sheet.fields if f.required and f.key not in places]
    for title in missing:
        faults.add(sheet.title, lines[at][0], "", "no_column", what=title)
    if missing:
        return []
    rows = []
    helps = {plain(f.explained()) for f in sheet.fields}
    for number, cells in lines[at + 1 :]:
        row = {k: cells[p] if p < len(cells) else "" for k, p in places.items()}
        if any(squash(str(v)) for v in row.values()) and plain(row["code"]) not in helps:
            rows.append((number, row))
    return rows


def _headings(sheet: Sheet, lines: Sequence[Line]) -> tuple[int, dict[str, int]]:
    """Where the row of headings is, and the column of each key in it."""
    for at, (_, cells) in enumerate(lines[:_HEADINGS_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if key := field_of(sheet, cell):
                places.setdefault(key, place)
        if len(places) > 1 and {"code", "name"} & places.keys():
            return at, places
    return 0, {}


def _text(cell: Any) -> str:
    return squash(str(cell))


def _office(book: Book, row: int, cells: Mapping[str, Any]) -> None:
    before = len(book.faults.found)
    at = book.faults.at(OFFICES.title, row)
    code = _text(cells["code"]).lstrip("'")
    if code.isdecimal() and len(code) < _CODE_DIGITS:
        # A spreadsheet takes the zeros in front of a number away.
        code = code.zfill(_CODE_DIGITS)
    if not code:
        at("code", "missing")
    elif not re.fullmatch(rf"[0-9]{{{_CODE_DIGITS}}}", code):
        at("code", "not_six_digits", words=code)
    name = _office_name(_text(cells["name"]))
    if not name:
        at("name", "missing")
    communes = tuple(filter(None, map(squash, _APART.split(str(cells["communes"])))))
    if not communes:
        at("communes", "missing")
    starts_on = _starts_on(cells, at)
    if len(book.faults.found) == before:
        address = _text(cells.get("address", ""))[:200]
        book.offices.append(OfficeRow(row, code, name[:80], communes, address, starts_on))


def _office_name(words: str) -> str:
    """ "PGD NHCSXH huyện Định Quán" → "Định Quán"."""
    pattern = r"(?:phòng giao dịch|pgd)?\s*(?:ngân hàng chính sách xã hội|nhcsxh)?\s*"
    return re.sub(rf"^{pattern}(?:huyện|thị xã|thành phố|h\.|tx\.|tp\.)?\s*", "", words, flags=re.I)


def _point(book: Book, row: int, cells: Mapping[str, Any]) -> None:
    before = len(book.faults.found)
    at = book.faults.at(POINTS.title, row)
    texts = {key: _text(cell) for key, cell in cells.items()}
    for key in ("code", "name", "commune", "session_day"):
        if not texts[key]:
            at(key, "missing")
    if len(texts["code"]) > 20:
        at("code", "too_long", words=texts["code"][:30])
    day = _month_day(texts["session_day"], at)
    hours = _hours(texts.get("hours", ""), at)
    latitude, longitude = _coordinates(texts.get("coordinates", ""), at)
    starts_on = _starts_on(cells, at)
    if len(book.faults.found) == before:
        book.points.append(
            PointRow(
                row,
                texts["code"].lstrip("'"),
                texts["name"][:160],
                texts["commune"],
                day,
                hours,
                texts.get("place", "")[:200],
                latitude,
                longitude,
                starts_on,
            )
        )


def _starts_on(cells: Mapping[str, Any], at: Any) -> date | None:
    cell = cells.get("starts_on", "")
    if isinstance(cell, date):
        return cell
    words = _text(cell)
    if not words:
        return None
    found = _DAY.fullmatch(words)
    text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else words
    day = parse_day(text)
    if day is None:
        at("starts_on", "not_a_day", words=words)
    return day


def _month_day(words: str, at: Any) -> int:
    found = _MONTH_DAY.fullmatch(words)
    day = int(found[1]) if found else 0
    if words and not 1 <= day <= 31:
        at("session_day", "not_a_month_day", words=words)
    return day


def _hours(words: str, at: Any) -> str:
    if not words:
        return ""
    found = _HOURS.fullmatch(plain_hours(words))
    if found:
        opens, closes = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
        if opens < closes <= 24 * 60 and all(int(found[n] or 0) < 60 for n in (2, 4)):
            return f"{opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}"
    at("hours", "not_hours", words=words)
    return ""


def plain_hours(words: str) -> str:
    """ "8 giờ đến 11h30" → "8 gio den 11h30"."""
    return fold(words).replace("gio", "h").replace("h h", "h")


def _coordinates(words: str, at: Any) -> tuple[Decimal | None, Decimal | None]:
    if not words:
        return None, None
    # "11,16; 107,24" keeps its decimal commas; "11.16, 107.24" has a comma between the two.
    parts = re.split(r"\s*;\s*|\s+", words) if ";" in words else re.split(r"\s*,\s*|\s+", words)
    parts = [part for part in parts if part]
    try:
        if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
            raise InvalidOperation
        latitude, longitude = (
            Decimal(part.replace(",", ".")).quantize(Decimal("0.000001")) for part in parts
        )
    except InvalidOperation:
        at("coordinates", "not_coordinates", words=words)
        return None, None
    if not (
        _LATITUDE[0] <= latitude <= _LATITUDE[1] and _LONGITUDE[0] <= longitude <= _LONGITUDE[1]
    ):
        swapped = _LATITUDE[0] <= longitude <= _LATITUDE[1]
        at("coordinates", "swapped" if swapped else "not_in_the_country", words=words)
    return latitude, longitude


def key_of(code: str) -> str:
    """What a point's code is compared by: a spreadsheet takes zeros away at one time and not at another."""
    return code.lstrip("0").casefold()


def _no_code_twice(book: Book) -> None:
    for sheet, pairs in (
        (OFFICES, [(r.row, r.code, r.code) for r in book.offices]),
        (POINTS, [(r.row, key_of(r.code), r.code) for r in book.points]),
    ):
        first: dict[str, int] = {}
        for row, key, code in pairs:
            if key in first:
                book.faults.at(sheet.title, row)("code", "twice", words=code, what=str(first[key]))
            first.setdefault(key, row)
