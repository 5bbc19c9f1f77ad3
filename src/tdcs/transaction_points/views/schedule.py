"""The calendar of sessions, one session, its day and team; the points and their groups."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import FORMATS, back, paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.queries import organisation_of
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.models import TeamMember, TransactionSession
from tdcs.transaction_points.queries.holding import holding_of
from tdcs.transaction_points.queries.scope import plans_for, visible_sessions
from tdcs.transaction_points.queries.sessions import (
    SessionFilters,
    SessionRow,
    calendar_weeks,
    month_rows,
    moves_of,
    offices_of_sessions,
    plannable_office,
    session_row,
)
from tdcs.transaction_points.queries.teams import people_for, staff_of
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.planning import list_from
from tdcs.transaction_points.services.schedule import Team, move_session, name_team, plan_sessions
from tdcs.transaction_points.states import COMING, SessionState

CLASHES: Final = {
    "person": gettext_noop("một người ở hai phiên cùng giờ"),
    "vehicle": gettext_noop("một xe ở hai phiên cùng giờ"),
    "point": gettext_noop("một điểm có hai phiên cùng giờ"),
    "late": gettext_noop("phiên sau ngày tính nợ đến hạn"),
}
_FILTERS: Final = (
    ("clash", gettext_noop("Có vướng mắc")),
    ("team", gettext_noop("Chưa đủ tổ giao dịch")),
    ("moved", gettext_noop("Dời ngày, giao dịch bù")),
    ("lists", gettext_noop("Đến hạn giao danh sách nợ")),
)
# So many tellers and helpers a form takes.
_HELPERS: Final = 2


@requires("points.view")
@require_GET
@refusing
def calendar_page(request: PersonRequest) -> HttpResponse:
    """A month of sessions by day, with what is moved, who is missing, what clashes."""
    first = month_asked(request)
    asked = SessionFilters(
        office=parse_int(request.GET.get("office")),
        state=request.GET.get("state", ""),
        words=request.GET.get("q", "").strip()[:60],
    )
    rows = month_rows(request.user, first, asked)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _export(request, fmt, first, rows)
    office = plannable_office(request.user)
    weeks = calendar_weeks(first, rows)
    context = {
        "first": first,
        "before": month_step(first, -1),
        "after": month_step(first, 1),
        "now": clock.today().replace(day=1),
        "weeks": weeks,
        "days": [day for week in weeks for day in week if day.rows],
        "count": len(rows),
        "moved": sum(row.moved for row in rows),
        "bad": sum(bool(row.clashes) for row in rows),
        "without_team": sum(bool(row.missing) and row.session.state in COMING for row in rows),
        "held": sum(row.mark == "done" for row in rows),
        "clash_words": {code: _(words) for code, words in CLASHES.items()},
        "offices": offices_of_sessions(request.user),
        "office": asked.office,
        "state": asked.state,
        "states": [*((code, _(words)) for code, words in _FILTERS), *SessionState.choices],
        "q": asked.words,
        "may_plan": office and first >= clock.today().replace(day=1),
        "rota_day": settings.rota_day(first),
        "by_office": len({row.session.office_id for row in rows}) > 1,
    }
    return render(request, "transaction_points/calendar.html", context)


def month_asked(request: PersonRequest) -> date:
    asked = parse_day(f"{request.GET.get('month', '')[:7]}-01")
    if asked is None or not 2000 <= asked.year <= 2100:
        return clock.today().replace(day=1)
    return asked


def month_step(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _export(request: PersonRequest, fmt: str, first: date, rows: list[SessionRow]) -> HttpResponse:
    header = [
        _("Ngày"), _("Giờ"), _("Điểm giao dịch"), _("Phòng giao dịch"), _("Ngày cố định"),
        _("Lý do dời"), _("Tổ giao dịch"), _("Xe"), _("Bảo vệ, áp tải"), _("Trạng thái"),
    ]  # fmt: skip
    lines = [
        (
            row.session.held_on,
            _hours(row.session),
            row.name,
            row.office,
            row.session.due_on,
            row.session.moved_why,
            "; ".join(f"{one.person.full_name} ({one.get_role_display()})" for one in row.team),
            row.session.vehicle,
            row.session.escort,
            row.session.get_state_display(),
        )
        for row in rows
    ]
    title = _("Lịch giao dịch xã tháng %(month)s") % {"month": f"{first:%m/%Y}"}
    around = paper(request, title, on=first, signers=(_("Người lập biểu"), _("Giám đốc")))
    return sheet(fmt, f"lich-giao-dich-{first:%Y-%m}", header, lines, around)


def _hours(session: TransactionSession) -> str:
    if session.starts_at is None or session.ends_at is None:
        return ""
    return f"{session.starts_at:%H:%M}–{session.ends_at:%H:%M}"


@requires("points.plan")
@require_POST
@refusing
def plan(request: PersonRequest) -> HttpResponse:
    """The sessions of the person's office in a month."""
    first = parse_day(f"{request.POST.get('month', '')[:7]}-01")
    office = organisation_of(plannable_office(request.user))
    if first is None or office is None or first < clock.today().replace(day=1):
        raise PointFieldWrong(field="tháng", why="chọn tháng này hoặc tháng sau")
    made = plan_sessions(office=office, month=first, by=request.user, on=clock.today())
    show_success(
        request,
        _("Đã lập lịch %(n)s phiên.") % {"n": len(made)} if made else _("Lịch tháng này đã đủ."),
    )
    return back(request, reverse("points:calendar"))


