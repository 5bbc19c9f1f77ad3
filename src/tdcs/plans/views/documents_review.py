"""Review of what was read, and publication."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.organisations import catalogue
from tdcs.plans.forms.documents import COMPARISONS, SPARE, goals, named_rows
from tdcs.plans.models import AssignmentRole, Duty, DutyKind, PlanVersion, Task, TimingKind
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries import sources
from tdcs.plans.queries.meanings import meanings, units_named
from tdcs.plans.queries.plans import (
    all_duties,
    all_tasks,
    task_in_version,
    unresolved_rows,
    version_before,
    versions,
)
from tdcs.plans.reading.lessons import MEANT
from tdcs.plans.services import importing, learning, review
from tdcs.plans.services.review import DutyDraft, TaskDraft
from tdcs.plans.views.requested import bound_to, parse_day, parse_int, refusing, show_success


def _version(pk: int) -> PlanVersion:
    return get_object_or_404(versions(), pk=pk)


@requires("plans.import")
@require_GET
def review_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The document's words beside what was read."""
    version = _version(pk)
    tasks = sources.doubtful_first(version, list(version.tasks.all()))
    duties = list(version.duties.all())
    chosen = _chosen(request, tasks, duties)
    said = {row["path"]: row for row in version.reading.get("tasks", [])}
    unsettled = {row.task_id or -(row.duty_id or 0) for row in unresolved_rows(version)}
    marks = [
        (one, one.pk in unsettled, bool(row.get("warnings")), row.get("confidence", 100))
        for one in tasks
        for row in [said.get(one.path, {})]
    ]
    head = sources.header_of(version)
    context = {
        "version": version,
        "plan": version.plan,
        "scope": bound_to(version.plan),
        "tasks": marks,
        "duties": [(one, -one.pk in unsettled) for one in duties],
        "chosen": chosen,
        "checked": sum(t.checked for t in tasks) + sum(d.checked for d in duties),
        "total": len(tasks) + len(duties),
        "editable": version.state == VersionState.DRAFT,
        "warned": [(t, said[t.path]["warnings"]) for t, _u, warned, _s in marks if warned],
        "unsettled": [t for t, lost, _w, _s in marks if lost],
        "header_facts": head,
        "header_doubtful": any(fact.doubtful for fact in head),
        "aside": version.reading.get("aside", []),
        "meant": MEANT,
        "has_before": version_before(version) is not None,
    }
    if chosen is not None:
        context |= _item(version, chosen, [*tasks, *duties])
        page = parse_int(request.GET.get("page"))
        context |= {"page": page} if 0 < page <= context["page_count"] else {}
    return render(request, "plans/review.html", context)


def _chosen(request: PersonRequest, tasks: list[Task], duties: list[Duty]) -> Task | Duty | None:
    if key := parse_int(request.GET.get("duty")):
        return next((one for one in duties if one.pk == key), None)
    key = parse_int(request.GET.get("task"))
    fresh = next((one for one in tasks if not one.checked), tasks[0] if tasks else None)
    return next((one for one in tasks if one.pk == key), fresh)


def _item(version: PlanVersion, chosen: Task | Duty, order: list[Task | Duty]) -> dict[str, Any]:
    said = sources.item_said(version, chosen)
    at = order.index(chosen)
    return {
        "is_duty": isinstance(chosen, Duty),
        "said": said.get("warnings", []),
        "assignments": meanings(
            chosen.assignments.prefetch_related("organisations__profiles"),
            version.plan,
            clock.today(),
        ),
        "spare": range(chosen.assignments.count(), chosen.assignments.count() + SPARE),
        "targets": list(chosen.targets.all()) if isinstance(chosen, Task) else [],
        "blocks": sources.shown_blocks(version, said),
        "facts": sources.facts_of(said),
        "page": sources.page_of(version, said),
        "page_count": sources.page_count(version),
        "chosen_key": "duty" if isinstance(chosen, Duty) else "task",
        "first_line": min(said.get("lines", []), default=0),
        "kinds": TimingKind.choices if isinstance(chosen, Task) else DutyKind.choices,
        "roles": AssignmentRole.choices,
        "comparisons": COMPARISONS,
        "units": [entry.name for entry in catalogue.entries().values()],
        "level_choices": [("province", _("tỉnh")), ("district", _("huyện")), ("commune", _("xã"))],
        "following": order[at + 1] if at + 1 < len(order) else None,
        "previous": order[at - 1] if at else None,
    }


