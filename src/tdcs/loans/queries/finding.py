"""Loans as a list shows them: filters by the truth of the day, pages by key, totals by sums; never a fold of many lives.

The state kept on a row is that of its last event; a loan falls overdue or thaws by the passing of a day alone, so the
list asks the days and instalments themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.households.models import Household, Person
from tdcs.households.queries.finding import Face, heads_and_places
from tdcs.households.queries.scope import at_home, with_predecessors
from tdcs.loans.models import Instalment, Loan
from tdcs.loans.queries.due import loan_rows, rolled
from tdcs.loans.queries.offers import programme_short
from tdcs.loans.queries.scope import visible_loans

PAGE: Final = 50

_OWES: Final = Q(balance__gt=0)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed by; empty means all but ``state``, where it means those that owe."""

    words: str = ""
    state: str = ""
    programme: str = ""
    office: int = 0
    commune: int = 0
    group: str = ""
    source: int = 0


def find_loans(user: User, filters: Filters, on: date) -> QuerySet[Loan]:
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
    return _OWES & Q(frozen_from__lte=on, frozen_to__gte=on)


def overdue_on(on: date) -> Q:
    """Loans with overdue principal on a day, before its payments."""
    whole = Q(by_instalment=False, final_session_on__lt=on)
    missed = _fallen(on).filter(fallen__gt=F("loan__paid_total") + F("loan__written_off"))
    part = Q(by_instalment=True, pk__in=missed.values("loan_id"))
    return _OWES & (whole | part) & ~_frozen(on)


def _frozen(on: date) -> Q:
    return Q(frozen_to__isnull=False, frozen_from__lte=on, frozen_to__gte=on)


def _fallen(on: date) -> QuerySet[Any, Any]:
    """Loans judged by instalment → principal of the instalments whose session day has passed."""
    rows = Instalment.objects.filter(session_on__lt=on, loan__by_instalment=True)
    rows = rows.filter(loan__balance__gt=0).order_by()
    return rows.values("loan_id", "loan__paid_total", "loan__written_off").annotate(
        fallen=Sum("principal")
    )


def _in_state(rows: QuerySet[Loan], state: str, on: date) -> QuerySet[Loan]:
    if state == "all":
        return rows
    if state == "overdue":
        return rows.filter(overdue_on(on))
    if state == "frozen":
        return rows.filter(frozen_on(on))
    if state == "in_time":
        return rows.filter(_OWES).exclude(overdue_on(on)).exclude(frozen_on(on))
    if state in ("settled", "written_off"):
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
class Line:
    """A loan as the list shows it: overdue as the day begins, ``due`` the interest that may be collected on it."""

    row: Loan
    face: Face
    group: str
    programme: str
    overdue: int
    due: int
    state: str


def lines_of(rows: Sequence[Loan], on: date) -> list[Line]:
    """The lines of loans; a fixed number of queries."""
    faces = heads_and_places([row.household_id for row in rows], on)
    names = profiles_on({row.group_id for row in rows if row.group_id}, on)
    now = {}
    if rows:
        figures = rolled(loan_rows([row.pk for row in rows]), on)
        now = {row["id"]: row for row in figures.rows(named=True)}
    return [
        Line(
            row,
            faces[row.household_id],
            names[row.group_id].name if row.group_id in names else "",
            programme_short(row.programme),
            now[row.pk]["overdue"],
            now[row.pk]["due"],
            _state(row, now[row.pk]),
        )
        for row in rows
    ]


def _state(row: Loan, now: dict[str, Any]) -> str:
    if not row.balance:
        return row.state
    if now["frozen"]:
        return "frozen"
    return "overdue" if now["overdue"] else "in_time"


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
    """Sums by the database: one over the loans, one over those that may have missed an instalment."""
    cold = _frozen(on)
    sums = rows.aggregate(
        count=Count("pk"),
        owed=Coalesce(Sum("balance"), 0, output_field=BigIntegerField()),
        cold=Coalesce(Sum("balance", filter=cold), 0, output_field=BigIntegerField()),
        late=Coalesce(
            Sum("balance", filter=Q(by_instalment=False, final_session_on__lt=on) & ~cold),
            0,
            output_field=BigIntegerField(),
        ),
    )
    fallen = _fallen(on).filter(loan_id=OuterRef("pk"))
    missed = (
        rows.filter(overdue_on(on), by_instalment=True)
        .annotate(fallen=Subquery(fallen.values("fallen")))
        .aggregate(
            n=Sum(
                Least(F("balance"), F("fallen") - F("paid_total") - F("written_off")),
                output_field=BigIntegerField(),
            )
        )
    )
    return Totals(sums["count"], sums["owed"], sums["late"] + (missed["n"] or 0), sums["cold"])
