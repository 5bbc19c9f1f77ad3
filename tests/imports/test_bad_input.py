"""What clerks and attackers give: each has its sentence in both languages, nothing is left out in silence.

Macros, a password, a bomb, a million empty rows, formulas and negative balances: test_reading_extracts.py. The same file twice, an
older extract after a newer one, another province's: test_import_story.py.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from django.test import Client
from extract_cast import DAY, LAYOUT, frame, loan, workbook

from tdcs.access.models import User
from tdcs.demo.extracts.forms import lines_of, write_form
from tdcs.documents import errors
from tdcs.documents.columns import Column
from tdcs.documents.xlsx_out import table_to_csv
from tdcs.imports import services
from tdcs.imports.composing import with_reasons
from tdcs.imports.errors import (
    DayInFuture,
    DayUnknown,
    ForeignExtract,
    ForeignRows,
    NotAnExtract,
    OfficeInNameUnknown,
    OfficeNameUnknown,
    OfficeOfRowsUnknown,
    OfficeUnknown,
    SaidDayInFuture,
)
from tdcs.imports.models import Extract, ExtractImport
from tdcs.imports.queries.offices import office_of_code
from tdcs.imports.reading.workbook import Read, ReadingRequest, read_workbook
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.wording import FAULTS, NOTES, fault_words, note_words
from tdcs.imports.states import FileState
from tdcs.organisations.models import (
    Kind,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    Share,
)

ON = date(2026, 11, 23)
_made = iter(range(10_000))


def _brought(by: User, *files: tuple[str, bytes]) -> ExtractImport:
    made = services.receive(files=files, by=by, on=ON, key=f"b-{next(_made)}")
    return services.read(imported=made, by=by, on=ON)


def _faults(read: Read) -> list[tuple[Any, ...]]:
    return pl.read_parquet(io.BytesIO(read.faults)).rows()


def test_every_refusal_fault_and_note_has_words_in_both_languages() -> None:
    refused = (errors.WorkbookWithMacros(), errors.EncryptedFile(), errors.DocumentBomb(size=9), errors.BrokenFile(), errors.EmptyFile(), errors.NotATable(), NotAnExtract(rows=40), ForeignExtract(office="004820"), ForeignRows([(9, "004820")], "x"), OfficeInNameUnknown(office="004820"), OfficeNameUnknown(name="x"), OfficeOfRowsUnknown(count=1, rows="9"), DayUnknown(), DayInFuture(day=DAY, today=ON), SaidDayInFuture(day=DAY, today=ON), OfficeUnknown())  # fmt: skip
    for one in refused:
        for language in ("vi", "en"):
            assert one.sentence(language) and one.next_step(language)
        assert one.sentence("vi") != one.sentence("en")
    for words, table in ((fault_words, FAULTS), (note_words, NOTES)):
        for code in table:
            assert words(code, "vi") != words(code, "en")


def test_a_text_file_of_two_encodings_is_read_and_told() -> None:
    titles = {one.field: one.title for one in LAYOUT.columns}
    names = ("office", "customer", "customer_name", "commune_name", "contract", "state", "programme", "balance")  # fmt: skip
    lines = [
        ";".join(titles[one] for one in names),
        *(";".join(str(loan(n)[one]) for one in names) for n in (1, 2)),
    ]
    behind = lines[2]
    for letter, parted in (("ễ", "ê\u0303"), ("ị", "i\u0323"), ("ã", "a\u0303")):
        behind = behind.replace(letter, parted)
    parts = [lines[0].encode(), lines[1].encode(), behind.encode("cp1258")]
    read = read_workbook(b"\n".join(parts), ReadingRequest("31-10-2026.csv"))
    rows = pl.read_parquet(io.BytesIO(read.parts[0].rows))
    assert rows["customer_name"].to_list() == ["Nguyễn Thị 1", "Nguyễn Thị 2"]
    assert ("mixed_letters", "", 1) in read.notes


def test_a_loan_that_stands_twice_counts_once_and_is_told() -> None:
    read = read_workbook(workbook(loan(1), loan(1), loan(2)), ReadingRequest("a.xlsx"))
    assert ("loan_twice", "contract", 1) in read.notes
    assert read.parts[0].sums["balance"] == 100_000_000


def test_a_printed_total_that_is_not_the_sum_is_flagged_and_stops_nothing() -> None:
    lines = lines_of("len_31_commune", _full())
    good = write_form(layout_of("len_31_commune"), lines, DAY)
    assert _faults(read_workbook(good, ReadingRequest("004606_LEN.xlsx"))) == []
    bad = _changed_total(good)
    read = read_workbook(bad, ReadingRequest("004606_LEN.xlsx"))
    ((_, field, code, value, blocks),) = _faults(read)
    assert (field, code, blocks) == ("balance", "total_not_sum", False)
    assert value == f"{100_000_001} ≠ {100_000_000}"
    # A list's own total as well; rows of a loan with two books may be counted for each.
    twice = workbook(loan(1), loan(1, savings_book="b"), loan(2))
    assert _faults(read_workbook(twice, ReadingRequest("x.xlsx"))) == []


def _full() -> pl.DataFrame:
    flows = {f"{name}_{span}": 0 for span in ("month", "year") for name in ("lent", "rolled_over", "repaid_in_time", "repaid_overdue", "repaid_frozen", "written_off", "interest_received")}  # fmt: skip
    return frame(loan(1, **flows), loan(2, **flows))


def _changed_total(content: bytes) -> bytes:
    """The last row's balance one dong more."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            held = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                head, sign, tail = held.rpartition(b'<c r="E8"')
                held = head + sign + tail.replace(b"<v>100000000</v>", b"<v>100000001</v>", 1)
            new.writestr(entry.filename, held)
    return out.getvalue()


