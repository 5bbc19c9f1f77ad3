"""How far the tasks of a unit's own plan are, told where the province's task is shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.plans.queries.obligations import workable_units
from tdcs.plans.queries.proposals import visible_unit_tasks
from tdcs.plans.services import unit_plans
from tdcs.plans.views.requested import back, parse_int, refusing, show_success


@requires("plans.work")
@require_POST
@refusing
def update_unit_task(request: PersonRequest, pk: int) -> HttpResponse:
    """Save how far one task is, then back to the page it was told on."""
    task = get_object_or_404(visible_unit_tasks(request.user), pk=pk)
    if task.unit_plan.organisation_id not in workable_units(request.user):
        raise Http404(pk)
    unit_plans.report_task_progress(
        task=task,
        percent=parse_int(request.POST.get("percent"), task.percent),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lưu tiến độ việc của đơn vị."))
    return back(request, redirect("plans:unit_plan", pk=task.unit_plan_id).url)
