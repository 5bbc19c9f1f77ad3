"""The plan itself: import, review, publication, versions, tasks, years."""

from __future__ import annotations

import polars as pl
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.documents.errors import EmptyFile, FileTooLarge
from tdcs.documents.reading import MAX_BYTES
from tdcs.organisations import catalogue
from tdcs.organisations.queries import Resolver, names_on, province_of
from tdcs.plans.models import Plan, PlanVersion, Task, TimingKind
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.obligations import frame, tallies, tally
from tdcs.plans.queries.derivation import resolve_assignment
from tdcs.plans.queries.plans import current_plan, current_version, years_of
from tdcs.plans.rules.difference import words_changed
from tdcs.plans.services import deriving, importing, publishing, review, years
from tdcs.plans.views.answering import (
    back,
    day,
    done,
    plan_or_404,
    refusing,
    sheet,
    whole,
    year_of_request,
)


@requires("plans.view")
@require_GET
def plan_page(request: PersonRequest) -> HttpResponse:
    """The plan in force: what it says, how far each task is."""
    plan = current_plan()
    drafts = PlanVersion.objects.filter(state=VersionState.DRAFT).select_related("plan")
    if plan is None:
        return render(request, "plans/no_plan.html", {"drafts": drafts})
    version = current_version(plan)
    year = year_of_request(request, plan)
    rows = frame(plan, year, request.user)
    counts = tallies(rows, "task")
    tasks = version.tasks.prefetch_related("assignments", "targets")
    words = fold(request.GET.get("q", ""))
    shown = [t for t in tasks if not words or words in fold(f"{t.path} {t.title} {t.text}")]
    if fmt := request.GET.get("export"):
        header = ("Mục", "Nhiệm vụ", "Thời gian", "Số lượt", "Đã xong", "Quá hạn")
        out = [
            (
                t.path,
                t.title,
                t.timing_text,
                c.total if (c := counts.get(t.pk)) else 0,
                c.done if c else 0,
                c.late if c else 0,
            )
            for t in shown
        ]
        return sheet(fmt, "nhiem-vu", header, out)
    context = {
        "plan": plan,
        "version": version,
        "year": year,
        "years": years_of(plan),
        "tasks": [(task, counts.get(task.pk)) for task in shown],
        "duties": version.duties.all(),
        "total": tally(rows),
        "versions": plan.versions.order_by("-number"),
        "drafts": drafts,
        "words": request.GET.get("q", ""),
    }
    return render(request, "plans/plan.html", context)


