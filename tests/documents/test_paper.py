"""Lists as PDF: upright or turned by what the columns need, nothing cut, heads, unit, day and page on every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from pdf_pages import nothing_is_cut, pages_of

from tdcs.core.clock import ZONE
from tdcs.documents.columns import Column
from tdcs.documents.errors import TooLongForPaper
from tdcs.documents.paper import MOST_ROWS, Paper, laid_out, table_to_pdf

AROUND = Paper(
    title="Danh sách hộ vay vốn",
    unit="PGD NHCSXH Định Quán",
    day="Số liệu ngày 23/11/2026",
    printed="Người in: Nguyễn Văn An, 08:30 23/11/2026",
    printed_at=datetime(2026, 11, 23, 8, 30, tzinfo=ZONE),
)
FEW = (Column("Mã"), Column("Họ và tên"), Column("Dư nợ (đồng)", "integer"))
MANY = (
    Column("Tài khoản"),
    *(Column(f"Cột tiền thứ {n} (đồng)", "integer") for n in range(1, 10)),
    Column("Ngày cuối", "date"),
)
MATRIX = (Column("Đơn vị"), *(Column(f"II.{a}.{b}") for a in range(1, 6) for b in "abcdefghijkl"))


def few(count: int) -> list[tuple[str, str, int]]:
    return [(f"H{n:05}", f"Nguyễn Thị Hộ {n}", 50_000_000 + n) for n in range(count)]


def many(count: int) -> list[tuple[object, ...]]:
    return [
        (f"Cho vay chương trình {n}", *[10**12 + n] * 9, date(2026, 1, 1 + n % 28))
        for n in range(count)
    ]


def test_three_columns_stand_upright_with_heads_unit_day_and_page_on_each_page() -> None:
    pages = pages_of(table_to_pdf(AROUND, FEW, few(150)))
    assert len(pages) > 2 and not any(page.landscape for page in pages)
    nothing_is_cut(pages, [c.title for c in FEW], [f"{50_000_000 + n:,}".replace(",", ".") for n in range(150)])  # fmt: skip
    for number, page in enumerate(pages, 1):
        assert page.holds(AROUND.unit) and page.holds(AROUND.day) and page.holds(AROUND.printed)
        assert page.holds(f"Trang {number}/{len(pages)}")
    assert [page.holds(AROUND.title) for page in pages] == [True] + [False] * (len(pages) - 1)


def test_many_columns_of_money_turn_the_page() -> None:
    rows = many(60)
    pages = pages_of(table_to_pdf(AROUND, MANY, rows))
    assert all(page.landscape for page in pages)
    nothing_is_cut(pages, [c.title for c in MANY], [f"{row[-1]:%d/%m/%Y}" for row in rows])
    assert pages[0].holds("1.000.000.000.000")


def test_what_no_page_is_wide_enough_for_goes_on_with_its_first_column() -> None:
    rows = [(f"UBND phường Số {n}", *["Quá hạn"] * 60) for n in range(20)]
    sheet = laid_out(MATRIX, [list(map(str, row)) for row in rows])
    assert sheet.landscape and len(sheet.parts) > 1
    assert sorted({at for places in sheet.parts for at in places}) == list(range(61))
    assert all(places[0] == 0 for places in sheet.parts)
    assert all(sum(widths) == pytest.approx(1, abs=1e-4) for widths in sheet.widths)
    pages = pages_of(table_to_pdf(AROUND, MATRIX, rows))
    nothing_is_cut(pages, ["Đơn vị"], ["II.5.l"])
    assert all(any(page.holds(c.title) for page in pages) for c in MATRIX)


@pytest.mark.parametrize("columns", [FEW, MANY, ()])
def test_a_table_of_no_rows_says_so(columns: tuple[Column, ...]) -> None:
    (page,) = pages_of(table_to_pdf(AROUND, columns, []))
    assert page.holds("Không có số liệu.")
    assert all(page.holds(column.title) for column in columns)


def test_who_signs_stands_below_the_last_row() -> None:
    signed = replace(
        AROUND,
        signers=("Người lập biểu", "Kế toán trưởng", "Giám đốc"),
        place_and_day="Đồng Nai, ngày 23 tháng 11 năm 2026",
    )
    *before, last = pages_of(table_to_pdf(signed, FEW, few(70)))
    for title in ("NGƯỜI LẬP BIỂU", "KẾ TOÁN TRƯỞNG", "GIÁM ĐỐC", signed.place_and_day, "(Ký, ghi rõ họ tên)"):  # fmt: skip
        assert last.holds(title)
        assert not any(page.holds(title) for page in before)


def test_words_are_never_code_and_never_leave_their_cell() -> None:
    evil = '#read("/etc/passwd") $x^2$ *đậm* [' + "a" * 300
    (page, *_) = pages_of(table_to_pdf(replace(AROUND, title=evil, note=evil), FEW, [(evil, evil, 1)]))  # fmt: skip
    assert page.right <= page.width
    assert page.holds('#read("/etc/passwd") $x^2$ *đậm*')


def test_figures_read_as_on_screen() -> None:
    columns = (Column("Tỷ lệ", "percent"), Column("Số", "decimal"), Column("Trống"))
    (page,) = pages_of(table_to_pdf(AROUND, columns, [(Decimal("95.5"), Decimal("1234.5"), None)]))
    assert page.holds("95,50%") and page.holds("1.234,5")


def test_the_same_minute_gives_the_same_bytes() -> None:
    assert table_to_pdf(AROUND, FEW, few(5)) == table_to_pdf(AROUND, FEW, few(5))


def test_a_list_too_long_for_paper_is_refused() -> None:
    with pytest.raises(TooLongForPaper) as refused:
        table_to_pdf(AROUND, FEW, few(MOST_ROWS + 1))
    assert refused.value.params == {"rows": MOST_ROWS + 1, "most": MOST_ROWS}
    assert laid_out(FEW, [list(map(str, row)) for row in few(MOST_ROWS)]).landscape is False


def test_letters_are_made_smaller_before_names_stand_on_a_line_for_each_word() -> None:
    """Fifteen columns of a list of loans: with room to spare the letters stay, without it they shrink, down to 7 points."""
    names = (
        "Ngô Quốc Yến",
        "xã Phú Hòa",
        "Tổ 7 Ấp 5, Phú Lợi",
        "Giải quyết việc làm",
        "Vốn trung ương",
    )
    texts = [Column(f"Cột {at}") for at in range(5)]
    few = [Column(f"Số {at}", "integer") for at in range(4)]
    many = [Column(f"Số {at}", "integer") for at in range(10)]
    roomy = laid_out([*texts, *few], [[*names, *["107.000.000"] * 4]] * 3)
    tight = laid_out([*texts, *many], [[*names, *["107.000.000"] * 10]] * 3)
    assert roomy.size > tight.size >= 7
    assert len(tight.parts) == 1
    for column in range(5):
        # A name of three words stands on two lines at most.
        assert tight.widths[0][column] * 273 > 12