@pytest.mark.parametrize("hostile", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "\t=1"])
def test_a_formula_in_a_name_leaves_as_words(planner: User, hostile: str) -> None:
    row = loan(1, customer_name=hostile, balance=-1)
    (file,) = _brought(planner, ("a.xlsx", workbook(row))).files.all()
    assert file.state == FileState.FAULTY
    with zipfile.ZipFile(io.BytesIO(with_reasons(file, "vi", None))) as packed:
        sheets = b"".join(packed.read(one) for one in packed.namelist() if "worksheets/" in one)
    assert b"<f>" not in sheets
    text = table_to_csv([Column("Tên")], [[hostile.strip()]]).decode("utf-8-sig")
    assert text.splitlines()[1].strip('"').startswith("'")


def test_an_office_that_has_ended_is_the_one_that_continues_it(planner: User) -> None:
    old = Organisation.objects.create(code="nhcsxh-pgd@004699", kind=Kind.TRANSACTION_OFFICE, starts_on=date(2010, 1, 1), ends_on=date(2026, 1, 1))  # fmt: skip
    heir = Organisation.objects.get(code="nhcsxh-pgd@004606")
    OrganisationProfile.objects.create(organisation=old, name="PGD cũ", short_name="PGD cũ", search="pgd cu", starts_on=date(2010, 1, 1), ends_on=date(2026, 1, 1), parent=heir)  # fmt: skip
    OrganisationSuccession.objects.create(predecessor=old, successor=heir, on=date(2026, 1, 1), share=Share.WHOLE)  # fmt: skip
    before = workbook(loan(1, office="004699", day=date(2025, 12, 31)), day=date(2025, 12, 31))
    after = workbook(loan(1, office="004699"))
    made = _brought(planner, ("cu.xlsx", before), ("moi.xlsx", after))
    found = {one.file.name: one.office for one in Extract.objects.filter(file__imported=made)}
    assert found == {"cu.xlsx": old, "moi.xlsx": heir}


def test_a_code_alone_may_be_the_branchs_own_counter(planner: User) -> None:
    found = office_of_code("004601", "")
    assert found is not None and found.code == "nhcsxh-chi-nhanh@p75"
    assert office_of_code("004801", "") is None
    assert office_of_code("", "") is None


def test_offices_that_are_missing_are_named_before_anything_counts(planner: User, client: Client) -> None:  # fmt: skip
    made = _brought(planner, ("a.xlsx", workbook(loan(1))))
    client.force_login(planner)
    page = client.get(f"/sao-ke/{made.pk}/").content.decode()
    assert "còn thiếu" in page and "Vĩnh Cửu" in page
    assert "Định Quán," not in page.split("còn thiếu")[1].split("</p>")[0]


def test_the_page_of_reports_beside_each_other(planner: User, teller: User, client: Client) -> None:
    full = _full()
    form = write_form(layout_of("len_31_commune"), lines_of("len_31_commune", full), DAY)
    telegram = io.BytesIO()
    with xlsxwriter.Workbook(telegram) as book:
        sheet = book.add_worksheet("DB1")
        sheet.write(0, 1, "ĐIỆN BÁO NGÀY 31/10/2026")
        sheet.write_row(3, 3, ["4606"])
        sheet.write(4, 2, "Cộng")
        for at, (words, value) in enumerate((("Tổng dư nợ", 90), ("Dư nợ Kế hoạch A", 90), ("Dư nợ Kế hoạch B", 0), ("Dư nợ Quá hạn KHA", 0), ("Dư nợ Quá hạn KHB", 0)), 5):  # fmt: skip
            sheet.write_row(at, 1, [words, value + (words == "Tổng dư nợ"), value])
    made = _brought(planner, ("a.xlsx", workbook(*full.to_dicts())), ("004606_LEN.xlsx", _changed_total(form)), ("DienBao.xlsx", telegram.getvalue()))  # fmt: skip
    assert [one.state for one in made.files.all()] == [FileState.READ] * 3
    services.commit(imported=made, by=planner, on=ON, key="b-c")
    client.force_login(planner)
    page = client.get("/sao-ke/doi-chieu-bao-cao/").content.decode()
    assert "-10.000.000" in page and "100000001 ≠ 100000000" in page
    assert "91000000 ≠ 90000000" in page
    rows = client.get("/sao-ke/doi-chieu-bao-cao/?pair=telegram.office.balance&open=1").content.decode()  # fmt: skip
    assert "90.000.000" in rows and "100.000.000" in rows
    assert client.get("/sao-ke/doi-chieu-bao-cao/?export=xlsx").status_code == 200
    assert client.get("/sao-ke/doi-chieu-bao-cao/?of=004607+2026-10-31").status_code == 404
    client.force_login(teller)
    assert client.get("/sao-ke/doi-chieu-bao-cao/").status_code == 403
