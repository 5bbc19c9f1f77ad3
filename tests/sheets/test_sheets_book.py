"""Sheets against the book: their totals are the snapshot's to the dong, and an event changes the row."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from business import Business, closed
from lending_cast import Bank, lend, make_household
from list_cast import bring, commit, list_of, undo
from python_calamine import CalamineWorkbook
from sheet_grounds import DAY, EARLIER

from tdcs.access.models import HamletOfficer
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.households.models import HouseholdAddress
from tdcs.indicators.queries import values
from tdcs.loans.models import Loan
from tdcs.sheets.composing.books import composed, tabs_of
from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of
from tdcs.sheets.queries.sources import SOURCES
from tdcs.sheets.rules.definitions import sheets

pytestmark = pytest.mark.django_db

_M = 1_000_000


def tabs(code: str, words: Words | None = None, user: Any = None) -> dict[str, pl.DataFrame]:
    """The rows of a sheet by the titles of its tabs."""
    asked = asked_of(sheet_of(code), words or Words(), user)
    return {tab.title: tab.rows for tab in tabs_of(asked)}


def book_sums(day: date = DAY) -> dict[str, int]:
    return dict(store().manifest(day).totals)


def test_every_sheet_is_made_and_its_sources_are_known(business: Business) -> None:
    for code, sheet in sheets().items():
        assert {tab.source for tab in sheet.tabs} <= set(SOURCES), code
        if sheet.package:
            continue
        content = composed(asked_of(sheet, Words(), None))
        names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
        assert len(names) == len(sheet.tabs), code


@pytest.mark.parametrize("code", ["khe-uoc", "theo-to", "theo-chuong-trinh", "theo-can-bo", "lai"])
def test_statements_sum_to_the_snapshot(business: Business, code: str) -> None:
    book = book_sums()
    for title, rows in tabs(code).items():
        for name in (
            "balance",
            "in_time",
            "overdue",
            "frozen",
            "due",
            "accrued_month",
            "collected_month",
            "to_collect",
            "arrears",
        ):
            if name in rows.columns:
                assert rows[name].sum() == book[name], (code, title, name)


def test_the_statement_equals_the_indicators(business: Business) -> None:
    told = values(on=DAY, codes=["outstanding", "frozen", "loans"])
    found = dict(told.select("code", "value").iter_rows())
    rows = tabs("khe-uoc")["Sao kê"]
    assert rows["balance"].sum() == found["outstanding"]
    assert rows["frozen"].sum() == found["frozen"]
    assert rows.filter(pl.col("balance") > 0).height == found["loans"]


def test_what_falls_due_is_the_balance_less_what_is_overdue(business: Business) -> None:
    from tdcs.sheets.queries.book import Book
    from tdcs.sheets.queries.debts import due_until

    book = Book(asked_of(sheet_of("den-han"), Words(), None))
    rows = due_until(book, DAY - timedelta(days=1), DAY + timedelta(days=4000))
    sums = dict(rows.group_by("loan").agg(pl.col("due_amount").sum()).iter_rows())
    owed = book.loans.filter(pl.col("balance") > 0)
    assert sums == {
        loan: balance - overdue
        for loan, balance, overdue in owed.select("loan", "balance", "overdue").iter_rows()
    }
    first = rows.sort("loan", "session_on").unique("loan", keep="first")
    nexts = dict(owed.select("loan", "next_amount").iter_rows())
    assert dict(first.select("loan", "due_amount").iter_rows()) == nexts


def test_a_payment_changes_the_row_and_the_closed_day_keeps_its_own(
    business: Business, bank: Bank
) -> None:
    from lending_cast import key

    from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

    loan = Loan.objects.get(pk=business.loans[0].pk)
    before = _row(loan)
    day = DAY + timedelta(days=1)
    lines = (Collection(loan.pk, 0, 250_000),)
    with clock.fixed_today(day):
        collect_sheet(
            sheet=Sheet(key(), bank.office.pk, bank.group.pk, lines), by=bank.teller, on=day
        )
        closed(day)
        after = _row(loan)
        kept = _row(loan, Words(day=DAY.isoformat()))
    assert after["balance"] == before["balance"] - 250_000
    assert after["paid"] == before["paid"] + 250_000
    assert kept == before


def _row(loan: Loan, words: Words | None = None) -> dict[str, Any]:
    rows = tabs("khe-uoc", words)["Sao kê"].filter(pl.col("contract") == loan.number)
    [row] = rows.iter_rows(named=True)
    return row


def test_frozen_debt_says_until_when_and_why(business: Business) -> None:
    [row] = tabs("khoanh")["Nợ khoanh"].iter_rows(named=True)
    assert row["contract"] == business.loans[2].number
    assert row["frozen"] == row["balance"] == book_sums()["frozen"]
    assert row["cause_name"] == "Dịch tả lợn châu Phi"
    assert row["frozen_until"] == row["frozen_on"] + timedelta(days=12)
    assert row["frozen_days_left"] == (row["frozen_until"] - DAY).days


def test_two_days_compared(business: Business, bank: Bank) -> None:
    before = EARLIER
    found = tabs("so-sanh", Words(before=before.isoformat()))
    matrix = found["Ma trận tình trạng"]
    assert matrix["balance"].sum() == book_sums()["balance"]
    assert matrix["balance_before"].sum() == book_sums(before)["balance"]
    moved = found["Khoản đổi tình trạng"].select("contract", "state_before", "state_now").rows()
    assert (business.loans[2].number, "Trong hạn", "Khoanh nợ") in moved
    assert (business.loans[3].number, "Trong hạn", "Đã trả hết") in moved
    for key in ("Theo chương trình", "Theo xã", "Theo tổ"):
        assert (
            found[key]["change"].sum() == matrix["balance"].sum() - matrix["balance_before"].sum()
        )


def test_the_officer_of_a_loan_is_who_checked_its_file(business: Business, bank: Bank) -> None:
    rows = tabs("theo-can-bo")["Tổng hợp"]
    assert rows["officer"].to_list() == [bank.officer.full_name]


def test_the_officer_of_a_hamlet_comes_before_who_checked_the_file(
    business: Business, bank: Bank
) -> None:
    home = HouseholdAddress.objects.filter(household__loans__number=business.loans[0].number)[0]
    HamletOfficer.objects.create(
        office=bank.office, area=home.area, hamlet=home.hamlet, words=fold(home.hamlet),
        name="Trần Văn An", starts_on=DAY,
    )  # fmt: skip
    rows = tabs("theo-can-bo")["Tổng hợp"]
    assert "Trần Văn An" in rows["officer"].to_list()
    assert rows["balance"].sum() == book_sums()["balance"]
    earlier = tabs("theo-can-bo", Words(day=EARLIER.isoformat()))["Tổng hợp"]
    assert "Trần Văn An" not in earlier["officer"].to_list()


def test_cells_are_typed_and_words_never_become_formulas(business: Business, bank: Bank) -> None:
    day = DAY + timedelta(days=1)
    with clock.fixed_today(day):
        lend(bank, make_household(bank.group, '=HYPERLINK("http://x";"y") <b>&'), on=day)
        closed(day)
        content = composed(asked_of(sheet_of("khe-uoc"), Words(), None))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    header = rows[5]
    found = [dict(zip(header, row, strict=True)) for row in rows[6:]]
    [mine] = [row for row in found if str(row["Người vay"]).startswith("=")]
    assert mine["Người vay"] == '=HYPERLINK("http://x";"y") <b>&'
    assert mine["Dư nợ"] == 50_000_000 and isinstance(mine["Dư nợ"], int | float)
    assert mine["Ngày vay"] in (day, datetime.combine(day, datetime.min.time()))
    assert "•" in mine["Số định danh"]
    [total] = [row for row in found if row["Số khế ước"] == "Tổng cộng"]
    with clock.fixed_today(day):
        assert total["Dư nợ"] == book_sums(day)["balance"]
    assert b"<f>" not in content


def test_the_cores_plan_stands_beside_what_is_outstanding(business: Business) -> None:
    """Progress is outstanding ÷ plan; a programme that is none here is named, and nothing said of its outstanding."""
    rows = [
        {
            "programme": "01",
            "source": "TW",
            "given": 70 * _M,
            "adjusted": 30 * _M,
            "planned": 100 * _M,
        },
        {
            "programme": "01",
            "source": "Địa phương",
            "given": 9 * _M,
            "adjusted": 0,
            "planned": 9 * _M,
        },
        {"programme": "11", "source": "TW", "given": 5 * _M, "adjusted": -5 * _M, "planned": 0},
    ]
    given = [{**row, "office": "004606", "commune_name": "La Ngà"} for row in rows]
    assert set(tabs("ke-hoach-du-no")["Theo phòng giao dịch"]["planned"]) == set()
    made = bring(None, list_of("credit_plan", given, DAY), day=DAY)
    assert commit(made, None)["taken"] == 1

    found = tabs("ke-hoach-du-no")
    use = tabs("nguon-von")["Theo chương trình"]
    by_place = {
        title: {(row["programme_name"], row["tier_name"]): row for row in frame.to_dicts()}
        for title, frame in found.items()
    }
    for rows_of in by_place.values():
        whole, half, other = (
            next(row for row in rows_of.values() if row["planned"] == planned)
            for planned in (100 * _M, 9 * _M, 0)
        )
        for row in (whole, half):
            same = pl.col("programme_name") == row["programme_name"]
            lent = use.filter(same & (pl.col("tier_name") == row["tier_name"]))["balance"].sum()
            assert 0 < lent == row["balance"]
            assert row["planned_left"] == row["planned"] - lent
        assert whole["tier_name"] != half["tier_name"]
        assert whole["planned_rate"] == (whole["balance"] * 2 + 100) // 200
        assert half["planned_rate"] > 1_000_000
        assert other["balance"] is None and other["programme_name"].startswith("11 ")
    undo(made, None)
    assert len(tabs("ke-hoach-du-no")["Theo xã"]) == 0
