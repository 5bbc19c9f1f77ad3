"""Uploaded files are read within bounds, and whatever a file does is answered with a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from docx import Document
from hard_files import SELF_PAGES

from tdcs.documents import errors
from tdcs.documents.reading import guarded, read
from tdcs.documents.reading.guarded import Bounds, read_guarded, read_rows_guarded
from tdcs.documents.reading.rows import read_rows

pytestmark = pytest.mark.usefixtures("fresh_children")


def _docx(*lines: str) -> bytes:
    made, out = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    table = made.add_table(3, 3)
    for number in range(9):
        table.cell(number // 3, number % 3).text = f"ô {number}"
    made.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Hộ", 12, 1.5])
        sheet.write_datetime(
            0, 3, date(2026, 11, 23), book.add_format({"num_format": "dd/mm/yyyy"})
        )  # type: ignore[arg-type]
    return out.getvalue()


def test_a_document_reads_the_same_in_its_own_process() -> None:
    content = _docx("Kế hoạch", "I. Mục đích")
    assert read_guarded(content) == read(content)
    assert read_guarded(content).tables[0].rows[0] == ("ô 0", "ô 1", "ô 2")
    assert read_guarded("Kế hoạch".encode()).lines[0].text == "Kế hoạch"


def test_a_workbook_reads_the_same_in_its_own_process() -> None:
    rows = read_rows_guarded(_xlsx())
    assert rows == read_rows(_xlsx())
    assert rows[0].cells == ("Hộ", 12, Decimal("1.5"), date(2026, 11, 23))
    assert [type(cell) for cell in rows[0].cells] == [str, int, Decimal, date]


def test_a_pdf_that_holds_itself_is_refused_in_a_sentence() -> None:
    for reading in (read, read_guarded):
        with pytest.raises(errors.BrokenFile) as told:
            reading(SELF_PAGES)
        assert "hỏng" in told.value.sentence() and told.value.next_step()


def test_a_refusal_crosses_with_its_words() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (300 * 2**20))
    with pytest.raises(errors.DocumentBomb) as told:
        read_rows_guarded(out.getvalue())
    assert "300 MB" in told.value.sentence()


@pytest.mark.parametrize(
    ("reader", "refusal"),
    [
        ("spin", errors.FileTooHard),
        ("eat", errors.FileTooHard),
        ("fall", errors.BrokenFile),
        ("stumble", errors.BrokenFile),
    ],
)
def test_what_a_reader_does_to_itself_is_a_refusal(reader: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        guarded.ask(f"hard_files:{reader}", b"", Bounds(seconds=1, mib=512))
