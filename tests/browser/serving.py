"""A real server on a free port: its own home and database, standing on a day.

The database is the home's own server, or the one whose address the home's file ``database-url`` names (conftest.py).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warmed import Warmed

PEOPLE = """
from datetime import date
from tdcs.cli import setup
setup.run()
from tdcs.access.models import User
if not User.objects.exists():
    from tdcs.demo import people
    people.create(since=date(2023, 9, 1), seed=1)
"""


# Where a home says which database it works on.
DATABASE = "database-url"
# What no module keeps from when it was loaded: settings that requests read.
ASKED = frozenset({"TDCS_MFA"})


def surroundings(home: Path, today: str, **other: str | None) -> dict[str, str]:
    """The environment of a demonstration in ``home`` on a day, free of what the caller's shell sets.

    ``other`` says what differs; None is not set at all.
    """
    named = home / DATABASE
    made: dict[str, str | None] = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TDCS_", "DJANGO_"))},
        **({"DATABASE_URL": named.read_text()} if named.exists() else {}),
        "TDCS_HOME": str(home),
        "TDCS_PROVINCE": "dong-nai",
        "TDCS_DEMO": "1",
        "TDCS_TODAY": today,
        "TDCS_PG_DURABLE": "0",
        "DJANGO_SETTINGS_MODULE": "tdcs.project.settings",
        **other,
    }
    return {name: value for name, value in made.items() if value is not None}


_WARMED: dict[str, Warmed] = {}


def _warmed(home: Path, today: str) -> Warmed:
    """The process that is loaded once for all programs of these tests."""
    if "" not in _WARMED:
        _WARMED[""] = Warmed(surroundings(home, today))
    return _WARMED[""]


def end_warmed() -> None:
    """No more programs are started."""
    if _WARMED:
        _WARMED.pop("").end()


def prepare(home: Path, today: str, *scripts: str) -> None:
    """Run Python against the home's database before the server starts: each script as a program, in one process."""
    output_of(home, today, *scripts)


def output_of(home: Path, today: str, *scripts: str) -> str:
    """What scripts print that run against the home's database."""
    warmed, out = _warmed(home, today), home / "said"
    out.write_text("")
    files = [home / f"script-{at}.py" for at in range(len(scripts))]
    for file, script in zip(files, scripts, strict=True):
        file.write_text(script, encoding="utf-8")
    paths = [str(file) for file in files]
    started = warmed.start(surroundings(home, today), out=str(out), scripts=paths)
    code = warmed.ended(started)
    said = out.read_text(encoding="utf-8")
    assert code == 0, said
    return said


@contextmanager
def _forked(home: Path, today: str, words: list[str], **other: str | None) -> Iterator[None]:
    warmed = _warmed(home, today)
    server = warmed.start(surroundings(home, today, **other), out=os.devnull, words=words)
    try:
        yield
    finally:
        os.kill(server, signal.SIGTERM)
        warmed.ended(server)


@contextmanager
def _started(environment: dict[str, str], words: list[str]) -> Iterator[None]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tdcs.cli.main", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(timeout=60)


@contextmanager
def serving(home: Path, today: str, **other: str | None) -> Iterator[str]:
    """The address of a server on the home's database, stopped afterwards.

    One that is set up in another way (``other``) is a program from its beginning: nothing is loaded that was set so. What
    is a setting alone, asked for at each request, needs none.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    words = ["serve", "--workers", "1", "--port", str(port)]
    fresh = _started(surroundings(home, today, **other), words) if other.keys() - ASKED else None
    with fresh or _forked(home, today, words, **other):
        _wait(address)
        yield address


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/suc-khoe/", timeout=30) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
