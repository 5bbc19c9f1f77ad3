"""A sheet as the core's query report gives it, with what is found in real ones: a blank first column, repeated headers …"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

import polars as pl
import xlsxwriter

from tdcs.imports.rules.layouts import Column, Layout

_PAGE: Final = 400
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"/>')
_SCALES: Final = {"rate": 10_000, "million": 1_000_000, "thousand": 1_000}


@dataclass(frozen=True, slots=True)
class Traps:
    """What a workbook has that a reader may fall into."""

    wrong_dimension: bool = False
    repeated_headers: bool = False
    decomposed: bool = False
    lost_zeros: bool = False
    numbers_as_text: bool = False
    mixed_days: bool = False
    american: bool = False
    short_form: bool = False

    @classmethod
    def drawn(cls, luck: Random) -> Traps:
        """Each about every third time; days are wrong in one way at a time."""
        days = luck.choice(("", "", "mixed", "american"))
        return cls(
            wrong_dimension=luck.random() < 0.3,
            repeated_headers=luck.random() < 0.5,
            decomposed=luck.random() < 0.3,
            lost_zeros=luck.random() < 0.3,
            numbers_as_text=luck.random() < 0.3,
            mixed_days=days == "mixed",
            american=days == "american",
            short_form=luck.random() < 0.3,
        )


PLAIN: Final = Traps()


# Titles over several columns in a header of two rows.
_OVER: Final = ("SỐ HỘ TẤT NỢ", "Ngày đến hạn", "Nợ quá hạn", "Nợ khoanh")


def write_sheet(layout: Layout, rows: pl.DataFrame, day: date, traps: Traps) -> bytes:
    """The workbook of rows typed as the layout says."""
    columns = [
        one
        for one in layout.columns
        if not (traps.short_form and one.field == "interest_collected")
    ]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("BCQUERY")
        as_day = book.add_format({"num_format": "dd/mm/yyyy"})
        # Column A stays blank; the title stands in row 2, the headers in row 5. Only some lists say their day.
        title = layout.titles[0] if layout.titles else layout.name
        sheet.write(1, 1, f"{title} theo kỳ số liệu, ngày {day:%d/%m/%Y}" if layout.day else title)
        head = [_header(one, traps) for one in columns]
        at = 5
        if layout.header_rows > 1:
            over = [_over(one.title) for one in columns]
            sheet.write_row(3, 1, [name if name not in over[:place] else "" for place, name in enumerate(over)])  # fmt: skip
            head = [
                one.removeprefix(name).strip() if name else one
                for one, name in zip(head, over, strict=True)
            ]
        sheet.write_row(4, 1, head)
        cells = list(zip(*(_cells(one, rows[one.field], traps) for one in columns), strict=True))
        for number, row in enumerate(cells):
            if traps.repeated_headers and number and number % _PAGE == 0:
                sheet.write_row(at + 1, 1, head)
                at += 2
            _write(sheet, at, row, as_day)
            at += 1
        sheet.write(at, 1, "Tổng cộng")
        fields = [one.field for one in columns]
        if "balance" in fields[1:] and layout.column("balance").kind == "money":
            sheet.write(at, 1 + fields.index("balance"), rows["balance"].sum())
        sheet.write(at + 2, 3, "Người lập biểu")
        sheet.write(at + 2, 20, "Kiểm soát")
        sheet.write(at + 2, 40, "Thủ trưởng đơn vị")
        book.add_worksheet("Sheet4").write(0, 0, "nháp")
    content = out.getvalue()
    return _with_dimension(content) if traps.wrong_dimension else content


def _over(title: str) -> str:
    return next((one for one in _OVER if title.startswith(f"{one} ")), "")


def _header(column: Column, traps: Traps) -> str:
    title = column.titles[-1] if traps.short_form else column.title
    return unicodedata.normalize("NFD", title) if traps.decomposed else title


def _write(sheet: Any, at: int, row: Sequence[Any], as_day: Any) -> None:
    for place, cell in enumerate(row, 1):
        if cell is None:
            continue
        if isinstance(cell, str):
            sheet.write_string(at, place, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(at, place, cell, as_day)
        else:
            sheet.write_number(at, place, cell)


def _cells(column: Column, values: pl.Series, traps: Traps) -> list[Any]:
    if column.kind == "date":
        return _days(values, traps)
    if scale := _SCALES.get(column.kind):
        return [None if one is None else one / scale for one in values.to_list()]
    if column.kind == "money" and traps.numbers_as_text and column.field in ("balance", "in_time"):
        return [None if one is None else f"{one:,}".replace(",", ".") for one in values.to_list()]
    if (
        column.kind == "code"
        and traps.lost_zeros
        and column.field in ("office", "group", "programme")
    ):
        return [None if one is None else int(one) for one in values.to_list()]
    found: list[Any] = values.to_list()
    return found


def _days(values: pl.Series, traps: Traps) -> list[Any]:
    """Text dd/mm/yyyy; what an American Excel makes of such text; or mm/dd/yyyy."""
    days = values.to_list()
    if traps.mixed_days and values.name == "signed_on":
        return [
            None if d is None else _american(d) if d.day <= 12 else f"{d:%d/%m/%Y}" for d in days
        ]
    form = "%m/%d/%Y" if traps.american else "%d/%m/%Y"
    return [None if d is None else d.strftime(form) for d in days]


def _american(day: date) -> date:
    return date(day.year, day.day, day.month)


def _with_dimension(content: bytes) -> bytes:
    """The sheet says that it ends early, as some exports do."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            held = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                held = _DIMENSION.sub(b'<dimension ref="A1:AA14"/>', held, count=1)
            new.writestr(entry.filename, held)
    return out.getvalue()
