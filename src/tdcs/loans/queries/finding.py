"""Loans as a list shows them: filters by the truth of the day, pages by key, totals by sums; never a fold of many lives.

The state kept on a row is that of its last event; a loan falls overdue or thaws by the passing of a day alone, so the
list asks the days and instalments themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.households.models import Household, Person
from tdcs.households.queries.finding import HouseholdSummary, heads_and_places
from tdcs.households.queries.scope import at_home, with_predecessors
from tdcs.loans.models import Loan
from tdcs.loans.queries.offers import programme_short
from tdcs.loans.queries.owed import due_rows
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.rules.balance import state_of
from tdcs.loans.states import ENDED_STATES, LoanState

PAGE: Final = 50

_OWES: Final = Q(balance__gt=0)


@dataclass(frozen=True, slots=True)
class LoanFilters:
    """What the list is narrowed by; empty means all but ``state``, where it means those that owe."""

    words: str = ""
    state: str = ""
    programme: str = ""
    office: int = 0
    commune: int = 0
    group: str = ""
    source: int = 0


def find_loans(user: User, filters: LoanFilters, on: date) -> QuerySet[Loan]:
    """Loans in scope that match, in no order."""
    rows = visible_loans(user, on)
    chosen = {
        "programme": filters.programme,
        "office_id": filters.office,
        "group__code": filters.group,
        "source_id": filters.source,
    }
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    if filters.commune:
        here = at_home(with_predecessors((filters.commune,)), on)
        rows = rows.filter(household__in=here)
    for word in fold(filters.words).split():
        rows = rows.filter(_named(word))
    return _in_state(rows, filters.state, on)


def _named(word: str) -> Q:
    """A part of the contract's number, of the household's code, or of a name."""
    households = Household.objects.filter(Q(search__contains=word) | Q(code__icontains=word))
    people = Person.objects.filter(search__contains=word)
    names = Q(household__in=households.values("pk")) | Q(borrower__in=people.values("pk"))
    return names | Q(number__contains=word) if word.isdigit() else names


def frozen_on(on: date) -> Q:
    """Loans that stand frozen on a day."""
    return Q(pk__in=_position(on, "frozen"))


def overdue_on(on: date) -> Q:
    """Loans with overdue principal on a day, before its payments."""
    return Q(pk__in=_position(on, "overdue"))


def _position(on: date, part: str) -> RawSQL:
    """The loans of which a part of the balance is overdue or frozen: the database's view of a day (migration 0050).

    `tdcs verify` compares it with the engine's fold (checks.position_view_is_the_fold).
    """
    return RawSQL(f"SELECT loan_id FROM loans_position_on(%s) WHERE {part} > 0", [on])  # noqa: S608, S611


def _in_state(rows: QuerySet[Loan], state: str, on: date) -> QuerySet[Loan]:
    if state == "all":
        return rows
    if state == LoanState.OVERDUE:
        return rows.filter(overdue_on(on))
    if state == LoanState.FROZEN:
        return rows.filter(frozen_on(on))
    if state == LoanState.IN_TIME:
        return rows.filter(_OWES).exclude(overdue_on(on)).exclude(frozen_on(on))
    if state in ENDED_STATES:
        return rows.filter(state=state)
    return rows.filter(_OWES)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of loans, the newest first; ``older`` and ``newer``: the keys between which the neighbours begin."""

    rows: list[Loan]
    newer: int
    older: int


def page_of(rows: QuerySet[Loan], *, before: int = 0, after: int = 0) -> Page:
    """The loans older than ``before`` (0: the newest), or those newer than ``after``; nothing is counted."""
    rows = rows.select_related("household", "borrower", "group", "source")
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        return Page(found, found[0].pk if more else 0, found[-1].pk if found else 0)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return Page(found, found[0].pk if before and found else 0, found[-1].pk if more else 0)


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A loan as the list shows it: overdue as the day begins, ``due`` the interest that may be collected on it."""

    row: Loan
    face: HouseholdSummary
    group: str
    programme: str
    overdue: int
    due: int
    state: str


def lines_of(rows: Sequence[Loan], on: date) -> list[LoanLine]:
    """The lines of loans; a fixed number of queries."""
    faces = heads_and_places([row.household_id for row in rows], on)
    names = profiles_on({row.group_id for row in rows if row.group_id}, on)
    now = {row["id"]: row for row in due_rows([row.pk for row in rows], on)} if rows else {}
    return [
        LoanLine(
            row,
            faces[row.household_id],
            names[row.group_id].name if row.group_id in names else "",
            programme_short(row.programme),
            now[row.pk]["overdue"],
            now[row.pk]["due"],
            state_of({**now[row.pk], "is_frozen": now[row.pk]["frozen"]}),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the loans found come to; ``overdue`` is the overdue part, not the whole balance of loans in that state."""

    count: int
    balance: int
    overdue: int
    frozen: int

    @property
    def in_time(self) -> int:
        return self.balance - self.overdue - self.frozen


def totals_of(rows: QuerySet[Loan], on: date) -> Totals:
    """Sums by the database over the loans found."""
    try:
        named, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Totals(0, 0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(balance), 0)::bigint, coalesce(sum(overdue), 0)::bigint,"  # noqa: S608
            f" coalesce(sum(frozen), 0)::bigint FROM loans_position_on(%s) WHERE loan_id IN ({named})",
            [on, *values],
        )
        return Totals(*cursor.fetchone())
