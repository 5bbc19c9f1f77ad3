"""The first text of a unit's report, from what it told over the year."""

from __future__ import annotations

from collections.abc import Iterable

from tdcs.plans.models import Obligation, ReportSection, UnitReport

CLOSING = (
    ("A", "Khó khăn, vướng mắc"),
    ("B", "Đề xuất, kiến nghị"),
    ("C", "Phương hướng, nhiệm vụ năm tới"),
)


def prefilled_sections(report: UnitReport) -> list[ReportSection]:
    """One section for each task the unit owes that year, then difficulties, proposals, outlook."""
    rows = (
        Obligation.objects.filter(
            plan=report.plan, year=report.year, holder=report.organisation, task__isnull=False
        )
        .exclude(state__in=("merged", "withdrawn"))
        .select_related("task")
        .prefetch_related("evidence")
        .order_by("task__position")
    )
    return compose_sections(report, rows)


def compose_sections(report: UnitReport, rows: Iterable[Obligation]) -> list[ReportSection]:
    """The sections from the rows given, unsaved."""
    made = [
        ReportSection(
            report=report,
            path=row.task.path,
            title=row.task.title,
            task=row.task,
            words=result_words(row),
        )
        for row in rows
        if row.task
    ]
    made += [ReportSection(report=report, path=path, title=title) for path, title in CLOSING]
    for position, section in enumerate(made):
        section.position = position
    return made


def result_words(row: Obligation) -> str:
    """A result as a sentence; empty when the unit told nothing yet."""
    if not row.words:
        return ""
    said = row.words.rstrip(". ") + "."
    if row.state in ("open", "in_progress", "returned"):
        said += f" Tiến độ đến nay: {row.percent}%."
    if row.evidence_count:
        titles = [one.title for one in row.evidence.all() if one.removed_at is None]
        said += f" Minh chứng: {'; '.join(titles)}."
    return said
