"""What is written by the generator, with each trap, is read back cell by cell; what is no extract is refused by name."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from extract_cast import DAY, LAYOUT, frame, loan, saver, workbook

from tdcs.core.errors import Refusal
from tdcs.demo.extracts.writing import PLAIN, Traps
from tdcs.documents import errors
from tdcs.imports.errors import NotASpreadsheet
from tdcs.imports.reading.opening import recognise
from tdcs.imports.reading.workbook import Read, ReadingRequest, read_guarded, read_workbook

NAME = "004606_Ho_so_tin_dung_chi_tiet_31-10-2026.xlsx"
ROWS = (*(loan(n) for n in range(1, 30)), saver(90))


def _rows(read: Read) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(io.BytesIO(part.rows)) for part in read.parts)


def _faults(read: Read) -> list[tuple[Any, ...]]:
    return pl.read_parquet(io.BytesIO(read.faults)).rows()


@pytest.mark.parametrize(
    "traps",
    [
        PLAIN,
        Traps(wrong_dimension=True),
        Traps(repeated_headers=True),
        Traps(decomposed=True),
        Traps(lost_zeros=True),
        Traps(numbers_as_text=True),
        Traps(mixed_days=True),
        Traps(american=True),
        Traps(short_form=True),
        Traps(True, True, True, True, True, True, False, True),
    ],
)
def test_each_trap_is_read_as_what_was_meant(traps: Traps) -> None:
    read = read_workbook(workbook(*ROWS, traps=traps), ReadingRequest(NAME))
    assert (read.kind, read.sheet, read.header_row, read.day) == ("report_31", "BCQUERY", 5, "2026-10-31")  # fmt: skip
    assert _faults(read) == []
    given, found = frame(*ROWS), _rows(read)
    for name in found.columns:
        if name != "_row":
            assert found[name].to_list() == given[name].to_list(), name
    assert set(given.columns) - set(found.columns) == ({"interest_collected"} if traps.short_form else set())  # fmt: skip


def test_days_turned_round_by_an_american_excel_are_told() -> None:
    read = read_workbook(workbook(*ROWS, traps=Traps(mixed_days=True)), ReadingRequest(NAME))
    (note,) = [one for one in read.notes if one[0] == "days_swapped"]
    assert note[1] == "signed_on" and note[2] > 5


def test_money_of_a_loan_is_counted_once_and_savings_by_book() -> None:
    second = loan(1, savings_book="TK1b", savings_balance=200_000)
    read = read_workbook(workbook(loan(1), second, loan(2), saver(3)), ReadingRequest(NAME))
    (part,) = read.parts
    assert part.sums["rows"] == 4
    assert part.sums["loans"] == 2
    assert part.sums["customers"] == 3
    assert part.sums["balance"] == 100_000_000
    assert part.sums["savings_balance"] == 1_000_000 + 200_000 + 1_000_000 + 300_000


def test_every_wrong_row_is_told_at_once() -> None:
    rows = (
        loan(1),
        loan(2, in_time=49_000_000),
        loan(3, balance=-5, in_time=-5),
        loan(4, programme="88"),
        loan(5, state="MAYBE"),
        loan(6, office=None),
        loan(7, disbursed=10_000_000),
        loan(8, signed_on=date(2027, 1, 1)),
        loan(9),
        loan(9, balance=40_000_000, in_time=40_000_000),
    )
    read = read_workbook(workbook(*rows), ReadingRequest(NAME))
    found = {(row, field, code) for row, field, code, _, _ in _faults(read)}
    assert found == {
        (7, "balance", "not_sum_of_parts"),
        (8, "balance", "negative"),
        (8, "in_time", "negative"),
        (9, "programme", "code_unknown"),
        (10, "state", "not_in_list"),
        (11, "office", "missing"),
        (12, "balance", "more_than_possible"),
        (13, "signed_on", "after_the_day"),
        *((row, name, "differs_between_rows") for row in (14, 15) for name in ("balance", "in_time")),
    }  # fmt: skip
    assert read.blocking == len(found)


def _with(rows: tuple[dict[str, Any], ...], write: Any) -> bytes:
    """A sheet by hand: ``write(sheet)`` after the headers and rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Bảng của tôi")
        titles = [one.title.upper() for one in reversed(LAYOUT.columns)]
        sheet.write_row(7, 0, titles)
        names = [one.field for one in reversed(LAYOUT.columns)]
        for at, row in enumerate(rows, 8):
            for place, name in enumerate(names):
                value = row.get(name)
                if isinstance(value, date):
                    value = f"{value:%d/%m/%Y}"
                if value is not None:
                    sheet.write(at, place, value)
        write(book, sheet, names)
    return out.getvalue()


