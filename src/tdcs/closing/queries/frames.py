"""Contracts and events of the database as the close reads them, by COPY straight into columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NotRequired, TypedDict

import narwhals as nw
import polars as pl
from django.db import connection
from django.db.models import Q

from tdcs.closing.rules.history import CONTRACT
from tdcs.closing.rules.reported import rows_of_reported
from tdcs.closing.rules.rows import FLAGS, ROW, WORDS, empty
from tdcs.closing.rules.rows import PLACE as PLACES
from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.ledger.models import Book
from tdcs.loans.models import Loan
from tdcs.loans.queries.columns import copied, events_where
from tdcs.loans.queries.reported import reported_sums
from tdcs.loans.rules.history import LAW_TERMS
from tdcs.loans.rules.running import reached, reached_on
from tdcs.organisations.models import Area, AreaSuccession
from tdcs.programmes.rules.decrees import Decrees, days_of_running_law

# Where a loan belonged before a transfer is what the first transfer after the day took it from.
# A group's place is its profile of the day, else the last before, else the first; a member's group that of the day.
_CONTRACT_SQL: Final = """
    WITH place AS (
        SELECT DISTINCT ON (group_id) group_id, mass_organisation_id, office_id, area_id
          FROM entrustment_groupprofile
         ORDER BY group_id, (starts_on <= %(day)s) DESC,
                  CASE WHEN starts_on <= %(day)s THEN starts_on END DESC, starts_on),
    member AS (
        SELECT household_id, group_id FROM entrustment_groupmember
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)),
    was AS (
        SELECT DISTINCT ON (loan_id) loan_id, old_household_id, old_group_id, old_office_id
          FROM loans_loantransfer WHERE "on" > %(day)s ORDER BY loan_id, "on", id)
    SELECT l.id, coalesce(w.old_household_id, l.household_id), l.programme, l.source_id, (s.tier = 'local')::int,
           coalesce(m.group_id, w.old_group_id, l.group_id, 0), coalesce(p.mass_organisation_id, 0),
           coalesce(p.office_id, w.old_office_id, l.office_id), coalesce(p.area_id, a.area_id, 0),
           l.target_group, l.disbursed_on - DATE '1970-01-01', l.term_months, l.instalment_months,
           coalesce(l.session_day, 0), l.by_instalment::int, l.rate_ppm
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
      LEFT JOIN was w ON w.loan_id = l.id
      LEFT JOIN member m ON m.household_id = coalesce(w.old_household_id, l.household_id)
            AND l.group_id IS NOT NULL
      LEFT JOIN place p ON p.group_id = coalesce(m.group_id, w.old_group_id, l.group_id)
            AND l.group_id IS NOT NULL
      LEFT JOIN LATERAL (
        SELECT h.area_id FROM households_householdaddress h
         WHERE l.group_id IS NULL AND h.household_id = coalesce(w.old_household_id, l.household_id)
         ORDER BY (h.starts_on <= %(day)s) DESC,
                  CASE WHEN h.starts_on <= %(day)s THEN h.starts_on END DESC, h.starts_on LIMIT 1) a ON true
"""
# Whose registers changed on the day: the household joined, left or moved, the group got another profile, the commune ceased.
_MOVED_SQL: Final = """
    WITH ceased AS (
        SELECT id FROM organisations_area WHERE ends_on = %(day)s),
    groups AS (
        SELECT group_id FROM entrustment_groupprofile
         WHERE starts_on = %(day)s OR ends_on = %(day)s OR area_id IN (SELECT id FROM ceased)),
    households AS (
        SELECT household_id FROM entrustment_groupmember
         WHERE starts_on = %(day)s OR ends_on = %(day)s OR group_id IN (SELECT group_id FROM groups)
        UNION
        SELECT household_id FROM households_householdaddress
         WHERE starts_on = %(day)s OR ends_on = %(day)s OR area_id IN (SELECT id FROM ceased))
    SELECT id FROM loans_loan
     WHERE disbursed_on < %(day)s AND NOT reported AND (record_from IS NULL OR record_from <= %(day)s)
       AND (household_id IN (SELECT household_id FROM households)
            OR group_id IN (SELECT group_id FROM groups)
            OR id IN (SELECT loan_id FROM loans_loantransfer WHERE "on" = %(day)s))
