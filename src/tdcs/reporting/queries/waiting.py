"""What of the yearly report waits for a person: the own unit's to hand in, units' reports to accept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core.waiting import Urgency, Waiting
from tdcs.plans.models import Obligation, Plan, ReportState, UnitReport
from tdcs.plans.rules.timeliness import lateness
from tdcs.reporting.queries.reports import HANDED_IN, days_left, duties_of, reports_of

# A report is pressing when so few days are left.
_SOON_DAYS = 30


def waiting_for(user: User, on: date, plans: Sequence[Plan]) -> list[Waiting]:
    """Lines of the first screen for the year of the day: one for each report of the own unit, whatever plan it is of."""
    if not plans or not user.may("plans.view"):
        return []
    unit = own_organisation(user) if user.may("plans.report") else None
    accepts = user.may("plans.accept_report")
    if unit is None and not accepts:
        return []
    found: list[Waiting] = []
    duties = duties_of(plans, on.year, unit.pk) if unit else {}
    own = reports_of(plans, on.year, unit.pk) if unit else {}
    for plan in plans if unit else ():
        # What is reported with another plan waits there.
        if plan.reports_with not in plans:
            named = plan if len(plans) > 1 else None
            found += _own(duties.get(plan.pk), own.get(plan.pk), on, named)
    if accepts and (n := _submitted(plans, on.year)):
        title, query = (
            _("Báo cáo của đơn vị chờ tiếp nhận"),
            f"plan=all&year={on.year}&state=submitted",
        )
        found.append(Waiting(title, n, _("Tiếp nhận"), "plans:reports", (), query))
    return found


def _submitted(plans: Sequence[Plan], year: int) -> int:
    rows = UnitReport.objects.filter(plan__in=plans, year=year, state=ReportState.SUBMITTED)
    return rows.count()


def _own(
    duty: Obligation | None, row: UnitReport | None, on: date, plan: Plan | None
) -> list[Waiting]:
    """The report that the person's unit owes for the year and has not handed in."""
    if duty is None or (row is not None and row.state in HANDED_IN):
        return []
    urgency, note = Urgency.OPEN, ""
    if duty.due_on:
        late = lateness(arrived_on=on, due_on=duty.due_on, due_before=duty.due_before).days
        left = days_left(duty.due_on, duty.due_before)
        if late:
            urgency = Urgency.LATE
            note = ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", late) % {"n": late}
        elif left:
            urgency = Urgency.SOON if left[0] <= _SOON_DAYS else Urgency.OPEN
            note = ngettext("còn %(n)d ngày", "còn %(n)d ngày", left[0]) % {"n": left[0]}
    if row is None:
        title, action = _("Báo cáo năm %(year)d của đơn vị chưa lập"), _("Lập báo cáo")
    elif row.state == ReportState.RETURNED:
        title, action = _("Báo cáo năm %(year)d của đơn vị bị trả lại"), _("Bổ sung")
        urgency = min(urgency, Urgency.SOON)
    else:
        title, action = _("Báo cáo năm %(year)d của đơn vị chưa nộp"), _("Nộp báo cáo")
    route, args = ("plans:report", (row.pk,)) if row else ("plans:reports", ())
    query = f"plan={plan.pk}" if plan and not row else ""
    if plan:
        title = f"{title} ({plan})"
    return [
        Waiting(
            title % {"year": on.year}, 1, action, route, args, query, urgency, note, "plans:reports"
        )
    ]
