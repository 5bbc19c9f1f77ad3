"""Tables out: .xlsx and .csv of what a page shows; nothing in a cell can act as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None


def to_xlsx(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, note: str = ""
) -> bytes:
    """A workbook of one sheet: title, note, frozen header with filters, typed cells."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:28].translate(str.maketrans("[]:*?/\\", "       ")) or "TDCS")
    bold = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "bg_color": "#F1EEF3", "border": 1, "text_wrap": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    number = book.add_format({"num_format": "#,##0.####"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, note)
    widths = [len(words) + 2 for words in header]
    for column, words in enumerate(header):
        sheet.write_string(3, column, words, head)
    last = 3
    for last, row in enumerate(rows, 4):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(last, column, cell, day)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(last, column, cell, number)
            elif cell:
                sheet.write_string(last, column, str(cell))
            widths[column] = min(60, max(widths[column], len(str(cell or "")) + 2))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(4, 1)
    sheet.autofilter(3, 0, max(last, 4), len(header) - 1)
    book.close()
    return buffer.getvalue()


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with a mark that Excel knows; a cell that looks like a formula is quoted as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return ("\ufeff" + buffer.getvalue()).encode()


def _plain(cell: Cell) -> str:
    text = "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)
    return "'" + text if isinstance(cell, str) and text[:1] in "=+-@\t\r" else text
