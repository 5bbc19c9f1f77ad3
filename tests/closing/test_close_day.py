"""Closing days through the services: in order, once, again, and equal to everything replayed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from business import FIRST, LAST, Business, days
from lending_cast import Bank

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import shown_day, store
from tdcs.closing.services.closing import Answer, close_day
from tdcs.closing.services.replaying import replay
from tdcs.core import clock
from tdcs.ledger import checks as ledger
from tdcs.loans import checks as loans
from tdcs.loans.models import Loan

pytestmark = pytest.mark.django_db


def closed(day: date, *, on: date | None = None) -> Answer:
    """The close of a day at its evening, or standing on another."""
    with clock.standing_on(on or day):
        return close_day(day=day, by=None)


def run_month(bank: Bank, last: date = LAST) -> Business:
    """Business and close of each day."""
    business = Business(bank)
    for day in days(FIRST, last):
        business.of(day)
        closed(day)
    return business


def same_as_replayed(to: date) -> int:
    """Every kept day is what all events make of it; rows compared."""
    seen = 0
    for found in replay(to=to, every="day"):
        assert found.named == [], found.day
        assert found.loans == 0
        seen += found.rows
    return seen


def test_weeks_closed_day_by_day_are_everything_replayed(bank: Bank) -> None:
    run_month(bank)
    kept = store()
    assert kept.days() == days(FIRST, LAST)
    assert shown_day(LAST + timedelta(days=3)) == LAST
    runs = list(CloseRun.objects.order_by("day"))
    assert [run.state for run in runs] == ["done"] * len(runs)
    assert [run.day for run in runs] == kept.days()
    for before, run in pairwise(runs):
        assert run.previous == before.digest == kept.manifest(before.day).digest
    last = runs[-1]
    assert last.totals["balance"] == sum(loan.balance for loan in Loan.objects.all())
    assert last.totals["loans"] == Loan.objects.filter(balance__gt=0).count()
    assert same_as_replayed(LAST) > 200
    for name, check in {**ledger.CHECKS, **loans.CHECKS}.items():
        assert list(check()) == [], name
