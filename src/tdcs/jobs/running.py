"""One attempt of one job, in this process: by the worker's child, or by a test."""

from __future__ import annotations

import logging
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation

from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.core.files import is_full
from tdcs.jobs import services
from tdcs.jobs.errors import JobBroke, NoLongerAllowed, NoRoom
from tdcs.jobs.kinds import Task, kind_of
from tdcs.jobs.models import Job
from tdcs.jobs.queries import given_of

_LOG: Final = logging.getLogger(__name__)


def run_job(*, key: int) -> None:
    """Run a job to its end, whatever that is. What the database or the memory cannot is raised: the job is tried again."""
    job = services.begin(key=key)
    if job is None:
        return
    trail.come_from(f"job {job.pk}")
    with translation.override(job.params.get("language", "vi")):
        try:
            _work(job)
        except Refusal as refusal:
            services.refuse(job=job, refusal=refusal)
        except PermissionDenied:
            services.refuse(job=job, refusal=NoLongerAllowed())
        except (OperationalError, InterfaceError, MemoryError, services.Superseded):
            raise
        except Exception as error:
            _LOG.exception("job %s", job.pk)
            why = NoRoom() if is_full(error) else JobBroke(job=job.pk)
            services.fail(job=job, refusal=why)


def _work(job: Job) -> None:
    kind = kind_of(job.kind)
    if not job.owner.may(kind.permission):
        raise PermissionDenied(kind.permission)
    task = Task(job.owner, clock.today(), job.params, given_of(job))
    with transaction.atomic():
        outcome = kind.run(task)
        services.finish(job=job, outcome=outcome)