@requires("plans.import")
@refusing
def import_page(request: PersonRequest) -> HttpResponse:
    """Upload a plan's document."""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            raise EmptyFile
        if (upload.size or 0) > MAX_BYTES:
            raise FileTooLarge(size=(upload.size or 0) // 2**20, limit=MAX_BYTES // 2**20)
        version = importing.import_document(
            content=upload.read(), filename=upload.name or "", by=request.user, on=clock.today()
        )
        done(
            request,
            _("Đã đọc được %(n)d nhiệm vụ. Hãy rà soát trước khi công bố.")
            % {"n": version.tasks.count()},
        )
        return redirect("plans:review", pk=version.pk)
    drafts = PlanVersion.objects.filter(state=VersionState.DRAFT).select_related("plan")
    return render(request, "plans/import.html", {"drafts": drafts})


@requires("plans.import")
@require_GET
def review_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The document's words beside what was read."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan", "document"), pk=pk)
    tasks = list(version.tasks.prefetch_related("assignments__organisations", "targets"))
    chosen = next(
        (t for t in tasks if str(t.pk) == request.GET.get("task")), tasks[0] if tasks else None
    )
    reading = {row["path"]: row for row in version.reading.get("tasks", [])}
    said = reading.get(chosen.path, {}) if chosen else {}
    resolver = Resolver(
        province=province_of(version.plan.issuer, version.plan.issued_on), on=clock.today()
    )
    rows = chosen.assignments.all() if chosen else []
    lines = set(said.get("lines", []))
    context = {
        "version": version,
        "plan": version.plan,
        "tasks": [(t, bool(reading.get(t.path, {}).get("warnings"))) for t in tasks],
        "chosen": chosen,
        "warnings": version.reading.get("warnings", []),
        "said": said.get("warnings", []),
        "assignments": [(row, len(resolve_assignment(row, resolver))) for row in rows],
        "lines": [
            (number, text, number in lines)
            for number, text in enumerate(version.reading.get("lines", []), 1)
            if text.strip()
        ],
        "kinds": TimingKind.choices,
        "units": [(e.code, e.name) for e in catalogue.entries().values()],
        "level_choices": [("province", _("tỉnh")), ("district", _("huyện")), ("commune", _("xã"))],
        "unresolved": [t.path for t in publishing.unresolved_tasks(version)],
        "editable": version.state == VersionState.DRAFT,
        "following": _after(tasks, chosen),
    }
    return render(request, "plans/review.html", context)


def _after(tasks: list[Task], chosen: Task | None) -> Task | None:
    at = tasks.index(chosen) if chosen else -1
    return tasks[at + 1] if 0 <= at < len(tasks) - 1 else None


@requires("plans.import")
@require_POST
@refusing
def review_task(request: PersonRequest, pk: int) -> HttpResponse:
    """Save the corrections of one task, or leave it out."""
    task = get_object_or_404(Task.objects.select_related("version"), pk=pk)
    post, on = request.POST, clock.today()
    if post.get("verb") == "remove":
        review.remove_task(task=task, by=request.user, on=on)
        done(request, _("Đã bỏ mục %(path)s.") % {"path": task.path})
        return redirect("plans:review", pk=task.version_id)
    kept = {row.pk: row for row in task.assignments.prefetch_related("organisations")}
    rows = []
    for number in range(len(kept) + 3):
        before = kept.get(whole(post.get(f"row{number}")))
        unit = post.get(f"unit{number}", "")
        if f"drop{number}" in post or (before is None and not unit):
            continue
        rows.append(
            {
                "role": post.get(f"role{number}", "perform"),
                "words": before.words if before else "",
                "unit": unit,
                "levels": post.getlist(f"levels{number}"),
                "area": before.area if before else "",
                "qualifier": before.qualifier if before else "",
                "organisations": [o.pk for o in before.organisations.all()] if before else [],
            }
        )
    review.update_task(
        task=task,
        title=post.get("title", ""),
        text=post.get("text", ""),
        timing_kind=post.get("timing_kind", ""),
        due_on=day(post.get("due_on")),
        assignments=rows,
        by=request.user,
        on=on,
    )
    done(request, _("Đã lưu mục %(path)s.") % {"path": task.path})
    return back(request)


@requires("plans.publish")
@refusing
def publish_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what will happen, then publish."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=pk)
    if request.method == "POST":
        publishing.publish(
            version=version,
            first_year=whole(request.POST.get("first_year"), version.plan.first_year),
            last_year=whole(request.POST.get("last_year"), version.plan.last_year),
            leave_out_unresolved="leave_out" in request.POST,
            by=request.user,
            on=clock.today(),
        )
        done(request, _("Đã công bố. Các đơn vị đã thấy việc của mình."))
        return redirect("plans:plan")
    resolver = Resolver(
        province=province_of(version.plan.issuer, version.plan.issued_on), on=clock.today()
    )
    units = {
        unit
        for task in version.tasks.prefetch_related("assignments__organisations")
        for row in task.assignments.all()
        if row.role != "coordinate"
        for unit in resolve_assignment(row, resolver)
    }
    context = {
        "version": version,
        "plan": version.plan,
        "count": version.tasks.count(),
        "units": len(units),
        "unresolved": publishing.unresolved_tasks(version),
        "untimed": version.tasks.filter(timing_kind=TimingKind.UNKNOWN),
    }
    return render(request, "plans/publish.html", context)


@requires("plans.view")
@require_GET
def task_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One task: its words, who it means today, how far each unit is."""
    task = get_object_or_404(Task.objects.select_related("version__plan"), pk=pk)
    plan = task.version.plan
    year = year_of_request(request, plan)
    lineage = Task.objects.filter(lineage=task.lineage).values_list("pk", flat=True)
    rows = frame(plan, year, request.user).filter(pl.col("task").is_in(list(lineage)))
    names = names_on(clock.today(), rows["holder"].to_list())
    resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=clock.today())
    order = {"late": 0, "soon": 1, "on_time": 2, "done_late": 3, "done": 4}
    units = sorted(
        (
            (order[s], names[h], key, s, state, percent)
            for key, h, s, state, percent in rows.select(
                "id", "holder", "standing", "state", "percent"
            ).iter_rows()
        )
    )
    context = {
        "task": task,
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "tally": tally(rows),
        "units": [u[1:] for u in units][:400],
        "assignments": [
            (row, len(resolve_assignment(row, resolver)))
            for row in task.assignments.prefetch_related("organisations")
        ],
        "may_activate": task.timing_kind == TimingKind.ON_INSTRUCTION
        and request.user.may("plans.publish"),
    }
    return render(request, "plans/task.html", context)


@requires("plans.publish")
@require_POST
@refusing
def activate(request: PersonRequest, pk: int) -> HttpResponse:
    """An instruction came: the task is owed by a day."""
    task = get_object_or_404(Task.objects.select_related("version__plan"), pk=pk)
    due = day(request.POST.get("due_on")) or clock.today()
    made = deriving.activate(task=task, due_on=due, by=request.user, on=clock.today())
    done(request, _("Đã giao cho %(n)d đơn vị.") % {"n": made})
    return redirect("plans:task", pk=pk)


@requires("plans.view")
@require_GET
def difference_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What a version changed against the one before it."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=pk)
    before = version.plan.versions.filter(number__lt=version.number).order_by("-number").first()
    old = {t.lineage: t for t in before.tasks.all()} if before else {}
    new = {t.lineage: t for t in version.tasks.all()}
    changed = []
    for lineage, task in new.items():
        was = old.get(lineage)
        if was is None:
            changed.append(("add", task, [("ins", task.text)], "", task.timing_text))
        elif (was.text, was.timing_text, was.path) != (task.text, task.timing_text, task.path):
            changed.append(
                (
                    "change",
                    task,
                    words_changed(was.text, task.text),
                    was.timing_text,
                    task.timing_text,
                )
            )
    changed += [
        ("remove", t, [("del", t.text)], t.timing_text, "")
        for key, t in old.items()
        if key not in new
    ]
    context = {"version": version, "before": before, "plan": version.plan, "changed": changed}
    return render(request, "plans/difference.html", context)


@requires("plans.view")
@require_GET
def years_page(request: PersonRequest) -> HttpResponse:
    """Reporting years: open, closed, next."""
    plan = plan_or_404()
    rows = years_of(plan)
    following = (rows[0].year + 1) if rows else plan.first_year
    context = {
        "plan": plan,
        "rows": [(row, tally(frame(plan, row.year, request.user))) for row in rows],
        "following": following if following <= plan.last_year else None,
    }
    return render(request, "plans/years.html", context)


@requires("plans.close_year")
@require_POST
@refusing
def change_year(request: PersonRequest) -> HttpResponse:
    """Open the next year, close one, or reopen it with a reason."""
    plan: Plan = plan_or_404()
    year, on, by = whole(request.POST.get("year")), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "close":
        years.close_year(plan=plan, year=year, by=by, on=on)
    elif verb == "reopen":
        years.reopen_year(plan=plan, year=year, why=request.POST.get("why", ""), by=by, on=on)
    else:
        deriving.open_year(plan=plan, year=year, by=by, on=on)
    done(request, _("Đã cập nhật năm báo cáo %(year)d.") % {"year": year})
    return redirect("plans:years")
