"""Who has reported, who is late, who has not begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.organisations.queries import names_on
from tdcs.plans.models import DutyKind, Obligation, Plan, UnitReport
from tdcs.plans.queries.obligations import GROUPS, group_of
from tdcs.plans.rules.timeliness import last_day_in_time


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One unit that owes a yearly report."""

    organisation: int
    name: str
    group: str
    group_title: str
    state: str
    report: int | None
    submitted_on: date | None
    days_late: int
    working_days_late: int
    overdue_days: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    rows: list[ReportRow]
    expected: int
    submitted: int
    accepted: int
    returned: int
    late: int
    due_on: date | None

    @property
    def handed_in(self) -> int:
        """Submitted or accepted."""
        return self.submitted + self.accepted


def overview(plan: Plan, year: int, user: User | None = None) -> Overview:
    """Every unit that owes a report of a year, with what came of it; four queries."""
    duties = Obligation.objects.filter(plan=plan, year=year, duty__kind=DutyKind.YEARLY_REPORT)
    duties = duties.exclude(state__in=("merged", "withdrawn")).select_related("holder")
    visible = visible_organisations(user) if user else None
    if visible is not None:
        duties = duties.filter(holder_id__in=visible)
    owed = list(duties)
    reports = {r.organisation_id: r for r in UnitReport.objects.filter(plan=plan, year=year)}
    names = names_on(clock.today(), [row.holder_id for row in owed])
    titles = {code: title for code, title, *_ in GROUPS}
    rows = [_row(one, reports.get(one.holder_id), names[one.holder_id], titles) for one in owed]
    order = {code: at for at, (code, *_) in enumerate(GROUPS)}
    rows.sort(key=lambda r: (order[r.group], fold(r.name)))
    count = {s: sum(r.state == s for r in rows) for s in ("submitted", "accepted", "returned")}
    return Overview(
        rows=rows,
        expected=len(rows),
        submitted=count["submitted"],
        accepted=count["accepted"],
        returned=count["returned"],
        late=sum(r.days_late > 0 or r.overdue_days > 0 for r in rows),
        due_on=owed[0].due_on if owed else None,
    )


def _row(
    owed: Obligation, report: UnitReport | None, name: str, titles: dict[str, str]
) -> ReportRow:
    group = group_of(owed.holder.kind, owed.holder.level)
    state = report.state if report else "none"
    overdue = 0
    if owed.due_on and state not in ("submitted", "accepted"):
        overdue = max(0, (clock.today() - last_day_in_time(owed.due_on, owed.due_before)).days)
    return ReportRow(
        organisation=owed.holder_id,
        name=name,
        group=group,
        group_title=titles[group],
        state=state,
        report=report.pk if report else None,
        submitted_on=report.submitted_on if report else None,
        days_late=report.days_late if report and report.submitted_on else 0,
        working_days_late=report.working_days_late if report and report.submitted_on else 0,
        overdue_days=overdue,
        due_on=owed.due_on,
    )


def evidence_counts(plan: Plan, year: int) -> dict[str, int]:
    """How many obligations of a year carry evidence, by state."""
    rows = Obligation.objects.filter(plan=plan, year=year, evidence_count__gt=0)
    return dict(rows.values_list("state").annotate(n=Count("id")))
