"""The audit by law of the extracts that count: differences by kind, and loan by loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import law
from tdcs.core.months import month_end
from tdcs.imports import store
from tdcs.imports.models import Extract
from tdcs.imports.queries.imports import FIRST_KIND
from tdcs.imports.rules.auditing import CHECKS, audit


@dataclass(frozen=True, slots=True)
class DifferenceKind:
    """Differences of one kind: how many loans, how many dong, by which text, what the figures are."""

    check: str
    count: int
    dong: int
    basis: str
    unit: str


def audited_days(user: User) -> list[date]:
    """Days with an extract that counts in the person's scope, the last first."""
    rows = _current(user)
    return sorted(set(rows.values_list("day", flat=True)), reverse=True)


def differences(user: User, day: date) -> pl.DataFrame:
    """FOUND of every loan of the day's extracts in scope; at the end of a month with arrears against the end of the last."""
    now = _digests(user, day)
    first = day.replace(day=1)
    before = _digests(user, first - timedelta(days=1)) if month_end(day) == day else ()
    return _audited(now, before, day)


def by_kind(found: pl.DataFrame) -> list[DifferenceKind]:
    """The kinds that occur, in the order of CHECKS."""
    sums = found.group_by("check").agg(
        pl.len().alias("count"), pl.col("dong").abs().sum(), pl.col("basis").mode().first()
    )
    rows = {row["check"]: row for row in sums.iter_rows(named=True)}
    return [
        DifferenceKind(check, rows[check]["count"], rows[check]["dong"], rows[check]["basis"], unit)
        for check, (_, _, unit) in CHECKS.items()
        if check in rows
    ]


def _current(user: User) -> QuerySet[Extract]:
    rows = Extract.objects.filter(kind=FIRST_KIND, current=True)
    seen = visible_organisations(user)
    return rows if seen is None else rows.filter(office__in=seen)


def _digests(user: User, day: date) -> tuple[tuple[str, str], ...]:
    rows = _current(user).filter(day=day).order_by("office_code")
    return tuple(rows.values_list("rows_digest", "file__name"))


# The rows are named by their content and do not change; the law's change clears what was found.
@lru_cache(maxsize=4)
def _audited(
    now: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]], day: date
) -> pl.DataFrame:
    return audit(_frame(now), day, _frame(before) if before else None)


law.forgetting(_audited.cache_clear)


def _frame(digests: Sequence[tuple[str, str]]) -> pl.DataFrame:
    return pl.concat([store.rows(*one) for one in digests], how="diagonal")
