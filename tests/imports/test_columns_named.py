"""Workbooks unlike the templates: renamed and shuffled headers, merged titles, old letters, text files; named once, read ever after."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from django.test import Client
from extract_cast import LAYOUT, loan

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.documents.reading import legacy
from tdcs.imports import services
from tdcs.imports.errors import ColumnNamedTwice, ColumnsNotNamed, DayNotPossible, HeaderNotThere
from tdcs.imports.models import Extract, ExtractFile, ExtractImport, HeaderMapping
from tdcs.imports.reading.workbook import ReadingRequest, read_workbook
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.proposing import kinds_like, propose
from tdcs.imports.rules.recognising import named
from tdcs.imports.services.mapping import Place
from tdcs.imports.states import FileState
from tdcs.organisations.models import Organisation

ON = date(2026, 11, 23)
_made = iter(range(10_000))
# What an office's own list calls the columns → the field of report 31.
OWN = {
    "Khế ước số": "contract",
    "CIF": "customer",
    "Họ và tên hộ vay": "customer_name",
    "Trạng thái": "state",
    "Dư nợ cuối kỳ": "balance",
    "Trong hạn": "in_time",
    "Quá hạn": "overdue",
    "Khoanh nợ": "frozen",
    "Giải ngân lũy kế": "disbursed",
    "Xã phường": "commune",
    "Mã chương trình tín dụng": "programme",
}


def _own_list(*rows: dict[str, Any], reverse: bool = False, extra: str = "") -> bytes:
    """An office's list: a merged title, a blank row, headers of its own; no office and no day in it."""
    names = list(OWN)[::-1] if reverse else list(OWN)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range(0, 0, 0, 10, f"DANH SÁCH HỘ VAY VỐN CỦA PHÒNG {extra}", book.add_format())
        sheet.write_row(2, 0, names)
        for at, row in enumerate(rows, 3):
            for place, name in enumerate(names):
                sheet.write(at, place, row[OWN[name]])
        sheet.write(len(rows) + 3, 0, "Tổng cộng")
    return out.getvalue()


def _brought(by: User, *files: tuple[str, bytes]) -> ExtractImport:
    made = services.receive(files=files, by=by, on=ON, key=f"m-{next(_made)}")
    return services.read(imported=made, by=by, on=ON)


def _places() -> dict[int, str]:
    return dict(enumerate(OWN.values()))


def _named(file: ExtractFile, by: User, fields: dict[int, str] | None = None) -> HeaderMapping:
    where = Place("Danh sách", 3)
    return services.map_columns(file=file, place=where, kind="report_31", fields=fields or _places(), by=by, on=ON)  # fmt: skip


def test_a_header_is_named_once_and_the_next_file_reads_itself(planner: User) -> None:
    (file,) = _brought(planner, ("la 004606_x 31-10-2026.xlsx", _own_list(loan(1), loan(2)))).files.all()  # fmt: skip
    assert file.state == FileState.UNKNOWN
    assert "Chỉ cột" in file.refusal["next_vi"]
    mapping = _named(file, planner)
    file.refresh_from_db()
    assert (file.state, file.kind, file.day) == (FileState.READ, "report_31", date(2026, 10, 31))
    assert Extract.objects.get(file=file).sums["balance"] == 100_000_000
    # The next month, another office, columns the other way round: nothing is asked.
    (next_file,) = _brought(planner, ("004607_x 20-11-2026.xlsx", _own_list(loan(3), reverse=True, extra="VĨNH CỬU"))).files.all()  # fmt: skip
    assert next_file.state == FileState.READ
    assert Extract.objects.get(file=next_file).office_code == "004607"
    # Changed: the balance is not read any more, so nothing stands for it.
    with pytest.raises(ColumnsNotNamed) as told:
        _named(next_file, planner, {0: "contract", 1: "customer", 3: "state"})
    assert "Tổng dư nợ" in told.value.sentence("vi")
    with pytest.raises(ColumnNamedTwice):
        _named(next_file, planner, {**_places(), 2: "customer"})
    with pytest.raises(HeaderNotThere):
        services.map_columns(file=file, place=Place("Danh sách", 39), kind="report_31", fields={}, by=planner, on=ON)  # fmt: skip
    again = _named(file, planner, {**_places(), 10: ""})
    assert again.pk == mapping.pk and "Mã chương trình tín dụng" not in str(again.titles)
    services.forget_mapping(mapping=mapping, by=planner, on=ON)
    (third,) = _brought(planner, ("004608_x 20-11-2026.xlsx", _own_list(loan(4)))).files.all()
    assert third.state == FileState.UNKNOWN
    actions = set(AuditLine.objects.values_list("action", flat=True))
    assert {"imports.map", "imports.unmap"} <= actions


