"""Closes as people see them: whose figures, and which entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.closing.models import CloseRun
from tdcs.closing.moved import Moved
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import SUMS
from tdcs.households.queries.scope import figure_communes
from tdcs.ledger.models import JournalEntry
from tdcs.ledger.queries import visible_entries
from tdcs.organisations.models import Kind

# Key of the sums → the ids in scope; nothing means everything.
Within = Mapping[str, Collection[int]]
NOTHING: Final = dict.fromkeys(SUMS, 0)


def within(user: User) -> Within:
    """An office sees its own figures, a commune its own, the branch and the province all."""
    unit = own_organisation(user)
    if unit is None:
        return {"office": frozenset()}
    if sees_all(user):
        return {}
    if unit.kind == Kind.TRANSACTION_OFFICE:
        seen = visible_organisations(user)
        return {} if seen is None else {"office": seen}
    areas = figure_communes(user)
    return {} if areas is None else {"commune": areas}


def may_close(user: User) -> bool:
    """A day is closed for the whole province: by the administrator, or at the branch."""
    if not user.may("closing.close"):
        return False
    unit, holding = own_organisation(user), user.holding()
    at_branch = unit is not None and unit.kind == Kind.VBSP_BRANCH
    return at_branch or (holding is not None and holding.role == Role.SYSTEM_ADMIN)


def totals_of(runs: Sequence[CloseRun], scope: Within) -> dict[date, dict[str, int]]:
    """SUMS of each run's day within the scope; a day thinned since shows the province's totals only."""
    if not scope:
        return {run.day: {**NOTHING, **run.totals} for run in runs}
    kept = store()
    days = sorted({run.day for run in runs} & set(kept.days()))
    if not days:
        return {}
    [(key, ids)] = scope.items()
    sums = kept.sums_many(days).filter(pl.col(key).is_in(sorted(ids)))
    found = sums.group_by("day").agg(pl.col(name).sum() for name in SUMS).collect()
    made = {row.pop("day"): row for row in found.rows(named=True)}
    return {day: made.get(day, dict(NOTHING)) for day in days}


def moved_of(run: CloseRun, scope: Within) -> list[Moved]:
    """What late events moved in the day, within the scope."""
    if not scope:
        return list(run.moved)
    [(key, ids)] = scope.items()
    at = {"office": 1, "commune": 2}[key]
    return [row for row in run.moved if row[at] in ids]


def entries_of(run: CloseRun, user: User) -> list[JournalEntry]:
    """What the day's closes posted, of the books in scope."""
    found = visible_entries(user).filter(operation__action="closing.post", operation__on=run.day)
    return list(found.select_related("book").order_by("book__organisation_id", "number"))


def latest_runs() -> QuerySet[CloseRun]:
    """Every close with who made it, the latest day first."""
    return CloseRun.objects.select_related("by").order_by("-day")


def run_of(day: date) -> CloseRun | None:
    """The close of a day."""
    return CloseRun.objects.filter(day=day).first()


def run_before(run: CloseRun) -> CloseRun | None:
    """The close of the closed day before."""
    return CloseRun.objects.filter(day__lt=run.day).order_by("-day").first()


def run_after(run: CloseRun) -> CloseRun | None:
    """The close of the closed day after."""
    return CloseRun.objects.filter(day__gt=run.day).order_by("day").first()
