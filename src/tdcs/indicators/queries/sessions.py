"""Sessions of transaction points as measures: held as announced, and how much of the groups' business was done at them.

Of the last month that ended by a day and of which the register has sessions: a month is judged when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import polars as pl
from django.db import connection
from django.db.models import Max

from tdcs.core.months import is_month_end
from tdcs.loans.models import LoanEvent
from tdcs.loans.queries.columns import copied
from tdcs.organisations.models import TransactionPointProfile, living_on
from tdcs.transaction_points.models import SessionMove, TransactionSession
from tdcs.transaction_points.states import HELD

Days = Sequence[date]
_BUSINESS_SCHEMA: Final = dict.fromkeys(("group", "session_done", "session_all"), pl.Int64)
# Collections and disbursements of groups' loans in a month, each with whether its group's point held a session that day.
_BUSINESS: Final = """
    SELECT l.group_id,
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM transaction_points_groupatpoint g
                 JOIN transaction_points_transactionsession s ON s.point_id = g.point_id AND s.held_on = e."on"
                  AND s.state = ANY(%(held)s)
                WHERE g.group_id = l.group_id AND g.starts_on <= e."on"
                  AND (g.ends_on IS NULL OR g.ends_on > e."on"))),
           count(*)
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
     WHERE e."on" BETWEEN %(first)s AND %(last)s AND e.kind IN ('interest', 'principal', 'disbursement')
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
     GROUP BY 1
"""


def _months(days: Days) -> dict[date, date]:
    """Day → the last day of the last month that ended by it, of the days whose month the register knows."""
    ended = {
        day: day if is_month_end(day) else day.replace(day=1) - timedelta(days=1) for day in days
    }
    known = {
        last
        for last in set(ended.values())
        if TransactionSession.objects.filter(
            due_on__range=(last.replace(day=1), last), state__in=HELD
        ).exists()
    }
    return {day: last for day, last in ended.items() if last in known}


def business_on(days: Days) -> tuple[pl.DataFrame, set[date]]:
    """day, ended, group, session_done, session_all; and the days of which something is known."""
    found = _months(days)
    parts = [
        _business(last).with_columns(
            day=pl.lit(day, dtype=pl.Date), ended=pl.lit(last, dtype=pl.Date)
        )
        for day, last in found.items()
    ]
    empty = pl.DataFrame(schema={**_BUSINESS_SCHEMA, "day": pl.Date, "ended": pl.Date})
    return pl.concat([empty, *parts]), set(found)


def _business(last: date) -> pl.DataFrame:
    """A month's business by group; counted again when an event or a session was written since."""
    marks = (
        connection.settings_dict["NAME"],
        LoanEvent.objects.aggregate(n=Max("pk"))["n"],
        SessionMove.objects.aggregate(n=Max("pk"))["n"],
        TransactionSession.objects.aggregate(n=Max("pk"))["n"],
    )
    return _business_by(last, marks)


@lru_cache(maxsize=24)
def _business_by(last: date, marks: tuple[object, ...]) -> pl.DataFrame:
    given = {"first": last.replace(day=1), "last": last, "held": [str(one) for one in HELD]}
    return copied(_BUSINESS, given, tuple(_BUSINESS_SCHEMA))


def sessions_on(days: Days) -> tuple[pl.DataFrame, set[date]]:
    """day, office, commune, sessions_planned, sessions_on_time of the month; and the days of which something is known.

    On time: held on the day on which the point's day falls, or on the make-up day that the rule gave it: not moved by hand.
    """
    found = _months(days)
    rows = []
    for last in set(found.values()):
        theirs = TransactionSession.objects.filter(due_on__range=(last.replace(day=1), last))
        moved = set(
            SessionMove.objects.filter(session__in=theirs, verb="move").values_list(
                "session_id", flat=True
            )
        )
        communes = dict(
            TransactionPointProfile.objects.filter(living_on(last)).values_list(
                "point_id", "area_id"
            )
        )
        for pk, point, office, state in theirs.values_list("pk", "point_id", "office_id", "state"):
            on_time = state in HELD and pk not in moved
            rows.append((last, office, communes.get(point, 0), 1, int(on_time)))
    names = ("ended", "office", "commune", "sessions_planned", "sessions_on_time")
    schema = {name: pl.Date if name == "ended" else pl.Int64 for name in names}
    told = pl.DataFrame(
        list(found.items()), schema={"day": pl.Date, "ended": pl.Date}, orient="row"
    )
    counted = pl.DataFrame(rows, schema=schema, orient="row")
    return told.join(counted, on="ended", how="inner").drop("ended"), set(found)