def test_an_offices_naming_is_its_own_and_the_branchs_holds_for_all(head: User, planner: User) -> None:  # fmt: skip
    name = "004606_x 31-10-2026.xlsx"
    (file,) = _brought(head, (name, _own_list(loan(1)))).files.all()
    _named(file, head)
    (of_branch,) = _brought(planner, (name, _own_list(loan(1)))).files.all()
    assert of_branch.state == FileState.UNKNOWN
    _named(of_branch, planner)
    HeaderMapping.objects.filter(unit__code="nhcsxh-pgd@004606").delete()
    (by_branchs,) = _brought(head, (name, _own_list(loan(2)))).files.all()
    assert by_branchs.state == FileState.READ


def test_a_day_is_typed_and_an_office_chosen_where_the_file_says_neither(planner: User) -> None:
    (file,) = _brought(planner, ("danh sach.xlsx", _own_list(loan(1)))).files.all()
    _named(file, planner)
    file.refresh_from_db()
    assert file.state == FileState.NO_DAY
    with pytest.raises(DayNotPossible):
        services.say_of_file(file=file, day=date(2027, 1, 1), office=None, by=planner, on=ON)
    services.say_of_file(file=file, day=date(2026, 10, 31), office=None, by=planner, on=ON)
    assert file.state == FileState.NO_OFFICE
    office = Organisation.objects.get(code="nhcsxh-pgd@004606")
    services.say_of_file(file=file, day=None, office=office, by=planner, on=ON)
    assert (file.state, file.day) == (FileState.READ, date(2026, 10, 31))
    assert Extract.objects.get(file=file).office_code == "004606"


def test_the_pages_of_naming(planner: User, teller: User, client: Client) -> None:
    made = _brought(planner, ("danh sach.xlsx", _own_list(loan(1), loan(2))))
    (file,) = made.files.all()
    client.force_login(planner)
    assert f"/sao-ke/tep/{file.pk}/cot/" in client.get(f"/sao-ke/{made.pk}/").content.decode()
    page = client.get(f"/sao-ke/tep/{file.pk}/cot/?kind=report_31").content.decode()
    assert "Dư nợ cuối kỳ" in page and "Số khế ước *" in page and "50000000" in page
    sent = {f"c-{at}": field for at, field in _places().items()}
    where = {"sheet": "Danh sách", "row": "3", "deep": "1", "kind": "report_31"}
    lacking = client.post(f"/sao-ke/tep/{file.pk}/cot/ghi/", {**where, "c-0": "contract"}, follow=True)  # fmt: skip
    assert "Chưa chỉ cột nào là" in lacking.content.decode()
    client.post(f"/sao-ke/tep/{file.pk}/cot/ghi/", {**where, **sent})
    shown = client.get(f"/sao-ke/{made.pk}/").content.decode()
    assert 'type="date"' in shown
    client.post(f"/sao-ke/tep/{file.pk}/ghi-them/", {"day": "2026-10-31"})
    shown = client.get(f"/sao-ke/{made.pk}/").content.decode()
    office = Organisation.objects.get(code="nhcsxh-pgd@004606")
    assert f'value="{office.pk}"' in shown
    client.post(f"/sao-ke/tep/{file.pk}/ghi-them/", {"office": str(office.pk)})
    file.refresh_from_db()
    assert file.state == FileState.READ
    listed = client.get("/sao-ke/cach-doc/").content.decode()
    assert "Dư nợ cuối kỳ = Tổng dư nợ" in listed and f"/sao-ke/tep/{file.pk}/cot/" in listed
    mapping = HeaderMapping.objects.get()
    client.post(f"/sao-ke/cach-doc/{mapping.pk}/xoa/")
    assert not HeaderMapping.objects.exists()
    assert client.post(f"/sao-ke/tep/{file.pk}/cot/ghi/", {**where, "kind": "la"}).status_code == 404  # fmt: skip
    client.force_login(teller)
    for address in (f"tep/{file.pk}/cot/", "cach-doc/"):
        assert client.get(f"/sao-ke/{address}").status_code == 403
    for address in (f"tep/{file.pk}/cot/ghi/", f"tep/{file.pk}/ghi-them/", "cach-doc/1/xoa/"):
        assert client.post(f"/sao-ke/{address}").status_code == 403


