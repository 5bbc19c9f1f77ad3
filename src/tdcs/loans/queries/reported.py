"""What extracts of the bank's core say of loans, added up from their events.

An event that was reversed never counted: an extract that is undone was never there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import polars as pl
from django.db import connection

from tdcs.core.columns import day_number
from tdcs.core.months import month_end
from tdcs.loans.models import Loan
from tdcs.loans.queries.columns import copied
from tdcs.loans.rules.kinds import REPORTED, REPORTED_KINDS

FIGURES: Final = tuple(REPORTED)
OPENING: Final = tuple(f"{name}_0" for name in FIGURES)
# Of a loan: what stands at the end of a day, what stood before the month (``_0``), and its terms; days as numbers, 0 for none.
SUMS: Final = (
    "loan",
    *FIGURES,
    *OPENING,
    "rate",
    "final_due",
    "session_due",
    "overdue_since",
    "frozen_to",
    "last",
)


_INTEREST_SQL: Final = """
    SELECT coalesce(sum(e.amount), 0)::bigint
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id AND l.group_id = ANY(%(groups)s)
     WHERE e.kind = 'reported_interest' AND e."on" BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
       AND NOT EXISTS (SELECT FROM loans_loanevent n
                        WHERE n.operation_id = e.operation_id AND n.loan_id = e.loan_id AND n."on" > e."on")
"""


def _sum(kind: str, condition: str = "") -> str:
    return f"coalesce(sum(amount) FILTER (WHERE kind = '{kind}'{condition}), 0)::bigint"


def _latest(column: str, kind: str) -> str:
    """The value of the last event of a kind."""
    return f"coalesce((array_agg({column} ORDER BY day DESC, id DESC) FILTER (WHERE kind = '{kind}'))[1], 0)"


# Thousands of loans are joined: as a list, an index may be asked for all of them again for each event.
_SUMS_SQL: Final = f"""
    SELECT loan_id,
           {", ".join(_sum(kind) for kind in REPORTED.values())},
           {", ".join(_sum(kind, " AND day < %(first)s") for kind in REPORTED.values())},
           {_latest("rate_ppm", "reported_terms")}, {_latest("due", "reported_terms")},
           {_latest("until", "reported_terms")}, {_latest("due", "reported_overdue")},
           {_latest("until", "reported_frozen")}, max(day)
      FROM (SELECT e.id, e.loan_id, e.kind, e.amount, e.rate_ppm, e."on" - DATE '1970-01-01' AS day,
                   e.due_on - DATE '1970-01-01' AS due, e.until_on - DATE '1970-01-01' AS until
              FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id AND (l.reported OR l.record_from IS NOT NULL)
             WHERE e.kind = ANY(%(kinds)s) AND e."on" <= %(day)s
               AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
               AND (%(loans)s::bigint[] IS NULL OR l.id IN (SELECT unnest(%(loans)s::bigint[])))
               AND (%(offices)s::bigint[] IS NULL OR l.office_id = ANY(%(offices)s))) AS counted
     GROUP BY loan_id ORDER BY loan_id
"""  # noqa: S608


def groups_reported() -> list[int]:
    """The groups with loans that extracts report now."""
    rows = Loan.objects.filter(reported=True, group__isnull=False)
    return list(rows.values_list("group_id", flat=True).distinct())


def interest_reported(groups: Collection[int], month: date) -> int:
    """Interest that the month's extracts report of the groups' loans. What an extract tells of the time before its month is
    dated the month's eve, and is no sum of one month."""
    given: dict[str, list[int] | date] = {
        "groups": list(groups),
        "first": month,
        "last": month_end(month),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INTEREST_SQL, given)
        return int(cursor.fetchone()[0])


def reported_sums(
    day: date, *, loans: Sequence[int] | None = None, offices: Sequence[int] | None = None
) -> pl.DataFrame:
    """SUMS of loans at the end of a day; all of them, or those named, or those of some offices."""
    values = {
        "kinds": list(REPORTED_KINDS),
        "day": day,
        "first": day_number(day.replace(day=1)),
        "loans": None if loans is None else list(loans),
        "offices": None if offices is None else list(offices),
    }
    return copied(_SUMS_SQL, values, SUMS)
