"""What groups and members owe on a day: the live book and the closed day agree, sums are sums, nothing is asked per row."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from business import FIRST, closed, run_days
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lending_cast import Bank, lend, make_household

from tdcs.closing.queries.group_debts import debts_of_groups, debts_of_members
from tdcs.core import clock
from tdcs.documents.reading.rows import read_rows

pytestmark = pytest.mark.django_db
LAST = FIRST + timedelta(days=21)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def test_the_live_book_and_the_closed_day_say_the_same(bank: Bank) -> None:
    business = run_days(bank, LAST)
    group, morrow = bank.group.pk, LAST + timedelta(days=1)
    with clock.fixed_today(morrow):
        live, of_group = debts_of_members(group, morrow), debts_of_groups([group], morrow)
        kept, kept_group = debts_of_members(group, LAST), debts_of_groups([group], LAST)
    assert (live.of, kept.of, kept_group.of) == (morrow, LAST, LAST)
    assert live.found and of_group.found == kept_group.found
    for household, debt in live.found.items():
        before = kept.found.get(household)
        assert before is not None or debt.balance == 0
        if before is not None:
            assert (debt.balance, debt.overdue, debt.interest) == (
                before.balance,
                before.overdue,
                before.interest,
            )
            assert debt.due == before.due
    total = of_group.found[group]
    assert total.balance == sum(debt.balance for debt in live.found.values())
    # One of the loans was paid back whole.
    assert total.loans == len(business.loans) - 1


def test_before_the_first_closed_day_nothing_is_known(bank: Bank) -> None:
    with clock.fixed_today(FIRST):
        lend(bank, make_household(bank.group), on=FIRST)
        closed(FIRST)
    with clock.fixed_today(FIRST + timedelta(days=3)):
        early = FIRST - timedelta(days=1)
        assert debts_of_groups([bank.group.pk], early).of is None
        assert debts_of_members(bank.group.pk, early).found == {}
        # A day that was not closed shows the last one before it, and says so.
        shown = debts_of_groups([bank.group.pk], FIRST + timedelta(days=2))
        assert shown.of == FIRST
        page = browser(bank.officer).get(
            reverse("entrustment:list"), {"day": str(FIRST + timedelta(days=2))}
        )
        assert "Dư nợ theo sổ ngày 05/03/2026" in page.content.decode()
        page = browser(bank.officer).get(
            reverse("entrustment:group", args=[bank.group.pk]), {"day": str(early)}
        )
        assert "không có dư nợ" in page.content.decode()


def _foot(page: str) -> list[str]:
    foot = page.split("<tfoot>")[1].split("</tfoot>")[0]
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td.*?</td>", foot, re.S)]


def test_pages_sum_what_they_show_and_ask_no_more_for_more_rows(bank: Bank) -> None:
    day = date(2026, 3, 5)
    with clock.fixed_today(day):
        lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=day, amount=20_000_000)
        officer = browser(bank.officer)
        group, every = (
            reverse("entrustment:group", args=[bank.group.pk]),
            reverse("entrustment:list"),
        )
        officer.get(group)
        with CaptureQueriesContext(connection) as few:
            officer.get(group)
        for number in range(3):
            lend(bank, make_household(bank.group, f"Hộ {number}"), on=day, amount=10_000_000)
        with CaptureQueriesContext(connection) as more:
            page = officer.get(group).content.decode()
        assert len(more) == len(few)
        assert "50.000.000" in _foot(page)
        assert "Lê Thị Hoa" in page and "20.000.000" in page
        cells = _foot(officer.get(every).content.decode())
        assert cells[-4:-1] == ["4", "50.000.000", "0,00%"]
        file = officer.get(group, {"export": "xlsx"})
        last = read_rows(file.content)[-1].cells
        assert last[0] == "Cộng" and 50_000_000 in last
        file = officer.get(every, {"export": "csv"}).content.decode("utf-8-sig")
        assert "50000000" in file


def test_who_may_not_see_loans_sees_no_debts(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    from tdcs.access import permissions

    day = date(2026, 3, 5)
    with clock.fixed_today(day):
        lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=day, amount=20_000_000)
        monkeypatch.setitem(permissions.PERMISSIONS, "loans.view", frozenset())
        officer = browser(bank.officer)
        for address in (
            reverse("entrustment:group", args=[bank.group.pk]),
            reverse("entrustment:list"),
        ):
            page = officer.get(address).content.decode()
            assert "20.000.000" not in page and 'data-c="balance"' not in page
            assert b"20000000" not in officer.get(address, {"export": "csv"}).content
