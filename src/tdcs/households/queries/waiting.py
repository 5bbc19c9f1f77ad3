"""What of the poverty review waits for a person: a list to finish, a list to approve."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.waiting import Urgency, Waiting
from tdcs.households.models import PovertyReview
from tdcs.households.queries.scope import decided_communes

State = PovertyReview.State


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Lists of the own commune's People's Committee; nobody approves a list that he made, entered or submitted."""
    writes, decides = user.may("households.review"), user.may("households.approve_review")
    if not (user.may("households.view") and (writes or decides)):
        return []
    communes = decided_communes(user, on)
    if not communes:
        return []
    states = [State.DRAFT] * writes + [State.SUBMITTED] * decides
    by_me = Q(made_by=user) | Q(submitted_by=user) | Q(lines__entered_by=user)
    own = PovertyReview.objects.filter(by_me, state=State.SUBMITTED).values("pk")
    rows = PovertyReview.objects.filter(area_id__in=communes, state__in=states).exclude(pk__in=own)
    return [_line(row, on) for row in rows.order_by("year")]


def _line(row: PovertyReview, on: date) -> Waiting:
    draft = row.state == State.DRAFT
    title = _("Danh sách hộ nghèo năm %(year)d chờ phê duyệt")
    if draft:
        title = _("Rà soát hộ nghèo năm %(year)d đang làm")
    return Waiting(
        title % {"year": row.year},
        1,
        _("Làm tiếp") if draft else _("Phê duyệt"),
        "households:review",
        (row.pk,),
        urgency=Urgency.LATE if draft and row.year < on.year else Urgency.SOON,
        menu="households:reviews",
    )
