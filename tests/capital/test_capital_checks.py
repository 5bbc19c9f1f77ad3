"""What `tdcs verify` says of capital: nothing of an ordinary book, and the name of what was tampered with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from lending_cast import Bank, key, lend, make_household

from tdcs.capital import checks
from tdcs.capital.models import CapitalSource
from tdcs.capital.services.funding import Agreement, agree
from tdcs.capital.services.receipts import Money, give_back, receive_money
from tdcs.cli.verify import every_check
from tdcs.core import clock

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed_today(date(2026, 11, 23)):
        yield


def found() -> dict[str, list[str]]:
    return {name: said for name, check in checks.CHECKS.items() if (said := list(check()))}


def tamper(sql: str, *table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for one in table:
            cursor.execute(f"ALTER TABLE {one} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for one in table:
            cursor.execute(f"ALTER TABLE {one} ENABLE TRIGGER USER")


def test_every_kind_of_money_agrees_with_the_ledger(bank: Bank) -> None:
    other = agree(
        agreement=Agreement(
            bank.local, "other", "QUỸ-01", DAY, DAY, owner_words="Quỹ Vì người nghèo"
        ),
        by=None,
        on=DAY,
    )
    deposits = agree(
        agreement=Agreement(bank.source, "deposits", "HĐ-01", DAY, DAY), by=None, on=DAY
    )
    for source, contract in ((bank.local, other), (bank.source, deposits), (bank.source, None)):
        money = Money(source, bank.office, 10_000_000, contract=contract)
        receive_money(money=money, by=None, on=DAY, key=key())
    back = Money(bank.local, bank.office, 4_000_000, contract=other)
    give_back(money=back, by=None, on=DAY, key=key())
    lend(bank, make_household(bank.group), on=DAY)
    assert found() == {}
    assert set(checks.CHECKS) <= set(every_check())


@pytest.mark.parametrize(
    ("sql", "table", "check", "words"),
    [
        (
            "UPDATE capital_fund SET received = received + 1",
            (),
            "capital.funds_hold_what_they_lend",
            "số đã nhận ghi",
        ),
        (
            "UPDATE capital_fundreceipt SET amount = amount + 1",
            ("capital_fundreceipt",),
            "capital.ledger_is_the_receipts",
            "tài khoản 4411",
        ),
        (
            "UPDATE capital_fundreceipt SET \"on\" = '2011-01-01'",
            ("capital_fundreceipt",),
            "capital.ledger_is_the_receipts",
            "bút toán 1 ngày 01/01/2010",
        ),
        (
            "UPDATE capital_fundlent SET amount = amount - 1",
            (),
            "capital.funds_lend_what_is_outstanding",
            "dư nợ theo nguồn 49999999",
        ),
        (
            "UPDATE loans_loan SET balance = balance - 1, paid_total = paid_total + 1",
            ("loans_loan",),
            "capital.funds_lend_what_is_outstanding",
            "khoản vay 49999999",
        ),
    ],
)
def test_what_was_tampered_with_is_named(
    bank: Bank, sql: str, table: tuple[str, ...], check: str, words: str
) -> None:
    lend(bank, make_household(bank.group), on=DAY)
    assert found() == {}
    tamper(sql, *table)
    said = found()
    assert any(words in line for line in said[check]), said


def test_more_lent_than_received_is_named(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY, source=bank.local)
    tamper("UPDATE capital_fundlent SET amount = 2000000000000")
    lines = found()["capital.funds_hold_what_they_lend"]
    assert any("vượt số vốn đã nhận" in line for line in lines)
    assert CapitalSource.objects.get(pk=loan.source_id) == bank.local
