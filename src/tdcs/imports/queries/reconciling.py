"""Reports of an office and a day that count, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.imports import store
from tdcs.imports.models import Extract
from tdcs.imports.queries.imports import faults_of
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.reconciling import compared, reconciled, with_names


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports by one grain and measure: how many rows differ, how many of them a rule explains, by how many dong."""

    kind: str
    trusted_kind: str
    grain: str
    measure: str
    count: int
    explained: int
    dong: int


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """A total that a report prints and its rows do not give."""

    kind: str
    file: str
    row: int
    field: str
    value: str


def _current(user: User | None) -> QuerySet[Extract]:
    rows = Extract.objects.filter(current=True).select_related("file")
    seen = visible_organisations(user) if user is not None else None
    return rows if seen is None else rows.filter(office__in=seen)


def office_days(user: User | None) -> list[tuple[str, date, int]]:
    """(code of an office, day, how many reports) that can be compared, the last day first."""
    found: dict[tuple[str, date], int] = {}
    for code, day in _current(user).values_list("office_code", "day"):
        found[code, day] = found.get((code, day), 0) + 1
    several = [(code, day, count) for (code, day), count in found.items() if count > 1]
    return sorted(several, key=lambda one: (-one[1].toordinal(), one[0]))


def reports_of(user: User | None, office: str, day: date) -> dict[str, pl.DataFrame]:
    """Kind → rows of what counts of an office and day in scope. Raises FileChanged."""
    rows = _current(user).filter(office_code=office, day=day)
    return {one.kind: store.rows(one.rows_digest, one.file.name) for one in rows}


def differences_between(user: User | None, office: str, day: date) -> pl.DataFrame:
    """``reconciled`` of what counts of an office and day. Raises FileChanged."""
    frames = reports_of(user, office, day)
    return with_names(reconciled(frames), frames)


def kinds_compared(user: User | None, office: str, day: date) -> list[str]:
    """The reports that take part, the most trusted first."""
    kinds = _current(user).filter(office_code=office, day=day).values_list("kind", flat=True)
    return compared({kind: pl.DataFrame() for kind in kinds})


def pairs(found: pl.DataFrame) -> list[Pair]:
    """The differences summed up, those that nothing explains first."""
    keys = ["kind", "trusted_kind", "grain", "measure"]
    rows = found.group_by(keys, maintain_order=True).agg(
        count=pl.len(), explained=(pl.col("rule") != "").sum(), dong=pl.col("dong").sum()
    )
    made = [Pair(**row) for row in rows.iter_rows(named=True)]
    return sorted(made, key=lambda one: (one.explained == one.count, -abs(one.dong)))


def printed_totals(user: User | None, office: str, day: date) -> list[PrintedTotal]:
    """Totals of the office's reports that are not the sum of their rows. Raises FileChanged."""
    found = []
    for one in _current(user).filter(office_code=office, day=day).order_by("kind"):
        faults = faults_of(one.file)
        if faults.is_empty():
            continue
        titles = {column.field: column.title for column in layout_of(one.kind).columns}
        for row, name, code, value, _ in faults.iter_rows():
            if code == "total_not_sum":
                found.append(PrintedTotal(one.kind, one.file.name, row, titles[name], value))
    return found
