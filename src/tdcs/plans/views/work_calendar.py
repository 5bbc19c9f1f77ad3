"""The calendar of due days, by month or by quarter."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.plans.queries.calendar import months, quarter_of, step
from tdcs.plans.views.requested import parse_day, scope_of


@requires("plans.view")
@require_GET
def calendar_page(request: PersonRequest) -> HttpResponse:
    """A month of due days (or a quarter), with weekends, holidays and Tết."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    today = clock.today()
    asked = parse_day(f"{request.GET.get('month', '')[:7]}-01")
    if asked is None or not 2000 <= asked.year <= 2100:
        asked = today.replace(day=1)
    quarter = request.GET.get("view") == "quarter"
    count = 3 if quarter else 1
    first = quarter_of(asked) if quarter else asked
    shown = months(scope.plans, first, count, request.user)
    context = {
        "scope": scope,
        "year": first.year,
        "months": shown,
        "busy": [one for month in shown for one in month.busy],
        "free": [one for month in shown for one in month.free],
        "first": first,
        "quarter": (first.month - 1) // 3 + 1 if quarter else 0,
        "before": step(first, -count),
        "after": step(first, count),
        "now": quarter_of(today) if quarter else today.replace(day=1),
        "single": not request.user.may("plans.matrix"),
    }
    return render(request, "plans/calendar.html", context)
