"""What the room gives to others: the job that fills a template in for a whole list."""

from __future__ import annotations

from typing import Final

from tdcs.http import DOCX
from tdcs.jobs.kinds import Kind, Made, Outcome, Task, register
from tdcs.jobs.models import Job
from tdcs.jobs.services import show_progress
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.services.filling import RecordList, fill_list

CODE: Final = "word_templates.fill"
_ZIP: Final = "application/zip"


def _run(task: Task) -> Outcome:
    asked = task.params
    template = WordTemplate.objects.get(pk=asked["template"])
    job = Job.objects.filter(kind=CODE, owner=task.by, ended_at=None, params=dict(asked)).first()

    def progress(percent: int, words: str) -> None:
        if job is not None:
            show_progress(key=job.pk, percent=percent, words=words)

    made = fill_list(
        template=template,
        records=RecordList(asked["records"], bool(asked["joined"]), bool(asked["full"])),
        by=task.by,
        on=task.on,
        progress=progress,
    )
    kind = DOCX if asked["joined"] else _ZIP
    return Outcome(file=Made(made.name, kind, made.content))


# The processes that fill in have bounds of their own, each less than this.
KIND: Final = Kind(code=CODE, run=_run, permission="word_templates.use", seconds=1800, mib=6144)


def register_jobs() -> None:
    """Called once when the application starts."""
    register(KIND)
