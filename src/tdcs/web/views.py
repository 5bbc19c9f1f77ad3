"""The first screen, notices."""

from __future__ import annotations

import polars as pl
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access import queries as access
from tdcs.access.gate import PersonRequest, open_to_all, requires
from tdcs.core import clock
from tdcs.http.kept import kept_page
from tdcs.organisations.queries import names_on
from tdcs.plans.models import Plan
from tdcs.plans.queries import notices as bell
from tdcs.plans.queries.matrix import places
from tdcs.plans.queries.obligations import GROUPS, Tally, frame, tallies, tally
from tdcs.plans.queries.plans import targets_of, tasks_in_force, years_of
from tdcs.plans.views.notices import shown as shown_notice
from tdcs.plans.views.requested import scope_of, year_of_request
from tdcs.reporting.queries.reports import overview
from tdcs.web.health import State, parts
from tdcs.web.views_errors import RETRY_AFTER
from tdcs.web.waiting import forget, lines_for


@requires("web.home")
@kept_page()
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """What waits for the person, with the action on each line. The figures below come by themselves (``home_figures``)."""
    lines = lines_for(request.user, clock.today())
    late = sum(line.waiting.count for line in lines if line.mark == "late")
    return render(request, "web/home.html", {"lines": lines, "late": late})


@requires("plans.matrix")
@require_GET
def progress(request: PersonRequest) -> HttpResponse:
    """What is late, who, where, how far are we; a unit's own people go to their work."""
    scope = scope_of(request)
    plans = scope.plans
    if not plans:
        return render(request, "plans/no_plan.html")
    if not access.sees_all(request.user):
        return redirect("plans:reports")
    year = year_of_request(request, plans)
    years = [row.year for row in years_of(plans)]
    rows = frame(plans, year, request.user)
    seen = overview(plans, year, request.user)
    titles = {code: title for code, title, *_ in GROUPS}
    groups = tallies(rows, "group")
    by_plan = tallies(rows, "plan")
    context = {
        "scope": scope,
        "year": year,
        "all": tally(rows),
        "seen": seen,
        "days_left": (seen.due_on - clock.today()).days if seen.due_on else None,
        "groups": [(code, titles[code], groups[code]) for code, *_ in GROUPS if code in groups],
        "plans": [(plan, by_plan.get(plan.pk)) for plan in plans] if scope.several else [],
        "title_of_parts": _("Theo kế hoạch") if scope.several else _("Theo phần của kế hoạch"),
        "sections": [] if scope.several else _sections(rows, plans[0]),
        "late_units": _late_units(rows),
        "places": places(rows),
        "history": [(y, tally(frame(plans, y, request.user))) for y in sorted(years) if y < year],
        "targets": targets_of(plans),
    }
    return render(request, "web/progress.html", context)


def _sections(rows: pl.DataFrame, plan: Plan) -> list[tuple[str, str, Tally]]:
    """(section, its title, its tally) of one plan's tasks."""
    found = tallies(rows.filter(pl.col("task").is_not_null()), "section")
    titles = dict(tasks_in_force(plan).values_list("section_path", "section_title"))
    return [(path, titles[path], found[path]) for path in sorted(titles) if path in found]


def _late_units(rows: pl.DataFrame, limit: int = 8) -> list[tuple[int, str, int, int]]:
    """(unit, name, late, days of the worst) of the units with most late matters."""
    found = (
        rows.filter(pl.col("standing") == "late")
        .group_by("holder")
        .agg(n=pl.len(), worst=pl.col("days_late").max())
        .sort(["n", "worst", "holder"], descending=[True, True, False])
        .head(limit)
    )
    names = names_on(clock.today(), found["holder"].to_list())
    return [(unit, names[unit], n, worst) for unit, n, worst in found.iter_rows()]


@requires("web.home")
@require_GET
def notices(request: PersonRequest) -> HttpResponse:
    """What was told to my unit; opening the page marks it read."""
    rows = list(bell.notices_of(request.user)[:100])
    unread = bell.unread_keys(request.user)
    bell.mark_read(request.user, unread)
    forget(request.user)
    shown = [(shown_notice(row), row.pk in unread) for row in rows]
    return render(request, "web/notices.html", {"rows": shown})


@open_to_all
def health(request: HttpRequest) -> HttpResponse:
    """For a watchman: each part of the site; 503 while one is down. A page for browsers, JSON for machines.

    Rendered without the person or the unit: the page answers while the database does not.
    """
    found = parts()
    down = any(part.state == State.DOWN for part in found)
    if "text/html" in request.headers.get("Accept", ""):
        answer = HttpResponse(render_to_string("web/health.html", {"parts": found}))
    else:
        listed = {
            part.code: {"state": part.state, "message": part.words, **part.more} for part in found
        }
        answer = JsonResponse({"ok": not down, "parts": listed})
    if down:
        answer.status_code = 503
        answer["Retry-After"] = str(RETRY_AFTER)
    answer["Cache-Control"] = "no-store"
    return answer
