"""What rooms above make of closed days is made by the close itself, whoever asked for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from business import FIRST, Business, closed
from lending_cast import Bank, lend, make_household

from tdcs.closing import ports
from tdcs.closing.errors_days import DaysMissing
from tdcs.closing.models import CloseRun
from tdcs.core import clock
from tdcs.core.ports import PortUnanswered

pytestmark = pytest.mark.django_db


def test_a_close_gives_up_its_day_and_the_days_closed_again(
    bank: Bank, prepared_days: list[list[date]]
) -> None:
    business, second = Business(bank), FIRST + timedelta(days=1)
    business.of(FIRST)
    answer = closed(FIRST)
    assert prepared_days == [[FIRST]]
    assert "prepare" in answer.seconds
    # An event about the first day is written once that day is closed.
    with clock.fixed_today(second):
        home = make_household(bank.group, "Hộ ghi muộn")
        lend(bank, home, on=FIRST, amount=20_000_000)
    late = closed(second)
    assert late.days == [FIRST]
    assert prepared_days == [[FIRST], [FIRST, second]]


def test_a_close_that_is_refused_gives_up_nothing(
    bank: Bank, prepared_days: list[list[date]]
) -> None:
    Business(bank).of(FIRST)
    with pytest.raises(DaysMissing):
        closed(FIRST + timedelta(days=3))
    assert prepared_days == []


def test_without_a_provider_the_close_stands_and_the_error_names_the_port(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports.days_closed, "provider", None)
    Business(bank).of(FIRST)
    with pytest.raises(PortUnanswered, match=r"closing\.days_closed"):
        closed(FIRST)
    assert CloseRun.objects.get(day=FIRST).state == CloseRun.State.DONE
