"""Tables as workbooks and CSV: figures stay figures, words never become formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from tdcs.documents.columns import Column
from tdcs.documents.xlsx_out import table_to_csv, table_to_xlsx

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (
    Column("Đơn vị"),
    Column("Số việc", kind="integer", group="Kết quả"),
    Column("Tỷ lệ", kind="percent"),
    Column("Hạn", kind="date"),
)
ROWS = [("UBND xã Suối Mơ", 1234, Decimal("95.5"), date(2026, 12, 15)), ("Sở A", None, 0.0, None)]


def sheet(content: bytes) -> tuple[dict[str, str], str]:
    """Cells by address with words resolved, and the sheet's XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = [
            "".join(one.itertext())
            for one in etree.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{S}si")
        ]
        xml = book.read("xl/worksheets/sheet1.xml")
    cells = {}
    for cell in etree.fromstring(xml).iter(f"{S}c"):
        value = cell.findtext(f"{S}v")
        if value is not None:
            cells[cell.get("r", "")] = strings[int(value)] if cell.get("t") == "s" else value
    return cells, xml.decode()


def test_a_workbook_has_title_day_header_filters_and_typed_cells() -> None:
    made = table_to_xlsx("Kết quả", COLUMNS, ROWS, as_of=date(2026, 11, 23), note="Chưa chốt")
    cells, xml = sheet(made)
    assert cells["A1"] == "Kết quả"
    assert cells["A2"] == "Số liệu đến ngày 23 tháng 11 năm 2026"
    assert [cells[f"{letter}4"] for letter in "ABCD"] == [
        "Đơn vị",
        "Kết quả - Số việc",
        "Tỷ lệ",
        "Hạn",
    ]
    assert (cells["B5"], cells["C5"], cells["D5"]) == ("1234", "0.955", "46371")
    assert cells["A8"] == "Chưa chốt"
    assert '<autoFilter ref="A4:D6"' in xml
    assert 'ySplit="4"' in xml


@pytest.mark.parametrize(
    "words", ["=1+1", "+84", "-5 việc", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"]
)
def test_words_that_look_like_formulas_stay_words(words: str) -> None:
    cells, xml = sheet(table_to_xlsx(words, (Column(words),), [(words,)]))
    assert "<f>" not in xml
    assert cells["A5"] == words.replace("\t", " ")
    rows = list(
        csv.reader(io.StringIO(table_to_csv((Column(words),), [(words,)]).decode("utf-8-sig")))
    )
    assert all(cell.startswith("'") for row in rows for cell in row)


def test_a_number_longer_than_a_double_holds_is_written_as_words() -> None:
    cells, _ = sheet(
        table_to_xlsx("x", (Column("Số", kind="integer"),), [(2**60,), (float("inf"),)])
    )
    assert cells["A5"] == "1.152.921.504.606.846.976"


def test_no_rows_and_unprintable_signs_make_a_workbook() -> None:
    assert sheet(table_to_xlsx("a\x00b", COLUMNS, []))[0]["A1"] == "ab"
    assert table_to_xlsx("x", (), []).startswith(b"PK")


def test_the_same_table_gives_the_same_bytes() -> None:
    first, second = (table_to_xlsx("x", COLUMNS, ROWS, as_of=date(2026, 1, 2)) for _ in range(2))
    assert first == second


def test_csv_has_its_mark_and_speaks_to_machines() -> None:
    made = table_to_csv(COLUMNS, ROWS)
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").splitlines()[1:] == [
        "UBND xã Suối Mơ,1234,95.5,2026-12-15",
        "Sở A,,0.0,",
    ]
    assert "Sở A;;0.0;" in table_to_csv(COLUMNS, ROWS, delimiter=";").decode()