def _address(version: int, one: Task | Duty) -> str:
    name = "duty" if isinstance(one, Duty) else "task"
    return f"{reverse('plans:review', args=[version])}?{name}={one.pk}"


def _go_on(request: PersonRequest, one: Task | Duty) -> HttpResponse:
    """To the next item in the order of the document, or stay."""
    if request.POST.get("verb") != "next":
        return redirect(_address(one.version_id, one))
    tasks = sources.doubtful_first(one.version, list(one.version.tasks.all()))
    order: list[Task | Duty] = [*tasks, *one.version.duties.all()]
    at = next((i for i, other in enumerate(order) if other == one), 0)
    return redirect(_address(one.version_id, order[min(at + 1, len(order) - 1)]))


@requires("plans.import")
@require_POST
@refusing
def review_task(request: PersonRequest, pk: int) -> HttpResponse:
    """Save the corrections of one task, or leave it out."""
    task = get_object_or_404(all_tasks(), pk=pk)
    post, on = request.POST, clock.today()
    if post.get("verb") == "remove":
        review.remove_task(task=task, by=request.user, on=on)
        show_success(request, _("Đã bỏ mục %(path)s.") % {"path": task.path})
        return redirect("plans:review", pk=task.version_id)
    before = learning.as_read(task)
    review.update_task(
        task=task,
        draft=TaskDraft(
            title=post.get("title", ""),
            text=post.get("text", ""),
            timing_kind=post.get("timing_kind", ""),
            due_on=parse_day(post.get("due_on")),
            product=post.get("product", task.product),
            assignments=named_rows(post, task),
            targets=goals(post, task) if "has_targets" in post else None,
        ),
        by=request.user,
        on=on,
    )
    learning.remember_task(task=task, before=before, by=request.user, on=on)
    show_success(request, _("Đã lưu mục %(path)s.") % {"path": task.path})
    return _go_on(request, task)


@requires("plans.import")
@require_POST
@refusing
def review_duty(request: PersonRequest, pk: int) -> HttpResponse:
    """Save the corrections of one general duty, or leave it out."""
    duty = get_object_or_404(all_duties(), pk=pk)
    post, on = request.POST, clock.today()
    if post.get("verb") == "remove":
        review.remove_duty(duty=duty, by=request.user, on=on)
        show_success(request, _("Đã bỏ mục %(path)s.") % {"path": duty.path})
        return redirect("plans:review", pk=duty.version_id)
    review.update_duty(
        duty=duty,
        draft=DutyDraft(
            kind=post.get("kind", ""),
            text=post.get("text", ""),
            due_month=parse_int(post.get("due_month")) or None,
            due_day=parse_int(post.get("due_day")) or None,
            due_before="due_before" in post,
            assignments=named_rows(post, duty),
        ),
        by=request.user,
        on=on,
    )
    show_success(request, _("Đã lưu mục %(path)s.") % {"path": duty.path})
    return _go_on(request, duty)


@requires("plans.import")
@require_POST
@refusing
def add_task(request: PersonRequest, pk: int) -> HttpResponse:
    """A task that reading missed."""
    version, post = _version(pk), request.POST
    made = review.add_task(
        version=version,
        path=post.get("path", ""),
        text=post.get("text", ""),
        after=task_in_version(version, parse_int(post.get("after"))),
        by=request.user,
        on=clock.today(),
    )
    show_success(
        request, _("Đã thêm mục %(path)s; hãy chọn đơn vị và thời gian.") % {"path": made.path}
    )
    return redirect(_address(version.pk, made))


@requires("plans.import")
@require_POST
@refusing
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = _version(pk)
    words = str(version)
    importing.discard(version=version, by=request.user, on=clock.today())
    show_success(request, _("Đã bỏ %(version)s.") % {"version": words})
    return redirect("plans:import")


@requires("plans.import")
@require_GET
def find_units(request: PersonRequest) -> HttpResponse:
    """Options for a unit chosen by hand, by what was typed."""
    words = next((str(v) for k, v in request.GET.items() if k.startswith("org_add")), "")
    return render(request, "plans/_unit_options.html", {"units": units_named(words, clock.today())})
