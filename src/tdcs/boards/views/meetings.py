"""Meetings: the list, a new one, one from invitation to minutes, its papers."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.boards.composing.meetings import invitation, minutes
from tdcs.boards.forms import MeetingForm, MotionForm
from tdcs.boards.models import BoardMeeting
from tdcs.boards.queries import meetings as queries
from tdcs.boards.queries import members as member_queries
from tdcs.boards.services import meetings
from tdcs.boards.services.meetings import Seen
from tdcs.boards.states import MEETING_MOVES, Presence
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.text import by_name
from tdcs.http import official, parse_int, refusing, sheet, show_error, show_success
from tdcs.http import paper as list_paper
from tdcs.organisations.queries import names_on

_HEADER: Final = ("Phiên họp", "Ban đại diện", "Ngày họp", "Tình trạng")


def _meeting(request: PersonRequest, pk: int) -> BoardMeeting:
    return get_object_or_404(queries.visible_meetings(request.user, clock.today()), pk=pk)


@requires("boards.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Meetings in scope, the latest first."""
    on = clock.today()
    rows = list(queries.visible_meetings(request.user, on)[:200])
    names = names_on(on, {row.board_id for row in rows})
    if request.GET.get("export"):
        cells = [
            (str(row), names[row.board_id], row.held_on, row.get_state_display()) for row in rows
        ]
        around = list_paper(request, _("Họp ban đại diện"), on=on)
        return sheet(request.GET["export"], f"hop-ban-dai-dien-{on}", _HEADER, cells, around)
    context = {"rows": [(row, names[row.board_id]) for row in rows]}
    return render(request, "boards/meetings.html", context)


@requires("boards.prepare")
@require_http_methods(["GET", "POST"])
def plan_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A new meeting of a board."""
    on = clock.today()
    board = get_object_or_404(member_queries.visible_boards(request.user, on), pk=pk)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = meetings.plan_meeting(board=board, plan=form.plan(), by=request.user, on=on)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã lên lịch phiên họp."))
            return redirect("boards:meeting", pk=made.pk)
    context = {"form": form, "board": board, "name": names_on(on, {pk})[pk]}
    return render(request, "boards/plan_meeting.html", context)


@requires("boards.view")
@require_GET
def meeting_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One meeting: its step, who is there, what was decided and what came of it."""
    row, on = _meeting(request, pk), clock.today()
    may = {
        verb: row.state in move.sources and request.user.may(move.permission)
        for verb, move in MEETING_MOVES.items()
    }
    units = queries.possible_owners(row, on)
    may["vote"] = row.state == BoardMeeting.State.HELD and request.user.may("boards.decide")
    may["attend"] = may["attend"] and on >= row.held_on
    may["prepare"] = request.user.may("boards.prepare") and row.state in (
        BoardMeeting.State.PLANNED,
        BoardMeeting.State.INVITED,
        BoardMeeting.State.HELD,
    )
    context = {
        "row": row,
        "name": names_on(on, {row.board_id})[row.board_id],
        "members": [m for m in member_queries.members_of(row.board_id, row.held_on) if m.holder],
        "attendance": queries.attendance_of(row),
        "seen": {one.seat_id: one for one in queries.attendance_of(row)},
        "quorum": queries.quorum_of(row),
        "resolutions": queries.resolutions_of(row),
        "may": may,
        "presences": Presence.choices,
        "motion": MotionForm(units=sorted(units.items(), key=lambda one: by_name(one[1]))),
    }
    return render(request, "boards/meeting.html", context)


@requires("boards.prepare")
@require_POST
@refusing
def prepare(request: PersonRequest, pk: int) -> HttpResponse:
    """Invite, take the attendance, add an item, or say that it is not held."""
    row, by, on, verb = _meeting(request, pk), request.user, clock.today(), request.POST.get("verb")
    if verb == "invite":
        meetings.invite(meeting=row, number=request.POST.get("number", ""), by=by, on=on)
        show_success(request, _("Đã gửi giấy mời vào sổ văn bản của các đơn vị."))
    elif verb == "attend":
        seen = {
            m.seat.pk: Seen(
                request.POST.get(f"seat-{m.seat.pk}", ""),
                request.POST.get(f"substitute-{m.seat.pk}", ""),
            )
            for m in member_queries.members_of(row.board_id, row.held_on)
        }
        meetings.attend(meeting=row, seen=seen, by=by, on=on)
        show_success(request, _("Đã ghi điểm danh."))
    elif verb == "cancel":
        meetings.cancel(meeting=row, why=request.POST.get("why", ""), by=by, on=on)
        show_success(request, _("Đã ghi không tổ chức phiên họp."))
    elif verb == "move":
        _move(request, row)
    else:
        raise Http404(verb)
    return redirect("boards:meeting", pk=pk)


def _move(request: PersonRequest, row: BoardMeeting) -> None:
    on = clock.today()
    form = MotionForm(request.POST, units=list(queries.possible_owners(row, on).items()))
    form.is_valid()
    told = form.cleaned_data
    motion = meetings.Motion(
        title=told.get("title", ""),
        text=told.get("text", ""),
        owners=tuple(told.get("owners", ())),
        due_on=told.get("due_on"),
    )
    meetings.move(meeting=row, motion=motion, by=request.user, on=on)
    show_success(request, _("Đã thêm nội dung biểu quyết."))


@requires("boards.decide")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Put an item to the vote, or close the meeting."""
    row, by, on = _meeting(request, pk), request.user, clock.today()
    if request.POST.get("verb") == "close":
        meetings.close(meeting=row, conclusions=request.POST.get("conclusions", ""), by=by, on=on)
        show_success(request, _("Đã kết thúc phiên họp."))
        return redirect("boards:meeting", pk=pk)
    item = get_object_or_404(row.resolutions, pk=parse_int(request.POST.get("resolution")))
    made = meetings.decide(
        resolution=item,
        votes_for=parse_int(request.POST.get("for")),
        votes_against=parse_int(request.POST.get("against")),
        by=by,
        on=on,
    )
    said = _("Đã thông qua và giao việc.") if made.passed else _("Không thông qua.")
    show_success(request, said)
    return redirect("boards:meeting", pk=pk)


@requires("boards.view")
@require_GET
def paper(request: PersonRequest, pk: int, kind: str, fmt: str) -> HttpResponse:
    """Invitation or minutes, as .docx or PDF."""
    row = _meeting(request, pk)
    makers = {"giay-moi": invitation, "bien-ban": minutes}
    if kind not in makers:
        raise Http404(kind)
    return official(makers[kind](row), fmt, f"{kind}-{row.year}-{row.sequence}")
