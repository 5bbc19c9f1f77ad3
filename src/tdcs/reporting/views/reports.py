"""Units' reports as a list: who has submitted, who is late; begin one, accept many."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation, sees_all
from tdcs.core import clock
from tdcs.http.table_columns import as_chosen
from tdcs.organisations.models import Organisation
from tdcs.plans.models import UnitReport
from tdcs.plans.queries.in_force import Plans
from tdcs.plans.queries.obligations import GROUPS
from tdcs.plans.queries.plans import closed_years, is_closed, years_of
from tdcs.plans.views.requested import (
    file_name,
    one_plan_or_404,
    paper,
    parse_int,
    refusing,
    scope_of,
    sheet,
    show_success,
    year_of_request,
)
from tdcs.reporting.composing.consolidated import REPORT_STATES
from tdcs.reporting.queries.reports import (
    Overview,
    ReportFilter,
    ReportRow,
    chosen_reports,
    days_left,
    offices,
    overview,
    reports_of_unit,
    writes_for,
)
from tdcs.reporting.services import reports

# As many as a phone shows in some ten screens.
_PER_PAGE = 60


@requires("plans.view")
@require_GET
def reports_page(request: PersonRequest) -> HttpResponse:
    """Who has reported, who is late, who has not begun; for a unit, its own reports over the years."""
    scope = scope_of(request)
    plans = scope.plans
    if not plans:
        return render(request, "plans/no_plan.html")
    year = year_of_request(request, plans)
    seen = overview(plans, year, request.user)
    asked = _filter(request)
    rows = asked.narrow(seen.rows)
    if fmt := request.GET.get("export"):
        return _export(request, fmt, file_name(f"bao-cao-{year}", plans), year, rows)
    context = {
        "scope": scope,
        "year": year,
        "years": years_of(plans),
        "closed": is_closed(plans, year),
        "closed_plans": {plan for plan, closed in closed_years(plans) if closed == year},
        "seen": seen,
        "left": days_left(seen.due_on, seen.due_before),
        "rows": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "f": asked,
        "groups": _groups(seen),
        "offices": offices() if len(seen.rows) > 20 else [],
        "mine": _mine(request, seen),
        "history": _history(request, plans),
        "whole_province": sees_all(request.user),
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "plans/_reports_rows.html" if partial else "plans/reports.html", context)


def _filter(request: HttpRequest) -> ReportFilter:
    get = request.GET
    return ReportFilter(
        state=get.get("state", "")[:20],
        group=get.get("group", "")[:20],
        office=parse_int(get.get("office")),
        words=get.get("q", "")[:80],
    )


def _groups(seen: Overview) -> list[tuple[str, str]]:
    there = {row.group for row in seen.rows}
    return [(code, _(title)) for code, title, *_rest in GROUPS if code in there]


def _mine(request: PersonRequest, seen: Overview) -> list[ReportRow]:
    """The own unit's reports of the year, one for each plan that has its own."""
    unit = own_organisation(request.user)
    if unit is None or not writes_for(request.user, unit.pk):
        return []
    return [row for row in seen.rows if row.organisation == unit.pk]


def _history(request: PersonRequest, plans: Plans) -> list[UnitReport]:
    """The own unit's reports of all years, the latest first."""
    unit = own_organisation(request.user)
    return reports_of_unit(request.user, plans, unit) if unit else []


def _export(
    request: PersonRequest, fmt: str, name: str, year: int, rows: list[ReportRow]
) -> HttpResponse:
    header = (
        _("Khối"),
        _("Đơn vị"),
        _("Kế hoạch"),
        _("Trạng thái"),
        _("Hạn"),
        _("Ngày nộp"),
        _("Chậm (ngày)"),
        _("Chậm (ngày làm việc)"),
    )
    out = [
        (
            row.group_title,
            row.name,
            row.plan.number,
            REPORT_STATES[row.state],
            row.due_on,
            row.submitted_on if row.handed_in else None,
            row.days_late or None,
            row.working_days_late or None,
        )
        for row in rows
    ]
    around = paper(request, _("Tình hình nộp báo cáo năm %(year)d") % {"year": year})
    return sheet(fmt, name, *as_chosen(request, "reports", header, out), around)


@requires("plans.report")
@require_POST
@refusing
def open_report(request: PersonRequest) -> HttpResponse:
    """Begin a unit's report, prefilled: one's own, or that of a unit below it."""
    plan = one_plan_or_404(request)
    own = own_organisation(request.user)
    asked = parse_int(request.POST.get("unit")) or (own.pk if own else 0)
    unit = get_object_or_404(Organisation, pk=asked if writes_for(request.user, asked) else 0)
    report = reports.open_report(
        plan=plan,
        year=year_of_request(request, plan),
        organisation=unit,
        by=request.user,
        on=clock.today(),
    )
    return redirect("plans:report", pk=report.pk)


@requires("plans.accept_report")
@require_POST
@refusing
def accept_reports(request: PersonRequest) -> HttpResponse:
    """Accept all that were ticked, or none."""
    keys = [parse_int(key) for key in request.POST.getlist("report")]
    count = reports.accept_many(
        reports=chosen_reports(request.user, keys),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã tiếp nhận %(n)d báo cáo.") % {"n": count})
    year = parse_int(request.POST.get("year"))
    code = scope_of(request).code
    query = f"plan={code}&year={year}&state=submitted"
    return redirect(f"{request.path.removesuffix('tiep-nhan/')}?{query}")
