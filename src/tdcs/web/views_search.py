"""Search over everything a person may see, without accents."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tdcs.access import queries as access
from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, trail
from tdcs.core.text import fold
from tdcs.entrustment.queries import groups
from tdcs.households.queries import finding
from tdcs.loans.queries.scope import (
    applications_numbered,
    loans_numbered,
)
from tdcs.organisations.queries import profiles_named
from tdcs.plans.queries.directives import latest_directives
from tdcs.plans.queries.plans import current_plan, current_version, tasks_of
from tdcs.web.functions import find_functions

# Of each kind at most so many; whoever needs more has the lists with their filters.
SHOWN = 15
# And so many while one still types.
SUGGESTED = 5
# name, note, address
Hit = tuple[str, str, str]


@requires("web.home")
@require_http_methods(["GET", "POST"])
def search(request: PersonRequest) -> HttpResponse:
    """Units, households, groups, loans, tasks, assigned tasks, people.

    The form posts: an identity number is answered at once and stands in no address; other words go into it.
    """
    if request.method == "POST":
        words = request.POST.get("q", "").strip()[:80]
        if _is_identity(words):
            return _by_identity(request, words)
        return redirect(f"{reverse('web:search')}?{urlencode({'q': words})}")
    words = request.GET.get("q", "").strip()[:80]
    key = fold(words)
    found = [group for group in _all(request, key) if group[1]] if len(key) >= 2 else []
    return render(request, "web/search.html", {"q": words, "found": found, "short": len(key) < 2})


@requires("web.home")
@require_POST
def suggest(request: PersonRequest) -> HttpResponse:
    """While one types: functions, places, and groups and loans by number; a few of each. Nothing for a number of an identity."""
    words = request.POST.get("q", "").strip()[:80]
    key = fold(words)
    found: list[tuple[str, list[Hit]]] = []
    if len(key) >= 2 and not _is_identity(words):
        found = list(_functions_and_places(request, key))
        if request.user.may("entrustment.view"):
            found.append((_("Tổ TK&VV"), _groups(request, key)))
        if request.user.may("loans.view") and any(sign.isdigit() for sign in key):
            found.append((_("Khoản vay"), _loans(request, key)))
    few = [(title, hits[:SUGGESTED]) for title, hits in found if hits]
    answer = render(request, "web/_suggestions.html", {"found": few, "q": words})
    answer["Cache-Control"] = "no-store"
    return answer


def _is_identity(words: str) -> bool:
    bare = words.replace(" ", "").replace(".", "")
    return bare.isascii() and bare.isdigit() and len(bare) == 12


def _by_identity(request: PersonRequest, words: str) -> HttpResponse:
    """The household of an identity number, within scope; the trail notes the question, never the number."""
    found: list[tuple[str, list[Hit]]] = []
    if request.user.may("households.view"):
        hits = _households(request, words.replace(" ", "").replace(".", ""))
        found = [(_("Hộ vay vốn"), hits)] if hits else []
        with transaction.atomic():
            trail.record(
                action="households.find_identity",
                subject="số định danh",
                by=request.user,
                on=clock.today(),
                data={"found": len(hits)},
            )
    answer = render(request, "web/search.html", {"q": "", "found": found, "short": False})
    answer["Cache-Control"] = "no-store"
    return answer


def _all(request: PersonRequest, key: str) -> Iterator[tuple[str, list[Hit]]]:
    """Functions and places first: three letters of a place must not drown in people's names."""
    may = request.user.may
    yield from _functions_and_places(request, key)
    if may("entrustment.view"):
        yield _("Tổ TK&VV"), _groups(request, key)
    if may("loans.view"):
        yield _("Khoản vay"), _loans(request, key)
    if may("households.view"):
        yield _("Hộ vay vốn"), _households(request, key)
    if may("plans.view"):
        yield from _plan(request, key)
    if may("access.manage"):
        people = access.people_named(key)[:SHOWN]
        hits = [(p.full_name, p.username, reverse("access:people")) for p in people]
        yield _("Người dùng"), hits


def _functions_and_places(request: PersonRequest, key: str) -> Iterator[tuple[str, list[Hit]]]:
    functions = [(words, "", url) for words, url in find_functions(request.user, key)]
    yield _("Chức năng"), functions[:SHOWN]
    if request.user.may("organisations.view"):
        yield _("Đơn vị"), _units(request, key)


def _households(request: PersonRequest, key: str) -> list[Hit]:
    on = clock.today()
    rows = list(
        finding.find_households(request.user, finding.HouseholdFilters(words=key), on)[:SHOWN]
    )
    faces = finding.heads_and_places([row.pk for row in rows], on)
    return [
        (
            f"{row.code} – {faces[row.pk].head}",
            f"{faces[row.pk].hamlet}, {faces[row.pk].commune}",
            reverse("households:household", args=[row.pk]),
        )
        for row in rows
    ]


def _groups(request: PersonRequest, key: str) -> list[Hit]:
    on = clock.today()
    rows = list(groups.find_groups(request.user, groups.GroupFilters(words=key), on)[:SHOWN])
    faces = groups.faces_of([row.pk for row in rows], on)
    return [
        (
            f"{row.code} – {faces[row.pk].name}",
            f"{faces[row.pk].hamlet}, {faces[row.pk].commune}",
            reverse("entrustment:group", args=[row.pk]),
        )
        for row in rows
    ]


def _loans(request: PersonRequest, key: str) -> list[Hit]:
    """By number alone: who looks for a person finds the household, and there its loans."""
    bare = key.replace(" ", "").upper()
    loans = loans_numbered(request.user, bare)[:SHOWN]
    hits = [
        (row.number, row.get_state_display(), reverse("loans:loan", args=[row.pk])) for row in loans
    ]
    asked = applications_numbered(request.user, bare)
    hits += [
        (row.number, row.get_state_display(), reverse("loans:application", args=[row.pk]))
        for row in asked[:SHOWN]
    ]
    return hits


def _units(request: PersonRequest, key: str) -> list[Hit]:
    rows = profiles_named(key, access.visible_organisations(request.user))
    seen: dict[int, Hit] = {}
    for row in rows[:60]:
        ended = row.organisation.ends_on
        note = f"đến {ended:%d/%m/%Y}" if ended else row.organisation.get_kind_display()
        url = reverse("organisations:unit", args=[row.organisation_id])
        seen.setdefault(row.organisation_id, (row.name, note, url))
    living = sorted(seen.values(), key=lambda r: (r[1].startswith("đến"), len(r[0])))
    return living[:SHOWN]


def _plan(request: PersonRequest, key: str) -> list[tuple[str, list[Hit]]]:
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
        for d in latest_directives(plan)[:300]
        if key in fold(f"{d.title} {d.text}")
    ]
    return [(_("Nhiệm vụ"), tasks[:SHOWN]), (_("Việc giao thêm"), given[:SHOWN])]
