"""What a file says of its day and its office: what counts, what is refused, and that each refusal is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from extract_cast import frame, loan, workbook

from tdcs.access.models import User
from tdcs.cli.main import main
from tdcs.demo.extracts.writing import PLAIN, Traps, write_sheet
from tdcs.imports import services
from tdcs.imports.composing import reasons
from tdcs.imports.errors import (
    DayInFuture,
    ExtractEmpty,
    ForeignRows,
    OfficeInNameUnknown,
    OfficeNameUnknown,
    OfficeOfRowsUnknown,
    SaidDayInFuture,
)
from tdcs.imports.models import Extract, ExtractFile
from tdcs.imports.queries.offices import office_of_code
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.recognising import office_in
from tdcs.imports.rules.wording import row_spans
from tdcs.imports.states import FileState
from tdcs.organisations.models import Organisation

ON = date(2026, 11, 23)
_made = iter(range(10_000))


def _file(by: User, name: str, content: bytes) -> ExtractFile:
    made = services.receive(files=[(name, content)], by=by, on=ON, key=f"s-{next(_made)}")
    services.read(imported=made, by=by, on=ON)
    return made.files.get()


def _without_day(*rows: dict[str, Any], day: date) -> bytes:
    written: bytes = workbook(*({**one, "day": None} for one in rows), day=day)
    return written


TWO = (loan(1), loan(2))


def _without_columns(*names: str, rows: Sequence[dict[str, Any]] = TWO) -> bytes:
    """Loans of report 31 on 31/10/2026, without some of its columns."""
    layout = layout_of("report_31")
    columns = tuple(one for one in layout.columns if one.field not in names)
    small = replace(layout, columns=columns)
    return write_sheet(small, frame(*rows).drop(names), date(2026, 10, 31), PLAIN)


@pytest.mark.parametrize("year", [2026, 2062])
def test_a_day_after_today_is_refused_wherever_it_comes_from(planner: User, year: int) -> None:
    later = date(year, 12, 31)
    column = _file(planner, "a.xlsx", workbook(loan(1, day=later), day=later))
    assert (column.state, column.refusal["code"]) == (FileState.REFUSED, DayInFuture.code)
    assert f"31/12/{year}, sau hôm nay, 23/11/2026" in column.refusal["vi"]
    title = _file(planner, "a.xlsx", _without_day(loan(1), day=later))
    assert (title.state, title.refusal["code"]) == (FileState.NO_DAY, SaidDayInFuture.code)
    # A person may say what the title says wrongly.
    services.say_of_file(file=title, day=date(2026, 10, 31), office=None, by=planner, on=ON)
    assert (title.state, title.day) == (FileState.READ, date(2026, 10, 31))


def test_the_day_of_today_is_taken(planner: User) -> None:
    assert _file(planner, "a.xlsx", workbook(loan(1, day=ON), day=ON)).state == FileState.READ


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("4606_31.xlsx", "004606"),
        ("BCDHTD 004606 31-10-2026.xlsx", "004606"),
        ("004606.xlsx", "004606"),
        ("BCDHTD 01.1 2026-10-31.xlsx", ""),
        ("2026-10-31 sao ke.xlsx", ""),
        ("2026 thang 10.xlsx", ""),
        ("Sao ke 31102026 ban 2.xlsx", ""),
    ],
)
def test_the_year_of_a_name_is_no_office(name: str, code: str) -> None:
    assert office_in(name) == code


def test_a_name_with_a_code_of_nobodys_asks_for_the_office(planner: User) -> None:
    file = _file(planner, "004820 HSTD.xlsx", _without_columns("office", "office_name"))
    assert (file.state, file.refusal["code"]) == (FileState.NO_OFFICE, OfficeInNameUnknown.code)
    assert "Mã 004820 trong tên tệp" in file.refusal["vi"]
    office = Organisation.objects.get(code="nhcsxh-pgd@004606")
    services.say_of_file(file=file, day=None, office=office, by=planner, on=ON)
    assert (file.state, Extract.objects.get(file=file).office_code) == (FileState.READ, "004606")


@pytest.mark.parametrize(
    "name",
    [
        "PGD Định Quán",
        "Phòng giao dịch NHCSXH huyện Định Quán",
        "ĐỊNH QUÁN",
    ],
)
def test_an_office_is_found_by_its_name_where_no_code_stands(planner: User, name: str) -> None:
    found = office_of_code("", name, date(2026, 10, 31))
    assert found is not None and found.code == "nhcsxh-pgd@004606"
    assert office_of_code("004820", name, date(2026, 10, 31)) is None


def test_an_extract_with_the_offices_name_alone_is_that_offices(planner: User) -> None:
    file = _file(planner, "31.xlsx", _without_columns("office"))
    assert (file.state, Extract.objects.get(file=file).office_code) == (FileState.READ, "004606")


def test_a_name_that_no_office_has_asks_for_the_office(planner: User) -> None:
    rows = [loan(n, office=None, office_name="PGD Gò Dầu") for n in (1, 2)]
    file = _file(planner, "31.xlsx", workbook(*rows))
    assert (file.state, file.refusal["code"]) == (FileState.NO_OFFICE, OfficeNameUnknown.code)
    assert "“PGD Gò Dầu”" in file.refusal["vi"]


def test_rows_that_lack_their_code_are_told_as_such(planner: User) -> None:
    named = _file(planner, "a.xlsx", workbook(loan(1), *(loan(n, office=None) for n in (2, 3))))
    assert (named.state, named.fault_rows, named.refusal) == (FileState.FAULTY, 2, {})
    bare = [loan(n, office=None, office_name=None) for n in (2, 3)]
    file = _file(planner, "a.xlsx", workbook(loan(1), *bare))
    assert (file.state, file.refusal["code"]) == (FileState.NO_OFFICE, OfficeOfRowsUnknown.code)
    assert file.refusal["vi"] == "2 dòng không ghi đơn vị: [7–8]."


def test_of_a_merged_file_the_rows_of_a_foreign_office_are_named(planner: User) -> None:
    foreign = {"office": "004820", "office_name": "PGD Gò Dầu"}
    rows = [loan(1), loan(2, **foreign), loan(3, **foreign), loan(4), loan(5, **foreign)]
    file = _file(planner, "a.xlsx", workbook(*rows))
    assert (file.state, file.refusal["code"]) == (FileState.FOREIGN, ForeignRows.code)
    assert "3 dòng" in file.refusal["vi"] and "004820 (PGD Gò Dầu) [7–8, 10]" in file.refusal["vi"]
    assert set(reasons(file, "vi", full=False)) == {7, 8, 10}
    alone = _file(planner, "b.xlsx", workbook(loan(2, **foreign)))
    assert alone.refusal["vi"] == "Mã đơn vị 004820 (PGD Gò Dầu) không phải đơn vị của tỉnh này."


def test_offices_that_stand_by_name_alone_are_divided_by_it(planner: User) -> None:
    there = [loan(1), loan(2, office_name="PGD Vĩnh Cửu"), loan(3, office_name="PGD Định Quán")]
    content = _without_columns("office", rows=there)
    file = _file(planner, "004608_31.xlsx", content)
    found = {one.office_code: one.sums["loans"] for one in Extract.objects.filter(file=file)}
    assert (file.state, found) == (FileState.READ, {"004606": 2, "004607": 1})
    foreign = loan(4, office_name="PGD Gò Dầu")
    mixed = _file(planner, "31.xlsx", _without_columns("office", rows=[*there, foreign]))
    assert (mixed.state, mixed.refusal["code"]) == (FileState.FOREIGN, ForeignRows.code)
    assert "PGD Gò Dầu [9]" in mixed.refusal["vi"]


def test_rows_are_told_as_spans() -> None:
    assert row_spans([12, 9, 10, 14]) == "9–10, 12, 14"
    assert row_spans(range(1, 20, 2)) == "1, 3, 5, 7, 9, …"


def test_an_extract_without_rows_says_so(planner: User) -> None:
    file = _file(planner, "31-10-2026.xlsx", workbook())
    assert (file.state, file.refusal["code"]) == (FileState.REFUSED, ExtractEmpty.code)


@pytest.mark.usefixtures("db")
def test_the_terminal_tells_warnings_and_missing_offices(tmp_path: Path) -> None:
    rows = [loan(n) for n in range(1, 30)]
    (tmp_path / "a.xlsx").write_bytes(workbook(*rows, traps=Traps(mixed_days=True)))
    shown = CliRunner().invoke(main, ["import", str(tmp_path), "--on", "2026-11-23"])
    assert shown.exit_code == 0, shown.output
    assert "! ngày bị Excel kiểu Mỹ đảo ngày với tháng" in shown.output
    assert "(Ngày vay): " in shown.output
    (line,) = [one for one in shown.output.splitlines() if "còn thiếu" in one]
    assert "Báo cáo 31 ngày 31/10/2026" in line and "Vĩnh Cửu" in line and "Định Quán" not in line


def test_the_preview_shows_warnings_apart_from_what_was_left_out(
    planner: User, client: Client
) -> None:
    rows = [loan(n) for n in range(1, 30)]
    file = _file(planner, "a.xlsx", workbook(*rows, traps=Traps(mixed_days=True)))
    client.force_login(planner)
    page = client.get(f"/sao-ke/{file.imported_id}/").content.decode()
    (warning,) = page.split('<div class="msg warning">')[1:]
    assert "ngày bị Excel kiểu Mỹ đảo" in warning.split("</div>")[0]
    assert "dòng tổng cộng, chữ ký đã bỏ qua" in page
