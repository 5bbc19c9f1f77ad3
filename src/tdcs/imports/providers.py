"""What the room gives to others: the job that reads a large import in the background."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from tdcs.imports.models import ExtractImport
from tdcs.imports.services import read
from tdcs.jobs.kinds import Kind, Outcome, Task, register
from tdcs.jobs.models import Job
from tdcs.jobs.services import show_progress

CODE: Final = "imports.read"


def _run(task: Task) -> Outcome:
    imported = ExtractImport.objects.get(pk=task.params["import"])
    job = Job.objects.filter(
        kind=CODE, owner=task.by, params__import=imported.pk, ended_at=None
    ).first()

    def progress(percent: int, words: str) -> None:
        if job is not None:
            show_progress(key=job.pk, percent=percent, words=words)

    read(imported=imported, by=task.by, on=task.on, progress=progress)
    return Outcome(subject=imported.pk)


def _page(job: Job) -> str | None:
    return reverse("imports:import", args=[job.params["import"]])


# The readers are processes of their own with less than this each.
KIND: Final = Kind(
    code=CODE, run=_run, permission="imports.load", seconds=1800, mib=8192, page=_page
)


def register_jobs() -> None:
    """Called once when the application starts."""
    register(KIND)
