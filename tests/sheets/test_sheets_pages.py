"""Pages of sheets: who may have which, of whom; identity numbers; small ones at once, large ones by a job; the command."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from business import Business
from click.testing import CliRunner
from django.test import Client
from lending_cast import Bank, person
from python_calamine import CalamineWorkbook
from running_jobs import run_jobs
from sheet_grounds import DAY
from w3c import faults

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.cli.main import main
from tdcs.closing.queries import store
from tdcs.households.errors import TooMuchSeen
from tdcs.jobs.models import JobState
from tdcs.organisations.models import Organisation
from tdcs.sheets.errors import (
    DayNotKept,
    DaysNotInOrder,
    FilterUnknown,
    SheetNotForYou,
    UnitOutside,
    UnknownSheet,
)
from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of
from tdcs.sheets.rules.definitions import sheets
from tdcs.sheets.services import make

pytestmark = pytest.mark.django_db
OTHER = "nhcsxh-pgd@004607"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def cells(content: bytes, tab: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(tab).to_python()


def contracts(content: bytes) -> set[str]:
    return {str(row[0]) for row in cells(content)[6:] if str(row[0]).isdigit()}


@pytest.fixture
def numbers(business: Business) -> set[str]:
    rows = store().read(DAY).filter(pl.col("lent") > pl.col("paid")).collect()
    known = {loan.pk: loan.number for loan in business.loans}
    return {known[loan] for loan in rows["loan"]}


def test_a_small_sheet_comes_at_once(business: Business, bank: Bank, numbers: set[str]) -> None:
    browser = signed_in(bank.officer)
    page = browser.get("/bieu/").content.decode()
    assert "Sao kê khoản vay theo hợp đồng" in page and "Nguồn vốn và sử dụng" not in page
    page = browser.get("/bieu/khe-uoc/").content.decode()
    assert 'value="2026-03-26"' in page and "Số định danh đầy đủ" in page
    answer = browser.post("/bieu/khe-uoc/lap/", {"day": DAY.isoformat()})
    assert answer["Content-Disposition"] == 'attachment; filename="khe-uoc-20260326.xlsx"'
    assert numbers <= contracts(answer.content)


def test_an_officer_sees_the_own_office_only(business: Business, bank: Bank) -> None:
    stranger = person("can-bo-khac", "loan_officer", Organisation.objects.get(code=OTHER))
    answer = signed_in(stranger).post("/bieu/khe-uoc/lap/", {"day": DAY.isoformat()})
    assert contracts(answer.content) == set()
    with pytest.raises(UnitOutside):
        asked_of(sheet_of("khe-uoc"), Words(unit=f"office-{bank.office.pk}"), stranger)
    own = asked_of(sheet_of("khe-uoc"), Words(unit=f"office-{bank.office.pk}"), bank.officer)
    assert own.unit is not None and own.unit.pk == bank.office.pk


def test_a_department_reads_sums_and_no_households(business: Business) -> None:
    department = Organisation.objects.get(code="so-tai-chinh@p75")
    clerk = person("can-bo-so", "unit_clerk", department)
    browser = signed_in(clerk)
    page = browser.get("/bieu/").content.decode()
    assert "Số liệu họp Ban đại diện" in page and "Sao kê khoản vay" not in page
    assert browser.get("/bieu/khe-uoc/").status_code == 403
    assert browser.post("/bieu/khe-uoc/lap/", {"day": DAY.isoformat()}).status_code == 403
    with pytest.raises(SheetNotForYou):
        asked_of(sheet_of("khe-uoc"), Words(), clerk)
    assert browser.post("/bieu/ban-dai-dien/lap/", {"day": DAY.isoformat()}).status_code == 200


def test_a_group_leader_has_no_sheets_and_nobody_unknown_ones(bank: Bank) -> None:
    browser = signed_in(bank.leader)
    assert browser.get("/bieu/").status_code == 403
    assert browser.get("/bieu/khe-uoc/").status_code == 403
    assert browser.post("/bieu/khe-uoc/lap/").status_code == 403
    assert signed_in(bank.officer).get("/bieu/khong-co/").status_code == 404
    with pytest.raises(UnknownSheet):
        sheet_of("khong-co")


def test_capital_is_for_who_may_see_capital(business: Business, bank: Bank) -> None:
    assert signed_in(bank.officer).get("/bieu/nguon-von/").status_code == 403
    answer = signed_in(bank.director).post("/bieu/nguon-von/lap/", {"day": DAY.isoformat()})
    rows = [
        dict(zip(cells(answer.content)[5], row, strict=True)) for row in cells(answer.content)[6:]
    ]
    [total] = [row for row in rows if row["Nguồn vốn"] == "Tổng cộng"]
    assert total["Dư nợ"] == store().manifest(DAY).totals["balance"]
    used = cells(answer.content, 1)
    [whole] = [row for row in used if row[0] == "Tổng cộng"]
    assert whole[-1] == store().manifest(DAY).totals["balance"]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (Words(day="2026-03-27"), DayNotKept),
        (Words(day="hôm qua"), DayNotKept),
        (Words(before="2026-03-26"), DaysNotInOrder),
        (Words(programme="KHONG"), FilterUnknown),
        (Words(group="999"), FilterUnknown),
        (Words(unit="office-0"), UnitOutside),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    business: Business, bank: Bank, words: Words, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        asked_of(sheet_of("so-sanh"), words, bank.officer)
    form = {
        "day": words.day,
        "before": words.before,
        "programme": words.programme,
        "group": words.group,
        "unit": words.unit,
    }
    answer = signed_in(bank.officer).post("/bieu/so-sanh/lap/", form)
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_identity_numbers_are_masked_unless_counted(
    business: Business, bank: Bank, settings: Any
) -> None:
    people = {loan.borrower.identity_number for loan in business.loans}
    browser, form = signed_in(bank.officer), {"day": DAY.isoformat(), "identity": "1"}
    shown = {
        str(row[2])
        for row in cells(browser.post("/bieu/khe-uoc/lap/", {"day": DAY.isoformat()}).content)
    }
    assert not shown & people
    settings.TDCS_UNMASK_LIMIT = 30
    full = browser.post("/bieu/khe-uoc/lap/", form)
    seen = {str(row[2]) for row in cells(full.content)} & people
    [line] = AuditLine.objects.filter(action="sheets.unmask")
    assert line.data["count"] == len(seen) > 3
    settings.TDCS_UNMASK_LIMIT = 2 * len(seen)
    assert browser.post("/bieu/khe-uoc/lap/", form).status_code == 200
    refused = browser.post("/bieu/khe-uoc/lap/", form)
    assert refused.status_code == 302
    asked = asked_of(sheet_of("khe-uoc"), Words(identity=True), bank.officer)
    with pytest.raises(TooMuchSeen):
        make(asked=asked, by=bank.officer, on=date(2026, 3, 27))
    # An auditor reads all loans and no identity number.
    auditor = signed_in(bank.auditor)
    assert auditor.post("/bieu/khe-uoc/lap/", form).status_code == 403
    assert "Số định danh đầy đủ" not in auditor.get("/bieu/khe-uoc/").content.decode()


def test_a_large_sheet_is_a_job(
    business: Business, bank: Bank, numbers: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdcs.sheets.views.sheets.AT_ONCE", 1)
    browser = signed_in(bank.officer)
    answer = browser.post("/bieu/khe-uoc/lap/", {"day": DAY.isoformat()})
    [job] = run_jobs()
    assert answer["Location"] == f"/viec-dang-chay/{job.pk}/"
    assert job.state == JobState.DONE, job.refusal
    assert numbers <= contracts(browser.get(f"/viec-dang-chay/{job.pk}/tai-ve/").content)
    assert signed_in(bank.head).get(f"/viec-dang-chay/{job.pk}/tai-ve/").status_code == 404


def test_the_set_for_the_audit_proves_itself(business: Business, bank: Bank) -> None:
    answer = signed_in(bank.auditor).post("/bieu/kiem-toan/lap/", {"day": DAY.isoformat()})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kept:
        files = {name: kept.read(name) for name in kept.namelist()}
    manifest = json.loads(files["manifest.json"])
    lines = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert lines == {name: hashlib.sha256(one).hexdigest() for name, one in files.items()}
    assert manifest["snapshot"]["digest"] == store().manifest(DAY).digest
    book = store().manifest(DAY).totals
    for name in ("loans.csv", "sums.csv", "sums-by-programme.csv"):
        rows = list(csv.DictReader(io.StringIO(files[name].decode())))
        assert (
            sum(int(row["balance"]) for row in rows)
            == book["balance"]
            == manifest["totals"]["balance"]
        )
        assert manifest["files"][name]["rows"] == len(rows)
    events = list(csv.DictReader(io.StringIO(files["events.csv"].decode())))
    assert {row["kind"] for row in events} >= {"Giải ngân", "Thu gốc", "Khoanh nợ", "Đảo bút toán"}


def test_open_data_is_csv_on_the_web(business: Business, tmp_path: Path) -> None:
    made = make(asked=asked_of(sheet_of("du-lieu-mo"), Words(), None), by=None, on=DAY)
    with zipfile.ZipFile(io.BytesIO(made.content)) as kept:
        rows = list(csv.reader(io.StringIO(kept.read("indicators.csv").decode())))
        told = json.loads(kept.read("indicators.csv-metadata.json"))
        kept.extractall(tmp_path)
    assert faults(tmp_path / "indicators.csv-metadata.json") == []
    assert told["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "vi"}]
    assert told["url"] == "indicators.csv" and told["dc:license"]["@id"].startswith("https://")
    columns = told["tableSchema"]["columns"]
    assert [one["name"] for one in columns] == rows[0]
    assert set(told["tableSchema"]["primaryKey"]) <= set(rows[0])
    for one in columns:
        assert set(one) <= {"name", "titles", "datatype", "required", "dc:description"}
        assert set(one["titles"]) == {"vi", "en"}
    table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    keys = [tuple(row[name] for name in told["tableSchema"]["primaryKey"]) for row in table]
    assert len(set(keys)) == len(keys)
    kinds = {one["name"]: one["datatype"] for one in columns}
    for row in table:
        for name, value in row.items():
            if value and kinds[name] == "integer":
                int(value)
            if kinds[name] not in ("integer", "string"):
                date.fromisoformat(value)
            assert value or not next(one for one in columns if one["name"] == name).get("required")
    [whole] = [
        row for row in table if row["area"] == "province" and row["indicator"] == "outstanding"
    ]
    assert int(whole["value"]) == store().manifest(DAY).totals["balance"]


def test_the_command_writes_a_sheet(business: Business, bank: Bank, tmp_path: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(main, ["sheet"])
    assert set(sheets()) == {line.split()[0] for line in listed.output.splitlines()}
    out = tmp_path / "to.xlsx"
    done = runner.invoke(
        main,
        ["sheet", "theo-to", "--unit", bank.office.code, "--day", "2026-03-26", "--out", str(out)],
    )
    assert done.exit_code == 0, done.output
    assert "PGD NHCSXH Định Quán" in str(cells(out.read_bytes())[0][0])
    refused = runner.invoke(main, ["sheet", "theo-to", "--unit", "nowhere", "--out", str(out)])
    assert refused.exit_code == 1 and "nowhere" in refused.output


def test_who_may_no_longer_see_identity_numbers_gets_none_from_a_job(
    business: Business, bank: Bank
) -> None:
    asked = asked_of(sheet_of("khe-uoc"), Words(identity=True), bank.auditor)
    with pytest.raises(SheetNotForYou):
        make(asked=asked, by=bank.auditor, on=DAY)
