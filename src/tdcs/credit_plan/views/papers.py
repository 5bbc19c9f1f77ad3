"""The branch's papers about a plan, as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.credit_plan.composing.papers import PAPERS
from tdcs.credit_plan.queries.paper_figures import plan_figures
from tdcs.credit_plan.views.frame import plan_or_404
from tdcs.http import official, refusing


@requires("credit_plan.view")
@require_GET
@refusing
def paper(request: PersonRequest, year: int, kind: str, fmt: str) -> HttpResponse:
    """A proposal or draft resolution, its figures from the plan as it stands."""
    if kind not in PAPERS:
        raise Http404(kind)
    on = clock.today()
    document = PAPERS[kind](plan_figures(plan_or_404(year), on), on)
    return official(document, fmt, f"{kind}-{year}")
