"""The reading of an uploaded plan, out of the request: the file is kept at once, read beside the pages, then reviewed."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.documents.errors import EmptyFile, FileTooLarge
from tdcs.documents.reading import MAX_BYTES
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import Job, JobState
from tdcs.jobs.services import ask
from tdcs.plans.models import PlanVersion
from tdcs.plans.services.importing import import_document, refuse_known

CODE: Final = "plan_reading"


def ask_to_read(
    *, content: bytes, filename: str, number: str, issued_on: date | None, by: User, on: date
) -> Job:
    """Put the reading of a file into the queue; ``number`` and ``issued_on`` help where the document lacks them.

    Refused at once: an empty or too large file, one that is known, too many jobs. What the reading refuses is said by the job.
    """
    if not content:
        raise EmptyFile
    if len(content) > MAX_BYTES:
        raise FileTooLarge(size=len(content) // 2**20, limit=MAX_BYTES // 2**20)
    sha256 = hashlib.sha256(content).hexdigest()
    refuse_known(sha256=sha256)
    day = issued_on.isoformat() if issued_on else ""
    params = {"filename": filename[:200], "number": number[:60], "issued_on": day}
    return ask(
        kind=CODE,
        title=_("Đọc văn bản: %(file)s") % {"file": filename or _("kế hoạch")},
        request=(params, content),
        by=by,
        on=on,
        key=f"{CODE} {sha256} {number} {day}",
    )


def _read(task: Task) -> Outcome:
    day = task.params["issued_on"]
    version = import_document(
        content=task.content,
        filename=task.params["filename"],
        number=task.params["number"],
        issued_on=date.fromisoformat(day) if day else None,
        by=task.by,
        on=task.on,
    )
    return Outcome(subject=version.pk)


def _page(job: Job) -> str | None:
    """A plan that was read is reviewed; one that was refused is sent again, with what it lacked."""
    if job.state != JobState.DONE or job.subject_id is None:
        return f"{reverse('plans:import')}?job={job.pk}"
    there = PlanVersion.objects.filter(pk=job.subject_id).exists()
    return reverse("plans:review", args=[job.subject_id]) if there else None


KIND: Final = Kind(
    code=CODE, run=_read, permission="plans.import", seconds=660, mib=1024, page=_page
)
