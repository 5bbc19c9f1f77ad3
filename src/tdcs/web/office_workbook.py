"""The workbook of offices and points as a file: the template with what is there already, and a file read."""

from __future__ import annotations

from datetime import date

from tdcs.documents.reading.guarded import read_sheets_guarded
from tdcs.documents.xlsx_blank import BlankColumn, BlankSheet, blank_workbook
from tdcs.organisations.office_book.columns import OFFICES, POINTS, Sheet
from tdcs.organisations.office_book.reading import Book, read_book
from tdcs.organisations.queries_offices import office_lines, point_lines

FILE_NAME = "phong-giao-dich-va-diem-giao-dich.xlsx"


def template(on: date) -> bytes:
    """Both sheets, filled with the confirmed offices and points of a day, so that they are corrected there."""
    return blank_workbook([_sheet(OFFICES, office_lines(on)), _sheet(POINTS, point_lines(on))])


def read(content: bytes) -> Book:
    """What a file says. Raises a refusal of documents.errors."""
    sheets = read_sheets_guarded(content)
    return read_book(
        {name: [(row.number, row.cells) for row in rows] for name, rows in sheets.items()}
    )


def _sheet(sheet: Sheet, rows: list[list[str]]) -> BlankSheet:
    columns = [
        BlankColumn(one.title, one.explained(), one.width, one.required) for one in sheet.fields
    ]
    return BlankSheet(sheet.title, f"DANH SÁCH {sheet.title.upper()}", columns, rows)
