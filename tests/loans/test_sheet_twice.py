"""The same sheet from two tabs: the second is told what was just posted, and posts only when it is meant."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, lend, make_household

from tdcs.ledger.models import JournalEntry
from tdcs.loans.errors import SheetAgain
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet, equal_sheet

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=DAY)


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def _sheet(bank: Bank, loan: Loan, key: str, principal: int = 1_000_000) -> Sheet:
    lines = (Collection(loan_id=loan.pk, principal=principal),)
    return Sheet(key, bank.office.pk, bank.group.pk, lines)


def test_two_tabs_post_once_and_the_second_is_asked(bank: Bank, loan: Loan, signed_in: Any) -> None:
    client = signed_in(bank.teller)
    address = reverse("loans:sheet", args=[bank.group.pk])
    tabs = [
        {
            "key": re.search(r'name="key" value="([^"]+)"', _text(client.get(address)))[1],  # type: ignore[index]
            f"principal-{loan.pk}": "1.000.000",
        }
        for _ in range(2)
    ]
    assert client.post(address, {**tabs[0], "step": "post"}).status_code == 302
    entry = JournalEntry.objects.latest("pk")
    second = client.post(address, {**tabs[1], "step": "post"})
    page = _text(second)
    assert second.status_code == 200
    assert f"bút toán số {entry.number}" in page and "hạch toán thêm" in page
    assert JournalEntry.objects.latest("pk") == entry
    # The first tab sent again is still answered with its own entry.
    assert client.post(address, {**tabs[0], "step": "post"})["Location"].endswith(f"/{entry.pk}/")
    assert client.post(address, {**tabs[1], "step": "post-again"}).status_code == 302
    assert JournalEntry.objects.latest("pk").number == entry.number + 1
    loan.refresh_from_db()
    assert loan.balance == 48_000_000


def test_only_an_equal_sheet_of_the_same_day_that_stands_is_warned_of(
    bank: Bank, loan: Loan
) -> None:
    collect_sheet(sheet=_sheet(bank, loan, "a"), by=bank.teller, on=TODAY, sure=False)
    assert equal_sheet(sheet=_sheet(bank, loan, "b"), on=TODAY) is not None
    with pytest.raises(SheetAgain):
        collect_sheet(sheet=_sheet(bank, loan, "b"), by=bank.teller, on=TODAY, sure=False)
    other = _sheet(bank, loan, "c", principal=1_000_001)
    assert equal_sheet(sheet=other, on=TODAY) is None
    collect_sheet(sheet=other, by=bank.teller, on=TODAY, sure=False)
    assert equal_sheet(sheet=_sheet(bank, loan, "d"), on=date(2026, 11, 24)) is None


def test_a_program_that_names_its_key_posts_equal_sheets(bank: Bank, loan: Loan) -> None:
    for key in ("a", "b"):
        collect_sheet(sheet=_sheet(bank, loan, key), by=bank.teller, on=TODAY)
    loan.refresh_from_db()
    assert loan.balance == 48_000_000
