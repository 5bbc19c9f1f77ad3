"""Offices and points by a clerk's workbook: read as it is, refused with every fault, saved whole, corrected by day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from workbook_of_offices import OFFICES, POINTS, both, workbook

from tdcs.audit.models import AuditLine
from tdcs.cli.main import main
from tdcs.documents import errors
from tdcs.organisations.checks import CHECKS
from tdcs.organisations.errors import WorkbookFaults
from tdcs.organisations.models import (
    Organisation,
    OrganisationProfile,
    ServedArea,
    TransactionPoint,
    TransactionPointProfile,
)
from tdcs.organisations.office_book.reading import Book, read_book
from tdcs.organisations.queries import Resolver, UnitRef, assumed_offices, province_of
from tdcs.organisations.services.offices import plan_offices, save_offices
from tdcs.organisations.services.provinces import set_up_province
from tdcs.web.office_workbook import read, template

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def cao_bang(no_units: None, home: Path) -> None:
    set_up_province(slug="cao-bang", by=None, on=TODAY)


def _save(content: bytes, on: date = TODAY) -> Book:
    book = read(content)
    save_offices(book=book, by=None, on=on)
    return book


def _office(code: str) -> Organisation:
    return Organisation.objects.get(code=f"nhcsxh-pgd@{code}")


def _serves(code: str, on: date) -> set[str]:
    rows = ServedArea.objects.on(on).filter(office=_office(code))
    names = rows.values_list("area__profiles__name", flat=True)
    return set(names)


def _faults(sheets: dict[str, list[list[object]]]) -> list[tuple[int, str, str]]:
    with pytest.raises(WorkbookFaults) as refused:
        plan_offices(book=read(workbook(sheets)), on=TODAY)
    return [(one.row, one.column[:1], one.vi) for one in refused.value.faults]


def test_offices_take_the_place_of_assumed_ones(cao_bang: None) -> None:
    before = set(assumed_offices(TODAY))
    book = read(both())
    planned = plan_offices(book=book, on=TODAY)
    assert [one.effect for one in planned.offices] == ["new", "new"]
    assert not Organisation.objects.filter(code="nhcsxh-pgd@000201").exists()
    save_offices(book=book, by=None, on=TODAY)
    assert _serves("000201", TODAY) == {"Bảo Lạc", "Cốc Pàng", "Cô Ba"}
    # Without a day a row begins on the day of the upload; what was before stays.
    assert _serves("000202", TODAY) == {"Hà Quảng"}
    assert _serves("000202", TODAY - timedelta(days=1)) == set()
    profile = OrganisationProfile.objects.get(organisation=_office("000202"))
    assert profile.short_name == "PGD NHCSXH Hà Quảng"
    assert _office("000201").starts_on == date(2025, 7, 1)
    for key, _name in planned.replaced:
        unit = Organisation.objects.get(pk=key)
        assert unit.ends_on
        assert unit.successions.filter(takes_duties=True).exists()
    assert set(assumed_offices(TODAY)) == before - {key for key, _ in planned.replaced}
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}
    line = AuditLine.objects.filter(action="organisations.offices").latest("id")
    assert line.data["offices"] == {"000201": "new", "000202": "new"}


def test_a_plan_that_means_the_offices_finds_the_new_ones(cao_bang: None) -> None:
    _save(both())
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p04")
    resolver = Resolver(province=province_of(branch, TODAY), on=TODAY)
    found = set(resolver.resolve(UnitRef("nhcsxh-pgd")))
    assert {_office("000201").pk, _office("000202").pk} <= found


def test_points_are_kept_with_place_and_time(cao_bang: None) -> None:
    _save(both())
    row = TransactionPointProfile.objects.get(point__code="00020101")
    assert (row.session_day, row.hours, row.ends_on) == (15, "08:00-11:30", None)
    assert (row.latitude, row.longitude) == (Decimal("22.948900"), Decimal("105.679000"))


def test_the_same_file_again_changes_nothing(cao_bang: None) -> None:
    _save(both())
    lines, ties = AuditLine.objects.count(), ServedArea.objects.count()
    later = TODAY + timedelta(days=30)
    planned = save_offices(book=read(both()), by=None, on=later)
    assert planned.changes == 0
    assert (AuditLine.objects.count(), ServedArea.objects.count()) == (lines, ties)


def test_a_changed_file_corrects_from_a_day_and_keeps_what_was(cao_bang: None) -> None:
    _save(both())
    offices = [
        OFFICES[0],
        ["000201", "Bảo Lạc Mới", "Bảo Lạc; Cốc Pàng", "Thị trấn cũ", "01/7/2025"],
        ["000202", "Hà Quảng", "Hà Quảng; Cô Ba", "Khu 2", "01/2/2027"],
    ]
    points = [POINTS[0], [20101, "Điểm xã Bảo Lạc", "Bảo Lạc", "ngày 16", "", ""]]
    later = date(2027, 1, 10)
    _save(workbook({"Phòng giao dịch": offices, "Điểm giao dịch": points}), later)
    names = OrganisationProfile.objects.filter(organisation=_office("000201")).order_by("starts_on")
    assert [(p.short_name, p.ends_on) for p in names] == [
        ("PGD NHCSXH Bảo Lạc", later),
        ("PGD NHCSXH Bảo Lạc Mới", None),
    ]
    assert "Cô Ba" in _serves("000201", date(2027, 1, 31))
    assert _serves("000202", date(2027, 2, 1)) == {"Hà Quảng", "Cô Ba"}
    days = TransactionPointProfile.objects.filter(point__code="00020101").order_by("starts_on")
    assert [(p.session_day, p.hours) for p in days] == [(15, "08:00-11:30"), (16, "08:00-11:30")]
    assert TransactionPoint.objects.count() == 1
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}


def test_a_commune_that_no_row_names_any_more_is_served_by_the_branch(cao_bang: None) -> None:
    _save(both())
    offices = [OFFICES[0], ["000201", "Bảo Lạc", "Bảo Lạc", "", "01/7/2025"]]
    book = read(workbook({"Phòng giao dịch": offices}))
    planned = save_offices(book=book, by=None, on=TODAY + timedelta(days=9))
    assert {take.name for take in planned.released} == {"xã Cốc Pàng", "xã Cô Ba"}
    tie = ServedArea.objects.get(area=planned.released[0].area, ends_on=None)
    assert tie.office.code == "nhcsxh-chi-nhanh@p04"
    assert _serves("000201", TODAY) == {"Bảo Lạc", "Cốc Pàng", "Cô Ba"}


def test_a_clerks_own_table_is_read(cao_bang: None) -> None:
    rows: list[list[object]] = [
        ["DANH SÁCH PHÒNG GIAO DỊCH TỈNH CAO BẰNG"],
        [],
        ["", "ghi chu", "TEN PHONG GIAO DỊCH", "dia ban phuc vu", "Ma POS (6 số)", "Tu ngay"],
        [],
        ["", "x", "Phòng giao dịch Bảo Lạc", "bao lac\nCo Ba", 201, date(2025, 7, 1)],
        [],
    ]
    book = read(workbook({"DS PGD 2026": rows}))
    assert not book.faults.found
    (row,) = book.offices
    assert (row.row, row.code, row.name, row.starts_on) == (
        5,
        "000201",
        "Bảo Lạc",
        date(2025, 7, 1),
    )
    assert [len(one.takes) for one in plan_offices(book=book, on=TODAY).offices] == [2]


def test_every_fault_is_said_at_once_and_nothing_is_saved(cao_bang: None) -> None:
    offices: list[list[object]] = [
        OFFICES[0],  # type: ignore[list-item]
        ["12345678", "Bảo Lạc", "Bảo Lạc", "", "31/2/2026"],
        ["000202", "", "Bao Lạk; Hà Quảng", "", ""],
        ["000203", "Ba", "Hà Quảng", "", "1/1/2030"],
        ["000203", "Bốn", "Hà Quảng", "", ""],
    ]
    points: list[list[object]] = [
        POINTS[0],  # type: ignore[list-item]
        ["1", "Điểm", "Bảo Lạc", 32, "11:30-8:00", "105.67, 22.94"],
    ]
    found = _faults({"Phòng giao dịch": offices, "Điểm giao dịch": points})
    places = sorted((row, column) for row, column, _ in found)
    offices_wrong = [(2, "A"), (2, "E"), (3, "B"), (4, "E"), (5, "A"), (5, "C")]
    assert places == sorted([*offices_wrong, (2, "D"), (2, "E"), (2, "F")])
    words = " ".join(vi for *_, vi in found)
    for said in ("không phải mã POS", "31/2/2026", "Chưa ghi", "1 đến 31", "8:00-11:30", "đổi chỗ"):
        assert said in words
    assert not Organisation.objects.filter(code__startswith="nhcsxh-pgd@0").exists()


def test_communes_are_checked_against_those_of_the_day(cao_bang: None) -> None:
    found = _faults(
        {
            "Phòng giao dịch": [
                OFFICES[0],
                ["000201", "Một", "Bảo Lạk; Hà Quảng", "", ""],
                ["000202", "Hai", "Hà Quảng", "", "1/1/2030"],
            ]
        }  # type: ignore[dict-item]
    )
    assert [place[:2] for place in found] == [(2, "C"), (3, "C"), (3, "E")]
    assert "Bảo Lạc" in found[0][2]
    assert "hàng 2" in found[1][2]
    assert "quá xa" in found[2][2]


def test_what_is_no_workbook_or_has_no_sheet_of_ours_is_refused(cao_bang: None) -> None:
    with pytest.raises(errors.NotATable):
        read("Mã;Tên".encode())
    with pytest.raises(errors.EmptyFile):
        read(b"")
    (fault,) = read(workbook({"Sheet1": [["a", "b"]]})).faults.found
    assert fault.vi.startswith("Không có trang tính")
    found = _faults({"Phòng giao dịch": [["Mã POS", "Tên phòng"], ["000201", "A"]]})
    assert "Thiếu cột “Xã, phường phục vụ”" in found[0][2]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("8h - 11h30", "08:00-11:30"),
        ("Từ 8 giờ đến 11 giờ 30", "08:00-11:30"),
        ("7:30–10:45", "07:30-10:45"),
        ("0:00-24:00", "00:00-24:00"),
        ("8:00-25:00", ""),
        ("8:60-9:00", ""),
        ("9:00-9:00", ""),
    ],
)
def test_hours(written: str, read_as: str) -> None:
    rows = [POINTS[0], ["1", "Điểm", "X", 1, written, ""]]
    book = read_book({"Điểm giao dịch": list(enumerate(rows, 1))})
    assert [row.hours for row in book.points] == ([read_as] if read_as else [])
    assert bool(book.faults.found) == (not read_as)


@pytest.mark.parametrize(("written", "right"), [(1, 1), (31, 1), (0, 0), (32, 0), ("mùng 5", 1)])
def test_days_of_the_month(written: object, right: int) -> None:
    rows = [POINTS[0], ["1", "Điểm", "X", written, "", ""]]
    assert len(read_book({"DGD": list(enumerate(rows, 1))}).points) == right


def test_the_template_is_read_back_without_a_row(cao_bang: None) -> None:
    book = read(template(TODAY))
    assert (book.offices, book.points, book.faults.found) == ([], [], [])
    _save(both())
    book = read(template(TODAY))
    assert [row.code for row in book.offices] == ["000201", "000202"]
    assert plan_offices(book=book, on=TODAY).changes == 0


def test_the_commands(cao_bang: None, tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["province", "template", str(tmp_path / "mau.xlsx")])
    assert run.exit_code == 0, run.output
    file = tmp_path / "pgd.xlsx"
    file.write_bytes(both())
    checked = CliRunner().invoke(main, ["province", "offices", str(file), "--check"])
    assert "chưa lưu gì" in checked.output
    assert not TransactionPoint.objects.exists()
    run = CliRunner().invoke(main, ["province", "offices", str(file), "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.output)["offices"] == {"new": 2}
    again = CliRunner().invoke(main, ["province", "offices", str(file)])
    assert "phòng giao dịch: 0 mới, 0 sửa, 2 giữ nguyên" in again.output
    file.write_bytes(workbook({"Phòng giao dịch": [OFFICES[0], ["1x", "A", "Z", "", ""]]}))
    refused = CliRunner().invoke(main, ["province", "offices", str(file)])
    assert refused.exit_code == 1
    assert "hàng 2, cột A (Mã POS)" in refused.stderr
    assert "row 2, column A (Mã POS)" in refused.stderr
