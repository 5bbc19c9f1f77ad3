"""The figures by which candidates for commendation are proposed, and the candidates of a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.access.queries import holdings_on
from tdcs.closing.queries import shown_day, store
from tdcs.entrustment.models import GroupRating
from tdcs.entrustment.queries.groups import faces_of, profiles_on
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.indicators import queries as indicators
from tdcs.loans.queries.checking import checked_by
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on
from tdcs.outreach.models import Nomination
from tdcs.outreach.rules import commending
from tdcs.outreach.rules.commending import Candidate, Criterion
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.obligations import frame

# What a loan owes, by its state in a snapshot.
_OWED: Final = ("in_time", "overdue", "frozen")


def proposed_by_figures(year: int, on: date) -> list[tuple[Criterion, list[Candidate]]]:
    """Each criterion of the day with whom the figures of the year propose."""
    made: dict[str, Callable[[Criterion], list[Candidate]]] = {
        commending.GROUP: lambda one: commending.best_groups(one, _ratings(year, on)),
        commending.OFFICE: lambda one: commending.clean_offices(one, _offices(year, on)),
        commending.OFFICER: lambda one: commending.clean_officers(one, _officers(year, on)),
        commending.UNIT: lambda one: commending.timely_units(one, _units(year, on)),
    }
    return [(one, made[one.subject](one)) for one in commending.criteria_on(on)]


def _ratings(year: int, on: date) -> list[tuple[int, list[tuple[str, int]]]]:
    """Group and its grades and scores of the last twelve rated months up to the year's end or the day."""
    until = min(on, date(year, 12, 31))
    since = date(until.year - 1, until.month, 1)
    rows = GroupRating.objects.filter(
        month__gte=since, month__lt=until.replace(day=1), group__ends_on=None
    )
    found: dict[int, list[tuple[str, int]]] = {}
    told = rows.order_by("group_id", "month").values_list("group_id", "grade", "total")
    for group, grade, total in told:
        found.setdefault(group, []).append((grade, total))
    return list(found.items())


def _offices(year: int, on: date) -> list[tuple[int, int, int]]:
    day = shown_day(min(on, date(year, 12, 31)))
    if day is None:
        return []
    rows = indicators.values(on=day, by=["office"], codes=["overdue", "outstanding"])
    found: dict[int, dict[str, int]] = {}
    for office, code, value in rows.select("office", "code", "value").iter_rows():
        if office is not None:
            found.setdefault(int(office), {})[code] = value or 0
    kept = Organisation.objects.filter(pk__in=found, kind=Kind.TRANSACTION_OFFICE)
    return [
        (key, found[key].get("overdue", 0), found[key].get("outstanding", 0))
        for key in kept.order_by("pk").values_list("pk", flat=True)
    ]


def _officers(year: int, on: date) -> list[tuple[int, int, int, int]]:
    """Credit officer of the day, how many loans that he checked still owe, what of them is overdue, what they owe."""
    day = shown_day(min(on, date(year, 12, 31)))
    if day is None:
        return []
    owed = store().read(day, ("loan", *_OWED)).with_columns(balance=pl.sum_horizontal(*_OWED))
    rows = owed.filter(pl.col("balance") > 0).collect().join(checked_by(day), on="loan")
    sums = rows.group_by("officer").agg(
        loans=pl.len(), overdue=pl.col("overdue").sum(), outstanding=pl.col("balance").sum()
    )
    there = _holdings(on)
    return [row for row in sums.sort("officer").iter_rows() if row[0] in there]


def _holdings(on: date) -> dict[int, RoleHolding]:
    """Credit officer → the holding under which he works on a day."""
    rows = holdings_on(on, Role.LOAN_OFFICER).filter(user__is_active=True)
    return {one.user_id: one for one in reversed(rows)}


def _units(year: int, on: date) -> list[tuple[int, int, int]]:
    """Unit, what was due by the day, what of it was done in time."""
    plans = plans_in_force(on)
    if not plans:
        return []
    rows = frame(plans, year).filter(
        (pl.col("due_on") <= on) | pl.col("standing").is_in(["done", "done_late"])
    )
    sums = rows.group_by("holder").agg(due=pl.len(), done=(pl.col("standing") == "done").sum())
    return [(unit, due, done) for unit, due, done in sums.sort("holder").iter_rows()]


def subjects(criterion: Criterion, keys: list[int], on: date) -> dict[int, tuple[str, int]]:
    """Subject → its name, and the unit under which the register keeps its line."""
    if criterion.subject == commending.OFFICER:
        held = {key: one for key, one in _holdings(on).items() if key in keys}
        offices = names_on(on, {one.organisation_id for one in held.values()})
        return {
            key: (f"{one.user.full_name} ({offices[one.organisation_id]})", one.organisation_id)
            for key, one in held.items()
        }
    if criterion.subject != commending.GROUP:
        names = names_on(on, keys)
        return {key: (names[key], key) for key in keys}
    faces, profiles = faces_of(keys, on), profiles_on(keys, on)
    return {
        key: (f"{faces[key].name} (tổ trưởng {faces[key].leader})", profiles[key].office_id)
        for key in keys
    }


def of_number(year: int, number: str) -> list[Nomination]:
    """Those commended under a number; without one those who wait."""
    rows = nominations_of(year)
    return list(
        rows.filter(approved=True, number=number) if number else rows.filter(decided_on=None)
    )


def groups_to_open(user: User, rows: Sequence[Nomination], on: date) -> set[int]:
    """The groups among the candidates whose pages the person may open."""
    if not user.may("entrustment.view"):
        return set()
    keys = [row.subject_key for row in rows if row.subject == commending.GROUP]
    return set(visible_groups(user, on).filter(pk__in=keys).values_list("pk", flat=True))


def nominations_of(year: int) -> QuerySet[Nomination]:
    """The candidates of a year: those that wait first."""
    rows = Nomination.objects.filter(year=year).select_related("organisation", "proposed_by")
    return rows.order_by("decided_on", "criterion", "pk")
