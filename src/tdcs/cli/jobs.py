"""`tdcs jobs`: the worker of background jobs, and what it starts."""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from typing import Final

import click

from tdcs.jobs.worker import OUT_OF_MEMORY, TRY_AGAIN

# The module that runs the worker, as a program.
WORKER: Final = "tdcs.project.jobs_worker"
# Address space is more than memory: libraries, stacks of threads, what is reserved and never touched.
_BESIDE_MIB: Final = 1536
# Seconds between two words about the progress.
_OFTEN: Final = 0.5


@click.group("jobs")
def jobs() -> None:
    """Background jobs: the worker that `tdcs serve` starts, one job, the old results."""


@jobs.command("work")
def work() -> None:
    """Run jobs until told to stop. Of several workers on one database one works, the others wait."""
    os.execv(sys.executable, [sys.executable, "-m", WORKER])


@jobs.command("run")
@click.argument("job", type=int)
@click.option("--mib", type=int, default=None, help="Memory that it may take.")
def run(job: int, mib: int | None) -> None:
    """Run one job to its end in this process; exits 75 when it should be tried again."""
    # Pages come first; one thread takes less memory than many.
    os.nice(10)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    from tdcs.cli import setup

    setup.django()
    if mib:
        most = (mib + _BESIDE_MIB) * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from django.db import InterfaceError, OperationalError

    from tdcs.core import progress
    from tdcs.jobs.running import run_job
    from tdcs.jobs.services import Superseded

    try:
        with progress.told_to(_Shown(job)):
            run_job(key=job)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    except (InterfaceError, OperationalError, Superseded) as problem:
        click.echo(f"job {job}: {problem}", err=True)
        sys.exit(TRY_AGAIN)


def _end_with(worker: int) -> None:
    """Ends this process with the worker that started it: the next worker begins the job anew."""
    while os.getppid() == worker:
        time.sleep(_OFTEN)
    os._exit(TRY_AGAIN)


class _Shown:
    """Progress that the page can see at once: written beside the transaction of the work."""

    def __init__(self, job: int) -> None:
        self.job, self.last = job, 0.0

    def __call__(self, percent: int, words: str) -> None:
        from tdcs.jobs.services import show_progress

        if time.monotonic() - self.last > _OFTEN:
            self.last = time.monotonic()
            show_progress(key=self.job, percent=percent, words=words)


@jobs.command("stop")
@click.argument("job", type=int)
@click.option("--seconds", type=int, default=None, help="It ran longer than that.")
@click.option("--mib", type=int, default=None, help="It needed more memory than that.")
def stop(job: int, seconds: int | None, mib: int | None) -> None:
    """Say of a job why it was stopped."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.jobs import errors, services

    refusal = errors.JobTooLong(seconds=seconds) if seconds else errors.JobTooLarge(mib=mib)
    services.stop(key=job, refusal=refusal)


@jobs.command("prune")
def prune() -> None:
    """Throw away jobs that ended some days ago, with their results (TDCS_RESULT_DAYS)."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.jobs import services

    click.echo(f"{services.prune()} jobs", err=True)


@jobs.command("send")
def send() -> None:
    """Send what is due: reports on schedule, messages to borrowers (the worker does it every five minutes)."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.core import clock
    from tdcs.sending.services.mailing import send_due_reports
    from tdcs.sending.services.messages import send_due_messages

    reports = send_due_reports(on=clock.today())
    click.echo(f"{reports} reports, {send_due_messages(on=clock.today())} messages", err=True)
