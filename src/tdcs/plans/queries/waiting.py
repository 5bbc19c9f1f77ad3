"""What of the plan waits for a person: own work, results and proposals to decide, a reading to check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core.waiting import Urgency, Waiting
from tdcs.organisations.queries import ancestors_of
from tdcs.plans.models import AmendmentProposal, ObligationState, Plan, ProposalState
from tdcs.plans.queries.obligations import ELSEWHERE, awaiting_review, frame, frame_of_units
from tdcs.plans.queries.plans import drafts

_OVER = ("done", "done_late")
_COUNTED = ("duty_kind", "standing", "state", "days_late")


def waiting_for(user: User, on: date, plans: Sequence[Plan]) -> list[Waiting]:
    """Lines of the first screen over all the plans."""
    found: list[Waiting] = []
    if user.may("plans.publish") and (n := drafts().count()):
        found.append(
            Waiting(_("Bản kế hoạch đã đọc, chờ rà soát và công bố"), n, _("Rà soát"), "plans:plan")
        )
    if not plans:
        return found
    if user.may("plans.work"):
        found += _own_work(user, plans, on)
    if user.may("plans.review") and (n := awaiting_review(plans, on.year).count()):
        title = _("Kết quả của các đơn vị chờ duyệt")
        found.append(Waiting(title, n, _("Duyệt"), "plans:inbox", (), "plan=all"))
    if user.may("plans.decide_amendment"):
        asked = AmendmentProposal.objects.filter(plan__in=plans, state=ProposalState.SUBMITTED)
        n = asked.exclude(submitted_by=user).count()
        if n:
            title = _("Kiến nghị sửa đổi kế hoạch chờ xem xét")
            found.append(Waiting(title, n, _("Xem xét"), "plans:proposals", (), "plan=all"))
    if user.may("plans.matrix"):
        rows = frame(plans, on.year, user).filter(pl.col("standing") == "late")
        if rows.height:
            title, year = _("Lượt việc quá hạn của các đơn vị"), f"plan=all&year={on.year}"
            action, route, query = _("Xem"), "plans:matrix", f"{year}&standing=late"
            if user.may("plans.remind"):
                action, route, query = _("Đôn đốc"), "plans:reminders", year
            found.append(Waiting(title, rows.height, action, route, (), query, Urgency.LATE))
    return found


def _own_work(user: User, plans: Sequence[Plan], on: date) -> list[Waiting]:
    """The unit's own obligations: overdue, sent back, soon due; the yearly report and the own plan have lines of their own."""
    unit = own_organisation(user)
    if unit is None:
        return []
    rows = frame_of_units(plans, on.year, ancestors_of({unit.pk}) | {unit.pk})
    late, back, soon = list[int](), 0, 0
    # Some forty rows: as tuples they are counted in a fraction of the time that four filters take.
    for kind, standing, state, days in rows.select(_COUNTED).iter_rows():
        if kind in ELSEWHERE or standing in _OVER or state == ObligationState.SUBMITTED:
            continue
        if standing == "late":
            late.append(days)
        elif state == ObligationState.RETURNED:
            back += 1
        elif standing == "soon":
            soon += 1
    own = "tab=own&plan=all"
    worst = max(late, default=0)
    longest = ngettext("lâu nhất %(n)d ngày", "lâu nhất %(n)d ngày", worst) % {"n": worst}
    note = longest if worst else ""
    lines = [
        Waiting(_("Việc kế hoạch quá hạn"), len(late), _("Báo cáo kết quả"), "plans:inbox", (), own, Urgency.LATE, note),
        Waiting(_("Việc bị trả lại để bổ sung"), back, _("Bổ sung"), "plans:inbox", (), own, Urgency.LATE),
        Waiting(_("Việc kế hoạch sắp đến hạn"), soon, _("Báo cáo kết quả"), "plans:inbox", (), own, Urgency.SOON),
    ]  # fmt: skip
    return [line for line in lines if line.count]
