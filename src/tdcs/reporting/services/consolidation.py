"""The branch's report of a year: figures taken, text drafted, edited, issued."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import nfc
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import AlreadyIssued, Stale
from tdcs.plans.models import (
    ConsolidatedReport,
    ConsolidatedSection,
    DutyKind,
    Obligation,
    Plan,
    ReportState,
    UnitReport,
)
from tdcs.plans.services.issuing import meet_duties, require_signed, write_signed
from tdcs.plans.states import OPEN_STATES
from tdcs.reporting.composing.consolidated import document
from tdcs.reporting.errors import NothingToConsolidate, TotalsDisagree
from tdcs.reporting.queries.consolidation import draft_sections
from tdcs.reporting.queries.counting import take_figures
from tdcs.reporting.rules.credit import credit_mismatches
from tdcs.reporting.rules.figures import Figures, mismatches
from tdcs.reporting.rules.prefill import Draft

__all__ = ["check_totals", "document", "draft", "issue", "restore", "save_section"]


def draft(*, plan: Plan, year: int, by: User | None, on: date) -> ConsolidatedReport:
    """Take the figures of today and write the sections; words that somebody edited are kept.

    Raises NothingToConsolidate, AlreadyIssued, TotalsDisagree.
    """
    if not UnitReport.objects.filter(plan=plan, year=year, state=ReportState.ACCEPTED).exists():
        raise NothingToConsolidate(year=year)
    with transaction.atomic():
        report, _ = ConsolidatedReport.objects.select_for_update(of=("self",)).get_or_create(
            plan=plan, year=year, defaults={"taken_on": on}
        )
        _require_draft(report)
        figures = take_figures(plan, year)
        check_totals(figures)
        report.figures, report.taken_on = figures, on
        report.revision += 1
        report.save()
        _write(report, draft_sections(plan, year, figures))
        trail.record(action="plans.consolidate", subject=report, by=by, on=on, data={"year": year})
    return report


def check_totals(figures: Figures) -> None:
    """Raises TotalsDisagree when a total is not the sum of its parts."""
    wrong = [*mismatches(figures), *credit_mismatches(figures.get("credit", {}))]
    if wrong:
        raise TotalsDisagree(what="; ".join(wrong[:5]))


def _write(report: ConsolidatedReport, drafts: list[Draft]) -> None:
    kept = {one.path: one for one in report.sections.select_for_update().order_by("pk")}
    for position, one in enumerate(drafts):
        section = kept.pop(one.path, None) or ConsolidatedSection(report=report, path=one.path)
        section.position, section.title = position, one.title[:500]
        if not section.edited and section.words != one.words:
            section.words = one.words
            section.revision += 1
        section.save()
    # A section whose tasks left the plan goes too, unless the branch wrote into it.
    report.sections.filter(path__in=kept, edited=False).delete()


def save_section(
    *, section: ConsolidatedSection, words: str, revision: int, by: User | None, on: date
) -> ConsolidatedSection:
    """Save the branch's own words. Raises Stale, AlreadyIssued; the same words pass."""
    with transaction.atomic():
        report = _locked(section.report_id)
        row = ConsolidatedSection.objects.select_for_update().get(pk=section.pk)
        said = nfc(words.replace("\r\n", "\n")).strip()[:60_000]
        if said == row.words:
            return row
        if row.revision != revision:
            raise Stale
        row.words, row.edited, row.revision = said, True, row.revision + 1
        row.save(update_fields=["words", "edited", "revision"])
        _touch(report, row, "plans.edit_consolidated", by, on)
    return row


def restore(*, section: ConsolidatedSection, by: User | None, on: date) -> ConsolidatedSection:
    """Give a section back to the system: its words are written anew from the kept figures."""
    with transaction.atomic():
        report = _locked(section.report_id)
        row = ConsolidatedSection.objects.select_for_update().get(pk=section.pk)
        fresh = {
            one.path: one.words for one in draft_sections(report.plan, report.year, report.figures)
        }
        row.words, row.edited, row.revision = fresh.get(row.path, ""), False, row.revision + 1
        row.save(update_fields=["words", "edited", "revision"])
        _touch(report, row, "plans.restore_consolidated", by, on)
    return row


def issue(
    *, report: ConsolidatedReport, signing: Signing, by: User | None, on: date
) -> ConsolidatedReport:
    """Give number, day and signer; from now on it does not change. The branch's duty to consolidate is met.

    Raises AnswerIncomplete, AlreadyIssued, TotalsDisagree.
    """
    require_signed(signing)
    with transaction.atomic():
        row = _locked(report.pk)
        check_totals(row.figures)
        write_signed(row, signing, on)
        row.state = ConsolidatedReport.State.ISSUED
        row.save()
        _meet_duty(row, by, on)
        trail.record(action="plans.issue_consolidated", subject=row, by=by, on=on)
    return row


def _meet_duty(report: ConsolidatedReport, by: User | None, on: date) -> None:
    rows = Obligation.objects.filter(
        plan=report.plan,
        year=report.year,
        duty__kind=DutyKind.CONSOLIDATE,
        state__in=OPEN_STATES,
    )
    words = f"Báo cáo tổng hợp số {report.number} ngày {report.issued_on:%d/%m/%Y}"
    meet_duties(rows, words, by=by, on=on)


def _locked(pk: int) -> ConsolidatedReport:
    report = ConsolidatedReport.objects.select_for_update(of=("self",)).get(pk=pk)
    _require_draft(report)
    return report


def _touch(
    report: ConsolidatedReport, row: ConsolidatedSection, action: str, by: User | None, on: date
) -> None:
    report.revision += 1
    report.save(update_fields=["revision"])
    trail.record(action=action, subject=report, by=by, on=on, data={"section": row.path})


def _require_draft(report: ConsolidatedReport) -> None:
    if report.state == ConsolidatedReport.State.ISSUED:
        raise AlreadyIssued(what=f"Báo cáo tổng hợp năm {report.year}")
