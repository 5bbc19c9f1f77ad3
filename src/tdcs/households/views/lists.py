"""The list of households, and registering a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.households.forms import RegisterForm
from tdcs.households.models import Household
from tdcs.households.queries.finding import (
    HouseholdFilters,
    find_households,
    hamlets_of,
    heads_and_places,
)
from tdcs.households.queries.scope import communes_in_scope
from tdcs.households.services import registering
from tdcs.households.services.registering import Place
from tdcs.households.standards import kinds
from tdcs.households.views.requested import FormFrame, kept_choices, shown_day, with_form
from tdcs.http import paper, parse_int, refusing, sheet, show_success
from tdcs.http.table_columns import as_chosen
from tdcs.jobs.exports import later

PAGE = 50
_HEADER = ("Mã hộ", "Chủ hộ", "Số định danh", "Xã, phường", "Ấp, khu phố", "Nhân khẩu", "Diện")


@requires("households.view")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Households in scope on a day; filters are in the address. Exports keep personal data masked."""
    on = shown_day(request)
    known = kinds()
    filters = HouseholdFilters(
        words=request.GET.get("q", "").strip()[:100],
        commune=parse_int(request.GET.get("commune")),
        hamlet=request.GET.get("hamlet", ""),
        kind=request.GET.get("kind", "") if request.GET.get("kind") in known else "",
    )
    rows = find_households(request.user, filters, on)
    if request.GET.get("export"):
        if leads_to_job := later(request, title=_("Danh sách hộ vay vốn"), rows=rows.count()):
            return leads_to_job
        return _export(request, rows, on)
    communes = communes_in_scope(request.user, on)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    faces = heads_and_places([row.pk for row in page], on)
    only = communes[0][0] if len(communes) == 1 else filters.commune
    context = {
        "page": page,
        "rows": [(row, faces[row.pk]) for row in page],
        "f": filters,
        "on": on,
        "shown_day": on,
        "communes": communes,
        "hamlets": hamlets_of(request.user, only, on),
        "kinds": known.values(),
        "may_register": request.user.may("households.change") and bool(kept_choices(request)),
    }
    return render(request, "households/list.html", context)


def _export(request: PersonRequest, rows: QuerySet[Household], on: date) -> HttpResponse:
    households = list(rows)
    faces = heads_and_places([row.pk for row in households], on)
    lines = [
        (
            row.code,
            (face := faces[row.pk]).head,
            face.identity,
            face.commune,
            face.hamlet,
            face.members,
            "; ".join(face.kinds),
        )
        for row in households
    ]
    around = paper(request, _("Danh sách hộ vay vốn"), on=on)
    return sheet(
        request.GET["export"], "ho-vay", *as_chosen(request, "households", _HEADER, lines), around
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def register_page(request: PersonRequest) -> HttpResponse:
    """A new household: its head and its address; members are added on its page."""
    on, communes = clock.today(), kept_choices(request)
    form = RegisterForm(request.POST or None, today=on, communes=communes, initial={"since": on})

    def deed(data: dict[str, Any]) -> HttpResponse:
        made = registering.register(
            head=form.person(),
            place=Place(form.area_row(), data["hamlet"], data["line"]),
            since=data["since"],
            by=request.user,
            on=on,
        )
        show_success(request, _("Đã đăng ký hộ %(code)s.") % {"code": made.code})
        return redirect("households:household", pk=made.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Đăng ký hộ mới"),
            button=_("Đăng ký hộ"),
            crumbs=[(_("Hộ vay"), reverse("households:list"))],
            lede=_("Mã hộ do hệ thống cấp. Thành viên và diện thụ hưởng ghi ở trang của hộ."),
        ),
    )
