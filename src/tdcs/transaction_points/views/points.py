"""The points with their groups; another day, hours or place."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.queries.groups import faces_of
from tdcs.http import paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.models import TransactionPointProfile
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.queries.points import groups_at, groups_without_point, point_rows
from tdcs.transaction_points.queries.scope import offices_serving, plans_for, visible_points
from tdcs.transaction_points.queries.sessions import offices_of_sessions, sessions_of_point
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.services.points import NewMeeting, change_meeting, place_groups

_HEADER: Final = (
    "Mã điểm", "Điểm giao dịch", "Xã, phường", "Phòng giao dịch", "Ngày hằng tháng", "Giờ",
    "Nơi giao dịch", "Số tổ",
)  # fmt: skip


@requires("points.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The points in scope by office and day of the month."""
    words, office = request.GET.get("q", "").strip()[:60], parse_int(request.GET.get("office"))
    on = clock.today()
    rows = point_rows(request.user, on, words=words, office=office)
    if request.GET.get("export"):
        cells = [
            (one.face.point.code, one.face.name, one.commune, one.office_name,
             one.face.session_day, one.face.hours, one.face.place, one.groups)
            for one in rows
        ]  # fmt: skip
        around = paper(request, _("Điểm giao dịch xã"), on=on)
        return sheet(request.GET["export"], f"diem-giao-dich-{on}", _HEADER, cells, around)
    context = {
        "rows": rows,
        "groups": sum(row.groups for row in rows),
        "q": words,
        "office": office,
        "offices": offices_of_sessions(request.user),
    }
    return render(request, "transaction_points/points.html", context)


@requires("points.view")
@require_GET
def point_page(request: PersonRequest, code: str) -> HttpResponse:
    """One point: when and where it meets, its groups, its sessions, what must hang there."""
    face, on = point_or_404(request, code), clock.today()
    groups = list(groups_at(face.point_id, on))
    faces = faces_of([group.pk for group in groups], on)
    office = offices_serving([face], on).get(face.point_id, 0)
    may_change = (
        request.user.may("points.change") and bool(office) and plans_for(request.user, office)
    )
    context = {
        "face": face,
        "groups": [(group, faces[group.pk]) for group in groups],
        "sessions": sessions_of_point(face.point_id, on),
        "posting": settings.posting_list(),
        "may_change": may_change,
        "waiting": groups_without_point(office, on) if may_change else [],
        "key": f"point-{form_key(request)}" if may_change else "",
        "today": on,
    }
    return render(request, "transaction_points/point.html", context)


@requires("points.change")
@require_POST
@refusing
def change(request: PersonRequest, code: str) -> HttpResponse:
    """Another day of the month, hours or place from a day on."""
    face, on = point_or_404(request, code), clock.today()
    since = parse_day(request.POST.get("since"))
    if since is None:
        raise PointFieldWrong(field="từ ngày", why="chưa ghi")
    meeting = NewMeeting(
        day=parse_int(request.POST.get("day")),
        hours=request.POST.get("hours", ""),
        place=request.POST.get("place", ""),
        since=since,
        why=request.POST.get("why", ""),
    )
    done = change_meeting(
        point=face.point, meeting=meeting, by=request.user, on=on, key=request.POST.get("key", "")
    )
    show_success(
        request,
        _("Đã đổi: %(groups)s tổ, %(loans)s khoản vay theo ngày giao dịch mới.") % done,
    )
    return redirect("points:point", code=code)


@requires("points.change")
@require_POST
@refusing
def place(request: PersonRequest, code: str) -> HttpResponse:
    """Groups without a point meet at this one from a day on."""
    face, on = point_or_404(request, code), clock.today()
    office = offices_serving([face], on).get(face.point_id, 0)
    asked = {parse_int(words) for words in request.POST.getlist("group")}
    groups = [row.group for row in groups_without_point(office, on) if row.group_id in asked]
    if not groups:
        raise PointFieldWrong(field="tổ", why="chưa chọn")
    done = place_groups(
        point=face.point,
        groups=groups,
        since=on,
        by=request.user,
        on=on,
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã xếp %(groups)s tổ, %(loans)s khoản vay.") % done)
    return redirect("points:point", code=code)


def point_or_404(request: PersonRequest, code: str) -> TransactionPointProfile:
    """A point in the person's scope by its code."""
    if not code:
        raise Http404(code)
    return get_object_or_404(visible_points(request.user), point__code=code)
