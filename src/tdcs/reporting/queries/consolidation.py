"""What the consolidated report is made from: figures of one frame, results and words of accepted reports."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
from django.db.models import QuerySet

from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.organisations.queries import names_on
from tdcs.plans.models import (
    ConsolidatedReport,
    ConsolidatedSection,
    Obligation,
    ObligationState,
    Plan,
    ReportingYear,
    ReportSection,
    ReportState,
    Task,
)
from tdcs.plans.queries.obligations import GROUPS, frame, tallies
from tdcs.plans.states import OPEN_STATES
from tdcs.reporting.queries.reports import Overview, day_of_names, overview
from tdcs.reporting.rules import sentences
from tdcs.reporting.rules.figures import Figures, Row
from tdcs.reporting.rules.prefill import CLOSING, DIFFICULTIES, OUTLOOK, PROPOSALS, Draft

# Excerpts a task, and how long one may be.
EXCERPTS = 2
EXCERPT_SIGNS = 260


def take_figures(plan: Plan, year: int) -> dict[str, Any]:
    """Every count that the report prints, with its day; from the same frame as the matrix."""
    figures = _figures(plan, year)
    before = ReportingYear.objects.filter(plan=plan, year=year - 1).exists()
    figures["previous"] = previous_figures(plan, year - 1) if before else None
    return figures


def previous_figures(plan: Plan, year: int) -> dict[str, Any]:
    """The year before, as it was reported when a report was issued, else as it stands."""
    report = ConsolidatedReport.objects.filter(
        plan=plan, year=year, state=ConsolidatedReport.State.ISSUED
    ).first()
    figures = report.figures if report else _figures(plan, year)
    kept = ("all", "sections", "groups", "reports")
    return {"year": year} | {key: figures[key] for key in kept}


def _figures(plan: Plan, year: int) -> dict[str, Any]:
    tasks = frame(plan, year).filter(pl.col("task").is_not_null())
    seen = overview(plan, year)
    rows = list(
        Task.objects.filter(pk__in=tasks["task"].unique().to_list()).order_by("position", "pk")
    )
    titles: dict[str, str] = {}
    for task in rows:
        titles.setdefault(task.section_path, task.section_title)
    by_section = tallies(tasks, "section")
    by_path = tallies(tasks, "path")
    paths = {task.path: task for task in reversed(rows)}
    return {
        "taken_on": clock.today().isoformat(),
        "year": year,
        "reports": _reports(seen),
        "all": _count(tasks),
        "holders": tasks["holder"].n_unique(),
        "sections": [
            {"key": path, "path": path, "title": title, **_parts(by_section[path].counts)}
            for path, title in titles.items()
        ],
        "groups": _groups(tasks, seen),
        "tasks": [
            {
                "key": path,
                "path": path,
                "section": paths[path].section_path,
                "title": paths[path].title,
                **_parts(by_path[path].counts),
            }
            for path in dict.fromkeys(task.path for task in rows)
        ],
        "units": _units(tasks, seen),
    }


def _parts(counts: dict[str, int]) -> dict[str, int]:
    row = {
        "done": counts.get("done", 0),
        "done_late": counts.get("done_late", 0),
        "open": counts.get("on_time", 0) + counts.get("soon", 0),
        "late": counts.get("late", 0),
    }
    return {"total": sum(counts.values()), **row}


def _count(rows: pl.DataFrame) -> dict[str, Any]:
    return {"title": "Tổng cộng", **_parts(dict(rows.group_by("standing").len().iter_rows()))}


def _reports(seen: Overview, group: str = "") -> dict[str, int]:
    rows = [row for row in seen.rows if not group or row.group == group]
    return {
        "expected": len(rows),
        "handed_in": sum(row.handed_in for row in rows),
        "accepted": sum(row.state == ReportState.ACCEPTED for row in rows),
        "returned": sum(row.state == ReportState.RETURNED for row in rows),
        "draft": sum(row.state == ReportState.DRAFT for row in rows),
        "none": sum(row.state == "none" for row in rows),
        "late_in": sum(row.handed_in and row.days_late > 0 for row in rows),
        "overdue": sum(row.overdue for row in rows),
    }


def _groups(tasks: pl.DataFrame, seen: Overview) -> list[dict[str, Any]]:
    counts = tallies(tasks, "group")
    units = dict(tasks.group_by("group").agg(pl.col("holder").n_unique()).iter_rows())
    reporting = {row.group for row in seen.rows}
    return [
        {
            "key": code,
            "title": title,
            "units": units.get(code, 0),
            "reports": _reports(seen, code),
            **_parts(counts[code].counts if code in counts else {}),
        }
        for code, title, *_ in GROUPS
        if code in counts or code in reporting
    ]


def _units(tasks: pl.DataFrame, seen: Overview) -> list[dict[str, Any]]:
    work = tallies(tasks, "holder")
    return [
        {
            "name": row.name,
            "group": row.group,
            "state": row.state,
            "submitted_on": row.submitted_on.isoformat()
            if row.submitted_on and row.handed_in
            else "",
            "days_late": row.days_late,
            "working_days_late": row.working_days_late,
            "work": _parts(work[row.organisation].counts if row.organisation in work else {}),
        }
        for row in seen.rows
    ]


def draft_sections(plan: Plan, year: int, figures: Figures) -> list[Draft]:
    """Each section as the system proposes it, from figures just taken."""
    excerpts = best_results(plan, year)
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in figures["tasks"]:
        tasks[row["section"]].append(row)
    number = plan.number
    made = [
        Draft(
            sentences.GENERAL,
            "Tình hình chung",
            sentences.general(figures, plan_number=number, year=year),
        )
    ]
    made += [
        Draft(row["path"], row["title"], sentences.section(row, tasks[row["path"]], excerpts))
        for row in figures["sections"]
    ]
    for path in (DIFFICULTIES, PROPOSALS):
        made.append(Draft(path, CLOSING[path], sentences.gathered(gathered(plan, year, path))))
    made.append(
        Draft(OUTLOOK, CLOSING[OUTLOOK], sentences.outlook(figures, plan_number=number, year=year))
    )
    return made


def best_results(plan: Plan, year: int) -> dict[str, list[tuple[str, str]]]:
    """For each task a few results of units whose report was accepted, with the unit's name.

    Proven results (with evidence) come first, then those that say most; one unit speaks at most twice.
    """
    rows = (
        Obligation.objects.filter(
            plan=plan,
            year=year,
            task__isnull=False,
            state__in=(ObligationState.SUBMITTED, ObligationState.ACCEPTED),
            holder__reports__plan=plan,
            holder__reports__year=year,
            holder__reports__state=ReportState.ACCEPTED,
        )
        .exclude(words="")
        .values_list("task__path", "holder_id", "words", "evidence_count")
    )
    ranked = sorted(rows, key=lambda r: (r[3] == 0, -min(len(r[2]), EXCERPT_SIGNS), r[1], r[0]))
    spoken: dict[int, int] = defaultdict(int)
    said: set[str] = set()
    picked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path, unit, words, _ in ranked:
        key = fold(words)
        if len(picked[path]) < EXCERPTS and spoken[unit] < 2 and key not in said:
            spoken[unit] += 1
            said.add(key)
            picked[path].append((unit, _cut(words)))
    names = names_on(day_of_names(year), {u for rows in picked.values() for u, _ in rows})
    return {path: [(names[u], words) for u, words in rows] for path, rows in picked.items()}


def _cut(words: str) -> str:
    """One line, cut at a word."""
    line = " ".join(words.split())
    if len(line) <= EXCERPT_SIGNS:
        return line
    return line[:EXCERPT_SIGNS].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def gathered(plan: Plan, year: int, path: str, limit: int = 12) -> list[tuple[str, list[str]]]:
    """Lines of one section over accepted reports: the same words once, with the units that wrote them."""
    rows = (
        ReportSection.objects.filter(
            report__plan=plan, report__year=year, report__state=ReportState.ACCEPTED, path=path
        )
        .exclude(words="")
        .values_list("report__organisation_id", "words")
    )
    units: dict[str, list[int]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for unit, words in rows.order_by("report_id"):
        for line in words.splitlines():
            said = line.strip(" -+•.;\t")
            key = fold(said)
            if key and not key.startswith("khong co") and unit not in units[key]:
                spelt.setdefault(key, _cut(said))
                units[key].append(unit)
    top = sorted(units.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:limit]
    names = names_on(day_of_names(year), {unit for _, found in top for unit in found})
    return [(spelt[key], [names[unit] for unit in found]) for key, found in top if found]


def open_matters(plan: Plan, year: int) -> dict[str, int]:
    """What closing the year would leave as it is: reports and results that are not settled."""
    seen = overview(plan, year)
    rows = frame(plan, year)
    tasks = rows.filter(pl.col("task").is_not_null() | pl.col("directive").is_not_null())
    issued = ConsolidatedReport.objects.filter(
        plan=plan, year=year, state=ConsolidatedReport.State.ISSUED
    ).exists()
    return {
        "reports_waiting": seen.waiting,
        "reports_to_accept": seen.submitted,
        "results_open": tasks.filter(
            pl.col("state").is_in([state.value for state in OPEN_STATES])
        ).height,
        "results_to_review": tasks.filter(
            pl.col("state") == ObligationState.SUBMITTED.value
        ).height,
        "not_consolidated": 0 if issued else 1,
    }


def consolidated_of(plan: Plan, year: int) -> ConsolidatedReport | None:
    """The consolidated report of a year, if it was begun."""
    return ConsolidatedReport.objects.filter(plan=plan, year=year).first()


def consolidated_sections() -> QuerySet[ConsolidatedSection]:
    """Sections of consolidated reports, with their report."""
    return ConsolidatedSection.objects.select_related("report")
