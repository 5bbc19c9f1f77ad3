"""Whose jobs, and how the queue is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.waiting import Waiting
from tdcs.documents.stored import received
from tdcs.jobs.models import ENDED_STATES, OPEN_STATES, Job, JobState
from tdcs.organisations.prepared import Given, Prepared

# Two jobs run at once, each for minutes at most (kinds.Kind.seconds).
LONGEST_WAIT: Final = timedelta(minutes=15)


def folder() -> Path:
    """Where what came with a request and what a job made lie."""
    return Path(settings.MEDIA_ROOT) / "jobs"


def given_file(job: int) -> Path:
    """The file that came with the request."""
    return folder() / f"{job}.in"


def made_file(job: int) -> Path:
    """The file that the job made."""
    return folder() / f"{job}.out"


def jobs_of(user: User) -> QuerySet[Job]:
    """The person's own jobs, newest first. Nobody sees another's."""
    return Job.objects.filter(owner=user)


def refused_job(user: User, kind: str, key: int) -> Job | None:
    """A job of the person's and of a kind that was refused or failed."""
    bad = (JobState.REFUSED, JobState.FAILED)
    return Job.objects.filter(owner=user, kind=kind, pk=key, state__in=bad).first()


def given_of(job: Job | None) -> bytes:
    """The file that came with a request; empty when there is none any more."""
    file = given_file(job.pk) if job else None
    return file.read_bytes() if file and file.exists() else b""


def result_of(job: Job) -> bytes:
    """The file that a job made. Raises FileChanged when it is gone or another."""
    return received(made_file(job.pk).read_bytes, job.sha256, job.file_name)


_UNSEEN: Final = Prepared(
    lambda: (
        Job.objects.filter(owner=Given("person"), state__in=ENDED_STATES, seen_at=None)
        .order_by()
        .values_list("pk", flat=True)
    )
)


def unseen_count(user: User) -> int:
    """How many of the person's jobs ended without having been looked at."""
    return len(_UNSEEN(person=user.pk))


def waiting_for(user: User) -> list[Waiting]:
    """The line of the first screen: jobs that ended and were not looked at."""
    count = unseen_count(user)
    return [Waiting(_("Việc chạy nền đã xong"), count, _("Xem"), "jobs:list")] if count else []


@dataclass(frozen=True, slots=True)
class Queue:
    """How the queue is: how many wait and run, since when the oldest waits, when the last one ended."""

    waiting: int
    running: int
    oldest: datetime | None
    last_ended: datetime | None


def is_stuck(found: Queue, now: datetime) -> bool:
    """Whether a job waits longer than a worker that runs ever lets one wait."""
    return found.oldest is not None and now - found.oldest > LONGEST_WAIT


def queue() -> Queue:
    """The whole queue, everybody's."""
    open_ = Job.objects.filter(state__in=OPEN_STATES)
    waiting = open_.filter(state=JobState.QUEUED)
    return Queue(
        waiting=waiting.count(),
        running=open_.filter(state=JobState.RUNNING).count(),
        **Job.objects.aggregate(
            oldest=Min("asked_at", filter=Q(state=JobState.QUEUED)), last_ended=Max("ended_at")
        ),
    )
