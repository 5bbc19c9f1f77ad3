"""What a group's loans did in a month: the figures that rate the group and earn its commission.

A loan counts for the group of which its household was a member: on the month's last day, or for interest on the day it
was paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import polars as pl
from django.db import connection

from tdcs.entrustment.queries.groups import profiles_on
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import (
    Row,
    Standing,
    eve,
    events_of_many,
    fold_views,
    standings_rows,
)
from tdcs.loans.queries.sheets import session_in
from tdcs.loans.rules.kinds import INTEREST, PRINCIPAL

FIGURES: Final = (
    "session_done",
    "session_all",
    "overdue",
    "outstanding",
    "principal_collected",
    "principal_due",
    "interest_collected",
    "interest_due",
)
_BATCH: Final = 5_000
# A session that falls on a holiday is held within these days.
_SESSION_SHIFT: Final = 3
_LOANS: Final = """
    SELECT l.id, m.group_id FROM loans_loan l
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= %(last)s AND (m.ends_on IS NULL OR m.ends_on > %(last)s)
     WHERE l.group_id IS NOT NULL AND l.disbursed_on <= %(last)s
       AND (l.balance > 0 OR l.standing_on >= %(first)s) ORDER BY l.id
"""
_INTEREST: Final = """
    SELECT m.group_id, l.rate_ppm, sum(e.amount)::bigint FROM loans_loanevent e
      JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= e."on" AND (m.ends_on IS NULL OR m.ends_on > e."on")
     WHERE e.kind = 'interest' AND e."on" BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM loans_loanevent r
                        WHERE r.reverses_id = e.id AND r."on" <= %(last)s)
     GROUP BY 1, 2 ORDER BY 1, 2
"""


def interest_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group, rate_ppm, interest: interest collected in the month and not reversed in it, by contract rate."""
    rows = _rows(_INTEREST, groups, month)
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("group", "rate_ppm", "interest"), pl.Int64), orient="row"
    )


def figures_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group and FIGURES, a row for each group that has loans (docs/rules/group-rating.md)."""
    last = _last_of(month)
    home: dict[int, int] = dict(_rows(_LOANS, groups, month))
    faces = profiles_on(groups, last)
    sums: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    loans = Loan.objects.filter(pk__in=home).order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(loans, _BATCH)):
        events = events_of_many([loan.pk for loan in batch])
        days = {
            loan.pk: session_in(month, faces[home[loan.pk]].session_day)
            if home[loan.pk] in faces
            else last
            for loan in batch
        }
        ends = [standings_rows(events[loan.pk], last) for loan in batch]
        now = fold_views([(loan, last, rows) for loan, rows in zip(batch, ends, strict=True)])
        due_on = [max(eve(days[loan.pk]), loan.disbursed_on) for loan in batch]
        then = fold_views(
            [
                (loan, day, standings_rows(events[loan.pk], day))
                for loan, day in zip(batch, due_on, strict=True)
            ]
        )
        for loan, rows, end, session in zip(batch, ends, now, then, strict=True):
            one = _figures(loan, rows, end, session, month, days[loan.pk])
            total = sums[home[loan.pk]]
            for name in FIGURES:
                total[name] += one[name]
    names = ("group", *FIGURES)
    return pl.DataFrame(
        [(group, *row.values()) for group, row in sorted(sums.items())],
        schema=dict.fromkeys(names, pl.Int64),
        orient="row",
    )


def _figures(
    loan: Loan, rows: list[Row], end: Standing, session: Standing, month: date, held: date
) -> dict[str, int]:
    """One loan's part: what was due in the month counts once, however much was paid on it."""
    paid, came = _sums(rows, PRINCIPAL, month), _sums(rows, INTEREST, month)
    fallen = sum(part for _, _, trigger, part in end.instalments if trigger <= end.on)
    due_now = loan.by_instalment or _falls(end, month)
    principal_due = max(0, min(fallen, end.lent) - paid[0]) if due_now and not end.frozen else 0
    interest_due = max(0, session.accrued - came[0])
    days = {row.on for row in rows if row.kind in (PRINCIPAL, INTEREST) and row.on >= month}
    at_session = any(0 <= (day - held).days <= _SESSION_SHIFT for day in days)
    return {
        "session_done": int(at_session),
        "session_all": int(bool(days)),
        "overdue": end.overdue,
        "outstanding": end.balance,
        "principal_collected": min(paid[1], principal_due),
        "principal_due": principal_due,
        "interest_collected": min(came[1], interest_due),
        "interest_due": interest_due,
    }


def _falls(end: Standing, month: date) -> bool:
    """Whether an older loan owes principal in the month: what was not paid on an instalment's day moved into the next one
    and is not due before its day; after the last one all is."""
    in_month = any(month <= trigger <= end.on for _, _, trigger, _ in end.instalments)
    return in_month or end.instalments[-1][2] <= end.on


def _sums(rows: list[Row], kind: int, month: date) -> tuple[int, int]:
    """Dong of a kind before the month, and in it."""
    before = sum(row.amount for row in rows if row.kind == kind and row.on < month)
    return before, sum(row.amount for row in rows if row.kind == kind and row.on >= month)


def _last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _rows(sql: str, groups: Collection[int], month: date) -> list[Any]:
    given: dict[str, Any] = {"groups": list(groups), "first": month, "last": _last_of(month)}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
