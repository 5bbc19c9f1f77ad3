"""The heading of a prepared table is found below titles, in any order, however its letters are written."""

from __future__ import annotations

import unicodedata

import pytest

from tdcs.documents.reading.heading import WITHIN, beginning, exactly, find_heading
from tdcs.documents.reading.rows import SheetRow, Value

NAMES = {"day": "Ngày", "dong": "Số tiền", "words": "Nội dung"}


def table(*rows: tuple[Value, ...]) -> list[SheetRow]:
    return [SheetRow(at, cells) for at, cells in enumerate(rows, start=1)]


def test_columns_are_found_in_any_order_below_titles() -> None:
    rows = table(
        ("BẢNG KÊ GHI CÓ",),
        ("Ngày", "01/11/2026"),
        ("Nội dung", "STT", "SỐ TIỀN *", "ngay"),
        ("x", 1, 500, "2/11"),
    )
    heading = find_heading(rows, exactly(NAMES), set(NAMES).issubset)
    assert heading.found
    assert heading.places == {"words": 0, "dong": 2, "day": 3}
    assert [heading.cell(row, "dong") for row in heading.body] == [500]


def test_letters_in_parts_are_the_same_letters() -> None:
    rows = table(
        tuple(unicodedata.normalize("NFD", name) for name in NAMES.values()), ("1", 2, "3")
    )
    assert find_heading(rows, exactly(NAMES), set(NAMES).issubset).found


def test_a_name_that_begins_alike_is_another_column() -> None:
    heading = find_heading(
        table(("Ngày ký", "Số tiền", "Nội dung")), exactly(NAMES), set(NAMES).issubset
    )
    assert not heading.found
    assert heading.lacks(NAMES) == ["day"]


def test_columns_by_how_their_heading_begins() -> None:
    of = beginning({"income": ("thu nhap",), "code": ("ma ho",)})
    heading = find_heading(
        table(("Mã hộ", "Thu nhập đầu người (đồng/tháng)", "Thu nhập khác")), of, bool
    )
    assert heading.places == {"code": 0, "income": 1}


@pytest.mark.parametrize(("titles", "found"), [(WITHIN - 1, True), (WITHIN, False)])
def test_a_heading_stands_within_so_many_rows(titles: int, found: bool) -> None:
    rows = table(*[("tiêu đề",)] * titles, tuple(NAMES.values()))
    assert find_heading(rows, exactly(NAMES), set(NAMES).issubset).found is found


def test_a_short_row_says_nothing_in_its_last_columns() -> None:
    rows = table(tuple(NAMES.values()), ("1/11/2026",))
    heading = find_heading(rows, exactly(NAMES), set(NAMES).issubset)
    assert heading.cell(heading.body[0], "words") == ""
    assert heading.cell(heading.body[0], "unknown") == ""
