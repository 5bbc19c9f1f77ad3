"""A session that was handed in late moves closed days: a job closes them again; the day's page says what moved."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Max
from django.urls import reverse

from tdcs.access.models import User
from tdcs.closing.models import CloseRun
from tdcs.jobs.errors import TooManyJobs
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import Job
from tdcs.jobs.services import ask
from tdcs.loans.models import LoanEvent

CODE: Final = "close_again"


def booked_late(day: date, by: User, on: date) -> int | None:
    """The job that closes ``day`` and those after it again; None where it is still open, or where so many jobs wait that the
    next close does it: it takes up every late event anyway."""
    last = _last()
    if last is None or day > last:
        return None
    seen = LoanEvent.objects.aggregate(n=Max("pk"))["n"]
    try:
        job = ask(
            kind=CODE,
            title=f"Khóa lại từ ngày {day:%d/%m/%Y}",
            request=({"day": day.isoformat()}, b""),
            by=by,
            on=on,
            key=f"{CODE} {last} {seen}",
        )
    except TooManyJobs:
        return None
    return int(job.pk)


def _last() -> date | None:
    # Only who closes a day waits for these modules.
    from tdcs.closing.queries import store
    from tdcs.closing.services.closing import last_done

    return last_done(store())


def _run(task: Task) -> Outcome:
    """The last closed day once more: the late events' days before it go along."""
    from tdcs.closing.services.closing import close_day

    last = _last()
    if last is None:
        return Outcome()
    close_day(day=last, by=None)
    run = CloseRun.objects.filter(day=date.fromisoformat(str(task.params["day"]))).first()
    return Outcome(subject=run.pk if run else None)


def _page(job: Job) -> str | None:
    if job.subject_id is None or not job.owner.may("closing.view"):
        return None
    return reverse("closing:run", args=[job.subject_id])


KIND: Final = Kind(
    code=CODE, run=_run, permission="points.view", seconds=1_800, mib=4_096, page=_page
)