def test_the_likeliest_column_is_proposed() -> None:
    names = named(list(OWN))
    assert kinds_like(named([one.title for one in LAYOUT.columns]))[0] == "report_31"
    found = [one.field for one in propose(layout_of("report_31"), names)]
    right = sum(one == field for one, field in zip(found, OWN.values(), strict=True))
    assert right >= 6
    assert len({one for one in found if one}) == len([one for one in found if one])


TITLES = {one.field: one.title for one in LAYOUT.columns}
PLAIN = ("office", "office_name", "commune_name", "customer", "customer_name", "contract", "state", "programme", "balance", "in_time", "overdue", "frozen", "commune", "disbursed")  # fmt: skip


def _lines() -> list[list[str]]:
    """A report 31 as text: titles above, headers, two rows."""
    rows = (loan(1, customer_name="Đặng Thị Hường"), loan(2, balance=1_234_567, in_time=1_234_567))
    return [
        ["HỒ SƠ TÍN DỤNG CHI TIẾT ngày 31/10/2026"],
        [],
        [TITLES[one] for one in PLAIN],
        *([f"{row[one]:,}".replace(",", ".") if one == "balance" else str(row[one]) for one in PLAIN] for row in rows),
    ]  # fmt: skip


def _text(sign: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(_lines())
    return out.getvalue()


def _marks_behind(text: str) -> bytes:
    """Windows 1258: the five tones behind their letters."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    made = "".join(
        unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
        + "".join(one for one in parts if one in tones)
        for parts in (unicodedata.normalize("NFD", sign) for sign in unicodedata.normalize("NFC", text))
    )  # fmt: skip
    return made.encode("cp1258")


def _in_tcvn3(text: str) -> str:
    back = {letter: chr(code) for code, letter in legacy._TCVN3.items()}
    return "".join(back.get(sign, back.get(sign.lower(), sign)) for sign in text)


def _in_vni(text: str) -> str:
    back = {letter: signs for signs, letter in legacy._VNI.items()}
    back |= {letter.upper(): signs.upper() for letter, signs in back.items()}
    return "".join(back.get(sign, sign) for sign in text)


def _book(lines: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("x")
        for at, line in enumerate(lines):
            sheet.write_row(at, 1, line)
    return out.getvalue()


def _told(convert: Any) -> list[list[str]]:
    return [[convert(cell) for cell in line] for line in _lines()]


FORMS = {
    "NFD": lambda: _book(_told(lambda words: unicodedata.normalize("NFD", words))),
    "TCVN3": lambda: _book(_told(_in_tcvn3)),
    "VNI": lambda: _book(_told(_in_vni)),
    "CSV UTF-8": lambda: _text(",").encode(),
    "CSV UTF-8 BOM": lambda: _text(";").encode("utf-8-sig"),
    "CSV UTF-16": lambda: _text("\t").encode("utf-16"),
    "CSV UTF-16 without a mark": lambda: _text("\t").encode("utf-16-le"),
    "CSV 1258": lambda: _marks_behind(_text(";")),
    "CSV TCVN3": lambda: _in_tcvn3(_text(";")).encode("latin-1"),
    "CSV VNI": lambda: _in_vni(_text(";")).encode("latin-1", errors="replace"),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_encoding_is_read_as_it_was_meant(form: str) -> None:
    read = read_workbook(FORMS[form](), ReadingRequest("sao ke.csv"))
    assert (read.kind, read.day) == ("report_31", "2026-10-31")
    rows = pl.read_parquet(io.BytesIO(read.parts[0].rows))
    assert rows["balance"].to_list() == [50_000_000, 1_234_567]
    assert rows["customer_name"].to_list() == ["Đặng Thị Hường", "Nguyễn Thị 2"]
    assert rows["commune_name"].to_list() == ["xã La Ngà"] * 2
    assert read.blocking == 0


def test_a_text_file_is_brought_as_any_other(planner: User) -> None:
    (file,) = _brought(planner, ("sao ke.csv", FORMS["CSV 1258"]())).files.all()
    assert (file.state, file.ending) == (FileState.READ, ".csv")
