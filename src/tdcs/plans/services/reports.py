"""A unit's yearly report: prefilled, edited section by section, submitted, accepted or returned."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.models import Organisation
from tdcs.plans.composing.prefill import prefilled_sections
from tdcs.plans.errors import AnswerIncomplete, MoveNotAllowed, ReasonMissing, Stale
from tdcs.plans.models import (
    DutyKind,
    Obligation,
    Plan,
    ProgressEntry,
    ReportMove,
    ReportSection,
    UnitReport,
)
from tdcs.plans.queries.plans import require_open
from tdcs.plans.rules.timeliness import lateness
from tdcs.plans.services.notices import notify
from tdcs.plans.states import REPORT_MOVES


def open_report(
    *, plan: Plan, year: int, organisation: Organisation, by: User | None, on: date
) -> UnitReport:
    """The unit's report of a year; made and prefilled the first time. Raises YearClosed, MoveNotAllowed."""
    there = UnitReport.objects.filter(plan=plan, year=year, organisation=organisation).first()
    if there:
        return there
    with transaction.atomic():
        require_open(plan, year)
        duty = report_duty(plan, year, organisation)
        if duty is None or duty.due_on is None:
            raise MoveNotAllowed(
                verb="lập báo cáo", state="đơn vị không thuộc diện báo cáo năm này"
            )
        report, made = UnitReport.objects.get_or_create(
            plan=plan,
            year=year,
            organisation=organisation,
            defaults={
                "due_on": duty.due_on,
                "due_before": duty.due_before,
                "touched_at": clock.now(),
            },
        )
        if made:
            ReportSection.objects.bulk_create(prefilled_sections(report))
            trail.record(action="plans.open_report", subject=report, by=by, on=on)
    return report


def report_duty(plan: Plan, year: int, organisation: Organisation | int) -> Obligation | None:
    """The unit's obligation to report that year, if it has one."""
    key = organisation if isinstance(organisation, int) else organisation.pk
    return (
        Obligation.objects.filter(
            plan=plan, year=year, holder_id=key, duty__kind=DutyKind.YEARLY_REPORT
        )
        .exclude(state__in=("merged", "withdrawn"))
        .first()
    )


def save_section(
    *, section: ReportSection, words: str, revision: int, by: User | None, on: date
) -> UnitReport:
    """Save one section. Raises Stale when the report was saved by somebody else since it was read."""
    with transaction.atomic():
        report = _locked(section.report, "edit")
        if report.revision != revision:
            raise Stale
        section.words = words.strip()
        section.save(update_fields=["words"])
        report.revision += 1
        report.touched_at = clock.now()
        report.save(update_fields=["revision", "touched_at"])
        trail.record(
            action="plans.edit_report", subject=report, by=by, on=on, data={"section": section.path}
        )
    return report


def refresh(*, report: UnitReport, by: User | None, on: date) -> UnitReport:
    """Fill sections that nobody wrote into from the latest progress."""
    with transaction.atomic():
        row = _locked(report, "edit")
        fresh = {section.position: section.words for section in prefilled_sections(row)}
        for section in row.sections.filter(words=""):
            section.words = fresh.get(section.position, "")
            section.save(update_fields=["words"])
        row.revision += 1
        row.save(update_fields=["revision"])
        trail.record(action="plans.refresh_report", subject=row, by=by, on=on)
    return row


def submit(
    *, report: UnitReport, number: str, signer: str, signer_title: str, by: User | None, on: date
) -> UnitReport:
    """Hand the report in; lateness is counted on the day. Raises AnswerIncomplete when sections are empty."""
    with transaction.atomic():
        row = _locked(report, "submit")
        empty = [s.path or s.title for s in row.sections.exclude(task=None).filter(words="")]
        if not signer.strip():
            empty.append("người ký")
        if empty:
            raise AnswerIncomplete(what=", ".join(empty))
        late = lateness(arrived_on=on, due_on=row.due_on, due_before=row.due_before)
        row.number, row.signer = number.strip()[:60], signer.strip()[:120]
        row.signer_title = signer_title.strip()[:120]
        row.submitted_on, row.returned_why = on, ""
        row.days_late, row.working_days_late = late.days, late.working_days
        _move(row, "submit", "", by, on)
        _mirror(row, "submitted", by, on)
    return row


def recall(*, report: UnitReport, by: User | None, on: date) -> UnitReport:
    """Take the report back before the branch has looked at it."""
    with transaction.atomic():
        row = _locked(report, "recall")
        row.submitted_on = None
        _move(row, "recall", "", by, on)
        _mirror(row, "in_progress", by, on)
    return row


def send_back(*, report: UnitReport, why: str, by: User | None, on: date) -> UnitReport:
    """Return the report with a reason; the unit is told."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _locked(report, "return")
        row.returned_why, row.submitted_on = why.strip(), None
        _move(row, "return", why, by, on)
        _mirror(row, "returned", by, on)
        notify(
            organisation=row.organisation_id,
            words=f"Báo cáo năm {row.year} được trả lại để bổ sung: {why.strip()}",
            url=f"/ke-hoach/bao-cao/{row.pk}/",
        )
    return row


def accept(*, report: UnitReport, by: User | None, on: date) -> UnitReport:
    """Accept the report and, with it, the unit's submitted results of the year."""
    with transaction.atomic():
        row = _locked(report, "accept")
        row.accepted_on = on
        _move(row, "accept", "", by, on)
        _mirror(row, "accepted", by, on)
        _accept_results(row, by, on)
        notify(
            organisation=row.organisation_id,
            words=f"Báo cáo năm {row.year} đã được tiếp nhận",
            url=f"/ke-hoach/bao-cao/{row.pk}/",
        )
    return row


def _locked(report: UnitReport, verb: str) -> UnitReport:
    row = UnitReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require_open(row.plan, row.year)
    move = REPORT_MOVES[verb]
    if row.state not in move.sources:
        raise MoveNotAllowed(verb=move.label, state=row.get_state_display())
    return row


def _move(row: UnitReport, verb: str, why: str, by: User | None, on: date) -> None:
    row.state = REPORT_MOVES[verb].target
    row.touched_at = clock.now()
    row.revision += 1
    row.save()
    ReportMove.objects.create(report=row, verb=verb, on=on, at=row.touched_at, by=by, why=why)
    trail.record(action=f"plans.report_{verb}", subject=row, by=by, on=on, why=why[:300])


def _mirror(row: UnitReport, state: str, by: User | None, on: date) -> None:
    """The duty to report stands as its report does."""
    duty = report_duty(row.plan, row.year, row.organisation_id)
    if duty is None:
        return
    duty.state, duty.submitted_on = state, row.submitted_on
    duty.percent = 100 if row.submitted_on else 50
    duty.closed_on = row.accepted_on if state == "accepted" else None
    duty.touched_at = clock.now()
    duty.save()


def _accept_results(row: UnitReport, by: User | None, on: date) -> None:
    results = Obligation.objects.select_for_update().filter(
        plan=row.plan, year=row.year, holder=row.organisation, state="submitted", task__isnull=False
    )
    done = list(results.order_by("pk"))
    for one in done:
        one.state, one.closed_on = "accepted", on
    Obligation.objects.bulk_update(done, ["state", "closed_on"])
    ProgressEntry.objects.bulk_create(
        ProgressEntry(
            obligation=one,
            verb="accept",
            on=on,
            at=clock.now(),
            by=by,
            organisation_id=one.holder_id,
            percent=one.percent,
            words=f"Duyệt cùng báo cáo năm {row.year}",
        )
        for one in done
    )
