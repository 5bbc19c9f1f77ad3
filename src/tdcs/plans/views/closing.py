"""Close a reporting year: what is still open is said before it is asked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.plans.models import ReportingYear
from tdcs.plans.queries.consolidation import open_matters
from tdcs.plans.services import years
from tdcs.plans.views.requested import plan_or_404, refusing, show_success


@requires("plans.close_year")
@refusing
def close_year_page(request: PersonRequest, year: int) -> HttpResponse:
    """Close the year, or open it again with a reason."""
    plan = plan_or_404()
    row = get_object_or_404(ReportingYear, plan=plan, year=year)
    if request.method == "POST":
        if request.POST.get("verb") == "reopen":
            why = request.POST.get("why", "")
            years.reopen_year(plan=plan, year=year, why=why, by=request.user, on=clock.today())
            show_success(request, _("Đã mở lại năm %(year)d.") % {"year": year})
        else:
            years.close_year(plan=plan, year=year, by=request.user, on=clock.today())
            show_success(request, _("Đã khóa năm %(year)d.") % {"year": year})
        return redirect("plans:years")
    context = {"plan": plan, "row": row, "year": year, "left": open_matters(plan, year)}
    return render(request, "plans/close_year.html", context)
