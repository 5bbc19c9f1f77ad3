"""Members' savings of an office that follows extracts: to the dong, by book, group and household, without an entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from extract_cast import DAY, loan, saver, take
from test_cut_over import FIRST, ON, _begin, _clean, _made

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.entrustment import checks as group_checks
from tdcs.entrustment.errors import SavingsFromExtract
from tdcs.entrustment.models import SavingsAccount, SavingsEvent, SavingsGroup
from tdcs.entrustment.services.savings import deposit, require_undoable
from tdcs.imports import services
from tdcs.imports.models import Extract, Unexplained
from tdcs.imports.reading.workbook import read_workbook
from tdcs.indicators.queries import values
from tdcs.ledger.errors import BookMonitored
from tdcs.ledger.models import JournalEntry, Posting
from tdcs.ledger.services import load_chart
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

SEPTEMBER = date(2026, 9, 30)


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


def _september(by: User) -> None:
    """Two books of one borrower, two loans of another, one who only saves: 1,000,000 + 250,000 + 700,000 + 300,000."""
    take(
        by,
        SEPTEMBER,
        loan(1),
        loan(1, savings_book="TK1B", savings_balance=250_000),
        loan(2, savings_balance=700_000),
        loan(3, customer="4600000002", savings_book="TK2", savings_balance=700_000),
        loan(4, savings_balance=0),
        saver(9),
    )


def _october(by: User) -> Any:
    """One book grew, one is not named any more, one is new."""
    return take(
        by,
        DAY,
        loan(1, savings_balance=1_100_000),
        loan(2, savings_balance=500_000),
        loan(3, customer="4600000002", savings_book="TK2", savings_balance=500_000),
        loan(4, savings_balance=0),
        saver(9),
        saver(10, savings_balance=40_000),
    )


def _held() -> dict[str, int]:
    return dict(SavingsAccount.objects.exclude(balance=0).values_list("number", "balance"))


def _figure(day: date, **where: Any) -> int | None:
    rows = values(on=day, codes=["savings"], **where)
    found = dict(rows.select("code", "value").rows())
    return found["savings"]


def _sound() -> None:
    _clean()
    for name, check in group_checks.CHECKS.items():
        assert list(check()) == [], name


def test_balances_are_the_extracts_and_movements_say_so(planner: User, client: Client) -> None:
    _september(planner)
    assert _held() == {"TK1": 1_000_000, "TK1B": 250_000, "TK2": 700_000, "TK9": 300_000}
    _october(planner)
    assert _held() == {"TK1": 1_100_000, "TK2": 500_000, "TK9": 300_000, "TK10": 40_000}
    last = Extract.objects.get(day=DAY, current=True)
    assert last.sums["savings_balance"] == sum(_held().values()) == 1_940_000
    moved = SavingsEvent.objects.filter(on=DAY).order_by("account__number")
    assert list(moved.values_list("account__number", "kind", "amount", "entry")) == [
        ("TK1", "reported", 100_000, None),
        ("TK10", "reported", 40_000, None),
        ("TK1B", "reported", -250_000, None),
        ("TK2", "reported", -200_000, None),
    ]
    assert not JournalEntry.objects.exists() and not Unexplained.objects.exists()
    _sound()
    # Who only saves has no group in the extract: the office is known, and the sum is the extract's.
    assert (_figure(SEPTEMBER), _figure(DAY)) == (2_250_000, 1_940_000)
    group = SavingsGroup.objects.get()
    held = SavingsAccount.objects.filter(group=group)
    assert sum(one.balance for one in held) == 1_600_000
    client.force_login(planner)
    account = SavingsAccount.objects.get(number="TK2")
    page = client.get(reverse("entrustment:account", args=[account.pk])).content.decode()
    assert "Tăng, giảm theo sao kê" in page and "700.000" in page
    event = account.events.first()
    assert event is not None
    with pytest.raises(SavingsFromExtract):
        require_undoable(account, event, "nhầm", DAY)


def test_undone_and_replaced_extracts_leave_what_was_before(planner: User) -> None:
    _september(planner)
    before = _held()
    made = _october(planner)
    services.undo(imported=made, why="nhầm tệp", by=planner, on=ON, key="s-undo")
    assert _held() == before and _figure(DAY) in (None, sum(before.values()))
    _sound()
    _october(planner)
    take(planner, DAY, loan(1, savings_balance=900_000), loan(2), loan(4, savings_balance=0), loan(3, customer="4600000002", savings_book="TK2"))  # fmt: skip
    assert _held() == {"TK1": 900_000, "TK2": 1_000_000}
    _sound()


def test_nothing_is_paid_in_or_out_while_the_office_follows_extracts(planner: User) -> None:
    _september(planner)
    account = SavingsAccount.objects.get(number="TK1")
    with pytest.raises(BookMonitored):
        deposit(account=account, amount=10_000, by=planner, on=ON, key="s-pay")


def test_savings_open_in_the_ledger_at_the_cut_over(planner: User) -> None:
    _september(planner)
    take(planner, DAY, loan(1), loan(1, savings_book="TK1B", savings_balance=250_000), saver(9), loan(2), loan(4, savings_balance=0), loan(3, customer="4600000002", savings_book="TK2", savings_balance=1_000_000))  # fmt: skip
    made = _begin(planner)
    assert made.sums["savings"] == 2_550_000
    booked = Posting.objects.filter(account__code="4231")
    accounts = dict(SavingsAccount.objects.values_list("pk", "number"))
    assert {accounts[row.subject]: row.credit for row in booked} == _held()
    _sound()
    one, account = Loan.objects.get(number__endswith="1"), SavingsAccount.objects.get(number="TK1")
    with clock.fixed_today(FIRST):
        lines = (Collection(one.pk, savings=30_000, savings_account=account.pk),)
        sheet = Sheet(
            key=f"s-{next(_made)}", office_id=one.office_id, group_id=one.group_id, lines=lines
        )
        collect_sheet(sheet=sheet, by=planner, on=FIRST)
    assert _held()["TK1"] == 1_030_000
    _sound()


def test_a_cut_over_undone_leaves_the_savings_to_the_extracts(planner: User) -> None:
    _september(planner)
    take(planner, DAY, loan(1), loan(2), loan(4, savings_balance=0), loan(3, customer="4600000002", savings_book="TK2", savings_balance=1_000_000))  # fmt: skip
    held = _held()
    made = _begin(planner)
    services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="s-cut")
    assert _held() == held
    _sound()
    _begin(planner)
    _sound()
