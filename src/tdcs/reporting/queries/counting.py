"""The counts of the consolidated report, of the same rows as the progress page: tasks, general duties, assigned tasks."""

from __future__ import annotations

from typing import Final, NotRequired, TypedDict

import polars as pl

from tdcs.core import clock
from tdcs.plans.models import ConsolidatedReport, Plan, ReportingYear, ReportState, Task
from tdcs.plans.queries.matrix import columns_of
from tdcs.plans.queries.obligations import GROUPS, Tally, frame, tallies, tally
from tdcs.reporting.queries.credit import CreditFigures, NoFigures, credit_figures
from tdcs.reporting.queries.reports import Overview, overview

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
    rows = frame(plan, year)
    seen = overview(plan, year)
    return {
        "counted": COUNTED,
        "taken_on": clock.today().isoformat(),
        "year": year,
        "reports": _reports(seen),
        "all": {"title": "Tổng cộng", **_parts(tally(rows))},
        "holders": rows["holder"].n_unique(),
        "sections": _sections(rows),
        "groups": _groups(rows, seen),
        "tasks": _tasks(rows),
        "units": _units(rows, seen),
    }


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


def _sections(rows: pl.DataFrame) -> list[SectionFigures]:
    """Sections of the plan in its order, then the general duties and what the branch assigned."""
    found = tallies(rows, "section")
    tasks = Task.objects.filter(pk__in=rows["task"].drop_nulls().unique().to_list())
    titles: dict[str, str] = {}
    for task in tasks.order_by("position", "pk"):
        titles.setdefault(task.section_path, task.section_title)
    for section, title in OTHER_SECTIONS.items():
        if section in found:
            titles.setdefault(section, title)
    return [
        {"key": path, "path": path, "title": title, **_parts(found[path])}
        for path, title in titles.items()
    ]


def _tasks(rows: pl.DataFrame) -> list[TaskFigures]:
    """One row a column of the progress page; ``letter`` only where the plan has one."""
    found = tallies(rows, "column")
    sections = dict(rows.select("column", "section").unique().iter_rows())
    return [
        {
            "key": column.key,
            "path": column.label if column.key.startswith("g") else column.path,
            "letter": column.label if column.key.startswith("t") else "",
            "section": sections[column.key],
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
