"""The audit by law of the extracts that count: differences by kind, and loan by loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

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
from tdcs.imports.rules.unjudged import REASONS, unjudged

# The list that has the first day of each freeze.
FREEZES_KIND: Final = "report_13"


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


@dataclass(frozen=True, slots=True)
class AuditedDay:
    """FOUND of every loan of a day's extracts, FOUND of what could not be judged of them by reason (REASONS of
    rules/unjudged.py), and how many loans they have."""

    differences: pl.DataFrame
    not_judged: pl.DataFrame
    loans: int


def audited(user: User, day: date) -> AuditedDay:
    """The day's extracts in scope by law; at the end of a month with arrears against the end of the last.

    Raises FileChanged.
    """
    first = day.replace(day=1)
    before = _digests(user, first - timedelta(days=1)) if month_end(day) == day else ()
    return _audited(_digests(user, day), before, _digests(user, day, FREEZES_KIND), day)


def by_reason(found: pl.DataFrame) -> list[tuple[str, int, int]]:
    """(reason, loans, dong) of what was not judged, in the order of REASONS."""
    sums = found.group_by("check").agg(pl.len().alias("count"), pl.col("dong").sum())
    rows = {check: (check, count, dong) for check, count, dong in sums.iter_rows()}
    return [rows[reason] for reason in REASONS if reason in rows]


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


def _current(user: User, kind: str = FIRST_KIND) -> QuerySet[Extract]:
    rows = Extract.objects.filter(kind=kind, current=True)
    seen = visible_organisations(user)
    return rows if seen is None else rows.filter(office__in=seen)


def _digests(user: User, day: date, kind: str = FIRST_KIND) -> tuple[tuple[str, str], ...]:
    rows = _current(user, kind).filter(day=day).order_by("office_code")
    return tuple(rows.values_list("rows_digest", "file__name"))


# The rows are named by their content and do not change; the law's change clears what was found.
@lru_cache(maxsize=4)
def _audited(
    now: Sequence[tuple[str, str]],
    before: Sequence[tuple[str, str]],
    freezes: Sequence[tuple[str, str]],
    day: date,
) -> AuditedDay:
    begun = _frame(freezes) if freezes else None
    earlier = _frame(before) if before else None
    frames = _frames(now)
    contracts = pl.concat([one["contract"] for one in frames])
    return AuditedDay(
        pl.concat([audit(one, day, earlier, begun) for one in frames]),
        pl.concat([unjudged(one, day) for one in frames]),
        contracts.drop_nulls().n_unique(),
    )


law.forgetting(_audited.cache_clear)


def _frames(digests: Sequence[tuple[str, str]]) -> list[pl.DataFrame]:
    """The rows of all files with the same columns together: a column that a file lacks is not one that is empty."""
    alike: dict[frozenset[str], list[pl.DataFrame]] = {}
    for one in digests:
        rows = store.rows(*one)
        alike.setdefault(frozenset(rows.columns), []).append(rows)
    return [pl.concat(those, how="diagonal") for those in alike.values()]


def _frame(digests: Sequence[tuple[str, str]]) -> pl.DataFrame:
    return pl.concat([store.rows(*one) for one in digests], how="diagonal")
