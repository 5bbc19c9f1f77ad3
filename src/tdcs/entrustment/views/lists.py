"""The list of groups, founding one, carrying groups over a reorganisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.forms import FoundForm
from tdcs.entrustment.services import groups as services
from tdcs.entrustment.services.groups import Founding
from tdcs.entrustment.views.requested import (
    communes,
    crumbs,
    kept_households,
    own_offices,
    show_group,
    today_form,
)
from tdcs.households.views.requested import FormFrame, with_form
from tdcs.http import refusing, show_success


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