def test_columns_are_found_by_name_never_by_place() -> None:
    given = (loan(1, rate=6.24), loan(2, rate=6.24))
    read = read_workbook(_with(given, lambda book, sheet, names: None), ReadingRequest("tep.xlsx"))
    assert read.header_row == 8
    assert _rows(read)["contract"].to_list() == ["6600000000000001", "6600000000000002"]
    assert _rows(read)["rate"].to_list() == [62_400, 62_400]
    assert _faults(read) == []


def test_text_that_is_no_number_and_a_formula_are_named_in_their_row() -> None:
    def write(book: Any, sheet: Any, names: list[str]) -> None:
        sheet.write(8, names.index("balance"), "năm mươi triệu")
        sheet.write_formula(9, names.index("frozen"), "=1-1", None, 0)
        sheet.write(8, names.index("phone"), "không có")

    read = read_workbook(
        _with((loan(1, rate=6.24), loan(2, rate=6.24)), write), ReadingRequest("tep.xlsx")
    )
    found = {(row, field, code) for row, field, code, _, blocks in _faults(read) if blocks}
    assert {(9, "balance", "not_a_number"), (10, "", "formula")} <= found
    assert not any(field == "phone" for _, field, _, _, _ in _faults(read))


def test_the_day_comes_from_the_column_then_the_title_then_the_name() -> None:
    without = tuple({**loan(n), "day": None} for n in (1, 2))
    by_title = read_workbook(workbook(*without, day=date(2026, 9, 30)), ReadingRequest("x.xlsx"))
    assert (by_title.day, by_title.day_from) == ("2026-09-30", "title")
    bare = _with(tuple({**one, "rate": 6.24} for one in without), lambda book, sheet, names: None)
    named = read_workbook(bare, ReadingRequest("QUERY__02092026_8787_31-08-2026.xlsx"))
    assert (named.day, named.day_from) == ("2026-08-31", "name")
    assert ("exported_later", "", 1) in named.notes
    assert read_workbook(bare, ReadingRequest("sao ke.xlsx")).day == ""
    told = read_workbook(workbook(loan(1)), ReadingRequest("HSTD_30-09-2026.xlsx"))
    assert (told.day, told.day_from) == (DAY.isoformat(), "column")


def test_a_total_with_a_count_where_the_contract_stands_is_no_loan() -> None:
    def write(book: Any, sheet: Any, names: list[str]) -> None:
        sheet.write(10, names.index("contract"), 2)
        sheet.write(10, names.index("office"), "Cộng")
        sheet.write(10, names.index("balance"), 100_000_000)

    content = _with((loan(1, rate=6.24), loan(2, rate=6.24)), write)
    read = read_workbook(content, ReadingRequest("tep.xlsx"))
    assert [(part.office, part.sums["loans"]) for part in read.parts] == [("004606", 2)]
    assert ("totals", "", 1) in read.notes and _faults(read) == []


