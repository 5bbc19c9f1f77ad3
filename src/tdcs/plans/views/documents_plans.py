"""All plans of the province, and one of them: what it says, how it stands to others; withdrawal, archive."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.plans.models import Plan, PlanState, PlanVersion, Task
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.in_force import (
    Scope,
    every_plan,
    moves_of,
    plan_of,
    plans_in_force,
    relations_of,
    reported_together,
)
from tdcs.plans.queries.obligations import Tally, frame, tallies, tally, worked_on
from tdcs.plans.queries.plans import (
    drafts,
    has_draft,
    shown_version,
    version_before,
    versions,
    years_of,
)
from tdcs.plans.services import withdrawing
from tdcs.plans.views.requested import (
    bound_to,
    file_name,
    refusing,
    scope_of,
    sheet,
    show_success,
    year_of_request,
)


@requires("plans.view")
@require_GET
def plan_page(request: PersonRequest) -> HttpResponse:
    """The plan chosen; of several all of them, each with its time, its relations and its progress."""
    scope = scope_of(request)
    if scope.one:
        return _one(request, scope.one)
    if not every_plan().exists():
        return render(request, "plans/no_plan.html", {"drafts": drafts()})
    return plans_page(request)


@requires("plans.view")
@require_GET
def plans_page(request: PersonRequest) -> HttpResponse:
    """Every plan that was published: in force, over, withdrawn, archived."""
    today, scope = clock.today(), scope_of(request)
    plans = list(every_plan())
    held = {plan.pk for plan in plans_in_force(today)}
    year = year_of_request(request, plans) if plans else today.year
    counts = tallies(frame(plans, year, request.user), "plan") if plans else {}
    context = {
        "scope": Scope(scope.offered, scope.offered),
        "year": year,
        "rows": [
            (plan, plan.pk in held, counts.get(plan.pk), relations_of(plan)) for plan in plans
        ],
        "can_import": request.user.may("plans.import"),
        "drafts": drafts(),
    }
    return render(request, "plans/plans.html", context)


@requires("plans.view")
@require_GET
def one_plan_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One plan, also one that is over or was withdrawn."""
    plan = plan_of(pk)
    if plan is None:
        raise Http404(pk)
    return _one(request, plan)


def _one(request: PersonRequest, plan: Plan) -> HttpResponse:
    """What it says, how far each task is."""
    version, year = shown_version(plan), year_of_request(request, plan)
    rows = frame(plan, year, request.user)
    counts = tallies(rows, "task")
    tasks = version.tasks.prefetch_related("assignments", "targets")
    words = fold(request.GET.get("q", ""))
    shown = [t for t in tasks if not words or words in fold(f"{t.path} {t.title} {t.text}")]
    if fmt := request.GET.get("export"):
        return _export(fmt, plan, shown, counts)
    may = request.user.may
    context = {
        "plan": plan,
        "scope": bound_to(plan),
        "version": version,
        "year": year,
        "years": years_of(plan),
        "tasks": [(task, counts.get(task.pk)) for task in shown],
        "duties": version.duties.all(),
        "bases": _bases(version),
        "can_import": may("plans.import"),
        "total": tally(rows),
        "versions": plan.versions.order_by("-number"),
        "drafts": drafts(),
        "words": request.GET.get("q", ""),
        "relations": relations_of(plan),
        "together": reported_together(plan)[1:],
        "moves": moves_of(plan),
        "may_withdraw": may("plans.publish") and version.state == VersionState.PUBLISHED,
        "may_archive": may("plans.publish")
        and plan.state == PlanState.PUBLISHED
        and plan.in_force_until is not None
        and plan.in_force_until <= clock.today(),
        "may_unarchive": may("plans.publish") and plan.state == PlanState.ARCHIVED,
        "may_draft": may("plans.publish")
        and plan.state == PlanState.WITHDRAWN
        and not has_draft(plan),
    }
    return render(request, "plans/plan.html", context)


def _export(
    fmt: str, plan: Plan, tasks: list[Task], counts: dict[int | None, Tally]
) -> HttpResponse:
    header = ("Mục", "Nhiệm vụ", "Thời gian", "Số lượt", "Đã xong", "Quá hạn")
    lines = []
    for task in tasks:
        found = counts.get(task.pk)
        counted = (found.total, found.done, found.late) if found else (0, 0, 0)
        lines.append((task.path, task.title, task.timing_text, *counted))
    return sheet(fmt, file_name("nhiem-vu", plan), header, lines)


def _bases(version: PlanVersion) -> list[dict[str, str]]:
    """The legal texts the plan rests on; an amended version keeps those of the document."""
    first = version.plan.versions.order_by("number").first()
    reading = version.reading or (first.reading if first else {})
    return list(reading.get("legal_bases", []))


@requires("plans.publish")
@require_http_methods(["GET", "POST"])
@refusing
def withdraw_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what the withdrawal of a publication does, then do it with a reason."""
    version = get_object_or_404(versions(), pk=pk)
    plan = version.plan
    if request.method == "POST":
        draft = withdrawing.withdraw(
            version=version, why=request.POST.get("why", ""), by=request.user, on=clock.today()
        )
        show_success(request, _("Đã thu hồi công bố %(plan)s.") % {"plan": plan})
        return redirect("plans:review", pk=draft.pk) if draft else redirect("plans:plans")
    context: dict[str, Any] = {
        "version": version,
        "plan": plan,
        "scope": bound_to(plan),
        "before": version_before(version),
        "stands": withdrawing.what_stands(version),
        "relations": [one for one in relations_of(plan) if one.plan_id == plan.pk],
        "work": worked_on(plan),
    }
    return render(request, "plans/withdraw.html", context)


@requires("plans.publish")
@require_POST
@refusing
def change_plan(request: PersonRequest, pk: int) -> HttpResponse:
    """Archive a plan, take it out again, or make a draft of one that was withdrawn."""
    plan = plan_of(pk)
    if plan is None:
        raise Http404(pk)
    verb, by, on = request.POST.get("verb"), request.user, clock.today()
    if verb == "archive":
        withdrawing.archive(plan=plan, by=by, on=on)
        show_success(request, _("Đã lưu trữ %(plan)s.") % {"plan": plan})
    elif verb == "unarchive":
        withdrawing.unarchive(plan=plan, by=by, on=on)
        show_success(request, _("Đã đưa %(plan)s ra khỏi lưu trữ.") % {"plan": plan})
    elif verb == "draft":
        made = withdrawing.draft_again(plan=plan, by=by, on=on)
        return redirect("plans:review", pk=made.pk)
    else:
        raise Http404(verb)
    return redirect("plans:one_plan", pk=pk)
