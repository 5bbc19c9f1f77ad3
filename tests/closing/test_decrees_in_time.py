"""A decree known in time: asked for and confirmed before its first day, it closes nothing again and holds from its day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from business import closed, same_as_replayed
from decree_book import DECREE, branch_people, collect, findings
from lending_cast import Bank, key, lend, make_household

from tdcs.closing.services.decrees import ask_decree, carry_out, decide_decree
from tdcs.core import clock

pytestmark = pytest.mark.django_db


def test_it_closes_nothing_again_and_holds_from_its_day(bank: Bank) -> None:
    planner, director = branch_people()
    lent, asked_on = date(2025, 11, 25), date(2025, 11, 27)
    with clock.fixed_today(lent):
        loan = lend(bank, make_household(bank.group), on=lent)
    for day in (lent, lent + timedelta(days=1)):
        closed(day)
    with clock.fixed_today(asked_on):
        asked = ask_decree(document=DECREE, by=planner, on=asked_on, key=key())
        assert asked.effects["closed_days"] == 0
        assert (asked.effects["before"], asked.effects["after"]) == tuple(
            int(Fraction(50 * rate * 30, 365) + Fraction(1, 2)) for rate in (66_000, 62_400)
        )
        decide_decree(application=asked, confirm=True, by=director, on=asked_on, key=key())
        answer = carry_out(document=DECREE, by=director, on=asked_on)
        assert (answer.days, answer.result["credits"]) == ([], 0)
    last = date(2025, 12, 3)
    for day in (date(2025, 11, 27) + timedelta(days=n) for n in range(7)):
        closed(day)
    assert same_as_replayed(last) > 0
    on = date(2025, 12, 31)
    with clock.fixed_today(on):
        wanted = Fraction(50 * (66_000 * 6 + 62_400 * 30), 365)
        assert collect(bank, loan, on) == int(wanted + Fraction(1, 2))
        assert [name for name in findings() if name.startswith(("loans.", "ledger."))] == []
