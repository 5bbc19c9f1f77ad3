"""The invented reports of units over the years, in bulk; lateness by the same rule as in life."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from tdcs.core import clock
from tdcs.demo import words
from tdcs.demo.life import diligence
from tdcs.demo.people import name_of
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.models import (
    DutyKind,
    Obligation,
    ObligationState,
    Plan,
    ReportMove,
    ReportSection,
    ReportState,
    UnitReport,
)
from tdcs.plans.rules.timeliness import last_day_in_time, lateness
from tdcs.reporting.services.reports import sections_from


def write(plan: Plan, year: int, *, until: date, seed: int) -> int:
    """Reports of the units that owe one, as they stand on a day; returns how many were begun."""
    duties = Obligation.objects.filter(plan=plan, year=year, duty__kind=DutyKind.YEARLY_REPORT)
    duties = duties.exclude(
        state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN)
    ).select_related("holder")
    made: list[UnitReport] = []
    owed: list[Obligation] = []
    for duty in duties:
        luck = Random(f"{seed}:report:{year}:{duty.holder.code}")
        report = _report(plan, year, duty, luck, until, seed)
        if report is not None:
            made.append(report)
            owed.append(duty)
    UnitReport.objects.bulk_create(made)
    _sections(plan, year, made, seed)
    ReportMove.objects.bulk_create([move for report in made for move in _moves(report)])
    update_rows(owed, ["state", "percent", "submitted_on", "closed_on", "touched_at"])
    return len(made)


def _report(
    plan: Plan, year: int, duty: Obligation, luck: Random, until: date, seed: int
) -> UnitReport | None:
    due = duty.due_on or date(year, 12, 31)
    character = diligence(duty.holder.code, seed)
    early = {"diligent": (1, 26), "slow": (-5, 9), "weak": (-19, 2)}[character]
    arrived = last_day_in_time(due, duty.due_before) - timedelta(days=luck.randint(*early))
    report = UnitReport(
        plan=plan,
        year=year,
        organisation=duty.holder,
        due_on=due,
        due_before=duty.due_before,
        number=f"{luck.randint(12, 480)}/BC-UBND"
        if duty.holder.type == "ubnd"
        else f"{luck.randint(12, 480)}/BC",
        signer=name_of(luck),
        signer_title="Chủ tịch" if duty.holder.type == "ubnd" else "Phó Giám đốc",
    )
    if arrived > until:
        if character != "diligent" or luck.random() < 0.4:
            return None
        report.state, report.touched_at = ReportState.DRAFT, _at(until, luck)
        duty.state, duty.percent = ObligationState.IN_PROGRESS, 50
        return report
    late = lateness(arrived_on=arrived, due_on=due, due_before=duty.due_before)
    report.submitted_on, report.days_late = arrived, late.days
    report.working_days_late = late.working_days
    accepted = arrived + timedelta(days=luck.randint(1, 8))
    report.state, report.touched_at = ReportState.SUBMITTED, _at(arrived, luck)
    duty.state, duty.percent, duty.submitted_on = ObligationState.SUBMITTED, 100, arrived
    if accepted <= until:
        report.state, report.accepted_on = ReportState.ACCEPTED, accepted
        duty.state, duty.closed_on = ObligationState.ACCEPTED, accepted
    elif until.year == year and luck.random() < 0.12:
        report.state, report.submitted_on = ReportState.RETURNED, None
        report.returned_why = "Bổ sung số liệu rà soát hộ nghèo và minh chứng kiểm tra Tổ TK&VV."
        duty.state, duty.submitted_on, duty.percent = ObligationState.RETURNED, None, 80
    duty.touched_at = report.touched_at
    return report


def _sections(plan: Plan, year: int, made: list[UnitReport], seed: int) -> None:
    rows: dict[int, list[Obligation]] = defaultdict(list)
    owed = Obligation.objects.filter(
        plan=plan, year=year, task__isnull=False, holder__in=[r.organisation_id for r in made]
    ).exclude(state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN))
    for row in owed.select_related("task").order_by("task__position"):
        rows[row.holder_id].append(row)
    sections: list[ReportSection] = []
    for report in made:
        luck = Random(f"{seed}:closing:{year}:{report.organisation_id}")
        for section in sections_from(report, rows[report.organisation_id]):
            if "Khó khăn" in section.title:
                section.words = luck.choice(words.DIFFICULTIES)
            elif "iến nghị" in section.title:
                section.words = luck.choice(words.PROPOSALS)
            sections.append(section)
    ReportSection.objects.bulk_create(sections, batch_size=1000)


def _moves(report: UnitReport) -> list[ReportMove]:
    luck = Random(f"{report.pk}")
    days = (("submit", report.submitted_on), ("accept", report.accepted_on))
    return [
        ReportMove(report=report, verb=verb, on=day, at=_at(day, luck))
        for verb, day in days
        if day is not None
    ]


def _at(day: date, luck: Random) -> datetime:
    return datetime.combine(day, time(luck.randint(8, 16), luck.randint(0, 59)), clock.ZONE)
