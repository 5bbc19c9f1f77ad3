"""A unit's inbox, the planner's pile of results to look at, and any visible unit's work."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import may_see, own_organisation
from tdcs.core import clock
from tdcs.http.kept import kept_page
from tdcs.organisations.queries import names_on, organisation_of, profile_of, subtree
from tdcs.plans.models import DutyKind
from tdcs.plans.queries.in_force import Plans
from tdcs.plans.queries.inbox import InboxRow, coordinated_tasks, drawers, inbox, work_of
from tdcs.plans.queries.obligations import (
    awaiting_review,
    map_day,
    reviewable,
    workable_units,
)
from tdcs.plans.queries.plans import closed_years, is_closed, years_of
from tdcs.plans.services import progress
from tdcs.plans.views.requested import (
    back,
    parse_int,
    refusing,
    scope_of,
    show_success,
    year_of_request,
)

REVIEW_PAGE = 50

DRAWER_TITLES = {
    "late": "Quá hạn",
    "returned": "Trả lại để bổ sung",
    "soon": "Sắp đến hạn",
    "open": "Đang mở",
    "done": "Đã xong",
}


@requires("plans.work")
@kept_page()
@require_GET
def inbox_page(request: PersonRequest) -> HttpResponse:
    """What my unit owes, the most pressing first; for the planner also what waits for review."""
    scope = scope_of(request, remembered=False)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    plans = scope.plans
    year = year_of_request(request, plans)
    reviews = request.user.may("plans.review")
    waiting = awaiting_review(plans, year).count() if reviews else 0
    context = {
        "scope": scope,
        "year": year,
        "years": years_of(plans),
        "reviews": reviews,
        "waiting_count": waiting,
        "tab": "review" if reviews and request.GET.get("tab") != "own" else "own",
    }
    if context["tab"] == "review":
        return render(request, "plans/review_pile.html", context | _pile(request, plans, year))
    unit = own_organisation(request.user)
    context |= _work(inbox(request.user, plans, year), plans, year)
    context |= {
        "may_work": not context["closed"],
        "coordinated": coordinated_tasks(request.user, plans),
        "has_subtree": unit is not None and len(subtree(unit.pk, clock.today())) > 1,
    }
    return render(request, "plans/inbox.html", context)


def _work(rows: list[InboxRow], plans: Plans, year: int) -> dict[str, Any]:
    asked = [
        r for r in rows if r.obligation.duty and r.obligation.duty.kind == DutyKind.YEARLY_REPORT
    ]
    # A plan that is reported with another has no report of its own to call for.
    reports = [r for r in asked if r.obligation.year == year and not r.closed]
    hosts = {r.obligation.plan_id for r in reports}
    groups = drawers(rows)
    return {
        "drawers": [(code, _(DRAWER_TITLES[code]), found) for code, found in groups],
        "counts": [
            (code, _(DRAWER_TITLES[code]), len(dict(groups).get(code, ())))
            for code in DRAWER_TITLES
        ],
        "rows": rows,
        "reports": [r for r in reports if r.obligation.plan.reports_with_id not in hosts],
        "closed": is_closed(plans, year),
    }


def _pile(request: PersonRequest, plans: Plans, year: int) -> dict[str, Any]:
    """What waits for the branch's decision, by the page, filtered by task."""
    pile = awaiting_review(plans, year)
    columns = sorted(
        {
            (row["task_id"], row["task__path"], row["task__title"], row["plan__number"])
            for row in pile.values(
                "task_id", "task__path", "task__title", "plan__number"
            ).order_by()
            if row["task_id"]
        },
        key=lambda c: (c[3], c[1]),
    )
    task = parse_int(request.GET.get("task"))
    page = Paginator(awaiting_review(plans, year, task) if task else pile, REVIEW_PAGE).get_page(
        request.GET.get("page")
    )
    names, closed = names_on(map_day(year), {row.holder_id for row in page}), closed_years(plans)
    return {
        "page": page,
        "pile": [(row, names[row.holder_id]) for row in page],
        "tasks": columns,
        "task": task,
        "closed_ones": {row.pk for row in page if (row.plan_id, row.year) in closed},
        "closed": is_closed(plans, year),
    }


@requires("plans.view")
@require_GET
def unit_page(request: PersonRequest, pk: int) -> HttpResponse:
    """All that one unit owes in a year, for whoever may see the unit."""
    scope = scope_of(request)
    plans = scope.plans
    unit = organisation_of(pk)
    if unit is None or not may_see(request.user, unit):
        raise Http404(pk)
    year = year_of_request(request, plans)
    context = _work(work_of(pk, plans, year), plans, year)
    context |= {
        "scope": scope,
        "year": year,
        "years": years_of(plans),
        "unit": unit,
        "profile": profile_of(unit, map_day(year)),
        "may_work": pk in workable_units(request.user) and not context["closed"],
    }
    return render(request, "plans/unit_work.html", context)


@requires("plans.review")
@require_POST
@refusing
def accept_many(request: PersonRequest) -> HttpResponse:
    """Accept every chosen result that nobody has decided meanwhile."""
    keys = [parse_int(key) for key in request.POST.getlist("id")]
    if not keys:
        show_success(request, _("Chưa chọn kết quả nào để duyệt."))
        return back(request)
    rows = reviewable(request.user, keys)
    count = progress.accept_all(obligations=rows, by=request.user, on=clock.today())
    show_success(
        request,
        ngettext("Đã duyệt %(n)d kết quả.", "Đã duyệt %(n)d kết quả.", count) % {"n": count},
    )
    return back(request, redirect("plans:inbox").url)
