"""What loans know of capital: how much of each source is lent at the end of a day, what it earned in a year."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.db import connection

from tdcs.capital import ports
from tdcs.capital.models import CapitalSource
from tdcs.capital.ports import YearOfLending
from tdcs.ledger.rules import account_of

# Principal that came and went, of events that count on the day: those reversed later count until then.
_LENT_SQL: Final = """
    SELECT l.source_id, l.programme,
           sum(CASE WHEN e.kind = 'disbursement' THEN e.amount ELSE -e.amount END)::bigint
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE e.kind IN ('disbursement', 'principal', 'write_off') AND e."on" <= %(day)s
       AND (NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
            OR loans_event_counts(e.id, %(day)s))
     GROUP BY 1, 2 ORDER BY 1, 2
"""
# What borrowers paid of interest, less what was given back: the ledger's own figures of the year.
_INTEREST_SQL: Final = """
    SELECT coalesce(sum(p.credit - p.debit), 0)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.code = %(account)s
      JOIN ledger_journalentry e ON e.id = p.entry_id AND e."on" BETWEEN %(first)s AND %(last)s
      JOIN loans_loan l ON l.id = p.subject AND l.source_id = %(source)s
"""
_UNHEALTHY_SQL: Final = """
    SELECT coalesce(sum(p.overdue + p.frozen), 0)::bigint
      FROM loans_position_on(%(last)s) p JOIN loans_loan l ON l.id = p.loan_id
     WHERE l.source_id = %(source)s AND l.balance > 0
"""
_SCHEMA: Final = {"source": pl.Int64, "programme": pl.String, "outstanding": pl.Int64}


def register() -> None:
    """Called once when the room starts."""
    ports.lent_on.register(lent_on)
    ports.year_of_lending.register(year_of_lending)


def lent_on(day: date) -> pl.DataFrame:
    """Outstanding by source and programme at the end of a day, from the events."""
    with connection.cursor() as cursor:
        cursor.execute(_LENT_SQL, {"day": day})
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").filter(pl.col("outstanding") != 0)


def year_of_lending(source: int, year: int) -> YearOfLending:
    """Interest collected in a year; outstanding of its last day, and what of today's balances was overdue or frozen then."""
    tier = CapitalSource.objects.values_list("tier", flat=True).get(pk=source)
    last = date(year, 12, 31)
    asked: dict[str, str | int | date] = {
        "account": account_of("loan.collect", "interest", tier),
        "first": date(year, 1, 1),
        "last": last,
        "source": source,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INTEREST_SQL, asked)
        interest = cursor.fetchone()[0]
        cursor.execute(_UNHEALTHY_SQL, asked)
        unhealthy = cursor.fetchone()[0]
    lent = lent_on(last).filter(pl.col("source") == source)["outstanding"].sum()
    return YearOfLending(interest, int(lent), min(unhealthy, int(lent)))
