"""The trail, newest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.audit.checks import chain_holds
from tdcs.audit.models import AuditLine


@requires("audit.view")
@require_GET
def lines(request: PersonRequest) -> HttpResponse:
    """Lines by action and person; the chain is proved when asked for."""
    rows = AuditLine.objects.order_by("-id")
    action, actor = request.GET.get("action", ""), request.GET.get("actor", "").strip()
    if action:
        rows = rows.filter(action=action)
    if actor:
        rows = rows.filter(actor_words__icontains=actor)
    findings = list(chain_holds())[:5] if "prove" in request.GET else None
    context = {
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "actions": AuditLine.objects.values_list("action", flat=True).distinct().order_by("action"),
        "action": action,
        "actor": actor,
        "findings": findings,
    }
    return render(request, "audit/lines.html", context)
