"""What of lending waits for a person: steps of applications, requests to decide, today's sessions."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tdcs.access.models import User
from tdcs.core.waiting import Urgency, Waiting
from tdcs.loans.models import ChangeRequest, HeirRequest, MoveRequest
from tdcs.loans.queries.applications import (
    BANK,
    FORWARD,
    dated,
    days_late,
    verbs_of,
)
from tdcs.loans.queries.applications import waiting_for as applications_for
from tdcs.loans.queries.inheriting import visible_heirs
from tdcs.loans.queries.moving import visible_moves
from tdcs.loans.queries.scope import (
    application_states,
    groups_meeting,
    visible_applications,
    visible_requests,
)
from tdcs.loans.queries.sheets import session_in
from tdcs.loans.states import ApplicationState
from tdcs.organisations.counting import counts_of

# Step → what waits, what the button says.
STEPS: Final = {
    "appraise": (gettext_noop("Hồ sơ vay chờ tổ bình xét"), gettext_noop("Bình xét")),
    "confirm": (gettext_noop("Hồ sơ vay chờ UBND xã xác nhận"), gettext_noop("Xác nhận")),
    "check": (gettext_noop("Hồ sơ vay chờ kiểm tra"), gettext_noop("Kiểm tra")),
    "control": (gettext_noop("Hồ sơ vay chờ kiểm soát"), gettext_noop("Kiểm soát")),
    "approve": (gettext_noop("Hồ sơ vay chờ phê duyệt"), gettext_noop("Phê duyệt")),
    "sign": (gettext_noop("Hồ sơ vay chờ ký hợp đồng"), gettext_noop("Ký hợp đồng")),
    "disburse": (gettext_noop("Hồ sơ vay chờ giải ngân"), gettext_noop("Giải ngân")),
}

AnyRequest = TypeVar("AnyRequest", ChangeRequest, MoveRequest, HeirRequest)


class _Counted(NamedTuple):
    """How many applications wait in a state, since when, and since when the file of one was complete."""

    n: int
    oldest: date
    complete: date | None


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Lines of the first screen; a request is never shown for decision to who asked for it."""
    if not user.may("loans.view"):
        return []
    return [*_applications(user, on), *_requests(user), *_sessions(user, on)]


def _applications(user: User, on: date) -> list[Waiting]:
    """A line for each state in which an application waits for the person."""
    verbs = verbs_of(user)
    waiting = {state for state, verb in FORWARD.items() if verb in verbs}
    # Who takes no step is not asked for: one question less of the home of everybody else.
    there = application_states(user, on) if waiting else frozenset()
    if there.isdisjoint(waiting):
        return []
    rows = dated(applications_for(user, visible_applications(user, on), there)).order_by()
    counted = rows.values("state").annotate(
        n=Count("pk"), oldest=Min("since"), complete=Min("complete_on")
    )
    found = {r["state"]: _Counted(r["n"], r["oldest"], r["complete"]) for r in counted}
    return [_line(state, found[state], on) for state in FORWARD if state in found]


def _line(state: str, row: _Counted, on: date) -> Waiting:
    verb = FORWARD[state]
    title, action = STEPS[verb]
    if state == ApplicationState.RETURNED:
        title = gettext_noop("Hồ sơ vay bị trả lại để bổ sung")
    late = days_late(row.complete, on) if verb in BANK else 0
    urgency, note = Urgency.LATE if late else Urgency.OPEN, ""
    if late:
        note = ngettext("quá hạn %(n)d ngày làm việc", "quá hạn %(n)d ngày làm việc", late)
        note %= {"n": late}
    elif days := (on - row.oldest).days:
        note = ngettext("lâu nhất %(n)d ngày", "lâu nhất %(n)d ngày", days) % {"n": days}
    query = f"turn=mine&state={state}"
    return Waiting(_(title), row.n, _(action), "loans:applications", (), query, urgency, note)


def _requests(user: User) -> list[Waiting]:
    counted: list[QuerySet[Any]] = []
    places: list[tuple[str, str, str, str]] = []
    if user.may("loans.decide_change"):
        counted.append(_of_others(user, visible_requests(user)))
        title = _("Đề nghị xử lý nợ chờ quyết định")
        places.append((title, "loans:requests", "state=asked", ""))
    if user.may("loans.decide_move"):
        counted.append(_of_others(user, visible_moves(user)))
        title = _("Đề nghị chuyển nơi quản lý chờ quyết định")
        places.append((title, "loans:moves", "", "loans:requests"))
    if user.may("loans.decide_heir"):
        counted.append(_of_others(user, visible_heirs(user)))
        title = _("Đề nghị nhận nợ thừa kế chờ quyết định")
        places.append((title, "loans:heirs", "", "loans:requests"))
    found = zip(places, counts_of(*counted), strict=True) if counted else ()
    return [
        Waiting(title, n, _("Quyết định"), route, query=query, menu=menu)
        for (title, route, query, menu), n in found
        if n
    ]


def _of_others(user: User, rows: QuerySet[AnyRequest]) -> QuerySet[AnyRequest]:
    """What nobody has decided and somebody else asked for."""
    return rows.filter(state=ChangeRequest.State.ASKED).exclude(asked_by=user)


def _sessions(user: User, on: date) -> list[Waiting]:
    """The groups whose session is today, for who collects, keeps the group or leads it."""
    if not (user.may("loans.collect") or user.may("loans.apply")):
        return []
    days = [day for day in range(1, 32) if session_in(on, day) == on]
    n = groups_meeting(user, on, days)
    if not n:
        return []
    action = _("Thu nợ") if user.may("loans.collect") else _("Xem bảng kê")
    title = _("Tổ có phiên giao dịch hôm nay")
    return [Waiting(title, n, action, "loans:sheets", (), f"day={days[0]}", Urgency.SOON)]