def test_a_formula_in_a_column_of_ones_own_and_a_dash_for_nothing_are_no_faults() -> None:
    def write(book: Any, sheet: Any, names: list[str]) -> None:
        sheet.write(7, len(names), "Ghi chú của tôi")
        sheet.write_formula(8, len(names), "=IF(1=1,2,3)", None, 2)
        sheet.write_formula(9, len(names), "=1+1", None, 2)
        for at, dash in ((8, "-"), (9, "\u2013")):
            sheet.write(at, names.index("principal_paid"), dash)
            sheet.write(at, names.index("frozen"), dash)

    content = _with((loan(1, rate=6.24), loan(2, rate=6.24)), write)
    read = read_workbook(content, ReadingRequest("tep.xlsx"))
    assert _faults(read) == []
    assert _rows(read)["frozen"].to_list() == [None, None]
    assert read.unknown == ["Ghi chú của tôi"]


def test_a_file_that_is_no_table_is_told_what_is_read() -> None:
    with pytest.raises(NotASpreadsheet) as told:
        recognise(b"<html><table><tr><td>ma;ten</td></tr></table>")
    assert ".xls" in told.value.sentence("vi") and ".tsv" in told.value.sentence("en")


def test_rows_of_another_day_are_wrong_rows() -> None:
    may, june = date(2026, 5, 31), date(2026, 6, 30)
    rows = (*(loan(n, day=may) for n in (1, 2, 3)), loan(4, day=june), loan(5, day=None))
    read = read_workbook(workbook(*rows, day=may), ReadingRequest("x.xlsx"))
    assert read.day == "2026-05-31"
    assert (9, "day", "other_day", "30/06/2026", True) in _faults(read)
    assert read.blocking == 1


def test_a_branchs_merged_file_is_divided_by_office() -> None:
    rows = (loan(1), loan(2, office="004607", office_name="PGD Vĩnh Cửu"), loan(3))
    read = read_workbook(workbook(*rows), ReadingRequest("31 toan tinh.xlsx"))
    assert [(part.office, part.sums["loans"]) for part in read.parts] == [("004606", 2), ("004607", 1)]  # fmt: skip


def _packed(content: bytes, **more: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, held in more.items():
            packed.writestr(name.replace("__", "/"), held)
    return out.getvalue()


def test_hostile_and_broken_files_are_refused_by_name() -> None:
    good = workbook(loan(1))
    macros = io.BytesIO(good)
    with zipfile.ZipFile(macros, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    bomb = io.BytesIO(good)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/big.xml", b"0" * (60 * 2**20))
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    cases: list[tuple[bytes, type[Refusal]]] = [
        (macros.getvalue(), errors.WorkbookWithMacros),
        (bomb.getvalue(), errors.DocumentBomb),
        (protected, errors.EncryptedFile),
        (b"", errors.EmptyFile),
        (b"ma ten 1 2", errors.NotATable),
        (b"<html><table><tr><td>ma;ten</td></tr></table>", errors.NotATable),
        (b"\x89PNG\r\n\x1a\n\x00\x00;;", errors.NotATable),
        (good[: len(good) // 2], errors.BrokenFile),
    ]
    for content, refusal in cases:
        with pytest.raises(refusal):
            recognise(content)
    assert recognise(_blank()) is None
    assert recognise(b"ma;ten\n1;2\n") is None


def _blank() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("x").write(0, 0, "không phải sao kê")
    return out.getvalue()


def test_a_million_empty_rows_are_left_out() -> None:
    content = workbook(loan(1), loan(2))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            held = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(100, 1_048_577))  # fmt: skip
                held = held.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(entry.filename, held)
    read = read_workbook(out.getvalue(), ReadingRequest(NAME))
    assert (read.parts[0].sums["loans"], _faults(read)) == (2, [])


@pytest.mark.usefixtures("fresh_children")
def test_a_reader_of_its_own_process_gives_the_same() -> None:
    content = workbook(*ROWS)
    apart, here = (
        read_guarded(content, ReadingRequest(NAME)),
        read_workbook(content, ReadingRequest(NAME)),
    )
    assert _rows(apart).equals(_rows(here))
    assert apart.parts[0].sums == here.parts[0].sums
