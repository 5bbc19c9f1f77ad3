"""`tdcs serve`: the site on one address, by workers that come back when they fall, with one beside them for background jobs."""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import Any, Final

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels, logger
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from tdcs.cli.doctor import refuse
from tdcs.cli.jobs import WORKER

# prctl(2): the signal that a process gets when its parent ends.
_PR_SET_PDEATHSIG: Final = 1
# A worker above this many MiB is replaced by a fresh one after its requests: two stay under 1.5 GB.
WORKER_MIB: Final = 640
# Connections that a worker holds, and how long a head may take to come: whoever opens many and says nothing stops nobody.
_CONNECTIONS: Final = 4096
_HEAD_MS: Final = 30_000
# A year: names of static files carry their content's digest.
_FOREVER: Final = 31_536_000
# Seconds between two tries to bring back a worker that falls at once.
_PAUSE: Final = 0.5
# A worker of jobs that falls at once is brought back after so many seconds at the latest.
_LONGEST_PAUSE: Final = 5.0
# Seconds a replaced worker may take to end its requests.
_LAST_REQUESTS: Final = 30


class JobsWorker:
    """The worker of background jobs as a process of its own, brought back when it falls."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        # A web worker forked while a process is being started would keep that one's pipe open, and the start would never
        # be reported: forks wait meanwhile.
        self.forking = threading.Lock()
        os.register_at_fork(
            before=self.forking.acquire,
            after_in_parent=self.forking.release,
            after_in_child=self.forking.release,
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Begin, and go on until stopped."""
        self.keeper.start()

    def _keep(self) -> None:
        command = [sys.executable, "-m", WORKER, str(os.getpid())]
        pause = _PAUSE
        while not self.ending.is_set():
            begun = time.monotonic()
            with self.forking:
                self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            self.process.wait()
            # While the database is away it falls at once, and is not tried forty times a minute.
            pause = (
                _PAUSE
                if time.monotonic() - begun > _LONGEST_PAUSE
                else min(pause * 2, _LONGEST_PAUSE)
            )
            self.ending.wait(pause)

    def replace(self) -> None:
        """End the process; a fresh one takes up what it left."""
        if self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        """End for good."""
        self.ending.set()
        self.replace()
        self.keeper.join(_LAST_REQUESTS)


class Server(MPServer):
    """Granian with two differences.

    A worker that falls twice within seconds is brought back too: what would fail for ever (settings, imports) is met
    before the first worker starts. And all workers take from one queue of connections: in a queue of its own a killed
    worker would leave callers that nobody answers.
    """

    def _init_shared_socket(self) -> None:
        # What Granian does itself where the system cannot split a port's queue.
        held: Any = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._ssp, self._shd, self._sfd = None, held, held.get_fd()
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)

    def _respawn_workers(self, *args: Any, **how: Any) -> None:
        super()._respawn_workers(*args, **how)
        self.respawned_wrks.clear()
        time.sleep(_PAUSE)


def _end_with(server: int) -> None:
    """A worker does not outlive the server that would bring it back: an orphan would hold the port and the old code.

    By SIGKILL: to a SIGTERM an orphan answers by waiting for its callers, and nobody is left who would end the wait. A server
    that ends in order has ended its workers before.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it went before the call
        os._exit(0)


def _says_something(line: logging.LogRecord) -> bool:
    """Whether a line of Granian's log holds here: it warns of queues of their own, which its workers do not have."""
    return "tcp_migrate_req" not in line.getMessage()


def free_port(host: str, wanted: int) -> int:
    """``wanted`` when nothing listens there, else the next free one after it."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) != 0:
                return port
    raise click.ClickException(f"no free port from {wanted} to {wanted + 49}")


def _open_more_files() -> None:
    """As many files as a worker's connections and pages need, where the system's own bound lets them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(host: str, port: int, workers: int, worker_mib: int = WORKER_MIB) -> None:
    """Collect static files and serve until interrupted; blocks. SIGHUP replaces the workers one by one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    click.echo(f"http://{host}:{port}/", err=True)
    sys.stderr.flush()
    logger.addFilter(_says_something)
    _open_more_files()
    # Workers share the cores: threads of Polars beyond them only wait for each other.
    cores = max(1, (os.cpu_count() or 1) // workers)
    os.environ.setdefault("POLARS_MAX_THREADS", str(cores))
    os.register_at_fork(after_in_child=partial(_end_with, os.getpid()))
    server = Server(
        "tdcs.project.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        # No preface of HTTP/2 is waited for, which has no bound of time; a proxy before the site speaks it.
        http=HTTPModes.http1,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_MS),
        workers=workers,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=2,
        workers_max_rss=worker_mib,
        workers_kill_timeout=_LAST_REQUESTS,
        # Static files never wait for Python.
        static_path_route=[settings.STATIC_URL.rstrip("/")],
        static_path_mount=[settings.STATIC_ROOT],
        static_path_expires=_FOREVER,
    )
    jobs = JobsWorker()
    server.on_startup(jobs.start)
    server.on_reload(jobs.replace)
    server.on_shutdown(jobs.stop)
    server.serve()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option(
    "--worker-mib", default=WORKER_MIB, show_default=True, help="A worker above it is replaced."
)
def serve(host: str, port: int, workers: int, worker_mib: int) -> None:
    """Serve the site (production: behind a proxy that ends TLS, with TDCS_HTTPS=1).

    Refused with every reason when its settings are unsafe (`tdcs doctor`).
    """
    refuse(host)
    run(host, port, workers, worker_mib)
