"""Hand-overs and substitutes: the administrator's page, and the switch of who works for another."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tdcs.access import handover, queries
from tdcs.access.errors import HandOverRefused
from tdcs.access.gate import PersonRequest, requires
from tdcs.access.middleware import ACTING
from tdcs.access.models import Substitution, User
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.typed import parse_day, parse_int
from tdcs.organisations.queries import names_on


@requires("access.manage")
@require_http_methods(["GET", "POST"])
def handovers(request: PersonRequest) -> HttpResponse:
    """Who handed over to whom, who works for whom; both are entered here."""
    today = clock.today()
    typed: dict[str, str] = {}
    if request.method == "POST":
        try:
            _change(request, today)
        except Refusal as refusal:
            language = request.LANGUAGE_CODE
            step = refusal.next_step(language)
            messages.error(request, f"{refusal.sentence(language)}\n{step}".strip())
            typed = request.POST.dict()
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("access:handovers")
    rows = list(queries.hand_overs()[:100])
    context = {
        "rows": [
            (row, names_on(row.on, [row.organisation_id])[row.organisation_id]) for row in rows
        ],
        "substitutions": queries.substitutions_from(today),
        "typed": typed,
        "people": queries.holdings_on(today)[:2000],
    }
    return render(request, "access/handovers.html", context)


def _change(request: PersonRequest, today: date) -> None:
    post, by = request.POST, request.user
    if post.get("verb") == "end":
        row = get_object_or_404(Substitution, pk=parse_int(post.get("substitution")))
        handover.end_substitution(substitution=row, by=by, on=today)
    elif post.get("verb") == "substitute":
        handover.name_substitute(
            absent=_person(post.get("absent", "")),
            substitute=_person(post.get("substitute", "")),
            days=(parse_day(post.get("first")) or date.min, parse_day(post.get("end")) or date.min),
            words=post.get("words", ""),
            by=by,
            on=today,
        )
    else:
        handover.hand_over(
            old=_person(post.get("old", "")),
            new=_person(post.get("new", "")),
            from_day=parse_day(post.get("from_day")) or date.min,
            words=post.get("words", ""),
            by=by,
            on=today,
        )


def _person(username: str) -> User:
    found = queries.person_called(username)
    if found is None:
        raise HandOverRefused(why=f"không có tài khoản “{username.strip()}”")
    return found


@requires("web.home")
@require_POST
def act(request: PersonRequest) -> HttpResponse:
    """Begin to work for an absent person, or again for oneself."""
    key = parse_int(request.POST.get("substitution"))
    request.session.pop(ACTING, None)
    if key:
        today = clock.today()
        row = get_object_or_404(queries.substitutions_of(request.user, today), pk=key)
        handover.act_for(substitution=row, by=request.user, on=today)
        request.session[ACTING] = row.pk
    return redirect("web:home")
