"""Units on any day: the tree, one unit, what changed, how a unit ends."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.core.typed import parse_day
from tdcs.http import refusing, show_success
from tdcs.organisations import catalogue, queries
from tdcs.organisations.models import Kind, Level, Organisation, Share
from tdcs.organisations.services import changing

SHORTCUTS = (
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2025, 6, 30),
    date(2025, 7, 1),
    date(2026, 4, 30),
)


def _day(words: str | None, default: date) -> date:
    return parse_day(words) or default


@requires("organisations.view")
@require_GET
def tree(request: PersonRequest) -> HttpResponse:
    """Who exists on a day, by level and kind."""
    on = _day(request.GET.get("on"), clock.today())
    key, kind, level = (
        fold(request.GET.get("q", "")),
        request.GET.get("kind", ""),
        request.GET.get("level", ""),
    )
    rows = queries.find_profiles(on, key=key, kind=kind, level=level)
    levels, kinds = dict(Level.choices), dict(Kind.choices)
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for key_, short, at, of in rows.values_list(
        "organisation_id", "short_name", "organisation__level", "organisation__kind"
    ):
        groups.setdefault((levels[at], kinds[of]), []).append((key_, short))
    order = list(Level.labels)
    context = {
        "shown_day": on,
        "groups": sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1])),
        "count": sum(len(found) for found in groups.values()),
        "kinds": Kind.choices,
        "levels": Level.choices[:4],
        "kind": kind,
        "level": level,
        "words": request.GET.get("q", ""),
        "open_all": bool(key or kind),
        "shortcuts": (*SHORTCUTS, clock.today()),
    }
    return render(request, "organisations/tree.html", context)


@requires("organisations.view")
@require_GET
def changes(request: PersonRequest) -> HttpResponse:
    """What was made, ceased, renamed or moved between two days."""
    first = _day(request.GET.get("from"), date(2025, 6, 30))
    second = _day(request.GET.get("to"), date(2025, 7, 1))
    key, kind = fold(request.GET.get("q", "")), request.GET.get("kind", "")
    found = queries.changes_between(first, second) if first < second else []
    counts = {k: sum(c.kind == k for c in found) for k in ("ceased", "created", "renamed", "moved")}
    shown = [
        c
        for c in found
        if (not kind or c.kind == kind)
        and (not key or key in fold(f"{c.before} {c.after} {' '.join(c.successors)}"))
    ]
    context = {
        "first": first,
        "second": second,
        "changes": shown[:300],
        "shown": len(shown),
        "counts": counts,
        "kind": kind,
        "words": request.GET.get("q", ""),
        "wrong": first >= second,
    }
    return render(request, "organisations/changes.html", context)


@requires("organisations.view")
@require_GET
def unit(request: PersonRequest, pk: int) -> HttpResponse:
    """One unit: names over time, who it came from, who continues it."""
    organisation = get_object_or_404(Organisation, pk=pk)
    today = clock.today()
    profile = queries.profile_of(organisation, today)
    children = queries.children_of(organisation, today)
    before = list(organisation.inheritances.select_related("predecessor").order_by("on"))
    after = list(organisation.successions.select_related("successor").order_by("on"))
    ids = [row.predecessor_id for row in before] + [row.successor_id for row in after]
    names = queries.names_on(today, ids)
    context = {
        "unit": organisation,
        "profile": profile,
        "profiles": organisation.profiles.order_by("starts_on"),
        "children": children[:200],
        "before": [(row, names[row.predecessor_id]) for row in before],
        "after": [(row, names[row.successor_id]) for row in after],
        "served": organisation.served.on(today).select_related("area"),
        "shares": Share.choices,
        "types": [one for one in catalogue.entries().values() if one.kind],
        "levels": Level.choices[1:4],
        "today": today,
    }
    return render(request, "organisations/unit.html", context)


@requires("organisations.change")
@require_POST
@refusing
def rename_unit(request: PersonRequest, pk: int) -> HttpResponse:
    """A new name from a day; what the unit was called before stays."""
    organisation = get_object_or_404(Organisation, pk=pk)
    post = request.POST
    changing.rename(
        organisation=organisation,
        name=post.get("name", ""),
        short_name=post.get("short_name", ""),
        basis=post.get("basis", ""),
        by=request.user,
        on=_day(post.get("on"), clock.today()),
    )
    show_success(request, _("Đã ghi nhận."))
    return redirect("organisations:unit", pk=pk)


@requires("organisations.change")
@require_POST
@refusing
def add_unit(request: PersonRequest, pk: int) -> HttpResponse:
    """A unit under this one, that the lists do not have."""
    post = request.POST
    made = changing.add_unit(
        unit=changing.NewUnit(
            code=post.get("code", ""),
            type=post.get("type", ""),
            level=post.get("level", ""),
            name=post.get("name", ""),
            short_name=post.get("short_name", ""),
            parent=get_object_or_404(Organisation, pk=pk),
        ),
        basis=post.get("basis", ""),
        by=request.user,
        on=_day(post.get("on"), clock.today()),
    )
    show_success(request, _("Đã ghi nhận."))
    return redirect("organisations:unit", pk=made.pk)


@requires("organisations.change")
@require_POST
def end_unit(request: PersonRequest, pk: int) -> HttpResponse:
    """A unit ceases into its successors; the form asks which takes what."""
    organisation = get_object_or_404(Organisation, pk=pk)
    post = request.POST
    heirs = []
    for at in range(8):
        code = post.get(f"code{at}", "").strip()
        if code:
            heir = queries.organisation_by_code(code)
            if heir is None:
                messages.error(request, _("Không có đơn vị mã “%(code)s”.") % {"code": code})
                return redirect("organisations:unit", pk=pk)
            note, takes = post.get(f"note{at}", ""), f"takes{at}" in post
            heirs.append(changing.Heir(heir, post.get(f"share{at}", ""), takes, note))
    try:
        changing.record_succession(
            predecessor=organisation,
            heirs=heirs,
            basis=post.get("basis", ""),
            by=request.user,
            on=_day(post.get("on"), clock.today()),
        )
        messages.success(request, _("Đã ghi nhận."))
    except Refusal as refusal:
        messages.error(
            request,
            f"{refusal.sentence(request.LANGUAGE_CODE)}\n{refusal.next_step(request.LANGUAGE_CODE)}",
        )
    return redirect("organisations:unit", pk=pk)
