"""The book as the coverage duties read it: loans with places and last transaction, groups, what was inspected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

import polars as pl
from django.db import connection

from tdcs.access.models import User
from tdcs.core.columns import day_number
from tdcs.loans.queries.columns import copied
from tdcs.loans.queries.paying import PAID_ON, TOLD_ONCE
from tdcs.loans.states import PAYING, EventKind, LoanState
from tdcs.oversight.queries.scope import reach
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.coverage import (
    GROUP_VISITS,
    GROUPS,
    VISITS,
    Book,
    Done,
    Span,
    with_silence,
)
from tdcs.oversight.states import InspectionState

_LOANS: Final = (
    "loan", "group", "mass", "office", "commune", "disbursed", "balance", "moved", "burdened", "bad",
)  # fmt: skip
# A group's place is its profile of the day. Transactions before the last calendar year are not looked for: a loan without
# a later one is silent for longer than any duty asks. That a reversal names something is said twice: so the database looks
# through the few reversals and not through all events.
_PLACE: Final = """
    SELECT group_id, mass_organisation_id, office_id, area_id FROM entrustment_groupprofile
     WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
"""
_LOANS_SQL: Final = f"""
    WITH place AS ({_PLACE}),
    moved AS (
        SELECT e.loan_id, max({PAID_ON}) AS last FROM loans_loanevent e
         WHERE e."on" >= %(since)s AND e."on" <= %(day)s AND e.kind = ANY(%(kinds)s) AND e.amount > 0 AND {TOLD_ONCE}
           AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id AND r."on" <= %(day)s
                              AND r.reverses_id IS NOT NULL)
         GROUP BY 1),
    home AS (
        SELECT DISTINCT ON (household_id) household_id, area_id FROM households_householdaddress
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
           AND household_id IN (SELECT household_id FROM loans_loan WHERE group_id IS NULL)
         ORDER BY household_id, starts_on DESC)
    SELECT l.id, coalesce(l.group_id, 0), coalesce(p.mass_organisation_id, 0), coalesce(p.office_id, l.office_id),
           coalesce(p.area_id, h.area_id, 0), l.disbursed_on - DATE '1970-01-01', l.balance,
           coalesce(m.last, l.disbursed_on) - DATE '1970-01-01',
           (l.programme = ANY(%(quiet)s) OR coalesce(l.frozen_to >= %(day)s, false)
            OR l.reported AND l.reported_frozen > 0)::int,
           (l.state = ANY(%(bad)s))::int
      FROM loans_loan l LEFT JOIN place p ON p.group_id = l.group_id
      LEFT JOIN moved m ON m.loan_id = l.id
      LEFT JOIN home h ON l.group_id IS NULL AND h.household_id = l.household_id
     WHERE l.disbursed_on <= %(day)s AND (l.balance > 0 OR l.disbursed_on >= %(first)s)
"""  # noqa: S608
_GROUPS_SQL: Final = f"""
    SELECT p.group_id, p.mass_organisation_id, p.office_id, p.area_id FROM ({_PLACE}) p
      JOIN entrustment_savingsgroup g ON g.id = p.group_id
     WHERE g.starts_on <= %(day)s AND (g.ends_on IS NULL OR g.ends_on > %(day)s)
"""  # noqa: S608
_DIFFICULT_SQL: Final = """
    SELECT DISTINCT a.area_id FROM households_eligibilityspell s
      JOIN households_householdaddress a ON a.household_id = s.household_id
     WHERE s.kind = %(kind)s AND s.starts_on <= %(day)s AND (s.ends_on IS NULL OR s.ends_on > %(day)s)
       AND a.starts_on <= %(day)s AND (a.ends_on IS NULL OR a.ends_on > %(day)s) ORDER BY 1
"""
_DONE_SQL: Final = """
    SELECT {what}, min(i.held_on) - DATE '1970-01-01',
           coalesce(max(i.held_on) FILTER (WHERE i.held_on <= DATE '1970-01-01' + %(last)s::int), DATE '1900-01-01')
             - DATE '1970-01-01'
      FROM oversight_inspection i {join}
     WHERE i.body_kind = %(body)s AND i.state = %(state)s AND i.held_on <= DATE '1970-01-01' + %(on)s::int
       AND {also} GROUP BY 1
"""


def book_of(user: User, on: date) -> Book:
    """The loans and groups in a person's scope on a day."""
    loans = _loans(on)
    values = {"day": on}
    groups = copied(_GROUPS_SQL, values, GROUPS)
    kind, ids = reach(user, on)
    if kind != "all":
        loans = loans.filter(pl.col(kind).is_in(list(ids)))
        groups = groups.filter(pl.col(kind).is_in(list(ids)))
    return Book(loans, groups, difficult_communes(on))


def _loans(on: date) -> pl.DataFrame:
    values = {
        "day": on,
        "first": date(on.year, 1, 1),
        "since": date(on.year - 1, 1, 1),
        "kinds": [EventKind.DISBURSEMENT, *PAYING],
        "quiet": settings.never_inactive(),
        "bad": [LoanState.OVERDUE, LoanState.FROZEN],
    }
    rows = copied(_LOANS_SQL, values, _LOANS, flags=("burdened", "bad"))
    return with_silence(rows, on, day_number(on))


def difficult_communes(on: date) -> list[int]:
    """Communes with a household that is confirmed to live in a difficult area."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFICULT_SQL, {"kind": settings.difficult_kind(), "day": on})
        return [row[0] for row in cursor.fetchall()]


def done_by(body: str, span: Span) -> Done:
    """What finished inspections of a kind of body reached by the day: borrowers met, groups."""
    values = {
        "body": body,
        "state": InspectionState.FINISHED,
        "last": span.last,
        "on": span.on,
        "absent": "absent",
    }
    visits = _DONE_SQL.format(
        what="v.loan_id",
        join="JOIN oversight_visit v ON v.inspection_id = i.id",
        also="v.result <> %(absent)s",
    )
    groups = _DONE_SQL.format(what="i.group_id", join="", also="i.group_id IS NOT NULL")
    return Done(copied(visits, values, VISITS), copied(groups, values, GROUP_VISITS))


def loans_of_offices(offices: Collection[int], on: date) -> pl.DataFrame:
    """The loans with a balance that some offices keep."""
    return _loans(on).filter(pl.col("balance") > 0, pl.col("office").is_in(list(offices)))
