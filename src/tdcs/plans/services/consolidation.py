"""The branch's report of a year: figures taken, text drafted, edited, issued."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.plans.composing.consolidated import check_totals, draft_sections, take_figures
from tdcs.plans.errors import AlreadyIssued, AnswerIncomplete, NothingToConsolidate, Stale
from tdcs.plans.models import ConsolidatedReport, ConsolidatedSection, Plan, UnitReport


def draft(*, plan: Plan, year: int, by: User | None, on: date) -> ConsolidatedReport:
    """Take the figures of today and write the sections; words that somebody edited are kept.

    Raises NothingToConsolidate, AlreadyIssued, TotalsDisagree.
    """
    if not UnitReport.objects.filter(plan=plan, year=year, state="accepted").exists():
        raise NothingToConsolidate(year=year)
    with transaction.atomic():
        report, _ = ConsolidatedReport.objects.select_for_update().get_or_create(
            plan=plan, year=year, defaults={"taken_on": on}
        )
        _require_draft(report)
        figures = take_figures(plan, year)
        check_totals(figures)
        report.figures, report.taken_on = figures, on
        report.revision += 1
        report.save()
        _write(report, figures)
        trail.record(action="plans.consolidate", subject=report, by=by, on=on, data={"year": year})
    return report


def _write(report: ConsolidatedReport, figures: dict[str, Any]) -> None:
    kept = {s.path: s for s in report.sections.all()}
    for position, (path, title, words) in enumerate(
        draft_sections(report.plan, report.year, figures)
    ):
        section = kept.get(path) or ConsolidatedSection(report=report, path=path)
        section.position, section.title = position, title
        if not section.edited:
            section.words = words
        section.save()


def save_section(
    *, section: ConsolidatedSection, words: str, revision: int, by: User | None, on: date
) -> ConsolidatedReport:
    """Save the branch's own words. Raises Stale, AlreadyIssued."""
    with transaction.atomic():
        report = ConsolidatedReport.objects.select_for_update().get(pk=section.report_id)
        _require_draft(report)
        if report.revision != revision:
            raise Stale
        section.words, section.edited = words.strip(), True
        section.save(update_fields=["words", "edited"])
        report.revision += 1
        report.save(update_fields=["revision"])
        trail.record(
            action="plans.edit_consolidated",
            subject=report,
            by=by,
            on=on,
            data={"section": section.path},
        )
    return report


def issue(
    *,
    report: ConsolidatedReport,
    number: str,
    signer: str,
    signer_title: str,
    issued_on: date,
    by: User | None,
    on: date,
) -> ConsolidatedReport:
    """Give number, day and signer; from now on it does not change."""
    missing = [w for v, w in ((number, "số, ký hiệu"), (signer, "người ký")) if not v.strip()]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))
    with transaction.atomic():
        row = ConsolidatedReport.objects.select_for_update().get(pk=report.pk)
        _require_draft(row)
        row.number, row.signer, row.signer_title = number[:60], signer[:120], signer_title[:120]
        row.issued_on, row.state = issued_on, ConsolidatedReport.State.ISSUED
        row.save()
        trail.record(action="plans.issue_consolidated", subject=row, by=by, on=on)
    return row


def _require_draft(report: ConsolidatedReport) -> None:
    if report.state == ConsolidatedReport.State.ISSUED:
        raise AlreadyIssued(what=f"Báo cáo tổng hợp năm {report.year}")
