"""A book's day may still be open while the next one works: entries of the 16th, then the session of the 15th."""

from __future__ import annotations

from datetime import date

import pytest
from business import closed, same_as_replayed
from lending_cast import Bank, key, lend, make_household, savings_of

from tdcs.closing.checks import CHECKS as CLOSING
from tdcs.core import clock
from tdcs.entrustment.errors import SavingsBeforeLast
from tdcs.entrustment.services import savings
from tdcs.ledger.checks import CHECKS as LEDGER
from tdcs.ledger.errors import BeforeClose
from tdcs.ledger.models import Book, JournalEntry
from tdcs.loans.checks import CHECKS as LOANS
from tdcs.loans.errors import SheetRefused
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

pytestmark = pytest.mark.django_db
EVE, DAY, NEXT = date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)


def _collect(bank: Bank, loan: Loan, on: date, amount: int = 1_000_000) -> None:
    line = Collection(loan.pk, 1_000, amount)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=on)


def _lent(bank: Bank) -> tuple[Loan, Loan]:
    with clock.fixed_today(EVE):
        first = lend(bank, make_household(bank.group, "Hộ một"), on=EVE)
        second = lend(bank, make_household(bank.group, "Hộ hai"), on=EVE)
    closed(EVE)
    return first, second


def _proved(to: date) -> None:
    for room in (LEDGER, LOANS, CLOSING):
        for name, check in room.items():
            assert list(check()) == [], name
    assert same_as_replayed(to) > 0


@pytest.mark.parametrize("close_first", [False, True], ids=["session, close", "close, session"])
def test_the_session_of_yesterday_after_the_morning_of_today(bank: Bank, close_first: bool) -> None:
    first, second = _lent(bank)
    with clock.fixed_today(NEXT):
        _collect(bank, first, NEXT)
        if close_first:
            assert closed(DAY, on=NEXT).late == 0
        _collect(bank, second, DAY)
        if not close_first:
            closed(DAY, on=NEXT)
        answer = closed(NEXT, on=NEXT)
    assert answer.days == ([DAY] if close_first else [])
    days = JournalEntry.objects.filter(template="loan.collect").order_by("number")
    assert list(days.values_list("on", flat=True)) == [NEXT, DAY]
    assert Loan.objects.get(pk=second.pk).events.latest("pk").on == DAY
    # The close of the 15th is dated the 15th although the book holds entries of the 16th.
    of_close = JournalEntry.objects.filter(operation__action="closing.post", operation__on=DAY)
    assert set(of_close.values_list("on", flat=True)) == {DAY}
    assert Book.objects.get(organisation=bank.office).closed_through == DAY
    _proved(NEXT)


def test_a_locked_day_takes_nothing_and_an_event_of_the_same_loan_goes_forward(bank: Bank) -> None:
    first, second = _lent(bank)
    with clock.fixed_today(NEXT):
        _collect(bank, first, NEXT)
        with pytest.raises(SheetRefused) as refused:
            _collect(bank, first, DAY)
        assert refused.value.rows[0][1].code == "event_before_last"
        closed(DAY, on=NEXT)
        closed(NEXT, on=NEXT)
        # Closing the 16th locks the books through the 15th.
        with pytest.raises(BeforeClose, match="15/04/2026"):
            _collect(bank, second, DAY)
    _proved(NEXT)


def test_savings_go_out_after_what_came_before(bank: Bank) -> None:
    """A deposit that arrives late is taken; a withdrawal dated before the account's last movement is not."""
    household = make_household(bank.group)
    account = savings_of(household, bank)
    with clock.fixed_today(NEXT):
        savings.deposit(account=account, amount=100, by=bank.teller, on=NEXT, key=key())
        with pytest.raises(SavingsBeforeLast, match="16/04/2026"):
            savings.withdraw(account=account, amount=100, by=bank.teller, on=DAY, key=key())
        savings.deposit(account=account, amount=50, by=bank.teller, on=DAY, key=key())
        savings.withdraw(account=account, amount=150, by=bank.teller, on=NEXT, key=key())
    account.refresh_from_db()
    assert account.balance == 0