"""


_LAW: Final = ("loan", *LAW_TERMS, "disbursed")
_LAW_SQL: Final = """
    SELECT l.id, l.programme, l.target_group, (s.tier = 'local')::int, l.disbursed_on - DATE '1970-01-01'
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
     WHERE l.disbursed_on < %(day)s AND NOT l.reported
       AND (l.record_from IS NULL OR l.record_from <= %(day)s)
"""


# Those that a law from a day on may touch: a loan settled in an earlier month has neither a row nor interest since.
_RUNNING_SQL: Final = """
    SELECT l.programme, l.target_group, s.tier, l.disbursed_on, array_agg(l.id)
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
     WHERE l.disbursed_on < %s AND NOT l.reported AND NOT (l.state = 'settled' AND l.standing_on < %s)
     GROUP BY 1, 2, 3, 4
"""


# Loans that extracts of the bank's core report are not closed: their rows are what the extracts say (reported_rows).
_OWN_EVENTS: Final = "NOT EXISTS (SELECT FROM loans_loan n WHERE n.id = e.loan_id AND n.reported)"
# Of a book that began on an extract, what is dated before it is no event of a day: it is the opening.
OF_RECORD: Final = """NOT EXISTS (SELECT FROM loans_loan n WHERE n.id = e.loan_id
                      AND (n.reported OR e."on" < n.record_from))"""


def events_on(day: date, seen: int) -> Frame:
    """EVENT of one day, of those written up to key ``seen``."""
    return events_where(
        f'WHERE e."on" = %(day)s AND e.id <= %(seen)s AND {OF_RECORD}', {"day": day, "seen": seen}
    )


def events_of(loans: Sequence[int], until: date, seen: int) -> Frame:
    """EVENT of the whole lives of some loans, through a day, of those written up to key ``seen``."""
    return events_where(
        'WHERE e.loan_id = ANY(%(loans)s) AND e."on" <= %(until)s AND e.id <= %(seen)s',
        {"loans": list(loans), "until": until, "seen": seen},
    )


def events_of_span(first: int, last: int, until: date, seen: int) -> Frame:
    """EVENT of the loans numbered from ``first`` to ``last``, through a day, written up to key ``seen``."""
    return events_where(
        f'WHERE e.loan_id BETWEEN %(first)s AND %(last)s AND e."on" <= %(until)s AND e.id <= %(seen)s AND {_OWN_EVENTS}',
        {"first": first, "last": last, "until": until, "seen": seen},
    )


def contracts_opened(day: date) -> Frame:
    """CONTRACT of the loans first paid out on the day."""
    return _contracts("WHERE l.disbursed_on = %(day)s AND NOT l.reported", {"day": day})


def contracts_of(loans: Sequence[int], day: date) -> Frame:
    """CONTRACT of some loans that began by the day, where they belong on it."""
    return _contracts(
        "WHERE l.id = ANY(%(loans)s) AND l.disbursed_on <= %(day)s",
        {"loans": list(loans), "day": day},
    )


class _Values(TypedDict):
    """The day, and the loans: by their keys or from one to another."""

    day: date
    first: NotRequired[int]
    last: NotRequired[int]
    loans: NotRequired[list[int]]


def contracts_of_span(first: int, last: int, day: date) -> Frame:
    """CONTRACT of the loans numbered from ``first`` to ``last`` that began by the day."""
    return _contracts(
        "WHERE l.id BETWEEN %(first)s AND %(last)s AND l.disbursed_on <= %(day)s AND NOT l.reported"
        " AND (l.record_from IS NULL OR l.record_from <= %(day)s)",
        {"first": first, "last": last, "day": day},
    )


def monitored_offices(day: date) -> list[int]:
    """Offices that extracts report on a day."""
    books = Book.objects.filter(monitored_from__lte=day)
    books = books.exclude(monitored_to__lte=day)
    return sorted(books.values_list("organisation_id", flat=True))


def loans_reported(day: date) -> list[int]:
    """Keys of the loans that extracts report on a day."""
    rows = Loan.objects.filter(Q(reported=True) | Q(record_from__gt=day))
    return list(rows.values_list("pk", flat=True))


def loans_begun(day: date) -> list[int]:
    """Keys of the loans whose book of record begins on a day with what an extract of its eve said."""
    return list(Loan.objects.filter(record_from=day).values_list("pk", flat=True))


def reported_rows(day: date) -> Frame:
    """ROW of the loans of monitored offices, as the last extract up to the day says."""
    offices = monitored_offices(day)
    if not offices:
        return empty(ROW)
    contracts = _contracts(
        "WHERE (l.reported OR l.record_from > %(day)s) AND l.office_id = ANY(%(loans)s)",
        {"day": day, "loans": offices},
    )
    sums = nw.from_native(reported_sums(day, offices=offices), eager_only=True)
    return rows_of_reported(contracts, sums, day_number(day), day_number(day.replace(day=1)))


def _contracts(where: str, values: _Values) -> Frame:
    rows = copied(f"{_CONTRACT_SQL} {where}", values, CONTRACT, words=WORDS, flags=FLAGS)
    areas = communes(rows["commune"].unique().to_list(), values["day"])
    rows = rows.with_columns(pl.col("commune").replace(areas))
    return _sorted(rows, "loan")


def reached_by_law(day: date, decrees: Decrees) -> Frame:
    """loan of those that ran on the eve and whom the law of running loans, as the book took it up, changes on the day."""
    if day not in days_of_running_law():
        return empty(("loan",))
    rows = copied(_LAW_SQL, {"day": day}, _LAW, words=WORDS, flags=FLAGS)
    return reached_on(nw.from_native(rows, eager_only=True), day_number(day), decrees)


def running_kinds(first: date) -> list[tuple[str, str, str, date, list[int]]]:
    """(programme, target group, tier, day of disbursement, loans) of what a law from a day on may touch."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING_SQL, [first, first.replace(day=1)])
        return list(cursor.fetchall())


