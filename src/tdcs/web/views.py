"""The first screen, search, notices."""

from __future__ import annotations

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tdcs.access import queries as access
from tdcs.access.gate import PersonRequest, open_to_all, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.organisations.models import OrganisationProfile
from tdcs.organisations.queries import names_on
from tdcs.plans.models import Directive, Target
from tdcs.plans.queries import notices as bell
from tdcs.plans.queries.matrix import places
from tdcs.plans.queries.obligations import GROUPS, frame, tallies, tally
from tdcs.plans.queries.plans import current_plan, current_version, tasks_of, years_of
from tdcs.plans.queries.reports import overview


@requires("web.home")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """What is late, who, where, how far are we; a unit's own people go to their work."""
    plan = current_plan()
    if plan is None:
        return render(request, "plans/no_plan.html")
    if not access.sees_all(request.user):
        return redirect("plans:inbox" if request.user.may("plans.work") else "plans:reports")
    year = clock.today().year
    years = [row.year for row in years_of(plan)]
    year = year if year in years or not years else years[0]
    rows = frame(plan, year, request.user)
    seen = overview(plan, year, request.user)
    titles = {code: title for code, title, *_ in GROUPS}
    groups = tallies(rows, "group")
    version = current_version(plan)
    by_section = tallies(rows.filter(pl.col("task").is_not_null()), "section")
    sections = dict(version.tasks.values_list("section_path", "section_title"))
    context = {
        "plan": plan,
        "year": year,
        "all": tally(rows),
        "seen": seen,
        "days_left": (seen.due_on - clock.today()).days if seen.due_on else None,
        "groups": [(code, titles[code], groups[code]) for code, *_ in GROUPS if code in groups],
        "sections": [
            (p, sections.get(p, ""), by_section[p]) for p in sorted(sections) if p in by_section
        ],
        "late_units": _late_units(rows),
        "places": places(rows),
        "history": [(y, tally(frame(plan, y, request.user))) for y in sorted(years) if y < year],
        "targets": Target.objects.filter(task__version=version).select_related("task"),
    }
    return render(request, "web/home.html", context)


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
def search(request: PersonRequest) -> HttpResponse:
    """Units, tasks, assigned tasks, people, found without accents."""
    words = request.GET.get("q", "").strip()[:80]
    key = fold(words)
    found: list[tuple[str, list[tuple[str, str, str]]]] = []
    if len(key) >= 2:
        found = [
            group
            for group in (_units(request, key), *_plan(request, key), _people(request, key))
            if group[1]
        ]
    return render(request, "web/search.html", {"q": words, "found": found, "short": len(key) < 2})


def _units(request: PersonRequest, key: str) -> tuple[str, list[tuple[str, str, str]]]:
    rows = OrganisationProfile.objects.filter(search__contains=key).order_by(
        "-organisation__starts_on", "name"
    )
    visible = access.visible_organisations(request.user)
    if visible is not None:
        rows = rows.filter(organisation_id__in=visible)
    seen: dict[int, tuple[str, str, str]] = {}
    for row in rows.select_related("organisation")[:60]:
        ended = row.organisation.ends_on
        note = f"đến {ended:%d/%m/%Y}" if ended else row.organisation.get_kind_display()
        url = reverse("organisations:unit", args=[row.organisation_id])
        seen.setdefault(row.organisation_id, (row.name, note, url))
    living = sorted(seen.values(), key=lambda r: (r[1].startswith("đến"), len(r[0])))
    return "Đơn vị", living[:15]


def _plan(request: PersonRequest, key: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    plan = current_plan()
    if plan is None:
        return []
    tasks = [
        (f"{t.path} {t.title}", t.timing_text, reverse("plans:task", args=[t.pk]))
        for t in tasks_of(current_version(plan))
        if key in fold(f"{t.path} {t.title} {t.text}")
    ]
    given = [
        (d.title, f"hạn {d.due_on:%d/%m/%Y}", reverse("plans:directive", args=[d.pk]))
        for d in Directive.objects.filter(plan=plan).order_by("-due_on")[:300]
        if key in fold(f"{d.title} {d.text}")
    ]
    return [("Nhiệm vụ", tasks[:15]), ("Việc giao thêm", given[:15])]


def _people(request: PersonRequest, key: str) -> tuple[str, list[tuple[str, str, str]]]:
    if not request.user.may("access.manage"):
        return "Người dùng", []
    people = access.people_named(key)[:15]
    return "Người dùng", [(p.full_name, p.username, reverse("access:people")) for p in people]


@requires("web.home")
@require_GET
def notices(request: PersonRequest) -> HttpResponse:
    """What was told to my unit; opening the page marks it read."""
    rows = list(bell.notices_of(request.user)[:100])
    unread = {row.pk for row in bell.notices_of(request.user).exclude(read_by=request.user)[:100]}
    bell.mark_read(request.user, unread)
    return render(request, "web/notices.html", {"rows": [(row, row.pk in unread) for row in rows]})


@open_to_all
def health(request: HttpRequest) -> HttpResponse:
    """For a watchman: the site and its database answer."""
    current_plan()
    return HttpResponse("ok", content_type="text/plain")
