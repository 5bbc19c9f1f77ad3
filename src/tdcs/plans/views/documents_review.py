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
from tdcs.plans.queries.meanings import meanings, nobody_meant, units_named, years_ahead
from tdcs.plans.queries.plans import (
    all_duties,
    all_tasks,
    task_in_version,
    unresolved_rows,
    unsettled,
    version_before,
    versions,
)
from tdcs.plans.services import importing, publishing, review
from tdcs.plans.services.review import DutyDraft, TaskDraft
from tdcs.plans.views.requested import back, parse_day, parse_int, refusing, show_success


def _version(pk: int) -> PlanVersion:
    return get_object_or_404(versions(), pk=pk)


@requires("plans.import")
@require_GET
def review_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The document's words beside what was read."""
    version = _version(pk)
    tasks, duties = list(version.tasks.all()), list(version.duties.all())
    chosen = _chosen(request, tasks, duties)
    said = {row["path"]: row for row in version.reading.get("tasks", [])}
    unsettled = {row.task_id or -(row.duty_id or 0) for row in unresolved_rows(version)}
    marks = [
        (one, one.pk in unsettled, bool(said.get(one.path, {}).get("warnings"))) for one in tasks
    ]
    context = {
        "version": version,
        "plan": version.plan,
        "tasks": marks,
        "duties": [(one, -one.pk in unsettled) for one in duties],
        "chosen": chosen,
        "checked": sum(t.checked for t in tasks) + sum(d.checked for d in duties),
        "total": len(tasks) + len(duties),
        "editable": version.state == VersionState.DRAFT,
        "warned": [(t, said[t.path]["warnings"]) for t, _u, warned in marks if warned],
        "unsettled": [t for t, lost, _w in marks if lost],
        "has_before": version_before(version) is not None,
    }
    if chosen is not None:
        context |= _item(version, chosen, [*tasks, *duties])
    return render(request, "plans/review.html", context)


def _chosen(request: PersonRequest, tasks: list[Task], duties: list[Duty]) -> Task | Duty | None:
    if key := parse_int(request.GET.get("duty")):
        return next((one for one in duties if one.pk == key), None)
    key = parse_int(request.GET.get("task"))
    fresh = next((one for one in tasks if not one.checked), tasks[0] if tasks else None)
    return next((one for one in tasks if one.pk == key), fresh)


def _item(version: PlanVersion, chosen: Task | Duty, order: list[Task | Duty]) -> dict[str, Any]:
    said = _said(version, chosen)
    lines = set(said.get("lines", []))
    text = version.reading.get("lines", [])
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
        "lines": [(n, words, n in lines) for n, words in enumerate(text, 1) if words.strip()],
        "first_line": min(lines, default=0),
        "kinds": TimingKind.choices if isinstance(chosen, Task) else DutyKind.choices,
        "roles": AssignmentRole.choices,
        "comparisons": COMPARISONS,
        "units": [entry.name for entry in catalogue.entries().values()],
        "level_choices": [("province", _("tỉnh")), ("district", _("huyện")), ("commune", _("xã"))],
        "following": order[at + 1] if at + 1 < len(order) else None,
        "previous": order[at - 1] if at else None,
    }


def _said(version: PlanVersion, chosen: Task | Duty) -> dict[str, Any]:
    """What the reader gave for the item; two duties may stand under one number."""
    name, kind = ("tasks", "") if isinstance(chosen, Task) else ("duties", chosen.kind)
    rows: list[dict[str, Any]] = version.reading.get(name, [])
    same = (row for row in rows if row["path"] == chosen.path and kind in ("", row.get("kind")))
    return next(same, {})


def _address(version: int, one: Task | Duty) -> str:
    name = "duty" if isinstance(one, Duty) else "task"
    return f"{reverse('plans:review', args=[version])}?{name}={one.pk}"


def _go_on(request: PersonRequest, one: Task | Duty) -> HttpResponse:
    """To the next item in the order of the document, or stay."""
    if request.POST.get("verb") != "next":
        return redirect(_address(one.version_id, one))
    order: list[Task | Duty] = [*one.version.tasks.all(), *one.version.duties.all()]
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


@requires("plans.publish")
@refusing
def publish_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what will happen, then publish."""
    version, today = _version(pk), clock.today()
    plan = version.plan
    if request.method == "POST":
        publishing.publish(
            version=version,
            first_year=parse_int(request.POST.get("first_year"), plan.first_year),
            last_year=parse_int(request.POST.get("last_year"), plan.last_year),
            leave_out_unresolved="leave_out" in request.POST,
            by=request.user,
            on=today,
        )
        show_success(request, _("Đã công bố. Các đơn vị đã thấy việc của mình."))
        return redirect("plans:plan")
    if version.state != VersionState.DRAFT:
        return back(request, reverse("plans:plan"))
    before = version_before(version)
    first = today.year if before else plan.first_year
    left = unsettled(version)
    ahead = years_ahead(version, first, min(today.year, plan.last_year))
    context = {
        "version": version,
        "plan": plan,
        "before": before,
        "count": version.tasks.count(),
        "ahead": ahead,
        "sum": sum(year.obligations for year in ahead),
        "unresolved": list(unresolved_rows(version)),
        "nobody": nobody_meant(version, today),
        "untimed": left.untimed,
        "instructed": left.instructed,
        "unchecked": left.unchecked,
    }
    return render(request, "plans/publish.html", context)
