"""The book as the rules of early warning read it: whole months from the ends of months, days and savings from the events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl
from django.db import connection

from tdcs.closing.queries import shown_day, store
from tdcs.problem_loans.reading import read_book
from tdcs.problem_loans.rules.columns import DAYS, SAVINGS, Book, schema
from tdcs.problem_loans.rules.thresholds import GROUP, HOUSEHOLD, threshold

# A reversed payment was none.
_DAYS: Final = """
    SELECT l.group_id, e."on" - DATE '1970-01-01', count(DISTINCT l.household_id)
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
     WHERE e."on" > %(first)s AND e."on" <= %(last)s AND e.kind IN ('interest', 'principal')
       AND NOT EXISTS (SELECT 1 FROM loans_loanevent r WHERE r.reverses_id = e.id)
     GROUP BY 1, 2
"""
# Of accounts from which something was taken: what, the balance before it, the last day.
_SAVINGS: Final = """
    WITH taken AS (
        SELECT e.account_id, -sum(e.amount) AS withdrawn, max(e."on") AS day, min(e."on") AS first
          FROM entrustment_savingsevent e
         WHERE e.kind = 'withdraw' AND e."on" > %(first)s AND e."on" <= %(last)s
           AND NOT EXISTS (SELECT 1 FROM entrustment_savingsevent r WHERE r.reverses_id = e.id)
         GROUP BY 1)
    SELECT a.household_id, sum(t.withdrawn)::bigint,
           sum((SELECT coalesce(sum(e.amount), 0) FROM entrustment_savingsevent e
                 WHERE e.account_id = a.id AND e."on" < t.first))::bigint,
           max(t.day) - DATE '1970-01-01'
      FROM taken t JOIN entrustment_savingsaccount a ON a.id = t.account_id
     GROUP BY 1
"""


def book_on(on: date) -> Book | None:
    """The book of the last closed day not after ``on``; None while no day is closed."""
    if (day := shown_day(on)) is None:
        return None
    return read_book(store(), day, payment_days(day), withdrawals(day))


def payment_days(day: date) -> pl.DataFrame:
    """DAYS: on which day how many households of a group paid, in the months that the rule looks at."""
    by = threshold(day, "paying_for_many", GROUP)
    return _rows(_DAYS, DAYS, day, (by["of"] + 1) * 31)


def withdrawals(day: date) -> pl.DataFrame:
    """SAVINGS: who took savings out lately, of how much."""
    by = threshold(day, "savings_withdrawn", HOUSEHOLD)
    return _rows(_SAVINGS, SAVINGS, day, by["days"])


def _rows(sql: str, names: tuple[str, ...], day: date, span: int) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": day - timedelta(days=span), "last": day})
        return pl.DataFrame(cursor.fetchall(), schema=schema(names), orient="row")
