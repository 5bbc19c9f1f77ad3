"""The standard workbook: typed cells, parts with their sums, words that stay words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from tdcs.documents.workbook import Around, SheetColumn, Tab, workbook

AROUND = Around("Biểu thử", "Đơn vị", "Ngày", "Người lập", datetime(2026, 11, 23, tzinfo=UTC), signers=("Người lập biểu", "Giám đốc"))  # fmt: skip
COLUMNS = (
    SheetColumn("name", "Tên", width=10),
    SheetColumn("amount", "Tiền", "money", 16, total=True),
    SheetColumn("on", "Ngày", "day", 12),
    SheetColumn("rate", "Tỷ lệ", "percent", 9),
)


def frame(*rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = {
        "name": pl.String,
        "amount": pl.Int64,
        "on": pl.Date,
        "rate": pl.Int64,
        "group": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def cells(content: bytes, tab: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(tab).to_python()


def test_numbers_days_and_shares_are_typed() -> None:
    rows = frame(
        ("=1+1 <&>\x07", 2**53 - 1, date(2026, 2, 28), 60_288, "A"),
        (None, None, None, None, "A"),
        ("0012", -5, date(1970, 1, 1), -15, "A"),
    )
    made = workbook(AROUND, [Tab("Một", COLUMNS, rows)])
    assert cells(made)[6] == ["=1+1 <&>", 2**53 - 1, date(2026, 2, 28), 0.060288]
    assert cells(made)[7] == ["", "", "", ""]
    assert cells(made)[8] == ["0012", -5, date(1970, 1, 1), -0.000015]
    assert cells(made)[9][:2] == ["Tổng cộng", 2**53 - 6]
    with zipfile.ZipFile(io.BytesIO(made)) as kept:
        assert kept.testzip() is None
        assert b"<f>" not in kept.read("xl/worksheets/sheet1.xml")


def test_each_part_has_its_line_and_its_sums_on_a_page() -> None:
    rows = frame(
        ("a", 1, None, None, "Tổ 1"), ("b", 2, None, None, "Tổ 1"), ("c", 4, None, None, "Tổ 2")
    )
    made = workbook(AROUND, [Tab("Theo tổ", COLUMNS, rows, part="group")])
    assert [row[:2] for row in cells(made)[6:14]] == [
        ["Tổ 1", ""], ["a", 1], ["b", 2], ["Cộng", 3], ["Tổ 2", ""], ["c", 4], ["Cộng", 4], ["Tổng cộng", 7],
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(made)) as kept:
        assert b'<brk id="10"' in kept.read("xl/worksheets/sheet1.xml")


def test_nothing_is_said_to_be_nothing_and_names_of_tabs_are_told_apart() -> None:
    made = workbook(
        AROUND,
        [
            Tab("A/B: rất dài rất dài rất dài rất dài", COLUMNS, frame()),
            Tab("A/B: rất dài rất dài rất dài rất dài", COLUMNS, frame()),
        ],
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert len(set(book.sheet_names)) == 2
    assert cells(made)[6][0] == "Không có số liệu."
