"""Reporting years: open the next, close one after its open matters are listed, or open one again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.plans.models import Plan, ReportingYear
from tdcs.plans.queries.obligations import frame, tally
from tdcs.plans.queries.plans import last_year_of, years_of
from tdcs.plans.services import deriving
from tdcs.plans.views.requested import (
    bound_to,
    one_plan_or_404,
    parse_int,
    refusing,
    scope_of,
    show_success,
)
from tdcs.reporting.queries.consolidation import open_matters
from tdcs.reporting.services import years


@requires("plans.close_year")
@refusing
def close_year_page(request: PersonRequest, year: int) -> HttpResponse:
    """Close the year, or open it again with a reason."""
    plan = one_plan_or_404(request)
    row = get_object_or_404(ReportingYear, plan=plan, year=year)
    if request.method == "POST":
        if request.POST.get("verb") == "reopen":
            why = request.POST.get("why", "")
            years.reopen_year(plan=plan, year=year, why=why, by=request.user, on=clock.today())
            show_success(request, _("Đã mở lại năm %(year)d.") % {"year": year})
        else:
            years.close_year(plan=plan, year=year, by=request.user, on=clock.today())
            show_success(request, _("Đã khóa năm %(year)d.") % {"year": year})
        return _to_years(plan)
    context = {
        "plan": plan,
        "scope": bound_to(plan),
        "row": row,
        "year": year,
        "left": open_matters(plan, year),
    }
    return render(request, "plans/close_year.html", context)


@requires("plans.view")
@require_GET
def years_page(request: PersonRequest) -> HttpResponse:
    """Reporting years: open, closed, next."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    context = {"scope": scope, "lists": [_years(request, plan) for plan in scope.plans]}
    return render(request, "plans/years.html", context)


def _years(request: PersonRequest, plan: Plan) -> dict[str, Any]:
    """The years of one plan and the next that may be opened."""
    rows = years_of(plan)
    following = (rows[0].year + 1) if rows else plan.first_year
    return {
        "plan": plan,
        "rows": [(row, tally(frame(plan, row.year, request.user))) for row in rows],
        "following": following if following <= last_year_of(plan) else None,
    }


def _to_years(plan: Plan) -> HttpResponse:
    response = redirect("plans:years")
    response["Location"] += f"?plan={plan.pk}"
    return response


@requires("plans.close_year")
@require_POST
@refusing
def change_year(request: PersonRequest) -> HttpResponse:
    """Open the next year, close one, or reopen it with a reason."""
    plan = one_plan_or_404(request)
    year, on, by = parse_int(request.POST.get("year")), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "close":
        years.close_year(plan=plan, year=year, by=by, on=on)
    elif verb == "reopen":
        years.reopen_year(plan=plan, year=year, why=request.POST.get("why", ""), by=by, on=on)
    else:
        deriving.open_year(plan=plan, year=year, by=by, on=on)
    show_success(request, _("Đã cập nhật năm báo cáo %(year)d.") % {"year": year})
    return _to_years(plan)
