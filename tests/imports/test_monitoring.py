"""Successive extracts become the book of a monitored office: what they say, to the dong, and back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from extract_cast import DAY, loan, take

from tdcs.access.models import User
from tdcs.capital import checks as capital_checks
from tdcs.closing import checks as closing_checks
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures
from tdcs.imports import checks as import_checks
from tdcs.imports import services
from tdcs.imports.errors import LaterExtractRests, OfficeKeepsBook
from tdcs.imports.models import ExtractImport, Unexplained
from tdcs.imports.queries.monitoring import REASONS
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.rules.comparable import (
    comparable,
    comparable_by_office,
    historical,
    missing,
    other_sources,
)
from tdcs.indicators.queries import values
from tdcs.indicators.rules.definitions import catalogue
from tdcs.ledger.errors import BookMonitored
from tdcs.ledger.models import Book, JournalEntry
from tdcs.ledger.services import NewEntry, post
from tdcs.loans import checks as loan_checks
from tdcs.loans.errors import LoanMonitored
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import Row, balances_on
from tdcs.loans.rules.kinds import PRINCIPAL
from tdcs.loans.services.balances import validate_event
from tdcs.loans.services.reporting import keep_reported

ON = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 30)
_made = iter(range(10_000))


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _sums(day: date) -> dict[str, int]:
    rows = figures(nw.from_native(store().read(day).collect(), eager_only=True)).to_native()
    names = (
        "lent",
        "balance",
        "in_time",
        "overdue",
        "frozen",
        "arrears",
        "collected",
        "lent_month",
        "repaid_month",
        "collected_month",
        "newly_overdue",
    )
    return {name: rows[name].sum() for name in names}


def _codes() -> list[str]:
    return list(Unexplained.objects.order_by("pk").values_list("code", flat=True))


def _undo(made: ExtractImport, by: User) -> dict[str, int]:
    return services.undo(imported=made, why="nhầm tệp", by=by, on=ON, key=f"mu-{next(_made)}")


def test_two_months_stand_as_the_extracts_say(planner: User) -> None:
    take(planner, SEPTEMBER, loan(1), loan(2, interest_collected=900_000, arrears_in_time=40_000))
    found = _sums(SEPTEMBER)
    assert (found["balance"], found["arrears"]) == (100_000_000, 40_000)
    take(
        planner,
        DAY,
        loan(
            1,
            in_time=20_000_000,
            overdue=25_000_000,
            balance=45_000_000,
            interest_collected=100_000,
        ),
        loan(2, in_time=0, frozen=50_000_000, interest_collected=900_000, arrears_in_time=300_000),
        loan(3, lent_month=50_000_000, first_disbursed_on=date(2026, 10, 4)),
    )
    assert _sums(DAY) == {
        "lent": 150_000_000,
        "balance": 145_000_000,
        "in_time": 70_000_000,
        "overdue": 25_000_000,
        "frozen": 50_000_000,
        "arrears": 300_000,
        "collected": 1_000_000,
        "lent_month": 50_000_000,
        "repaid_month": 5_000_000,
        "collected_month": 100_000,
        "newly_overdue": 25_000_000,
    }
    assert _sums(SEPTEMBER)["balance"] == 100_000_000
    assert not JournalEntry.objects.exists()
    assert Book.objects.get().monitored_from == SEPTEMBER
    first = Loan.objects.get(number="6600000000000001")
    assert (first.balance, first.state, first.group is not None) == (45_000_000, "overdue", True)
    then = balances_on([first], SEPTEMBER)[first.pk]
    assert (then.balance, then.overdue, then.state) == (50_000_000, 0, "in_time")
    assert _codes() == []
    for name, check in {
        **loan_checks.CHECKS,
        **closing_checks.CHECKS,
        **import_checks.CHECKS,
        **capital_checks.CHECKS,
    }.items():
        assert list(check()) == [], name


def test_a_figure_changed_in_an_extract_changes_the_indicator_by_as_much(planner: User) -> None:
    take(planner, DAY, loan(1), loan(2, in_time=49_000_000, overdue=1_000_000))
    before = _indicators()
    again = take(planner, DAY, loan(1, in_time=43_000_000, balance=43_000_000), loan(2, in_time=48_000_000, overdue=2_000_000))  # fmt: skip
    after = _indicators()
    assert after["outstanding"] - before["outstanding"] == -7_000_000
    assert after["overdue"] - before["overdue"] == 1_000_000
    _undo(again, planner)
    assert _indicators() == before


def _indicators() -> dict[str, int | None]:
    return dict(values(on=DAY).select("code", "value").rows())


def test_what_an_extract_cannot_give_has_no_figure_and_every_indicator_is_listed(
    planner: User,
) -> None:
    assert sorted(
        [*comparable(), *historical(), *comparable_by_office(), *other_sources(), *missing()]
    ) == sorted(catalogue())
    take(planner, DAY, loan(1))
    found = _indicators()
    assert all(found[code] is None for code in missing())
    assert found["outstanding"] == 50_000_000
    office = Loan.objects.get().office_id
    by_office = values(on=DAY, by=("office",), codes=["groups", "loans"]).rows()
    assert [(row[1], row[-1]) for row in by_office if row[0] == office] == [("groups", None), ("loans", 1)]  # fmt: skip


def test_what_the_extract_before_does_not_explain_is_listed_by_loan(planner: User) -> None:
    take(planner, SEPTEMBER, loan(1, in_time=40_000_000, balance=40_000_000), loan(2), loan(3, interest_collected=500_000), loan(4))  # fmt: skip
    made = take(
        planner,
        DAY,
        loan(1),
        loan(3, interest_collected=400_000),
        loan(4, customer="4600000099"),
        loan(5, commune_name="xã Không Có"),
    )
    assert sorted(_codes()) == ["gone", "less_interest", "more_owed", "other_borrower", "unknown_commune"]  # fmt: skip
    assert set(_codes()) <= set(REASONS)
    # As the extract says: the loan that is gone counts no more, what rose stands.
    assert _sums(DAY)["balance"] == 200_000_000
    row = Unexplained.objects.get(code="more_owed")
    assert (row.contract, row.before, row.after) == ("6600000000000001", "10000000", "0")
    take(planner, date(2026, 11, 20), loan(1), loan(2), loan(3, interest_collected=400_000), loan(4), loan(5))  # fmt: skip
    assert (
        Unexplained.objects.filter(extract__day=date(2026, 11, 20), code="there_again").count() == 1
    )
    assert _sums(date(2026, 11, 20))["balance"] == 250_000_000
    with pytest.raises(LaterExtractRests):
        _undo(made, planner)


def test_undoing_takes_the_events_back_while_nothing_rests_on_them(planner: User) -> None:
    first = take(planner, SEPTEMBER, loan(1))
    second = take(planner, DAY, loan(1, in_time=30_000_000, balance=30_000_000))
    with pytest.raises(LaterExtractRests) as told:
        _undo(first, planner)
    assert "31/10/2026" in told.value.sentence("vi")
    _undo(second, planner)
    assert Loan.objects.get().balance == 50_000_000
    assert store().days() == [SEPTEMBER]
    _undo(first, planner)
    assert Loan.objects.get().balance == 0
    assert store().days() == []
    events = LoanEvent.objects.exclude(kind="reverse")
    assert all(hasattr(event, "reversed_by") for event in events)
    take(planner, SEPTEMBER, loan(1))
    assert _sums(SEPTEMBER)["balance"] == 50_000_000
    assert Loan.objects.count() == 1


def test_the_checks_name_a_book_that_is_not_its_extract(planner: User) -> None:
    take(planner, DAY, loan(1))
    Loan.objects.update(disbursed_total=49_000_000, balance=49_000_000)
    (told,) = import_checks.monitored_book_is_its_extract()
    assert "balance 50000000, sổ theo dõi 49000000" in told


def test_an_older_extract_than_the_last_one_stays_in_the_register(planner: User) -> None:
    take(planner, DAY, loan(1))
    take(planner, SEPTEMBER, loan(1, balance=49_000_000, in_time=49_000_000))
    assert _codes() == ["older_extract"]
    assert store().days() == [DAY]


def test_months_without_an_extract_are_told_by_the_months_own_columns(planner: User) -> None:
    take(planner, date(2026, 8, 31), loan(1))
    take(
        planner,
        DAY,
        loan(
            1,
            in_time=30_000_000,
            balance=30_000_000,
            repaid_in_time_month=5_000_000,
            interest_collected=600_000,
            interest_in_time_month=200_000,
        ),
    )
    found = _sums(DAY)
    assert (found["balance"], found["repaid_month"], found["collected_month"]) == (30_000_000, 5_000_000, 200_000)  # fmt: skip


def test_only_whose_book_is_not_kept_here_is_monitored(planner: User) -> None:
    take(planner, DAY, loan(1), monitor=False)
    assert not Loan.objects.exists() and store().days() == []
    office = ExtractImport.objects.get().files.get().extracts.get().office
    book = Book.objects.create(organisation=office, last_hash="0" * 64, last_number=3)
    with pytest.raises(OfficeKeepsBook):
        take(planner, SEPTEMBER, loan(1))
    book.refresh_from_db()
    assert book.monitored_from is None


def test_nothing_is_booked_or_recorded_of_a_monitored_loan(planner: User) -> None:
    take(planner, DAY, loan(1))
    found = Loan.objects.get()
    with pytest.raises(LoanMonitored):
        validate_event(found, Row(0, 20_800, PRINCIPAL, 1_000), on=ON)
    entry = NewEntry(Book.objects.get().pk, ON, "hand", "x", [("1011", 1, 0, None), ("4411", 0, 1, None)])  # fmt: skip
    from tdcs.ledger.services import load_chart

    load_chart()
    with pytest.raises(BookMonitored), transaction.atomic():
        post([entry], by=planner, on=ON)


def test_the_page_lists_books_and_doubts_and_others_are_refused(planner: User, teller: User, head: User, client: Client) -> None:  # fmt: skip
    take(planner, SEPTEMBER, loan(1), loan(2))
    take(planner, DAY, loan(1))
    client.force_login(planner)
    page = client.get("/sao-ke/theo-doi/?code=gone").content.decode()
    assert "6600000000000002" in page and "31/10/2026" in page
    assert client.get("/sao-ke/theo-doi/?code=la").status_code == 404
    assert client.get("/sao-ke/theo-doi/?export=xlsx").status_code == 200
    client.force_login(head)
    assert "6600000000000002" in client.get("/sao-ke/theo-doi/?code=gone").content.decode()
    client.force_login(teller)
    assert client.get("/sao-ke/theo-doi/").status_code == 403


def test_pages_show_a_monitored_loan_and_offer_nothing_to_do_with_it(planner: User, head: User, client: Client) -> None:  # fmt: skip
    take(planner, SEPTEMBER, loan(1))
    take(planner, DAY, loan(1, in_time=30_000_000, overdue=10_000_000, balance=40_000_000))
    found = Loan.objects.get()
    client.force_login(head)
    page = client.get(f"/vay/khoan-vay/{found.pk}/").content.decode()
    assert "40.000.000" in page and "Thu gốc theo sao kê" in page
    # What an extract does not have is said, not shown as an empty table or as terms that nobody agreed.
    assert "Lịch trả gốc không có trong sao kê" in page
    assert "tháng một kỳ" not in page and 'id="lich"' not in page
    deeds = set(re.findall(rf'"/vay/khoan-vay/{found.pk}/([a-z-]+)/', page))
    assert deeds <= {"bieu-mau", "giay-to"}
    # The contract is the bank's: no paper of ours is offered, nor made for whoever knows its address.
    assert 'class="papers"' not in page
    refused = client.get(reverse("loans:loan_form", args=[found.pk, "08-TD", "docx"]), follow=True)
    assert "được theo dõi theo sao kê" in refused.content.decode()
    assert client.get(f"/vay/khoan-vay/{found.pk}/?on=2026-10-01").status_code == 200
    addresses = [
        reverse("indicators:overview"),
        reverse("indicators:table"),
        reverse("loans:loans"),
        reverse("households:household", args=[found.household_id]),
        reverse("entrustment:group", args=[found.group_id]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 200, address
    assert "chỉ tiêu không có trong sao kê" in client.get("/chi-tieu/").content.decode()


def test_new_loans_stand_as_the_sum_of_their_events(planner: User) -> None:
    """A row is written once, as it would be kept from its events."""
    take(
        planner,
        SEPTEMBER,
        loan(1, interest_collected=900_000, arrears_in_time=40_000, lent_month=50_000_000),
        loan(2, in_time=20_000_000, overdue=25_000_000, balance=45_000_000),
        loan(3, in_time=0, frozen=50_000_000),
        loan(4, in_time=0, balance=0, state="CLOSE"),
        loan(5, in_time=0, balance=0, principal_written_off=50_000_000, interest_written_off=7),
        loan(6, in_time=0, balance=0, state="CLOSE", arrears_in_time=12_345),
        loan(7, group=None, mass="99", session_day=None, rate=None, source="2"),
    )
    rows = Loan.objects.order_by("pk")
    written = list(rows.values())
    assert {row["state"] for row in written} == {"in_time", "overdue", "frozen", "settled", "written_off"}  # fmt: skip
    keep_reported(loans=[row["id"] for row in written], on=SEPTEMBER)
    assert list(rows.values()) == written
