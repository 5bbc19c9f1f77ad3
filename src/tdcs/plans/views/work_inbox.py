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
from tdcs.plans.models import Plan
from tdcs.plans.queries.inbox import InboxRow, coordinated_tasks, drawers, inbox, work_of
from tdcs.plans.queries.obligations import (
    awaiting_review,
    map_day,
    reviewable,
    workable_units,
)
from tdcs.plans.queries.plans import current_plan, is_closed, years_of
from tdcs.plans.services import progress
from tdcs.plans.views.requested import (
    back,
    parse_int,
    plan_or_404,
    refusing,
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
    plan = current_plan()
    if plan is None:
        return render(request, "plans/no_plan.html")
    year = year_of_request(request, plan)
    reviews = request.user.may("plans.review")
    waiting = awaiting_review(plan, year).count() if reviews else 0
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "reviews": reviews,
        "waiting_count": waiting,
        "tab": "review" if reviews and request.GET.get("tab") != "own" else "own",
    }
    if context["tab"] == "review":
        return render(request, "plans/review_pile.html", context | _pile(request, plan, year))
    unit = own_organisation(request.user)
    context |= _work(inbox(request.user, plan, year), plan, year)
    context |= {
        "may_work": not context["closed"],
        "coordinated": coordinated_tasks(request.user, plan),
        "has_subtree": unit is not None and len(subtree(unit.pk, clock.today())) > 1,
    }
    return render(request, "plans/inbox.html", context)


def _work(rows: list[InboxRow], plan: Plan, year: int) -> dict[str, Any]:
    report = [r for r in rows if r.obligation.duty and r.obligation.duty.kind == "yearly_report"]
    groups = drawers(rows)
    return {
        "drawers": [(code, _(DRAWER_TITLES[code]), found) for code, found in groups],
        "counts": [
            (code, _(DRAWER_TITLES[code]), len(dict(groups).get(code, ())))
            for code in DRAWER_TITLES
        ],
        "rows": rows,
        "report": next((r for r in report if r.obligation.year == year), None),
        "closed": is_closed(plan, year),
    }


def _pile(request: PersonRequest, plan: Plan, year: int) -> dict[str, Any]:
    """What waits for the branch's decision, by the page, filtered by task."""
    pile = awaiting_review(plan, year)
    columns = sorted(
        {
            (row["task_id"], row["task__path"], row["task__title"])
            for row in pile.values("task_id", "task__path", "task__title").order_by()
            if row["task_id"]
        },
        key=lambda c: c[1],
    )
    task = parse_int(request.GET.get("task"))
    page = Paginator(awaiting_review(plan, year, task) if task else pile, REVIEW_PAGE).get_page(
        request.GET.get("page")
    )
    names = names_on(map_day(year), {row.holder_id for row in page})
    return {
        "page": page,
        "pile": [(row, names[row.holder_id]) for row in page],
        "tasks": columns,
        "task": task,
        "closed": is_closed(plan, year),
    }


@requires("plans.view")
@require_GET
def unit_page(request: PersonRequest, pk: int) -> HttpResponse:
    """All that one unit owes in a year, for whoever may see the unit."""
    plan = plan_or_404()
    unit = organisation_of(pk)
    if unit is None or not may_see(request.user, unit):
        raise Http404(pk)
    year = year_of_request(request, plan)
    context = _work(work_of(pk, plan, year), plan, year)
    context |= {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
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
