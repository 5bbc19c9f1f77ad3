"""The survey of credit needs and the indicator of access."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.typed import parse_year
from tdcs.demand.forms import NeedForm, OpenSurveyForm
from tdcs.demand.queries.needs import (
    Access,
    access_indicator,
    needs_frame,
    needs_in_scope,
    visible_surveys,
    with_answers,
)
from tdcs.demand.queries.qualifying import programme_names
from tdcs.demand.services import surveys
from tdcs.demand.services.surveys import Need
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.households.queries.finding import heads_and_places
from tdcs.households.queries.scope import (
    area_names,
    communes_in_scope,
    figure_communes,
    is_group_leader,
    kept_communes,
)
from tdcs.households.views.requested import FormFrame, kept_choices, with_form
from tdcs.http import paper, parse_int, refusing, sheet, show_success
from tdcs.http.shown_tables import page_of
from tdcs.organisations.queries import area_of

PAGE = 100
_HEADER = (
    "Xã, phường",
    "Chương trình",
    "Có nhu cầu",
    "Số tiền (đồng)",
    "Đủ điều kiện",
    "Không đủ điều kiện",
    "Chưa xét",
    "Đã vay",
    "Chưa vay",
    "Đã cho vay (đồng)",
)


def survey_or_404(request: PersonRequest, pk: int) -> NeedSurvey:
    """A survey of a commune in scope."""
    return get_object_or_404(visible_surveys(request.user), pk=pk)


def _tells(request: PersonRequest, row: NeedSurvey) -> bool:
    kept = kept_communes(request.user)
    return is_group_leader(request.user) or kept is None or row.area_id in kept


def _name(row: NeedSurvey) -> str:
    commune = area_names({row.area_id}, clock.today())[row.area_id]
    period = _("quý %(n)d") % {"n": row.quarter} if row.quarter else _("cả năm")
    return f"{commune}, {period} {row.year}"


@requires("households.view")
@require_GET
def surveys_page(request: PersonRequest) -> HttpResponse:
    """The surveys in scope."""
    page = page_of(request, visible_surveys(request.user), PAGE)
    context = {
        "page": page,
        "rows": [(row, _name(row), row.needs.count()) for row in page],
        "may_open": request.user.may("households.survey") and bool(kept_choices(request)),
    }
    return render(request, "demand/surveys.html", context)


@requires("households.survey")
@require_http_methods(["GET", "POST"])
def open_page(request: PersonRequest) -> HttpResponse:
    """Open a survey."""
    on = clock.today()
    form = OpenSurveyForm(
        request.POST or None, communes=kept_choices(request), initial={"year": on.year}
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        row = surveys.open_survey(
            area=area_of(data["area"]),
            year=data["year"],
            quarter=data["quarter"],
            by=request.user,
            on=on,
        )
        return redirect("households:survey", pk=row.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Mở đợt khảo sát nhu cầu vay"),
            button=_("Mở đợt khảo sát"),
            crumbs=[(_("Nhu cầu vay"), reverse("households:surveys"))],
            lede=_("Quý IV khảo sát nhu cầu năm sau; nhu cầu phát sinh ghi theo quý."),
        ),
    )


@requires("households.view")
@require_GET
def survey_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Who told a need, whether they qualify, whether they got a loan."""
    row = survey_or_404(request, pk)
    needs = needs_in_scope(request.user, row)
    page = page_of(request, needs, PAGE)
    frame = with_answers(needs_frame(page, clock.today()))
    answers = {one["need"]: one for one in frame.iter_rows(named=True)}
    faces = heads_and_places([need.household_id for need in page], clock.today())
    names = programme_names()
    kept = kept_communes(request.user)
    mine = kept is None or row.area_id in kept
    open_ = row.closed_on is None
    context = {
        "row": row,
        "name": _name(row),
        "page": page,
        "rows": [
            (
                need,
                faces[need.household_id],
                names.get(need.programme, need.programme),
                answers[need.pk],
            )
            for need in page
        ],
        "may_tell": open_ and request.user.may("households.survey") and _tells(request, row),
        "may_close": open_ and mine and request.user.may("households.survey"),
    }
    return render(request, "demand/survey.html", context)


@requires("households.survey")
@require_http_methods(["GET", "POST"])
def need_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A household's need."""
    row, on = survey_or_404(request, pk), clock.today()
    form = NeedForm(
        request.POST or None,
        programmes=[*programme_names().items()],
        initial={"code": request.GET.get("code", "")},
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        surveys.put_need(
            survey=row,
            need=Need(
                household=data["code"],
                programme=data["programme"],
                amount=data["amount"],
                purpose=data["purpose"],
            ),
            by=request.user,
            on=on,
        )
        show_success(request, _("Đã ghi nhu cầu của hộ %(code)s.") % {"code": data["code"].code})
        return redirect("households:survey", pk=row.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Ghi nhu cầu vay"),
            button=_("Ghi nhu cầu"),
            crumbs=[
                (_("Nhu cầu vay"), reverse("households:surveys")),
                (_name(row), reverse("households:survey", args=[row.pk])),
            ],
        ),
    )


@requires("households.survey")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a need back, close the survey."""
    row, on = survey_or_404(request, pk), clock.today()
    if request.POST.get("verb") == "close":
        surveys.close_survey(survey=row, by=request.user, on=on)
        show_success(request, _("Đã chốt đợt khảo sát."))
    elif request.POST.get("verb") == "remove":
        need = get_object_or_404(CreditNeed, survey=row, pk=parse_int(request.POST.get("need")))
        surveys.remove_need(need=need, by=request.user, on=on)
        show_success(request, _("Đã bỏ nhu cầu."))
    return redirect("households:survey", pk=row.pk)


@requires("households.view")
@require_GET
def access_page(request: PersonRequest) -> HttpResponse:
    """The indicator of II.3.i: of those who need and qualify, how many were served."""
    on = clock.today()
    year = parse_year(request.GET.get("year"), on.year)
    communes = communes_in_scope(request.user)
    chosen = parse_int(request.GET.get("commune"))
    if chosen and chosen in dict(communes):
        areas: list[int] | None = [chosen]
    else:
        chosen = 0
        seen = figure_communes(request.user)
        areas = None if seen is None else [*seen]
    found = access_indicator(areas, year, on=on)
    names = area_names({line.area for line in found.lines if line.area}, on)
    programmes = programme_names()
    if request.GET.get("export"):
        rows = [_cells(line, names, programmes) for line in [*found.lines, found.total]]
        around = paper(request, _("Tiếp cận vốn theo chương trình, năm %(year)d") % {"year": year})
        return sheet(request.GET["export"], f"tiep-can-{year}", _HEADER, rows, around)
    context = {
        "year": year,
        "years": range(on.year + 1, on.year - 4, -1),
        "communes": communes,
        "chosen": chosen,
        "total": found.total,
        "by_area": [(line, names.get(line.area or 0, "")) for line in found.by_area],
        "by_programme": [
            (line, programmes.get(line.programme, line.programme)) for line in found.by_programme
        ],
    }
    return render(request, "demand/access.html", context)


def _cells(line: Access, names: dict[int, str], programmes: dict[str, str]) -> tuple[Any, ...]:
    place = names.get(line.area, "") if line.area else _("Tổng cộng")
    return (
        place,
        programmes.get(line.programme, line.programme),
        line.need,
        line.amount,
        line.qualified,
        line.not_qualified,
        line.unknown,
        line.served,
        line.waiting,
        line.served_amount,
    )
