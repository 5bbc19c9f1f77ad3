"""The person's own jobs: how far they are, what came of them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core.clock import today
from tdcs.http import attachment, refusing
from tdcs.jobs.errors import NoLongerAllowed
from tdcs.jobs.kinds import kind_of
from tdcs.jobs.models import OPEN_STATES, Job, JobState
from tdcs.jobs.queries import jobs_of
from tdcs.jobs.services import hand_out, look_at

# Seconds between two looks of a page at a job that is under way.
_REFRESH = 2
_SHOWN = 100


@requires("web.home")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Every job of mine that is kept."""
    rows = list(jobs_of(request.user)[:_SHOWN])
    look_at(jobs=rows)
    context = {
        "rows": [(job, _page(job), _why(job)) for job in rows],
        "refresh": _REFRESH if any(job.state in OPEN_STATES for job in rows) else 0,
    }
    return render(request, "jobs/list.html", context)


@requires("web.home")
@require_GET
def job_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One job of mine: progress, then the file, the page it goes on to, or why it was refused."""
    job = get_object_or_404(jobs_of(request.user), pk=pk)
    look_at(jobs=[job])
    if page := _page(job):
        return _go(request, page)
    context = {
        "job": job,
        "why": _why(job),
        "refresh": _REFRESH if job.state in OPEN_STATES else 0,
        "bars": [("done", job.percent)],
        "days": settings.TDCS_RESULT_DAYS,
        "ready": job.state == JobState.DONE and bool(job.sha256),
    }
    return render(request, "jobs/job.html", context)


@requires("web.home")
@require_GET
@refusing
def fetch(request: PersonRequest, pk: int) -> HttpResponse:
    """The file that my job made; with a line of the trail."""
    job = get_object_or_404(jobs_of(request.user), pk=pk)
    if job.state != JobState.DONE or not job.sha256:
        raise Http404("no file")
    if not request.user.may(kind_of(job.kind).permission):
        raise NoLongerAllowed
    content = hand_out(job=job, by=request.user, on=today())
    answer = attachment(content, job.content_type, job.file_name)
    answer["Cache-Control"] = "no-store"
    return answer


def _go(request: PersonRequest, page: str) -> HttpResponse:
    """To another page, also where a piece of this one was asked for by a script."""
    if request.headers.get("HX-Request") != "true":
        return redirect(page)
    answer = HttpResponse()
    answer["HX-Redirect"] = page
    return answer


def _page(job: Job) -> str | None:
    """Where an ended job goes on, when its kind has a page for it."""
    return None if job.state in OPEN_STATES else kind_of(job.kind).page(job)


def _why(job: Job) -> tuple[str, str]:
    """The refusal and the next step in the reader's language; empty for a job that was not refused."""
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return job.refusal.get(language, ""), job.refusal.get(f"next_{language}", "")
