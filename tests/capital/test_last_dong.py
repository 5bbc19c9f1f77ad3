"""Two tellers pay out the last dong of a source at once, each on a connection of its own: one of them is refused by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from committed import answer_for_changes
from django.db import connection
from lending_cast import Bank, approved, key, lend, make_bank, make_household
from own_database import own_database

from tdcs.capital.errors import FundExhausted
from tdcs.capital.models import CapitalSource, Fund, FundLent
from tdcs.capital.services import receive
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.loans.services.lending import disburse
from tdcs.organisations.models import Organisation

DAY = date(2026, 11, 16)


@pytest.fixture
def alone(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database(django_db_blocker, "last_dong"), clock.fixed_today(date(2026, 11, 23)):
        yield


def test_one_of_two_gets_the_last_dong(alone: None) -> None:
    bank = make_bank()
    # A source of its own with money for one of the two loans.
    source = CapitalSource.objects.create(
        code="DP-X", name="Vốn xã", tier="local", starts_on=date(2025, 1, 1)
    )
    receive(source=source, office=bank.office, amount=50_000_000, by=None, on=DAY, key=key())
    waiting = [
        approved(bank, make_household(bank.group, name), on=DAY, source=source)
        for name in ("Lê Thị Hoa", "Trần Thị Mai")
    ]
    answer_for_changes()
    start, told = threading.Barrier(2), []

    def pay(application: Any, number: int) -> None:
        try:
            start.wait(timeout=30)
            with clock.fixed_today(date(2026, 11, 23)):
                disburse(
                    application=application,
                    amount=50_000_000,
                    by=_teller(bank),
                    on=DAY,
                    key=f"tay-{number}",
                )
                told.append("paid")
        except FundExhausted as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=pay, args=(row, number)) for number, row in enumerate(waiting)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    assert sorted(told) == ["fund_exhausted", "paid"]
    assert Loan.objects.filter(source=source).count() == 1
    assert Fund.objects.get(source=source).received == 50_000_000
    assert [row.amount for row in FundLent.objects.filter(source=source)] == [50_000_000]


def test_two_offices_wait_for_each_other_only_when_they_lend(alone: None) -> None:
    """Straight on the database: who lends waits for who lent, and is judged by what that one left; repayments never wait."""
    bank = make_bank("-2")
    source = CapitalSource.objects.create(
        code="DP-Y", name="Vốn xã", tier="local", starts_on=date(2025, 1, 1)
    )
    receive(source=source, office=bank.office, amount=100_000_001, by=None, on=DAY, key=key())
    here = lend(bank, make_household(bank.group), on=DAY, source=source)
    there = lend(bank, make_household(bank.group, "Trần Thị Mai"), on=DAY, source=source)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    Loan.objects.filter(pk=there.pk).update(office=branch)
    answer_for_changes()
    params = connection.get_connection_params()
    params.pop("cursor_factory", None), params.pop("context", None)
    more = (
        "UPDATE loans_loan SET balance = balance + %s, disbursed_total = disbursed_total + %s"
        " WHERE id = %s"
    )
    with psycopg.connect(**params) as one, psycopg.connect(**params) as two:
        two.execute("SET lock_timeout = '100ms'")
        two.commit()
        one.execute(more, (1, 1, here.pk))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            two.execute(more, (1, 1, there.pk))
        two.rollback()
        # Money that comes back at the other office does not wait.
        two.execute(
            "UPDATE loans_loan SET balance = balance - 5, paid_total = 5 WHERE id = %s", (there.pk,)
        )
        two.rollback()
        one.commit()
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            two.execute(more, (1, 1, there.pk))
        assert refused.value.diag.constraint_name == "fund_never_below_zero"
        two.rollback()
    assert sum(row.amount for row in FundLent.objects.filter(source=source)) == 100_000_001


def _teller(bank: Bank) -> Any:
    """A person of the thread's own: what a request keeps of a role is not shared."""
    return type(bank.teller).objects.get(pk=bank.teller.pk)