def loans_reached(first: date, before: Decrees, after: Decrees) -> list[int]:
    """Keys of the loans for which ``after`` is another law than ``before``, of those that began before ``first`` and had
    not ended by the beginning of its month, by key."""
    place = law.province()
    found: list[int] = []
    for programme, group, tier, disbursed_on, loans in running_kinds(first):
        old, new = (
            reached(programme, group, disbursed_on, province=place, tier=tier, decrees=decrees)
            for decrees in (before, after)
        )
        if old.changes != new.changes:
            found += loans
    return sorted(found)


def moved(day: date) -> Frame:
    """loan, household and PLACE of the loans whose registers changed on the day."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED_SQL, {"day": day})
        loans = [row[0] for row in cursor.fetchall()]
    return contracts_of(loans, day).select("loan", "household", *PLACES)


def communes(areas: Sequence[int], day: date) -> dict[int, int]:
    """Each area → the one in whose place it stands on the day (itself while it lives).

    Of an area that was divided the heir of the whole, else the first named: who lives in another part has an address
    or a group that says so.
    """
    ends = dict(Area.objects.filter(pk__in=areas, ends_on__lte=day).values_list("pk", "ends_on"))
    found = {area: area for area in areas}
    while ends:
        heirs: dict[int, int] = {}
        rows = AreaSuccession.objects.filter(predecessor__in=ends, on__lte=day)
        for old, new in rows.order_by("portion", "-pk").values_list(
            "predecessor_id", "successor_id"
        ):
            heirs[old] = new  # what comes last stays: "whole" after "part", the first named last
        stuck = ends.keys() - heirs.keys()
        found = {area: heirs.get(now, now) for area, now in found.items()}
        ends = dict(
            Area.objects.filter(pk__in=set(heirs.values()) - stuck, ends_on__lte=day).values_list(
                "pk", "ends_on"
            )
        )
    return found


def _sorted(rows: pl.DataFrame, *keys: str) -> Frame:
    return nw.from_native(rows.sort(*keys), eager_only=True)
