"""What the rules made of a loan is kept for a page, and made anew with the next event or another law."""

from __future__ import annotations

from datetime import date

import pytest
from lending_cast import Bank, lend, make_household

from tdcs.core import law
from tdcs.loans.queries import folded_days, folding
from tdcs.loans.queries.folded_days import FoldedDay
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.queries.loan_timeline import loan_timeline
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


def test_the_same_is_given_again_and_an_event_makes_it_anew(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=DAY)
    law.forget()
    first = balances_on([loan], TODAY)[loan.pk]
    made = folding._kept.cache_info().misses
    assert balances_on([loan], TODAY)[loan.pk] == first
    assert folding._kept.cache_info().misses == made
    lines = (Collection(loan_id=loan.pk, principal=1_000_000),)
    sheet = Sheet("kept", bank.office.pk, bank.group.pk, lines)
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    assert balances_on([loan], TODAY)[loan.pk].balance == first.balance - 1_000_000
    assert balances_on([loan], date(2026, 11, 22))[loan.pk].balance == first.balance
    law.forget()
    assert folding._kept.cache_info().currsize == 0


def test_an_event_or_another_day_makes_a_loans_day_anew(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=DAY)
    before = loan_timeline(loan, TODAY)
    lines = (Collection(loan_id=loan.pk, principal=1_000_000, interest=5_000),)
    sheet = Sheet("anew", bank.office.pk, bank.group.pk, lines)
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    loan.refresh_from_db()
    after = loan_timeline(loan, TODAY)
    assert after.now.balance == before.now.balance - 1_000_000
    assert after.may_collect == before.may_collect - 5_000
    assert loan_timeline(loan, date(2026, 11, 22)).now.balance == before.now.balance


def test_what_is_kept_stays_within_its_number() -> None:
    days, day = folded_days.days, FoldedDay(None, 0, ())  # type: ignore[arg-type]
    days.clear()
    for number in range(folded_days._KEPT + 1):
        days.put(str(number).encode(), day)
    assert days.get(b"0") is None and days.get(b"1") is day
    days.clear()
