"""Records of every room that serve the tasks of a plan: asked once, by task, unit and day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.plans.models import Obligation, Plan, Task, TaskEvidence
from tdcs.plans.ports import SCHEMA, EvidenceKind, RecordsAsked, evidence
from tdcs.plans.queries.plans import current_version
from tdcs.plans.rules.serving import proposed

FOUND: Final = {"lineage": pl.String, "kind": pl.String, **SCHEMA}


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind beside a task: decided by a person, or proposed by the words that the task says."""

    kind: EvidenceKind
    counts: bool
    decided: bool
    phrase: str = ""


def choices_of(plan: Plan, tasks: Iterable[Task]) -> dict[str, list[Choice]]:
    """Lineage → its kinds: those that count first, then proposals, then what a person left out."""
    kinds = evidence.kinds()
    phrases = {code: kind.words for code, kind in kinds.items() if kind.words}
    decided: dict[str, dict[str, bool]] = {}
    for row in TaskEvidence.objects.filter(plan=plan):
        decided.setdefault(str(row.lineage), {})[row.kind] = row.counts
    found: dict[str, list[Choice]] = {}
    for task in tasks:
        said = proposed(f"{task.title} {task.text} {task.product}", phrases)
        own = decided.get(str(task.lineage), {})
        codes = [code for code in kinds if code in said or code in own]
        rows = [
            Choice(kinds[code], own.get(code, False), code in own, said.get(code, ""))
            for code in codes
        ]
        found[str(task.lineage)] = sorted(
            rows, key=lambda row: (not row.counts, row.decided, row.kind.code)
        )
    return found


def counting(plan: Plan) -> dict[str, list[EvidenceKind]]:
    """Lineage → the kinds that a person said count for it."""
    kinds = evidence.kinds()
    found: dict[str, list[EvidenceKind]] = {}
    for row in TaskEvidence.objects.filter(plan=plan, counts=True).order_by("kind"):
        if row.kind in kinds:
            found.setdefault(str(row.lineage), []).append(kinds[row.kind])
    return found


def records(
    plan: Plan,
    since: date,
    until: date,
    *,
    units: Collection[int] | None = None,
    tasks: Collection[str] | None = None,
) -> pl.DataFrame:
    """Records that serve a plan's tasks (of these lineages): FOUND, one row for each task that a record serves."""
    served = {
        lineage: kinds
        for lineage, kinds in counting(plan).items()
        if tasks is None or lineage in tasks
    }
    pairs = [(lineage, kind.code) for lineage, kinds in served.items() for kind in kinds]
    asked = RecordsAsked(since, until, None if units is None else frozenset(units))
    frames = [
        kind.rows(asked).with_columns(kind=pl.lit(kind.code))
        for kind in {kind.code: kind for kinds in served.values() for kind in kinds}.values()
    ]
    if not frames:
        return pl.DataFrame(schema=FOUND)
    by_kind = pl.DataFrame(pairs, schema={"lineage": pl.String, "kind": pl.String}, orient="row")
    rows = pl.concat(frames).join(by_kind, on="kind", how="inner")
    named = (pl.col("task") == "") | (pl.col("task") == pl.col("lineage"))
    return rows.filter(named).select(list(FOUND)).sort("day", "kind", "key")


def of_year(
    plan: Plan,
    year: int,
    *,
    units: Collection[int] | None = None,
    tasks: Collection[str] | None = None,
) -> pl.DataFrame:
    """The records of a year."""
    return records(plan, date(year, 1, 1), date(year + 1, 1, 1), units=units, tasks=tasks)


@dataclass(frozen=True, slots=True)
class Cited:
    """Records of one kind, counted: "12 tin, bài"."""

    kind: EvidenceKind
    count: int

    def __str__(self) -> str:
        return f"{self.count} {self.kind.measure}"


def cited(rows: pl.DataFrame) -> dict[str, list[Cited]]:
    """Lineage → its records counted by kind."""
    kinds = evidence.kinds()
    found: dict[str, list[Cited]] = {}
    counts = rows.group_by("lineage", "kind").len().sort("lineage", "kind")
    for lineage, code, count in counts.iter_rows():
        found.setdefault(lineage, []).append(Cited(kinds[code], count))
    return found


def of_obligation(row: Obligation) -> pl.DataFrame:
    """What the holder of an obligation of a task did in its period, the latest first."""
    if row.task is None:
        return pl.DataFrame(schema=FOUND)
    units = {row.holder_id, row.organisation_id}
    lineage = str(row.task.lineage)
    found = records(row.plan, row.period_start, row.period_end, units=units, tasks={lineage})
    return found.sort("day", descending=True)


def by_unit_and_month(rows: pl.DataFrame) -> dict[int, dict[int, int]]:
    """Unit → month → how many records."""
    found: dict[int, dict[int, int]] = {}
    months = rows.group_by("unit", pl.col("day").dt.month().alias("month")).len()
    for unit, month, count in months.iter_rows():
        found.setdefault(unit, {})[month] = count
    return found


def task_of(plan: Plan, lineage: str) -> Task | None:
    """The task of the version in force that goes by a lineage."""
    return current_version(plan).tasks.filter(lineage=lineage).first()
