"""Publication: what it supersedes, what goes on, how much work comes and goes; then, confirmed, it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.plans.models import Plan, PlanVersion, RelationKind, Task
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.in_force import plans_offered
from tdcs.plans.queries.meanings import nobody_meant, years_ahead
from tdcs.plans.queries.plans import (
    tasks_in_force,
    unresolved_rows,
    unsettled,
    version_before,
    versions,
)
from tdcs.plans.services.publishing import Terms, publish
from tdcs.plans.services.relating import Effect, Related, effect_of, ends_by_task
from tdcs.plans.views.requested import (
    back,
    bound_to,
    parse_day,
    parse_int,
    refusing,
    show_success,
)


@dataclass(slots=True)
class EarlierPlan:
    """An earlier plan on the page: how the new one stands to it, and what each choice would do."""

    plan: Plan
    kind: str
    chosen: Effect
    replaced: Effect
    tasks: list[tuple[Task, bool, int]] = field(default_factory=list)


@requires("plans.publish")
@require_http_methods(["GET", "POST"])
@refusing
def publish_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what will happen, then publish. What would end work is shown once more before it is done."""
    version = get_object_or_404(versions(), pk=pk)
    if version.state != VersionState.DRAFT:
        return back(request, reverse("plans:plan"))
    before = version_before(version)
    asked = _PublicationForm(request, version)
    if request.method == "POST" and (before or asked.is_confirmed()):
        return _publish(request, version, asked)
    return render(request, "plans/publish.html", _context(request, version, before, asked))


class _PublicationForm:
    """What the form says, or the plan's own words before it was filled in."""

    def __init__(self, request: PersonRequest, version: PlanVersion) -> None:
        plan, post = version.plan, request.POST
        self.first_year = parse_int(post.get("first_year"), plan.first_year)
        self.last_year = parse_int(post.get("last_year"), plan.last_year)
        self.leave_out = "leave_out" in post
        self.in_force_from: date = parse_day(post.get("in_force_from")) or plan.issued_on
        self.field = post.get("field", plan.field)[:120]
        others = [one for one in plans_offered(clock.today()) if one.pk != plan.pk]
        host = parse_int(post.get("reports_with"))
        self.reports_with = next((one for one in others if one.pk == host), None)
        self.related = [self._related(request, one) for one in others]
        self.confirmed = post.get("confirmed", "")

    @staticmethod
    def _related(request: PersonRequest, other: Plan) -> Related:
        kind = request.POST.get(f"kind{other.pk}", RelationKind.BESIDE)
        chosen = request.POST.getlist(f"task{other.pk}") if kind == RelationKind.AMENDS else []
        return Related(other, kind, tuple(chosen))

    def ends_work(self) -> list[Related]:
        """The relations that take something away."""
        taking = (RelationKind.REPLACES, RelationKind.AMENDS)
        return [one for one in self.related if one.kind in taking]

    def mark(self) -> str:
        """Says whether the effects that a person saw are those of what is sent now."""
        parts = [f"{one.other.pk}:{one.kind}:{','.join(one.lineages)}" for one in self.ends_work()]
        return ";".join([self.in_force_from.isoformat(), *parts])

    def is_confirmed(self) -> bool:
        return not self.ends_work() or self.confirmed == self.mark()


def _publish(request: PersonRequest, version: PlanVersion, asked: _PublicationForm) -> HttpResponse:
    terms = Terms(
        in_force_from=asked.in_force_from,
        field=asked.field,
        reports_with=asked.reports_with,
        related=tuple(asked.related),
        leave_out_unresolved=asked.leave_out,
    )
    done = publish(
        version=version,
        first_year=asked.first_year,
        last_year=asked.last_year,
        terms=terms,
        by=request.user,
        on=clock.today(),
    )
    others = len(asked.related)
    if not others:
        show_success(request, _("Đã công bố. Các đơn vị đã thấy việc của mình."))
        return redirect("plans:plan")
    show_success(
        request,
        _(
            "Đã công bố %(plan)s bên cạnh %(n)d kế hoạch khác; các đơn vị thấy việc của mọi kế hoạch."
        )
        % {"plan": done.plan, "n": others},
    )
    return redirect("plans:one_plan", pk=done.plan_id)


def _context(
    request: PersonRequest,
    version: PlanVersion,
    before: PlanVersion | None,
    asked: _PublicationForm,
) -> dict[str, Any]:
    plan, today = version.plan, clock.today()
    left = unsettled(version)
    first = today.year if before else asked.first_year
    ahead = years_ahead(version, first, min(today.year, asked.last_year))
    earlier = [] if before else list(_earlier_plans(asked.related, asked.in_force_from))
    return {
        "version": version,
        "plan": plan,
        "scope": bound_to(plan),
        "before": before,
        "asked": asked,
        "beside": earlier,
        "kinds": RelationKind.choices,
        "hosts": [one.plan for one in earlier if not one.plan.reports_with_id],
        "confirming": request.method == "POST",
        "ends": sum(one.chosen.ends for one in earlier),
        "goes_on": sum(one.chosen.goes_on for one in earlier),
        "count": version.tasks.count(),
        "ahead": ahead,
        "sum": sum(year.obligations for year in ahead),
        "unresolved": list(unresolved_rows(version)),
        "nobody": nobody_meant(version, today),
        "untimed": left.untimed,
        "instructed": left.instructed,
        "unchecked": left.unchecked,
    }


def _earlier_plans(related: Iterable[Related], since: date) -> Iterable[EarlierPlan]:
    for one in related:
        ends = ends_by_task(one.other, since)
        tasks = [
            (task, key in one.lineages, ends[key])
            for task in tasks_in_force(one.other)
            for key in (str(task.lineage),)
        ]
        replaced = effect_of(Related(one.other, RelationKind.REPLACES), since)
        yield EarlierPlan(one.other, one.kind, effect_of(one, since), replaced, tasks)