@requires("points.view")
@require_GET
def session_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One session: when, where, who, what speaks against it, what was done."""
    session = session_or_404(request, pk)
    row = session_row(session)
    plans = request.user.may("points.plan") and plans_for(request.user, session.office_id)
    context: dict[str, Any] = {
        "row": row,
        "session": session,
        "moves": moves_of(session),
        "clash_words": {code: _(words) for code, words in CLASHES.items()},
        "posting": settings.posting_list(),
        "list_from": list_from(session.held_on) if session.state in COMING else None,
        "may_plan": plans and session.state in COMING,
        **holding_of(request.user, session),
        "cash_key": f"cash-{form_key(request)}",
    }
    if context["may_plan"]:
        context["choices"] = _choices(row)
        context["slots"] = _slots(row)
    return render(request, "transaction_points/session.html", context)


def _choices(row: SessionRow) -> dict[str, list[Any]]:
    """Who may take each role."""
    office, on = row.session.office_id, row.session.held_on
    found = {str(role): people_for(office, role, on) for role in TeamMember.Role}
    found[str(TeamMember.Role.HELPER)] = staff_of(office, on)
    return found


def _slots(row: SessionRow) -> list[tuple[str, str, str, int]]:
    """Field, role, label and who is in it: one leader, one controller, tellers and helpers with room for one more."""
    slots = []
    for role in TeamMember.Role:
        there = [one.person_id for one in row.team if one.role == role]
        single = role in (
            TeamMember.Role.LEADER,
            TeamMember.Role.CONTROLLER,
            TeamMember.Role.DRIVER,
        )
        many = 1 if single else max(_HELPERS, len(there) + 1)
        for at in range(many):
            name = f"{role}-{at}"
            slots.append((name, str(role), str(role.label), there[at] if at < len(there) else 0))
    return slots


@requires("points.plan")
@require_POST
@refusing
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Another day for a session."""
    session = session_or_404(request, pk)
    to = parse_day(request.POST.get("to"))
    if to is None:
        raise PointFieldWrong(field="ngày tổ chức", why="chưa ghi")
    why = request.POST.get("why", "")
    move_session(session=session, to=to, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã dời phiên."))
    return redirect("points:session", pk=pk)


@requires("points.plan")
@require_POST
@refusing
def team(request: PersonRequest, pk: int) -> HttpResponse:
    """The team of a session as a whole."""
    session = session_or_404(request, pk)
    people = {one.pk: one for one in staff_of(session.office_id, session.held_on)}
    members = []
    for name, words in request.POST.items():
        role, _dash, _at = name.partition("-")
        if role in TeamMember.Role.values and words:
            person = people.get(parse_int(str(words)))
            if person is None:
                raise PointFieldWrong(
                    field="tổ giao dịch", why="không có người này ở phòng giao dịch"
                )
            members.append((person, role))
    named = Team(members, request.POST.get("vehicle", ""), request.POST.get("escort", ""))
    name_team(session=session, team=named, by=request.user, on=clock.today())
    show_success(request, _("Đã phân công tổ giao dịch."))
    return redirect("points:session", pk=pk)


def session_or_404(request: PersonRequest, pk: int) -> TransactionSession:
    """A session in the person's scope."""
    return get_object_or_404(visible_sessions(request.user).select_related("point"), pk=pk)
