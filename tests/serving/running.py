"""A real server: its own processes, on the test's database."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from django.db import connection

from tdcs.cli.jobs import WORKER

_PATIENCE = 180.0
KEY = "serving-" + "0123456789abcdefghij" * 2


@dataclass
class Running:
    """A server and its address."""

    process: subprocess.Popen[bytes]
    url: str
    home: Path

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, body."""
        asked = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                got = {name.lower(): value for name, value in answer.headers.items()}
                return answer.status, got, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                got = {name.lower(): value for name, value in error.headers.items()}
                return error.code, got, error.read()

    def post(self, path: str, body: bytes, **headers: str) -> int:
        """The status of what was sent; a redirect is not followed."""
        port = int(self.url.rsplit(":", 1)[1])
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            wire.request("POST", path, body, headers)
            return wire.getresponse().status
        finally:
            wire.close()

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return [one for one in self._children() if WORKER not in _words(one)]

    def jobs_worker(self) -> psutil.Process | None:
        """The process that runs background jobs; None while it is away."""
        return next((one for one in self._children() if WORKER in _words(one)), None)

    def _children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits until it holds, and fails when it does not come."""
        end = time.monotonic() + _PATIENCE
        while not holds():
            assert time.monotonic() < end, "it did not come"
            time.sleep(0.05)


def _words(process: psutil.Process) -> list[str]:
    """The command of a process; empty when it has just ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def database_url() -> str:
    """The test database's address, for another process."""
    given = connection.settings_dict
    host = quote(str(given["HOST"]), safe="")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{given['USER']}@/{given['NAME']}?host={host}{port}"


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a started command sees: the test's database, a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TDCS_", "DJANGO_", "DATABASE_"))
    }
    source = str(Path(__file__).resolve().parents[2] / "src")
    return {
        **kept,
        "PYTHONPATH": source,
        "TDCS_HOME": str(home),
        "TDCS_PROVINCE": "dong-nai",
        "TDCS_SECRET_KEY": KEY,
        "DATABASE_URL": database_url(),
        **more,
    }


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(home: Path, *, workers: int = 2, port: int = 0, **more: str) -> Running:
    """A server that answers; the caller ends it."""
    port = port or _port()
    command = [sys.executable, "-m", "tdcs.cli.main", "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], env=environment(home, **more), cwd=home
    )
    running = Running(process, f"http://127.0.0.1:{port}", home)

    def answers() -> bool:
        assert process.poll() is None, "the server ended at its start"
        try:
            return running.get("/suc-khoe/")[0] in (200, 503)
        except OSError:
            return False

    try:
        running.until(answers)
    except BaseException:
        ended(running)
        raise
    return running


def ended(running: Running) -> None:
    """The server and all of its processes are gone."""
    own = psutil.Process(running.process.pid).children(recursive=True)
    running.process.send_signal(signal.SIGTERM)
    try:
        running.process.wait(60)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()
    for left in own:
        if left.is_running():
            left.kill()
