"""What the consolidated report says: its sections from figures, results and words of accepted reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl
from django.db.models import QuerySet

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
)
from tdcs.plans.queries.evidence import of_year
from tdcs.plans.queries.in_force import reported_together
from tdcs.plans.queries.obligations import frame
from tdcs.plans.states import OPEN_STATES
from tdcs.reporting.queries.reports import Overview, day_of_names, overview, section_of
from tdcs.reporting.rules import sentences
from tdcs.reporting.rules.credit import CREDIT, CREDIT_TITLE
from tdcs.reporting.rules.credit import words as credit_words
from tdcs.reporting.rules.figures import Figures, Row
from tdcs.reporting.rules.prefill import CLOSING, DIFFICULTIES, OUTLOOK, PROPOSALS, Draft

# Excerpts a task, and how long one may be.
EXCERPTS = 2
EXCERPT_SIGNS = 260


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
    if "credit" in figures:
        made.insert(0, Draft(CREDIT, CREDIT_TITLE, credit_words(figures["credit"])))
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
            plan__in=reported_together(plan),
            year=year,
            task__isnull=False,
            state__in=(ObligationState.SUBMITTED, ObligationState.ACCEPTED),
            holder__reports__plan=plan,
            holder__reports__year=year,
            holder__reports__state=ReportState.ACCEPTED,
        )
        .exclude(words="")
        .values_list("task__path", "holder_id", "words", "evidence_count", "plan_id")
    )
    ranked = sorted(rows, key=lambda r: (r[3] == 0, -min(len(r[2]), EXCERPT_SIGNS), r[1], r[0]))
    spoken: dict[int, int] = defaultdict(int)
    said: set[str] = set()
    picked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    joined = {one.pk: one for one in reported_together(plan) if one != plan}
    for path, unit, words, _, of in ranked:
        path = section_of(joined[of], path) if of in joined else path
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
    seen = overview(reported_together(plan), year)
    rows = frame(reported_together(plan), year)
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


def consolidations(
    plans: Sequence[Plan], year: int
) -> list[tuple[Plan, ConsolidatedReport | None, Overview]]:
    """Each plan that has a report of its own in a year, with it and the units' reports; what is joined stands with its host."""
    found = {
        row.plan_id: row for row in ConsolidatedReport.objects.filter(plan__in=plans, year=year)
    }
    open_in = set(
        ReportingYear.objects.filter(plan__in=plans, year=year).values_list("plan", flat=True)
    )
    return [
        (plan, found.get(plan.pk), overview(reported_together(plan), year))
        for plan in plans
        if plan.pk in open_in and plan.reports_with_id is None
    ]


def records_of_year(plan: Plan, year: int) -> int:
    """Records of all rooms that count for a task of the plan in a year, as the coverage page counts them."""
    return of_year(plan, year).height


def consolidated_of(plan: Plan, year: int) -> ConsolidatedReport | None:
    """The consolidated report of a year, if it was begun."""
    return ConsolidatedReport.objects.filter(plan=plan, year=year).first()


def consolidated_sections() -> QuerySet[ConsolidatedSection]:
    """Sections of consolidated reports, with their report."""
    return ConsolidatedSection.objects.select_related("report")
