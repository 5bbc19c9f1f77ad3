"""The counts of the consolidated report, of the same rows as the progress page: tasks, general duties, assigned tasks."""

from __future__ import annotations

from typing import Final, NotRequired, TypedDict

import polars as pl

from tdcs.core import clock
from tdcs.core.text import by_name
from tdcs.organisations.queries import names_on
from tdcs.plans.models import ConsolidatedReport, Plan, ReportingYear, ReportState, Task
from tdcs.plans.queries.in_force import reported_together
from tdcs.plans.queries.matrix import Column, columns_of
from tdcs.plans.queries.obligations import GROUPS, Tally, frame, tallies, tally
from tdcs.reporting.queries.credit import CreditFigures, NoFigures, credit_figures
from tdcs.reporting.queries.reports import Overview, overview, section_of

# What figures kept before counted was tasks only; the year before is then counted anew, so that like meets like.
COUNTED: Final = "all"
# Sections of what is no task of the plan, as frame() names them.
OTHER_SECTIONS: Final = {
    "III": "Nhiệm vụ chung: ban hành kế hoạch, báo cáo, theo dõi, tổng hợp",
    "G": "Các việc Chi nhánh giao thêm",
}


class Parts(TypedDict):
    """Obligations: ``total`` is the sum of the others."""

    total: int
    done: int
    done_late: int
    open: int
    late: int


class TitledParts(Parts):
    """Obligations of everything, or of what has a key of its own."""

    title: str


class SectionFigures(TitledParts):
    """A section of the plan."""

    key: str
    path: str


class TaskFigures(SectionFigures):
    """A column of the progress page; ``letter`` only where the plan has one."""

    letter: str
    section: str


class ReportCounts(TypedDict):
    """Reports of units: ``expected`` is handed in, returned, draft and none."""

    expected: int
    handed_in: int
    accepted: int
    returned: int
    draft: int
    none: int
    late_in: int
    overdue: int


class GroupFigures(TitledParts):
    """A class of units."""

    key: str
    units: int
    reports: ReportCounts


class UnitFigures(TypedDict):
    """A unit that reports, and its work."""

    name: str
    group: str
    state: str
    submitted_on: str
    days_late: int
    working_days_late: int
    work: Parts


class LateWork(TypedDict):
    """An obligation that is overdue and not done."""

    unit: str
    path: str
    title: str
    due_on: str
    days_late: int


class PreviousFigures(TypedDict):
    """What is compared with the year before."""

    year: int
    all: TitledParts
    sections: list[SectionFigures]
    groups: list[GroupFigures]
    reports: ReportCounts


class ReportFigures(PreviousFigures):
    """Everything that the report prints; kept with it as JSON."""

    counted: str
    taken_on: str
    holders: int
    tasks: list[TaskFigures]
    units: list[UnitFigures]
    late_work: list[LateWork]
    credit: NotRequired[CreditFigures | NoFigures]
    previous: NotRequired[PreviousFigures | None]


def take_figures(plan: Plan, year: int) -> ReportFigures:
    """Every count that the report prints, with its day; from the same frame as the matrix."""
    figures = _figures(plan, year)
    figures["credit"] = credit_figures(year=year, on=clock.today())
    before = ReportingYear.objects.filter(plan=plan, year=year - 1).exists()
    figures["previous"] = previous_figures(plan, year - 1) if before else None
    return figures


def previous_figures(plan: Plan, year: int) -> PreviousFigures:
    """The year before, as it was reported when a report was issued, else as it stands."""
    report = ConsolidatedReport.objects.filter(
        plan=plan, year=year, state=ConsolidatedReport.State.ISSUED
    ).first()
    alike = report is not None and report.figures.get("counted") == COUNTED
    figures: ReportFigures = report.figures if report and alike else _figures(plan, year)
    return {
        "year": year,
        "all": figures["all"],
        "sections": figures["sections"],
        "groups": figures["groups"],
        "reports": figures["reports"],
    }


def _figures(plan: Plan, year: int) -> ReportFigures:
    plans = reported_together(plan)
    rows, seen = frame(plans, year), overview(plans, year)
    return {
        "counted": COUNTED,
        "taken_on": clock.today().isoformat(),
        "year": year,
        "reports": _reports(seen),
        "all": {"title": "Tổng cộng", **_parts(tally(rows))},
        "holders": rows["holder"].n_unique(),
        "sections": _sections(rows, plan),
        "groups": _groups(rows, seen),
        "tasks": _tasks(rows, plan),
        "units": _units(rows, seen),
        "late_work": _late_work(rows),
    }


