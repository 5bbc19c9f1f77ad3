"""The worker: takes jobs out of the queue and gives each to a process of its own, bounded in time and memory.

It knows no Django and holds no work itself, so that it stays small and that no job can hurt another. Of several workers one
leads: who holds the lock in the database. What the last leader left unfinished is put back into the queue by the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any, Final

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy, jobs

QUEUE: Final = "jobs"
TASK: Final = "tdcs.jobs.run"
_PRUNE: Final = "tdcs.jobs.prune"
_SEND: Final = "tdcs.jobs.send"
# Who holds this advisory lock leads; the number means nothing.
_LOCK: Final = 711_022
# Jobs at once: a long one must not hold a short one, and the pages keep the other processor.
_AT_ONCE: Final = 2
# Seconds between two looks at the lock, the database and the server that started this worker.
_WATCH: Final = 1.0
# Exit codes of a job's process.
ENDED, TRY_AGAIN, OUT_OF_MEMORY = 0, 75, 3
_COMMAND: Final = (sys.executable, "-m", "tdcs.cli.main", "jobs")
# A job that fell is taken up again; how often at most is said where it begins (services.MOST_ATTEMPTS).
_AGAIN: Final = RetryStrategy(max_attempts=50, linear_wait=1)

_LOG: Final = logging.getLogger(__name__)


class Fell(RuntimeError):
    """A job's process ended before the job did."""


def lead(parameters: Mapping[str, Any], parent: int | None = None) -> None:
    """Work until told to stop. ``parent``: stop also when that process is no longer this one's."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_lead(dict(parameters), parent))


async def _lead(parameters: dict[str, Any], parent: int | None) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as lock:
        watch = asyncio.create_task(_watch(lock, parent, told))
        while not await _is_leader(lock):
            if await _stopped_within(told, _WATCH):
                return
        app = _app(parameters)
        async with app.open_async():
            await _put_back(app)
            work = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=_AT_ONCE,
                    delete_jobs=jobs.DeleteJobCondition.ALWAYS,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=0,
                )
            )
            ended = asyncio.create_task(told.wait())
            await asyncio.wait({work, watch, ended}, return_when=asyncio.FIRST_COMPLETED)
            for one in (work, watch, ended):
                one.cancel()
            found = await asyncio.gather(work, watch, return_exceptions=True)
            for problem in found:
                if isinstance(problem, Exception):
                    raise problem


async def _is_leader(lock: psycopg.AsyncConnection[Any]) -> bool:
    row = await (await lock.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])).fetchone()
    return bool(row and row[0])


async def _watch(
    lock: psycopg.AsyncConnection[Any], parent: int | None, told: asyncio.Event
) -> None:
    """Ends the work when the lock's connection is gone, or the server that started this worker."""
    while not await _stopped_within(told, _WATCH):
        if parent is not None and os.getppid() != parent:
            told.set()
            return
        try:
            await asyncio.wait_for(lock.execute("SELECT 1"), 10)
        except BaseException:
            told.set()
            raise


async def _stopped_within(told: asyncio.Event, seconds: float) -> bool:
    """Waits, and says whether it was told to stop meanwhile."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(told.wait(), seconds)
    return told.is_set()


async def _put_back(app: App) -> None:
    """Only the leader works: whatever is under way when it begins was left by one that is gone."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=-1):
        _LOG.warning("job %s was cut short", job.task_kwargs.get("job"))
        await app.job_manager.retry_job(job)


def _app(parameters: dict[str, Any]) -> App:
    app = App(connector=PsycopgConnector(kwargs=parameters, min_size=1, max_size=4))

    @app.task(name=TASK, queue=QUEUE, retry=_AGAIN)
    async def run(job: int, seconds: int, mib: int) -> None:
        code = await _child(["run", str(job), "--mib", str(mib)], seconds)
        if code is None:
            await _child(["stop", str(job), "--seconds", str(seconds)], 60)
        elif code == OUT_OF_MEMORY:
            await _child(["stop", str(job), "--mib", str(mib)], 60)
        elif code != ENDED:
            raise Fell(f"job {job}: {code}")

    @app.periodic(cron="7 * * * *")
    @app.task(name=_PRUNE, queue=QUEUE, queueing_lock=_PRUNE)
    async def prune(timestamp: int) -> None:
        await _child(["prune"], 600)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=_SEND, queue=QUEUE, queueing_lock=_SEND)
    async def send(timestamp: int) -> None:
        await _child(["send"], 900)

    return app


async def _child(words: list[str], seconds: int) -> int | None:
    """The exit code of a process of its own; None when it did not end in time. It never outlives the call."""
    child = await asyncio.create_subprocess_exec(
        *_COMMAND, *words, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    try:
        return await asyncio.wait_for(child.wait(), seconds)
    except TimeoutError:
        return None
    finally:
        # Its own children, too: a reader of a file (documents/reading/guarded.py).
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
