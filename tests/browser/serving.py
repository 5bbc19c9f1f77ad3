"""A real server on a free port: its own home and database, standing on a day.

The database is the home's own server, or the one whose address the home's file ``database-url`` names (conftest.py).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing glides while a test waits for it.
    "--force-prefers-reduced-motion",
]
PEOPLE = """
from datetime import date
from tdcs.cli import setup
setup.run()
from tdcs.access.models import User
if not User.objects.exists():
    from tdcs.demo import people
    people.create(since=date(2023, 9, 1), seed=1)
"""


_EACH = 'import sys; [exec(one, {"__name__": "__main__"}) for one in sys.argv[1:]]'

# Where a home says which database it works on.
DATABASE = "database-url"


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


def prepare(home: Path, today: str, *scripts: str) -> None:
    """Run Python against the home's database before the server starts: each script as a program, in one process."""
    command = [sys.executable, "-c", _EACH, *scripts]
    subprocess.run(command, env=surroundings(home, today), check=True, timeout=600)


@contextmanager
def serving(home: Path, today: str, **other: str | None) -> Iterator[str]:
    """The address of a server on the home's database, stopped afterwards."""
    port = _free_port()
    command = [sys.executable, "-m", "tdcs.cli.main", "serve", "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--port", str(port)],
        env=surroundings(home, today, **other),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


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
