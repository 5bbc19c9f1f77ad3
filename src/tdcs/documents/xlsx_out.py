"""A table as a workbook or as CSV, for who wants to go on calculating.

Words can never become formulas: a unit may call itself "=HYPERLINK(…)" and it stays words.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeGuard

import xlsxwriter

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column, shown
from tdcs.documents.official.wording import clean

# A double holds whole numbers exactly up to here; longer ones are written as words.
_EXACT: Final = 2**53
_LONGEST: Final = 32_767  # letters in a cell of a workbook
_NARROWEST, _WIDEST = 8, 60
_FACE: Final = "Times New Roman"
_DANGEROUS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "|",
    "%",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def table_to_xlsx(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    as_of: date | None = None,
    note: str = "",
) -> bytes:
    """One sheet: title, day of the figures, header with filters (frozen), rows, note."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    moment = datetime(*((as_of or date(2000, 1, 1)).timetuple()[:3]), tzinfo=UTC)
    book.set_properties({"title": clean(title)[:255], "created": moment.replace(tzinfo=None)})
    _Page(book, columns).fill(title, rows, as_of, note)
    book.close()
    return buffer.getvalue()


@dataclass
class _Page:
    book: Any
    columns: Sequence[Column]

    def fill(
        self, title: str, rows: Sequence[Sequence[Cell]], as_of: date | None, note: str
    ) -> None:
        sheet = self.book.add_worksheet("Số liệu")
        sheet.write_string(0, 0, clean(title), self._format(bold=True, font_size=14))
        if as_of:
            told = f"Số liệu đến {numbers.date_words(as_of)}"
            sheet.write_string(1, 0, told, self._format(italic=True))
        top = self._header(sheet)
        for place, row in enumerate(rows, top):
            self._row(sheet, place, row)
        last = top + max(len(rows), 1) - 1
        if self.columns:
            sheet.autofilter(top - 1, 0, last, len(self.columns) - 1)
        if note:
            sheet.write_string(last + 2, 0, clean(note), self._format(italic=True))
        self._page_setup(sheet, top)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, _width(column, place, rows))

    def _page_setup(self, sheet: Any, top: int) -> None:
        sheet.freeze_panes(top, 0)
        sheet.repeat_rows(top - 1)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")

    def _header(self, sheet: Any) -> int:
        """Writes the header; returns the first row of figures."""
        face = self._format(
            bold=True,
            border=1,
            bg_color="#E7E6E6",
            text_wrap=True,
            align="center",
            valign="vcenter",
        )
        for place, column in enumerate(self.columns):
            words = f"{column.group} - {column.title}" if column.group else column.title
            sheet.write_string(3, place, clean(words), face)
        return 4

    def _row(self, sheet: Any, place: int, row: Sequence[Cell]) -> None:
        for across, (column, value) in enumerate(zip(self.columns, row, strict=False)):
            self._cell(sheet, place, across, column, value)

    def _cell(self, sheet: Any, down: int, across: int, column: Column, value: Cell) -> None:
        face = self._face(column, value)
        if value is None:
            sheet.write_blank(down, across, None, face)
        elif isinstance(value, date):
            sheet.write_datetime(down, across, value, face)
        elif _is_figure(value):
            scale = 100 if column.kind == "percent" else 1
            sheet.write_number(down, across, float(value) / scale if scale > 1 else value, face)
        else:
            sheet.write_string(down, across, clean(shown(column, value))[:_LONGEST], face)

    def _face(self, column: Column, value: Cell) -> Any:
        side = {"centre": "center"}.get(column.alignment, column.alignment)
        pattern = "General"
        if isinstance(value, date):
            pattern = "dd/mm/yyyy"
        elif _is_figure(value) and column.kind not in ("text", "ordinal"):
            pattern = "#,##0" + ("." + "0" * column.places if column.places else "")
            pattern = pattern.replace("#,##", "") + "%" if column.kind == "percent" else pattern
        wrap = isinstance(value, str)
        return self._format(border=1, num_format=pattern, align=side, valign="top", text_wrap=wrap)

    def _format(self, **wanted: Any) -> Any:
        """One format object for each look: a workbook has room for only so many."""
        made: dict[Any, Any] = self.__dict__.setdefault("_formats", {})
        key = tuple(sorted(wanted.items()))
        if key not in made:
            made[key] = self.book.add_format({"font_name": _FACE, "font_size": 12, **wanted})
        return made[key]


def table_to_csv(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, delimiter: str = ","
) -> bytes:
    """UTF-8 with its mark, so that Excel reads the accents; figures and days as machines write them.

    Words that a spreadsheet would take for a formula get an apostrophe before them.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([harmless(f"{c.group} - {c.title}" if c.group else c.title) for c in columns])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(words: str) -> str:
    """Words that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    words = clean(words)
    return f"'{words}" if words.lstrip(" ").startswith(_DANGEROUS) else words


def _is_figure(value: Cell) -> TypeGuard[int | float | Decimal]:
    if isinstance(value, str) or value is None or isinstance(value, date):
        return False
    return math.isfinite(value) and -_EXACT <= value <= _EXACT


def _width(column: Column, place: int, rows: Sequence[Sequence[Cell]]) -> float:
    longest = max((len(shown(column, row[place])) for row in rows if place < len(row)), default=0)
    title = max(map(len, column.title.split()), default=0) + 4
    return float(min(_WIDEST, max(_NARROWEST, title, longest + 2)))
