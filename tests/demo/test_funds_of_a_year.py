"""On every day of a random year all sources together have lent what is outstanding, and none more than it received."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from tdcs.capital import checks
from tdcs.capital.queries import fund_positions
from tdcs.ledger.rules import account_of

pytestmark = pytest.mark.usefixtures("demonstration")
# The seed of the year and of the days that are asked one by one.
SEED = 232
_OUTSTANDING = """
    SELECT e."on", sum(p.debit - p.credit)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.code = ANY(%s)
      JOIN ledger_journalentry e ON e.id = p.entry_id GROUP BY 1
"""
_LENT = """
    SELECT l.source_id, e."on", sum(CASE e.kind WHEN 'disbursement' THEN e.amount ELSE -e.amount END)::bigint
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE e.kind IN ('disbursement', 'principal', 'write_off') GROUP BY 1, 2
"""
_BACK = """
    SELECT l.source_id, e."on", sum(r.amount)::bigint FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
      JOIN loans_loanevent r ON r.id = e.reverses_id WHERE e.kind = 'reverse' AND r.kind = 'principal' GROUP BY 1, 2
"""
_RECEIVED = 'SELECT source_id, "on", sum(amount)::bigint FROM capital_fundreceipt GROUP BY 1, 2'


def _rows(sql: str, *given: object) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(given))
        return cursor.fetchall()


def test_sums_over_sources_are_the_outstanding_on_every_day() -> None:
    luck = random.Random(SEED)
    year = luck.choice((2024, 2025))
    accounts = [
        account_of("loan.collect", amount, tier)
        for amount in ("principal", "frozen")
        for tier in ("central", "local")
    ]
    booked: dict[date, int] = dict(_rows(_OUTSTANDING, accounts))  # type: ignore[arg-type]
    lent: dict[date, dict[int, int]] = {}
    for source, on, amount in [*_rows(_LENT), *_rows(_BACK)]:
        day = lent.setdefault(on, {})  # type: ignore[call-overload]
        day[source] = day.get(source, 0) + amount
    came: dict[date, dict[int, int]] = {}
    for source, on, amount in _rows(_RECEIVED):
        came.setdefault(on, {})[source] = amount  # type: ignore[call-overload]
    outstanding, by_source, received = 0, dict[int, int](), dict[int, int]()
    first, last = min([*booked, *lent, *came]), date(year, 12, 31)
    asked = {date(year, 1, 1) + timedelta(days=luck.randrange(365)) for _ in range(8)}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        outstanding += booked.get(day, 0)
        for kept, moved in ((by_source, lent), (received, came)):
            for source, amount in moved.get(day, {}).items():
                kept[source] = kept.get(source, 0) + amount
        if day.year != year:
            continue
        assert sum(by_source.values()) == outstanding, day
        assert all(owed <= received.get(one, 0) for one, owed in by_source.items()), day
        if day in asked:
            frame = fund_positions(day)
            assert {k: v for k, v in frame.select("source", "outstanding").rows() if v} == {
                one: owed for one, owed in by_source.items() if owed
            }
            assert {k: v for k, v in frame.select("source", "received").rows() if v} == {
                one: held for one, held in received.items() if held
            }
            assert frame["outstanding"].sum() == outstanding
    assert outstanding > 0


def test_the_demonstration_keeps_every_invariant_of_capital() -> None:
    found = {name: list(check()) for name, check in checks.CHECKS.items()}
    assert found == {name: [] for name in checks.CHECKS}
