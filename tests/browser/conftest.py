"""A real server on a free port, its own database, a real Chromium."""

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
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PREPARE = """
from datetime import date
from tdcs.cli import setup
setup.run()
from tdcs.access.models import User
if not User.objects.exists():
    from tdcs.demo import people
    people.create(since=date(2023, 9, 1), seed=1)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with real units and the demonstration's people, but no plan yet."""
    with serving(tmp_path_factory.mktemp("site")) as address:
        yield address


@contextmanager
def serving(home: Path, more: str = "") -> Iterator[str]:
    """The address of a site of its own under ``home``; ``more`` prepares it beyond units and people."""
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TDCS_", "DJANGO_"))},
        "TDCS_HOME": str(home),
        "TDCS_DEMO": "1",
        "TDCS_TODAY": "2026-11-23",
        "TDCS_PG_DURABLE": "0",
        "DJANGO_SETTINGS_MODULE": "tdcs.project.settings",
    }
    subprocess.run([sys.executable, "-c", PREPARE + more], env=env, check=True, timeout=240)
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "tdcs.cli.main",
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    server = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/suc-khoe/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.fixture
def browser() -> Iterator[Any]:
    """Debian's Chromium; the tests say so when it is missing."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed (.ci/run installs it)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()
