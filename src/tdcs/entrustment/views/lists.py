"""The list of groups, founding one, carrying groups over a reorganisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.forms import FoundForm, mass_types
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import GroupFilters, faces_of, find_groups
from tdcs.entrustment.queries.scope import groups_in_ceased_communes, offices_of_visible_groups
from tdcs.entrustment.rules import GRADES, least_members
from tdcs.entrustment.services import groups as services
from tdcs.entrustment.services.groups import Founding
from tdcs.entrustment.views.requested import (
    GRADE_MARKS,
    communes,
    crumbs,
    kept_households,
    offices,
    own_offices,
    show_group,
    today_form,
)
from tdcs.households.views.requested import FormFrame, shown_day, with_form
from tdcs.http import parse_int, refusing, sheet, show_success

PAGE = 50
_HEADER = (
    "Mã tổ",
    "Tên tổ",
    "Tổ trưởng",
    "Xã, phường",
    "Ấp, khu phố",
    "Hội, đoàn thể",
    "Phòng giao dịch",
    "Ngày giao dịch",
    "Tổ viên",
    "Tiền gửi (đồng)",
    "Xếp loại",
    "Điểm",
    "Tháng",
)


@requires("entrustment.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Groups in scope on a day; filters are in the address."""
    on, kinds = shown_day(request), dict(mass_types())
    asked = request.GET
    filters = GroupFilters(
        words=asked.get("q", "").strip()[:100],
        office=parse_int(asked.get("office")),
        commune=parse_int(asked.get("commune")),
        mass=asked.get("mass", "") if asked.get("mass") in kinds else "",
        grade=asked.get("grade", "") if asked.get("grade") in (*GRADES, "none") else "",
        ended=asked.get("ended") == "1",
    )
    rows = find_groups(request.user, filters, on)
    if asked.get("export"):
        return _export(asked["export"], rows, on)
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    faces = faces_of([row.pk for row in page], on)
    context = {
        "page": page,
        "rows": [(row, faces[row.pk]) for row in page],
        "f": filters,
        "on": on,
        "shown_day": on,
        "communes": communes(request),
        "offices": offices(offices_of_visible_groups(request.user, on), on),
        "kinds": mass_types(),
        "grades": GRADES,
        "marks": GRADE_MARKS,
        "least": least_members(on),
        "gone": groups_in_ceased_communes(request.user, on)
        if request.user.may("entrustment.change")
        else 0,
        "may_found": request.user.may("entrustment.change") and bool(own_offices(request)),
    }
    return render(request, "entrustment/list.html", context)


def _export(fmt: str, rows: QuerySet[SavingsGroup], on: date) -> HttpResponse:
    groups = list(rows)
    faces = faces_of([row.pk for row in groups], on)
    lines = [
        (
            row.code,
            (face := faces[row.pk]).name,
            face.leader,
            face.commune,
            face.hamlet,
            face.mass,
            face.office,
            face.session_day,
            face.members,
            face.savings,
            GRADES.get(face.grade, ""),
            face.total,
            face.month,
        )
        for row in groups
    ]
    return sheet("csv" if fmt == "csv" else "xlsx", "to-tkvv", _HEADER, lines)


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def found_page(request: PersonRequest) -> HttpResponse:
    """A new group with its members, board and contract."""
    on = clock.today()
    form = FoundForm(
        **today_form(request),
        communes=communes(request),
        offices=own_offices(request),
        visible=kept_households(request),
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        people = [person for _household, person in data["households"]]
        made = services.found(
            profile=form.profile(),
            members=data["households"],
            founding=Founding(
                leader=people[0],
                deputy=people[1] if len(people) > 1 else None,
                decision=data["decision"],
                contract=data["contract"],
            ),
            since=data["since"],
            by=request.user,
            on=on,
        )
        return show_group(request, made, _("Đã thành lập tổ %(code)s.") % {"code": made.code})

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Thành lập tổ"),
            button=_("Thành lập tổ"),
            crumbs=crumbs(),
            lede=_("Tổ có từ 5 đến 60 tổ viên cùng xã, phường; mã tổ do hệ thống cấp."),
        ),
    )


@requires("entrustment.change")
@require_POST
@refusing
def follow(request: PersonRequest) -> HttpResponse:
    """Groups of the person's office follow their commune through a reorganisation."""
    carried = services.follow_areas(by=request.user, on=clock.today())
    count, left = len(carried.done), len(carried.unclear)
    words = ngettext("%(n)d tổ đã theo xã mới.", "%(n)d tổ đã theo xã mới.", count) % {"n": count}
    if left:
        words += " " + _("%(n)d tổ cần người chọn xã, phường.") % {"n": left}
    show_success(request, words)
    return redirect("entrustment:list")
