"""The trail, newest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.audit.checks import chain_holds
from tdcs.audit.queries import find_lines, known_actions


@requires("audit.view")
@require_GET
def lines(request: PersonRequest) -> HttpResponse:
    """Lines by action and person; the chain is proved when asked for."""
    action, actor = request.GET.get("action", ""), request.GET.get("actor", "").strip()
    rows = find_lines(action=action, actor=actor)
    findings = list(chain_holds())[:5] if "prove" in request.GET else None
    context = {
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "actions": known_actions(),
        "action": action,
        "actor": actor,
        "findings": findings,
    }
    return render(request, "audit/lines.html", context)
