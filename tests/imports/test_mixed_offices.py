"""One office of record, another that follows extracts: each figure comes from its own book, the whole is their sum."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from extract_cast import DAY, loan, take

from tdcs.access.models import User
from tdcs.capital import checks as capital_checks
from tdcs.closing import checks as closing_checks
from tdcs.closing.services.closing import close_day
from tdcs.closing.services.replaying import replay
from tdcs.core import clock
from tdcs.imports import checks as import_checks
from tdcs.imports import services
from tdcs.imports.reading.workbook import read_workbook
from tdcs.indicators.queries.values import values
from tdcs.ledger import checks as ledger_checks
from tdcs.ledger.models import JournalEntry, Posting
from tdcs.ledger.services import load_chart
from tdcs.loans import checks as loan_checks
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation
from tdcs.problem_loans.models import EarlyWarning
from tdcs.problem_loans.services.warning import raise_warnings
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

ON: Final = date(2026, 11, 23)
FIRST, SECOND, LATER = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
OTHER: Final = {
    "office": "004607",
    "office_name": "Phòng giao dịch Ngân hàng Chính sách xã hội Vĩnh Cửu",
    "commune_name": "xã Trị An",
    "group": "0200001",
}
CODES: Final = ["outstanding", "overdue", "loans", "interest_collected_month", "collected_month"]


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)
    load_chart()
    for document, first in decrees_in_law().items():
        DecreeApplication.objects.create(
            document=document, state=DecreeApplication.State.DONE, asked_on=first, taken_up_on=first
        )


def _office(code: str) -> Organisation:
    return Organisation.objects.get(code=f"nhcsxh-pgd@{code}")


def _other(number: int, **more: Any) -> dict[str, Any]:
    return loan(number, **{**OTHER, **more})


def _clean() -> None:
    for room in (loan_checks, closing_checks, import_checks, capital_checks, ledger_checks):
        for name, check in room.CHECKS.items():
            assert list(check()) == [], name


def _mixed(by: User, *more: dict[str, Any]) -> None:
    """Định Quán keeps its own book since 1/11 and collected on the first; Vĩnh Cửu follows extracts."""
    take(by, DAY, loan(1, arrears_in_time=40_000), loan(2))
    take(
        by,
        DAY,
        _other(11, arrears_in_time=70_000),
        _other(12, in_time=42_000_000, overdue=8_000_000, turned_overdue_on=date(2026, 10, 13)),
        *more,
    )
    services.cut_over(office=_office("004606"), day=FIRST, by=by, on=ON, key="k-1")
    paid = Loan.objects.get(number__endswith="01")
    with clock.fixed_today(FIRST):
        lines = (Collection(paid.pk, interest=30_000, principal=1_000_000),)
        collect_sheet(
            sheet=Sheet(key="p-1", office_id=paid.office_id, group_id=paid.group_id, lines=lines),
            by=by,
            on=FIRST,
        )
    for day in (FIRST, SECOND):
        with clock.fixed_today(day):
            close_day(day=day, by=None)


def _by_office(day: date) -> dict[str, dict[str, int | None]]:
    found: dict[str, dict[str, int | None]] = {}
    keys = {_office(code).pk: code for code in ("004606", "004607")}
    for row in values(on=day, by=("office",), codes=CODES).iter_rows(named=True):
        found.setdefault(keys[row["office"]], {})[row["code"]] = row["value"]
    return found


def test_each_figure_comes_from_its_own_book(planner: User) -> None:
    _mixed(planner)
    found = _by_office(SECOND)
    assert found["004606"] == {
        "outstanding": 99_000_000, "overdue": 0, "loans": 2, "interest_collected_month": 30_000,
        "collected_month": 1_000_000,
    }  # fmt: skip
    assert found["004607"]["outstanding"] == 100_000_000 and found["004607"]["overdue"] == 8_000_000
    assert found["004607"]["loans"] == 2
    whole = {
        row["code"]: row["value"] for row in values(on=SECOND, codes=CODES).iter_rows(named=True)
    }
    assert (whole["outstanding"], whole["overdue"], whole["loans"]) == (199_000_000, 8_000_000, 4)
    # What no extract gives has a figure of the book of record only.
    daily = values(on=SECOND, by=("office",), codes=["growth_day"])
    told = {row["office"]: row["value"] for row in daily.iter_rows(named=True)}
    assert told[_office("004607").pk] is None and told[_office("004606").pk] == 0
    _clean()


def test_the_ledger_law_is_one_of_books_of_record(planner: User) -> None:
    _mixed(planner)
    assert not JournalEntry.objects.filter(book__organisation=_office("004607")).exists()
    principal = Posting.objects.filter(account__code__startswith="21")
    assert sum(one.debit - one.credit for one in principal) == 99_000_000
    own = Loan.objects.filter(reported=False)
    assert sum(own.values_list("balance", flat=True)) == 99_000_000
    _clean()


def test_the_other_offices_next_extract_makes_kept_days_anew(planner: User) -> None:
    _mixed(planner)
    take(
        planner,
        SECOND,
        _other(11),
        _other(12, in_time=40_000_000, balance=48_000_000, overdue=8_000_000),
    )
    assert _by_office(SECOND)["004607"]["outstanding"] == 98_000_000
    assert _by_office(SECOND)["004606"]["outstanding"] == 99_000_000
    with clock.fixed_today(LATER):
        close_day(day=LATER, by=None)
    assert {code: of["outstanding"] for code, of in _by_office(LATER).items()} == {
        "004606": 99_000_000,
        "004607": 98_000_000,
    }
    _clean()
    told = list(replay(to=LATER, every="day"))
    assert [(one.day, one.named) for one in told if one.loans] == []


def test_the_other_office_begins_a_month_later(planner: User) -> None:
    _mixed(planner)
    for day in range(3, 31):
        with clock.fixed_today(date(2026, 11, day)):
            close_day(day=date(2026, 11, day), by=None)
    december = date(2026, 12, 1)
    with clock.fixed_today(december):
        rows = (
            _other(11, arrears_in_time=300_000),
            _other(12, in_time=42_000_000, overdue=8_000_000, turned_overdue_on=date(2026, 10, 13)),
        )
        take(planner, date(2026, 11, 30), *rows, on=december)
        services.cut_over(
            office=_office("004607"), day=december, by=planner, on=december, key="k-2"
        )
        close_day(day=december, by=None)
        found = _by_office(december)
        assert (
            found["004607"]["outstanding"] == 100_000_000
            and found["004607"]["overdue"] == 8_000_000
        )
        _clean()


def test_warnings_pages_and_lists_show_both(planner: User, client: Client) -> None:
    soon = {"contract_due_on": date(2027, 1, 20), "extended_due_on": date(2027, 1, 20)}
    _mixed(planner, *(_other(number, **soon) for number in range(21, 26)))
    raise_warnings(by=None, on=SECOND)
    told = set(EarlyWarning.objects.values_list("kind", "office__code"))
    assert told == {("maturities", "nhcsxh-pgd@004607")}
    client.force_login(planner)
    with clock.fixed_today(SECOND):
        for address in (
            "/", "/chi-tieu/", "/chi-tieu/bang/", "/rui-ro/canh-bao/", "/vay/khoan-vay/", "/sao-ke/", "/sao-ke/theo-doi/",
            "/sao-ke/chuyen-ghi-so/", "/so-ngay/", "/so-cai/", "/bieu/", "/von/", "/to/",
        ):  # fmt: skip
            assert client.get(address).status_code == 200, address
        books = client.get("/sao-ke/theo-doi/").content.decode()
        assert "Vĩnh Cửu" in books
        waits = client.get("/sao-ke/chuyen-ghi-so/").content.decode()
        listed = client.get("/vay/khoan-vay/").content.decode()
    assert len(re.findall(r"66000000000000\d\d", listed)) >= 4
    # Vĩnh Cửu can not begin in a month of which a day is closed: the button is not shown, the reason is.
    assert "Mở sổ từ 01/11/2026" not in waits
