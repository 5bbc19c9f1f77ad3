"""Devices of inspecting units and their packs; lines of their logs that wait for a person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.http import refusing, show_success
from tdcs.oversight.queries.field import (
    cases_of,
    devices_of,
    devices_with_packs,
    lines_in_scope,
    packs_in_scope,
)
from tdcs.oversight.queries.inspections import subject_names
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.services import field_log, field_packs


@requires("oversight.inspect")
@require_GET
def devices_page(request: PersonRequest) -> HttpResponse:
    """The unit's devices, the packs that they took, what of their logs waits for a person."""
    person = request.user
    unit, cases = own_organisation(person), cases_of(person)
    names = subject_names({one.inspection for one, _ in cases}, clock.today())
    context = {
        "rows": devices_with_packs(person),
        "cases": [(one, names[one.inspection_id], may) for one, may in cases],
        "may_plan": person.may("oversight.plan") and unit is not None and acts_for(person, unit),
    }
    return render(request, "oversight/devices.html", context)


@requires("oversight.plan")
@require_POST
@refusing
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """The device takes no pack any more."""
    device = get_object_or_404(devices_of(request.user), pk=pk)
    why = request.POST.get("why", "")
    field_packs.revoke_device(device=device, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã thu hồi thiết bị và các gói đang giữ."))
    return redirect("oversight:devices")


@requires("oversight.plan")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """A line that waits is applied after all, or dismissed with what was done instead."""
    line = get_object_or_404(lines_in_scope(request.user), pk=pk)
    work = field_log.apply_case if request.POST.get("verb") == "apply" else field_log.dismiss_case
    work(line=line, words=request.POST.get("words", ""), by=request.user, on=clock.today())
    show_success(request, _("Đã xử lý dòng nhật ký."))
    return redirect("oversight:devices")


@requires("oversight.plan")
@require_POST
@refusing
def revoke_pack(request: PersonRequest, pk: int) -> HttpResponse:
    """One pack is void."""
    held = get_object_or_404(packs_in_scope(request.user), pk=pk)
    why = request.POST.get("why", "")
    field_packs.revoke_pack(pack=held, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã thu hồi gói kiểm tra."))
    return redirect("oversight:devices")
