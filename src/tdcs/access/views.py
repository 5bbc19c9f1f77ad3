"""People, permissions, one's own account, the demo's switch."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access import queries, services
from tdcs.access.errors import PasswordWeak
from tdcs.access.gate import PersonRequest, open_to_all, requires
from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.access.queries import holdings_on
from tdcs.access.services import NewAccount
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.core.typed import parse_int
from tdcs.organisations.queries import living_units, names_on, organisation_of

_PER_PAGE: Final = 50
# The list that leaves as a file is drawn whole (http/shown_tables.py, which is above this room): more than any province has.
_LEAVING: Final = 10_000


@open_to_all
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Demo mode only: sign in as one of the demo's accounts."""
    if not settings.DEMO:
        raise Http404("demo")
    name = request.POST.get("username", "")
    person = next((u for u in queries.demo_accounts() if u.username == name), None)
    if person is None:
        raise Http404(name)
    login(request, person, backend="tdcs.access.backends.AccountBackend")
    return redirect("web:home")


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, kept in a cookie."""
    code, target = request.POST.get("language", ""), request.POST.get("next", "/")
    safe = target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"
    response = HttpResponseRedirect(safe)
    if check_for_language(code):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31536000, samesite="Lax")
    return response


@requires("web.home")
def profile(request: PersonRequest) -> HttpResponse:
    """My account: contact, password."""
    if request.method == "POST":
        try:
            _save_own(request)
            messages.success(request, _("Đã lưu."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence(request.LANGUAGE_CODE))
        return redirect("access:profile")
    context = {
        "person": request.user,
        "substitutions": queries.substitutions_of(request.user, clock.today()),
    }
    return render(request, "access/profile.html", context)


def _save_own(request: PersonRequest) -> None:
    post, person, on = request.POST, request.user, clock.today()
    if post.get("verb") == "password":
        if not person.check_password(post.get("old", "")):
            raise PasswordWeak(why=_("mật khẩu hiện tại không đúng"))
        services.change_password(person=person, password=post.get("new", ""), by=person, on=on)
        update_session_auth_hash(request, person)
    else:
        services.save_profile(
            person=person, email=post.get("email", ""), by_mail="by_mail" in post, on=on
        )


@requires("access.manage")
def people(request: PersonRequest) -> HttpResponse:
    """Accounts and their roles."""
    today = clock.today()
    if request.method == "POST":
        try:
            _change_person(request)
            messages.success(request, _("Đã lưu."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence(request.LANGUAGE_CODE))
        return redirect("access:people")
    key, role = fold(request.GET.get("q", "")), request.GET.get("role", "")
    holdings = holdings_on(today, role)
    names = names_on(today, holdings.values_list("organisation_id", flat=True))
    rows = [
        (h, names[h.organisation_id])
        for h in holdings
        if key in fold(f"{h.user.full_name} {h.user.username} {names[h.organisation_id]}")
    ]
    units = names_on(today, living_units(today))
    size = _LEAVING if request.GET.get("export") else _PER_PAGE
    context = {
        "page": Paginator(rows, size).get_page(request.GET.get("page")),
        "roles": Role.choices,
        "role": role,
        "words": request.GET.get("q", ""),
        "units": sorted(units.items(), key=lambda pair: (pair[1], pair[0]))
        if "moi" in request.GET
        else [],
    }
    return render(request, "access/people.html", context)


def _change_person(request: PersonRequest) -> None:
    post, on, by = request.POST, clock.today(), request.user
    if key := post.get("active"):
        person = get_object_or_404(User, pk=parse_int(key))
        services.set_active(person=person, active=not person.is_active, by=by, on=on)
        return
    unit = post.get("organisation", "")
    services.create_person(
        account=NewAccount(
            username=post.get("username", "").strip().lower(),
            full_name=post.get("full_name", ""),
            email=post.get("email", ""),
            password=post.get("password", ""),
        ),
        role=post.get("role", ""),
        organisation=organisation_of(unit_key) if (unit_key := parse_int(unit)) else None,
        by=by,
        on=on,
    )


@requires("web.home")
@require_GET
def permissions(request: PersonRequest) -> HttpResponse:
    """Role × permission, as the gate reads it."""
    rows = [(name, [role in roles for role in Role]) for name, roles in PERMISSIONS.items()]
    return render(
        request, "access/permissions.html", {"roles": [r.label for r in Role], "rows": rows}
    )