def _late_work(rows: pl.DataFrame) -> list[LateWork]:
    """What is overdue and not done, unit by unit, the latest first."""
    late = rows.filter(pl.col("standing") == "late")
    names = names_on(clock.today(), set(late["holder"].to_list()))
    titles = {column.key: column for column in columns_of(rows)}
    made: list[LateWork] = [
        {
            "unit": names.get(holder, ""),
            "path": titles[key].label if path.startswith("G") else path,
            "title": titles[key].title,
            "due_on": due.isoformat() if due else "",
            "days_late": days or 0,
        }
        for holder, key, path, due, days in late.select(
            "holder", "column", "path", "due_on", "days_late"
        ).iter_rows()
    ]
    return sorted(made, key=lambda row: (-row["days_late"], by_name(row["unit"]), row["path"]))


def _parts(counted: Tally | None) -> Parts:
    """A tally as the report prints it: what is soon due is still open."""
    if counted is None:
        return Parts(total=0, done=0, done_late=0, open=0, late=0)
    return {
        "total": counted.total,
        "done": counted.counts.get("done", 0),
        "done_late": counted.counts.get("done_late", 0),
        "open": counted.on_time + counted.soon,
        "late": counted.late,
    }


def _sections(rows: pl.DataFrame, host: Plan) -> list[SectionFigures]:
    """Sections of the plan in its order, then the general duties and what the branch assigned; then of joined plans."""
    made: list[SectionFigures] = []
    for plan in reported_together(host):
        own = rows.filter(pl.col("plan") == plan.pk)
        found = {_bare(section): one for section, one in tallies(own, "section").items()}
        for bare, title in _titles(own).items():
            path = bare if plan == host else section_of(plan, bare)
            made.append({"key": path, "path": path, "title": title, **_parts(found[bare])})
    return made


def _titles(rows: pl.DataFrame) -> dict[str, str]:
    tasks = Task.objects.filter(pk__in=rows["task"].drop_nulls().unique().to_list())
    titles: dict[str, str] = {}
    for task in tasks.order_by("position", "pk"):
        titles.setdefault(task.section_path, task.section_title)
    there = {_bare(section) for section in rows["section"].unique()}
    for section, title in OTHER_SECTIONS.items():
        if section in there:
            titles.setdefault(section, title)
    return titles


def _bare(key: str) -> str:
    """A key without the mark of its plan."""
    return key.rpartition(":")[2]


def _tasks(rows: pl.DataFrame, host: Plan) -> list[TaskFigures]:
    """One row a column of the progress page; ``letter`` only where the plan has one."""
    found = tallies(rows, "column")
    sections = dict(rows.select("column", "section").unique().iter_rows())
    joined = {plan.pk: plan for plan in reported_together(host) if plan != host}

    def named(column: Column, words: str) -> str:
        """Of a joined plan with that plan's number, so that two tasks II.1.a stay two."""
        return section_of(joined[column.plan], words) if column.plan in joined else words

    return [
        {
            "key": column.key,
            "path": named(column, column.label if column.path.startswith("G") else column.path),
            "letter": column.label if _bare(column.key).startswith("t") else "",
            "section": named(column, _bare(sections[column.key])),
            "title": column.title,
            **_parts(found[column.key]),
        }
        for column in columns_of(rows)
    ]


def _reports(seen: Overview, group: str = "") -> ReportCounts:
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


def _groups(rows: pl.DataFrame, seen: Overview) -> list[GroupFigures]:
    counts = tallies(rows, "group")
    units = dict(rows.group_by("group").agg(pl.col("holder").n_unique()).iter_rows())
    reporting = {row.group for row in seen.rows}
    return [
        {
            "key": code,
            "title": title,
            "units": units.get(code, 0),
            "reports": _reports(seen, code),
            **_parts(counts.get(code)),
        }
        for code, title, *_ in GROUPS
        if code in counts or code in reporting
    ]


def _units(rows: pl.DataFrame, seen: Overview) -> list[UnitFigures]:
    work = tallies(rows, "holder")
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
            "work": _parts(work.get(row.organisation)),
        }
        for row in seen.rows
    ]
