"""The plan itself: import, review, publication, versions, tasks, years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.errors import EmptyFile, FileTooLarge
from tdcs.documents.reading import MAX_BYTES, ocr
from tdcs.http import parse_int
from tdcs.jobs.models import Job
from tdcs.jobs.queries import given_of, refused_job
from tdcs.organisations.queries import names_on
from tdcs.plans.errors import HeaderIncomplete
from tdcs.plans.models import Task, TimingKind
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.differences import changes_of
from tdcs.plans.queries.meanings import meanings
from tdcs.plans.queries.obligations import frame, tally
from tdcs.plans.queries.plans import (
    all_tasks,
    drafts,
    first_row_of,
    lineage_of,
    version_before,
    versions,
    years_of,
)
from tdcs.plans.services import deriving, reading
from tdcs.plans.views.requested import (
    bound_to,
    parse_day,
    refusing,
    show_success,
    year_of_request,
)


@requires("plans.import")
def import_page(request: PersonRequest) -> HttpResponse:
    """Upload a plan's document, read beside the pages; a refusal says why, and where a plan is that is there already."""
    context: dict[str, Any] = {
        "drafts": drafts(), "given": request.POST, "recognises": bool(ocr.program()),
    }  # fmt: skip
    if request.method == "POST":
        try:
            return redirect("jobs:job", pk=_ask(request).pk)
        except Refusal as refusal:
            language = get_language() or "vi"
            said = {
                language: refusal.sentence(language),
                f"next_{language}": refusal.next_step(language),
                "params": refusal.params,
            }
            context |= _refused(said)
    elif job := _job(request, request.GET.get("job")):
        context |= _refused(job.refusal) | {"again": job, "given": job.params}
    status = 422 if request.method == "POST" else 200
    return render(request, "plans/import.html", context, status=status)


def _ask(request: PersonRequest) -> Job:
    """The file of the form, or the one of a reading that was refused."""
    upload, again = request.FILES.get("file"), _job(request, request.POST.get("again"))
    if upload is None and again is None:
        raise EmptyFile
    if upload is not None and (upload.size or 0) > MAX_BYTES:
        raise FileTooLarge(size=(upload.size or 0) // 2**20, limit=MAX_BYTES // 2**20)
    name = again.params["filename"] if again else ""
    return reading.ask_to_read(
        content=upload.read() if upload else given_of(again),
        filename=(upload.name or "") if upload else name,
        number=request.POST.get("number", ""),
        issued_on=parse_day(request.POST.get("issued_on")),
        by=request.user,
        on=clock.today(),
    )


def _job(request: PersonRequest, key: str | None) -> Job | None:
    """A refused reading of the person's own."""
    return refused_job(request.user, reading.CODE, parse_int(key)) if key else None


def _refused(said: Mapping[str, Any]) -> dict[str, Any]:
    language, params = get_language() or "vi", said.get("params", {})
    return {
        "refusal": said.get(language, ""),
        "next_step": said.get(f"next_{language}", ""),
        "waiting": params.get("version"),
        "known": params.get("plan"),
        "ask_header": said.get("code", "") == HeaderIncomplete.code,
    }


@requires("plans.view")
@require_GET
def task_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One task: its words, who it means today, how far each unit is."""
    task = get_object_or_404(all_tasks(), pk=pk)
    plan = task.version.plan
    year = year_of_request(request, plan)
    rows = frame(plan, year, request.user).filter(pl.col("task").is_in(lineage_of(task)))
    names = names_on(clock.today(), rows["holder"].to_list())
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
        "scope": bound_to(plan),
        "year": year,
        "years": years_of(plan),
        "tally": tally(rows),
        "units": [u[1:] for u in units][:400],
        "meanings": meanings(
            task.assignments.prefetch_related("organisations"), plan, clock.today()
        ),
        "targets": task.targets.all(),
        "source": _source(task),
        "may_activate": task.timing_kind == TimingKind.ON_INSTRUCTION
        and request.user.may("plans.publish"),
    }
    return render(request, "plans/task.html", context)


def _source(task: Task) -> list[tuple[int, str]]:
    """The document's own lines for the task, from the first version that has them."""
    same = first_row_of(task)
    if same is None:
        return []
    reading = same.version.reading
    lines = reading.get("lines", [])
    rows: list[dict[str, Any]] = reading.get("tasks", [])
    said: dict[str, Any] = next((row for row in rows if row["path"] == same.path), {})
    return [(n, lines[n - 1]) for n in said.get("lines", []) if 0 < n <= len(lines)]


@requires("plans.publish")
@require_POST
@refusing
def activate(request: PersonRequest, pk: int) -> HttpResponse:
    """An instruction came: the task is owed by a day."""
    task = get_object_or_404(all_tasks(), pk=pk)
    due = parse_day(request.POST.get("due_on")) or clock.today()
    made = deriving.activate(task=task, due_on=due, by=request.user, on=clock.today())
    show_success(request, _("Đã giao cho %(n)d đơn vị.") % {"n": made})
    return redirect("plans:task", pk=pk)


@requires("plans.view")
@require_GET
def difference_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What a version changed against the one before it."""
    version = get_object_or_404(versions(), pk=pk)
    before = version_before(version)
    context = {
        "version": version,
        "before": before,
        "plan": version.plan,
        "scope": bound_to(version.plan),
        "changes": changes_of(version, before) if before else [],
    }
    return render(request, "plans/difference.html", context)


@requires("plans.view")
@require_GET
def version_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One version as it stands: its words, its tasks, since when; a draft only for who may review it."""
    version = get_object_or_404(versions(), pk=pk)
    if version.state == VersionState.DRAFT and not request.user.may("plans.import"):
        raise Http404("draft")
    context = {
        "version": version,
        "plan": version.plan,
        "scope": bound_to(version.plan),
        "before": version_before(version),
        "tasks": version.tasks.prefetch_related("assignments", "targets"),
        "duties": version.duties.all(),
    }
    return render(request, "plans/version.html", context)
