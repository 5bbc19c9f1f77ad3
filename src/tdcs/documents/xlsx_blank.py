"""A workbook to be filled in by hand: sheets with headings, what each column means, and one example."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

# So many rows are made ready as text: what is typed there keeps the zeros in front of a code.
_READY = 500


@dataclass(frozen=True, slots=True)
class BlankColumn:
    title: str
    help: str
    width: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """``rows``: what is filled in already."""

    name: str
    title: str
    columns: Sequence[BlankColumn]
    rows: Sequence[Sequence[str]] = ()


def blank_workbook(sheets: Sequence[BlankSheet]) -> bytes:
    """Title, headings, the explanation of each column, then rows of text cells."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    # The same template at any time is the same file.
    book.set_properties({"created": datetime(2025, 1, 1)})  # noqa: DTZ001
    face = {"font_name": "Times New Roman", "font_size": 12}
    title = book.add_format({**face, "bold": True, "font_size": 14})
    head = book.add_format(
        {**face, "bold": True, "border": 1, "bg_color": "#E7E6E6", "text_wrap": True}
    )
    helped = book.add_format(
        {**face, "italic": True, "font_size": 10, "text_wrap": True, "valign": "top", "border": 1}
    )
    text = book.add_format({**face, "num_format": "@", "text_wrap": True})
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        sheet.write_string(0, 0, one.title, title)
        for at, column in enumerate(one.columns):
            sheet.set_column(at, at, column.width, text)
            sheet.write_string(2, at, column.title + (" *" if column.required else ""), head)
            sheet.write_string(3, at, column.help, helped)
            for row in range(4, 4 + _READY):
                sheet.write_blank(row, at, None, text)
        for down, cells in enumerate(one.rows, 4):
            for at, words in enumerate(cells):
                sheet.write_string(down, at, words, text)
        sheet.freeze_panes(4, 0)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()
