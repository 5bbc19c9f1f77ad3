"""A unit's yearly report: prefilled, edited section by section, submitted, accepted or returned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import nfc
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent, take_back
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on, successors
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.composing.letterheads import branch
from tdcs.plans.errors import AnswerIncomplete, MoveNotAllowed, NothingChosen, ReasonMissing, Stale
from tdcs.plans.models import (
    NoticeKind,
    Obligation,
    ObligationState,
    Plan,
    ProgressEntry,
    ReportMove,
    ReportSection,
    UnitReport,
)
from tdcs.plans.queries.in_force import reported_together
from tdcs.plans.queries.plans import require_open
from tdcs.plans.rules.timeliness import lateness
from tdcs.plans.services.entries import enter_steps
from tdcs.plans.services.notices import notify
from tdcs.reporting.errors import NotReporting, ReportsThroughSuccessor
from tdcs.reporting.queries.reports import fresh, host_of, report_duties, result_of
from tdcs.reporting.rules.changes import kept_results
from tdcs.reporting.rules.prefill import CLOSING, Draft, TaskResult, drafts
from tdcs.reporting.states import REPORT_MOVES

# A section is a page or two; more is a file, which belongs to the evidence.
MAX_WORDS = 40_000


def open_report(
    *, plan: Plan, year: int, organisation: Organisation, by: User | None, on: date
) -> UnitReport:
    """The unit's report of a year; made and prefilled the first time. A plan reported with another has that one's.

    Raises YearNotOpen, YearClosed, NotReporting, ReportsThroughSuccessor.
    """
    plan = host_of(plan)
    there = UnitReport.objects.filter(plan=plan, year=year, organisation=organisation).first()
    if there:
        return there
    with transaction.atomic():
        require_open(plan, year)
        duty = _require_duty(plan, year, organisation, on)
        report, made = UnitReport.objects.get_or_create(
            plan=plan,
            year=year,
            organisation=organisation,
            defaults={
                "due_on": duty.due_on or date(year, 12, 31),
                "due_before": duty.due_before,
                "touched_at": clock.now(),
            },
        )
        if made:
            ReportSection.objects.bulk_create(_rows(report))
            report.save(update_fields=["prefilled", "figures"])
            trail.record(action="plans.open_report", subject=report, by=by, on=on)
    return report


def _require_duty(plan: Plan, year: int, organisation: Organisation, on: date) -> Obligation:
    duties = report_duties(plan, year, organisation.pk)
    if duties:
        return duties[0]
    name = names_on(on, [organisation.pk])[organisation.pk]
    living = list(successors([organisation.pk], on)[organisation.pk])
    if organisation.ends_on and organisation.ends_on <= on and living != [organisation.pk]:
        names = sorted(names_on(on, living).values())
        raise ReportsThroughSuccessor(unit=name, year=year, successors=", ".join(names))
    raise NotReporting(unit=name, year=year)


def _rows(report: UnitReport) -> list[ReportSection]:
    return [
        ReportSection(
            report=report, position=at, path=one.path, title=one.title[:500], words=one.words
        )
        for at, one in enumerate(_taken(report))
    ]


def _taken(report: UnitReport) -> list[Draft]:
    """The sections of now; the report keeps what they are made from."""
    found = fresh(report)
    report.prefilled, report.figures = kept_results(found.results), found.figures
    return found.sections


def sections_from(report: UnitReport, rows: Iterable[Obligation]) -> list[ReportSection]:
    """Unsaved sections from obligations already at hand, for many reports at once."""
    results: list[TaskResult] = [result_of(row) for row in rows]
    made = drafts(results, (), plan_number=report.plan.number, year=report.year)
    return [
        ReportSection(report=report, position=at, path=one.path, title=one.title, words=one.words)
        for at, one in enumerate(made)
    ]


def save_section(
    *, section: ReportSection, words: str, revision: int, by: User | None, on: date
) -> ReportSection:
    """Save one section. Raises Stale when somebody else saved it since it was read; the same words pass."""
    with transaction.atomic():
        report = _locked(section.report, "edit")
        row = ReportSection.objects.select_for_update().get(pk=section.pk)
        said = nfc(words.replace("\r\n", "\n")).strip()[:MAX_WORDS]
        if said == row.words:
            return row
        if row.revision != revision:
            raise Stale
        row.words, row.edited, row.revision = said, True, row.revision + 1
        row.save(update_fields=["words", "edited", "revision"])
        _touch(report)
        trail.record(
            action="plans.edit_report", subject=report, by=by, on=on, data={"section": row.path}
        )
    return row


def refresh(*, report: UnitReport, by: User | None, on: date) -> int:
    """Write sections that nobody edited anew from the latest progress; returns how many changed.

    A section of a task that came since is added; what the unit wrote stays as it is.
    """
    with transaction.atomic():
        row = _locked(report, "edit")
        kept = {one.path: one for one in row.sections.select_for_update().order_by("pk")}
        changed = 0
        # Positions are unique: they are moved out of the way before they are given anew.
        drawn = _taken(row)
        known = {draft.path for draft in drawn}
        _park(kept.values())
        leftover = [one for path, one in kept.items() if path not in known]
        for at, draft in enumerate(drawn):
            changed += _renew(row, kept.get(draft.path), draft.title, draft.words, draft.path, at)
        changed += _drop(leftover, len(drawn))
        _touch(row)
        trail.record(
            action="plans.refresh_report", subject=row, by=by, on=on, data={"changed": changed}
        )
    return changed


def _park(sections: Iterable[ReportSection]) -> None:
    for one in sections:
        ReportSection.objects.filter(pk=one.pk).update(position=10_000 + one.position)


def _renew(
    report: UnitReport, there: ReportSection | None, title: str, words: str, path: str, at: int
) -> bool:
    if there is None:
        ReportSection.objects.create(
            report=report, position=at, path=path, title=title[:500], words=words
        )
        return True
    there.position = at
    changed = not there.edited and there.words != words
    if changed:
        there.words, there.revision = words, there.revision + 1
    there.save(update_fields=["position", "words", "revision"])
    return changed


def _drop(sections: list[ReportSection], first: int) -> int:
    """Sections whose tasks the unit no longer owes: gone, unless somebody wrote into them."""
    edited = [one for one in sections if one.edited]
    for at, one in enumerate(edited, first):
        one.position = at
        one.save(update_fields=["position"])
    gone = [one.pk for one in sections if not one.edited]
    ReportSection.objects.filter(pk__in=gone).delete()
    return len(gone)


def submit(
    *, report: UnitReport, number: str, signer: str, signer_title: str, by: User | None, on: date
) -> UnitReport:
    """Hand the report in; lateness is counted on the day. Raises AnswerIncomplete when sections are empty."""
    with transaction.atomic():
        row = _locked(report, "submit")
        missing = [
            f"mục “{one.title}”"
            for one in row.sections.exclude(path__in=CLOSING)
            if not one.words.strip()
        ]
        if not signer.strip():
            missing.append("người ký")
        if missing:
            raise AnswerIncomplete(what=", ".join(missing))
        late = lateness(arrived_on=on, due_on=row.due_on, due_before=row.due_before)
        row.number, row.signer = nfc(number).strip()[:60], nfc(signer).strip()[:120]
        row.signer_title = nfc(signer_title).strip()[:120]
        row.submitted_on, row.returned_why = on, ""
        row.days_late, row.working_days_late = late.days, late.working_days
        _move(row, "submit", "", by, on)
        _mirror(row, "submitted", by, on)
    return row


def recall(*, report: UnitReport, by: User | None, on: date) -> UnitReport:
    """Take the report back before the branch has looked at it."""
    with transaction.atomic():
        row = _locked(report, "recall")
        _unsubmit(row)
        _move(row, "recall", "", by, on)
        _mirror(row, "in_progress", by, on)
    return row


def send_back(*, report: UnitReport, why: str, by: User | None, on: date) -> UnitReport:
    """Return the report with a reason; the unit is told. Raises ReasonMissing."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _locked(report, "return")
        row.returned_why = nfc(why).strip()
        _unsubmit(row)
        _move(row, "return", why.strip(), by, on)
        _mirror(row, "returned", by, on)
        _notify_unit(row, f"{_named(row)} được trả lại để bổ sung: {why.strip()}")
    return row


