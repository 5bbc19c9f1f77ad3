"""What of the poverty review waits for a person: a list to finish, a list to approve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.remembered import remembered
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
    rows = [row for row in _open_reviews() if row.area_id in communes]
    found = [row for row in rows if writes and row.state == State.DRAFT]
    submitted = [row for row in rows if decides and row.state == State.SUBMITTED]
    if submitted:
        own = _with_a_hand_of(user, submitted)
        found += [row for row in submitted if row.pk not in own]
    return [_line(row, on) for row in sorted(found, key=lambda row: row.year)]


@remembered
def _open_reviews() -> tuple[PovertyReview, ...]:
    """The reviews of all communes that are not approved: one a commune at the most times, the same for everybody."""
    return tuple(PovertyReview.objects.exclude(state=State.APPROVED).order_by("pk"))


def _with_a_hand_of(user: User, reviews: Collection[PovertyReview]) -> frozenset[int]:
    """Which of some reviews the person made, submitted or entered lines of."""
    by_me = Q(made_by=user) | Q(submitted_by=user) | Q(lines__entered_by=user)
    rows = PovertyReview.objects.filter(by_me, pk__in=[row.pk for row in reviews])
    return frozenset(rows.values_list("pk", flat=True))


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
