"""For tests of pages that ask for a background job: what waits is run here, in the test's own process and transaction."""

from __future__ import annotations

from tdcs.jobs.models import OPEN_STATES, Job
from tdcs.jobs.running import run_job


def run_jobs() -> list[Job]:
    """Every open job, run to its end; as they are afterwards."""
    keys = list(Job.objects.filter(state__in=OPEN_STATES).values_list("pk", flat=True))
    for key in sorted(keys):
        run_job(key=key)
    return list(Job.objects.filter(pk__in=keys).order_by("pk"))
