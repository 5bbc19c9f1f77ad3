"""Jobs asked for, begun, ended, thrown away. One that was cut short runs again; its work and its end are one transaction."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app as queue

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.core.files import atomic_write
from tdcs.jobs.errors import JobKeptFalling, TooManyJobs
from tdcs.jobs.kinds import Outcome, kind_of
from tdcs.jobs.models import ENDED_STATES, OPEN_STATES, Job, JobState
from tdcs.jobs.queries import folder, given_file, made_file, result_of
from tdcs.jobs.worker import QUEUE, TASK

# A person's jobs that wait or run.
MOST_OPEN: Final = 10
# A job that fell so often falls again.
MOST_ATTEMPTS: Final = 3


# Seconds within which a request is written for sure.
_WRITING: Final = 3600


class Superseded(RuntimeError):
    """Another attempt of the job has begun or ended: what this one did is taken back."""


def ask(
    *, kind: str, title: str, request: tuple[Mapping[str, Any], bytes], by: User, on: date, key: str
) -> Job:
    """Put a job into the queue, with its parameters and the file that came along (or b"").

    While a job of this person and key is open it is the answer. Raises TooManyJobs.
    """
    params, content = request
    digest = hashlib.sha256(key.encode()).hexdigest()
    with transaction.atomic():
        # One request of a person at a time: the double click waits here.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        open_ = Job.objects.filter(owner=by, state__in=OPEN_STATES)
        if same := open_.filter(key=digest).first():
            return same
        if (count := open_.count()) >= MOST_OPEN:
            raise TooManyJobs(count=count, most=MOST_OPEN)
        job = Job.objects.create(
            kind=kind,
            title=title[:200],
            owner=by,
            key=digest,
            params=dict(params),
            asked_at=clock.now(),
        )
        if content:
            atomic_write(given_file(job.pk), content, sync=True, mode=0o640)
        bounds = kind_of(kind)
        queue.configure_task(TASK, queue=QUEUE).defer(
            job=job.pk, seconds=bounds.seconds, mib=bounds.mib
        )
        trail.record(action="jobs.ask", subject=job, by=by, on=on, data={"kind": kind})
    return job


def begin(*, key: int) -> Job | None:
    """Take a job up, for the first time or again; None when there is nothing left to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=key, state__in=OPEN_STATES).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            refusal = JobKeptFalling(attempts=job.attempts, job=job.pk)
            _end(job, JobState.FAILED, refusal)
            return None
        job.attempts += 1
        job.state, job.percent, job.step = JobState.RUNNING, 0, ""
        job.started_at = clock.now()
        job.save(update_fields=["attempts", "state", "percent", "step", "started_at"])
    return job


def finish(*, job: Job, outcome: Outcome) -> None:
    """The job is done; in the transaction of its work. Raises Superseded."""
    row = _mine(job)
    if outcome.file:
        made = outcome.file
        atomic_write(made_file(row.pk), made.content, sync=True, mode=0o640)
        row.file_name, row.content_type = made.name[:200], made.content_type[:100]
        row.sha256, row.size = hashlib.sha256(made.content).hexdigest(), len(made.content)
    row.subject_id, row.percent = outcome.subject, 100
    _end(row, JobState.DONE, None)


def refuse(*, job: Job, refusal: Refusal) -> None:
    """The job cannot be done as it was asked for. Raises Superseded."""
    with transaction.atomic():
        _end(_mine(job), JobState.REFUSED, refusal)


def fail(*, job: Job, refusal: Refusal) -> None:
    """The job fell through an error that is not the person's. Raises Superseded."""
    with transaction.atomic():
        _end(_mine(job), JobState.FAILED, refusal)


def stop(*, key: int, refusal: Refusal) -> None:
    """The job met a bound and was stopped from outside; nothing when it had ended."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=key, state__in=OPEN_STATES).first()
        if job:
            _end(job, JobState.FAILED, refusal)


def show_progress(*, key: int, percent: int, words: str) -> None:
    """How far a running job is, beside the transaction of its work: another connection, at once; no line of the trail."""
    given = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("cursor_factory", "context")
    }
    with psycopg.connect(**given, autocommit=True) as beside:
        beside.execute(
            "UPDATE jobs_job SET percent = %s, step = %s WHERE id = %s AND state = %s",
            [min(max(percent, 0), 99), words[:120], key, JobState.RUNNING.value],
        )


def look_at(*, jobs: list[Job]) -> None:
    """The owner has seen how these ended; no line of the trail, nothing changes."""
    keys = [job.pk for job in jobs if job.state in ENDED_STATES and job.seen_at is None]
    if keys:
        Job.objects.filter(pk__in=keys).update(seen_at=clock.now())


def hand_out(*, job: Job, by: User, on: date) -> bytes:
    """The file that a job made, with a line of the trail. Raises FileChanged."""
    content = result_of(job)
    with transaction.atomic():
        trail.record(action="jobs.fetch", subject=job, by=by, on=on, data={"sha256": job.sha256})
    return content


def prune() -> int:
    """Throw away jobs that ended more than TDCS_RESULT_DAYS ago, with their files, and files of no job; how many jobs.

    No line of the trail: each job's asking and ending stay there.
    """
    before = clock.now() - timedelta(days=settings.TDCS_RESULT_DAYS)
    gone = set(
        Job.objects.filter(state__in=ENDED_STATES, ended_at__lt=before).values_list("pk", flat=True)
    )
    Job.objects.filter(pk__in=gone).delete()
    now = _moment_of_files(folder())
    there = set(Job.objects.values_list("pk", flat=True))
    for path in folder().glob("*.*"):
        key = int(path.stem) if path.stem.isdigit() else 0
        with contextlib.suppress(FileNotFoundError):
            # A request that is being written has its file before its row can be seen.
            if key in gone or (key not in there and now - path.stat().st_mtime > _WRITING):
                path.unlink()
    return len(gone)


def _moment_of_files(there: Path) -> float:
    """The moment that a file written now bears: the disk's clock, which is compared with itself."""
    there.mkdir(parents=True, exist_ok=True)
    marker = there / ".pruned"
    marker.touch()
    return marker.stat().st_mtime


def _mine(job: Job) -> Job:
    """The job's row, locked, while this very attempt runs."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.state != JobState.RUNNING or row.attempts != job.attempts:
        raise Superseded(f"job {job.pk}, attempt {job.attempts}")
    return row


def _end(job: Job, state: JobState, refusal: Refusal | None) -> None:
    job.state, job.ended_at, job.step = state, clock.now(), ""
    if refusal:
        job.refusal = {
            "code": refusal.code,
            **{language: refusal.sentence(language) for language in ("vi", "en")},
            **{f"next_{language}": refusal.next_step(language) for language in ("vi", "en")},
            "params": {name: _plain(value) for name, value in refusal.params.items()},
        }
    job.save()
    data = {"state": str(state), "attempts": job.attempts, "sha256": job.sha256}
    trail.record(action="jobs.end", subject=job, by=job.owner, on=clock.today(), data=data)


def _plain(value: Any) -> str | int | None:
    return value if isinstance(value, int | str) or value is None else str(value)