def accept(*, report: UnitReport, by: User | None, on: date) -> UnitReport:
    """Accept the report and, with it, the unit's submitted results of the year."""
    with transaction.atomic():
        row = _locked(report, "accept")
        row.accepted_on = on
        _move(row, "accept", "", by, on)
        _mirror(row, "accepted", by, on)
        _accept_results(row, by, on)
        _notify_unit(row, f"{_named(row)} đã được tiếp nhận")
    return row


def accept_many(*, reports: Iterable[UnitReport], by: User | None, on: date) -> int:
    """Accept all that are chosen, or none. Raises NothingChosen, MoveNotAllowed."""
    with transaction.atomic():
        rows = sorted(reports, key=lambda row: row.pk)
        if not rows:
            raise NothingChosen(what="báo cáo")
        for row in rows:
            accept(report=row, by=by, on=on)
    return len(rows)


def reopen(*, report: UnitReport, why: str, by: User | None, on: date) -> UnitReport:
    """Give an accepted report back to its unit, with a reason. Its accepted results stay accepted."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _locked(report, "reopen")
        row.accepted_on, row.returned_why = None, nfc(why).strip()
        _unsubmit(row)
        _move(row, "reopen", why.strip(), by, on)
        _mirror(row, "returned", by, on)
        _notify_unit(row, f"{_named(row)} được mở lại để bổ sung: {why.strip()}")
    return row


def _locked(report: UnitReport, verb: str) -> UnitReport:
    row = UnitReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require_open(row.plan, row.year)
    move = REPORT_MOVES[verb]
    if row.state not in move.sources:
        raise MoveNotAllowed(verb=move.label, state=row.get_state_display())
    return row


def _touch(row: UnitReport) -> None:
    row.revision += 1
    row.touched_at = clock.now()
    row.save(update_fields=["revision", "touched_at", "prefilled", "figures"])


def _unsubmit(row: UnitReport) -> None:
    row.submitted_on, row.days_late, row.working_days_late = None, 0, 0


def _move(row: UnitReport, verb: str, why: str, by: User | None, on: date) -> None:
    row.state = REPORT_MOVES[verb].target
    row.touched_at = clock.now()
    row.revision += 1
    row.save()
    ReportMove.objects.create(report=row, verb=verb, on=on, at=row.touched_at, by=by, why=why)
    _register(row, verb, by, on)
    trail.record(action=f"plans.report_{verb}", subject=row, by=by, on=on, why=why[:300])


def _register(row: UnitReport, verb: str, by: User | None, on: date) -> None:
    """A report that is handed in stands in the registers of letters; taken back or returned, its lines say so."""
    origin = f"reporting.report:{row.pk}"
    if verb == "submit":
        letter = Sent(
            kind="Báo cáo",
            number=row.number,
            dated_on=on,
            subject=f"Kết quả thực hiện Kế hoạch số {row.plan.number} năm {row.year}",
            about=About.REPORT,
            about_key=row.pk,
            origin=origin,
        )
        home = branch(row.plan, on).pk
        enter_sent(letter=letter, sender=row.organisation_id, recipients=[home], by=by, on=on)
    elif verb in ("recall", "return", "reopen"):
        take_back(origin=origin, by=by, on=on)


def _named(row: UnitReport) -> str:
    return f"Báo cáo năm {row.year} ({row.plan})"


def _notify_unit(row: UnitReport, words: str) -> None:
    notify(organisation=row.organisation_id, words=words, kind=NoticeKind.REPORT, subject=row.pk)


def _mirror(row: UnitReport, state: str, by: User | None, on: date) -> None:
    """The duty to report stands as its report does, also that of a plan reported with this one."""
    for duty in report_duties(row.plan, row.year, row.organisation_id):
        _mirror_one(row, duty, state, by, on)


def _mirror_one(row: UnitReport, duty: Obligation, state: str, by: User | None, on: date) -> None:
    duty.state, duty.submitted_on = state, row.submitted_on
    duty.percent = 100 if row.submitted_on else 50
    duty.words = f"Báo cáo năm {row.year}" + (f" số {row.number}" if row.number else "")
    duty.closed_on = row.accepted_on if state == ObligationState.ACCEPTED else None
    duty.touched_at = row.touched_at
    duty.save()
    ProgressEntry.objects.create(
        obligation=duty,
        verb=_ENTRY_VERBS[state],
        on=on,
        at=row.touched_at or clock.now(),
        by=by,
        organisation_id=row.organisation_id,
        percent=duty.percent,
        words=row.returned_why if state == ObligationState.RETURNED else duty.words,
    )


_ENTRY_VERBS = {
    "submitted": "submit",
    "in_progress": "recall",
    "returned": "return",
    "accepted": "accept",
}


def _accept_results(row: UnitReport, by: User | None, on: date) -> None:
    results = Obligation.objects.select_for_update(of=("self",)).filter(
        plan__in=reported_together(row.plan),
        year=row.year,
        holder=row.organisation,
        state=ObligationState.SUBMITTED,
        task__isnull=False,
    )
    done = list(results.order_by("pk"))
    moment = clock.now()
    for one in done:
        one.state, one.closed_on, one.touched_at = ObligationState.ACCEPTED, on, moment
    update_rows(done, ["state", "closed_on", "touched_at"])
    words = f"Duyệt cùng báo cáo năm {row.year}"
    enter_steps(done, ProgressEntry.Verb.ACCEPT, words, at=moment, by=by, on=on)
