"""Commendations of a year: proposed from figures, decided by another person, on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.typed import parse_year
from tdcs.http import official, parse_int, refusing, show_success
from tdcs.organisations.queries import organisations_of
from tdcs.outreach.composing.commending import decision_list
from tdcs.outreach.queries import commending as queries
from tdcs.outreach.rules.commending import criteria_on
from tdcs.outreach.services import commending as services
from tdcs.plans.queries.evidence_below import branch_on


@requires("outreach.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Candidates of a year with their figures, and what was decided."""
    on = clock.today()
    year = parse_year(request.GET.get("year"), on.year)
    names = {one.code: one.name for one in criteria_on(on)}
    rows = list(queries.nominations_of(year))
    context = {
        "year": year,
        "years": range(on.year, on.year - 4, -1),
        "rows": [(row, names.get(row.criterion, row.criterion)) for row in rows],
        "to_open": queries.groups_to_open(request.user, rows, on),
        "waiting": sum(row.decided_on is None for row in rows),
        "may_propose": request.user.may("outreach.nominate") and year == on.year,
        "may_decide": request.user.may("outreach.commend"),
    }
    return render(request, "outreach/commendations.html", context)


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('outreach:commendations')}?year={year}")


@requires("outreach.nominate")
@require_POST
@refusing
def propose(request: PersonRequest) -> HttpResponse:
    """Whom the figures of this year propose."""
    on = clock.today()
    count = services.propose(year=on.year, by=request.user, on=on)
    show_success(request, _("Đã đề xuất thêm %(n)d tập thể, cá nhân.") % {"n": count})
    return _back(on.year)


@requires("outreach.commend")
@require_POST
@refusing
def decide(request: PersonRequest) -> HttpResponse:
    """Those ticked are commended, or not."""
    given, on = request.POST, clock.today()
    count = services.decide(
        chosen=frozenset(parse_int(one) for one in given.getlist("row")),
        approve=given.get("verb") == "approve",
        number=given.get("number", ""),
        why=given.get("why", ""),
        by=request.user,
        on=on,
    )
    show_success(request, _("Đã ghi quyết định cho %(n)d tập thể, cá nhân.") % {"n": count})
    return _back(parse_year(given.get("year"), on.year))


@requires("outreach.view")
@require_GET
def paper(request: PersonRequest, fmt: str) -> HttpResponse:
    """The list of a year: of one decision by its number, else of those who wait."""
    on = clock.today()
    year, number = parse_year(request.GET.get("year"), on.year), request.GET.get("number", "")
    rows = queries.of_number(year, number[:60])
    branch = get_object_or_404(organisations_of([branch_on(on)]))
    return official(decision_list(rows, branch, number[:60], on), fmt, f"khen-thuong-{year}")
