"""Children of the guarded reading (`documents.reading.guarded`) forked from a process that has imported what they need.

A fresh Python takes half a second to import Polars or a reader of Word before it reads a file of ten rows. A fork of a
process that only ever imported has the same bounds, the same exits and nothing of the test's; what misbehaves, and one
file of each kind, still goes through a fresh one (`fresh_children`).
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

import pytest

_GUARDED: Final = "tdcs.documents.reading.guarded"
# What a reader imports only when it reads.
_LATER: Final = {
    _GUARDED: tuple(
        f"tdcs.documents.reading.{name}"
        for name in ("docx", "pdf", "txt", "cleaning", "legacy", "rows")
    ),
    "tdcs.imports.reading.workbook": (
        "polars",
        "tdcs.imports.reading.opening",
        "tdcs.imports.rules.letters",
        "tdcs.imports.rules.rows",
    ),
    "tdcs.word_templates.filling.apart": (
        "tdcs.word_templates.filling.rendering",
        "tdcs.word_templates.filling.tags",
    ),
}


class _Nursery:
    """A process for each module of readers; it forks a child for each file."""

    def __init__(self) -> None:
        self._parents: dict[str, subprocess.Popen[str]] = {}
        # Work in the background may read a file while a page does.
        self._one_at_a_time = threading.Lock()

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        """As `subprocess.run` for the command of `guarded.ask`; what is not known goes the ordinary way."""
        reader, *bounds = command[3:]
        home = reader.partition(":")[0]
        if home not in _LATER:
            return subprocess.run(command, **options)  # noqa: PLW1510
        with tempfile.TemporaryDirectory(prefix="tdcs-warm-") as folder:
            given, answer = Path(folder, "given"), Path(folder, "answer")
            given.write_bytes(options["input"])
            asked = {
                "reader": reader,
                "bounds": [int(one) for one in bounds],
                "files": [str(given), str(answer)],
                "environ": dict(options["env"]),
                "timeout": options["timeout"],
            }
            with self._one_at_a_time:
                code = self._ask(home, asked)
            if code is None:
                raise subprocess.TimeoutExpired(command, options["timeout"])
            return subprocess.CompletedProcess(command, code, answer.read_bytes(), b"")

    def _ask(self, home: str, asked: dict[str, Any]) -> int | None:
        parent = self._parents.get(home)
        if parent is None:
            parent = self._parents[home] = self._begun(home)
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps(asked) + "\n")
        parent.stdin.flush()
        found: int | None = json.loads(parent.stdout.readline())
        return found

    def _begun(self, home: str) -> subprocess.Popen[str]:
        paths = os.pathsep.join(filter(None, [str(Path(__file__).parent), *sys.path]))
        return subprocess.Popen(
            [sys.executable, str(Path(__file__)), home],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def close(self) -> None:
        """Each ends when nobody asks any more."""
        for parent in self._parents.values():
            with parent:
                pass
        self._parents.clear()


_NURSERY: Final = _Nursery()


@contextmanager
def warm_children() -> Iterator[None]:
    """Guarded readers are forked, for as long as this is open."""
    warm = SimpleNamespace(run=_NURSERY.run, TimeoutExpired=subprocess.TimeoutExpired)
    try:
        with patch(f"{_GUARDED}.subprocess", warm):
            yield
    finally:
        _NURSERY.close()


@pytest.fixture
def fresh_children() -> Iterator[None]:
    """Guarded readers are fresh processes, as in service."""
    with patch(f"{_GUARDED}.subprocess", subprocess):
        yield


def _child(asked: dict[str, Any]) -> int:
    from tdcs.documents.reading import guarded

    os.environ.clear()
    os.environ.update(asked["environ"])
    given, answer = asked["files"]
    sys.stdin = open(given)  # noqa: PTH123, SIM115
    sys.stdout = open(answer, "w")  # noqa: PTH123, SIM115
    return guarded._child(asked["reader"], *asked["bounds"])


def _ended(child: int, seconds: float) -> int | None:
    """Its exit, as `subprocess` tells it; None when it took too long."""
    if signal.sigtimedwait([signal.SIGCHLD], seconds) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _serve(home: str) -> None:
    """In the process that forks: one file after the other, as long as somebody asks."""
    importlib.import_module(home)
    for name in _LATER[home]:
        importlib.import_module(name)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            os._exit(_exit_of(asked))
        print(json.dumps(_ended(child, asked["timeout"])), flush=True)


def _exit_of(asked: dict[str, Any]) -> int:
    """What a Python of its own would exit with."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        return _child(asked)
    except BaseException:
        return 1


if __name__ == "__main__":
    _serve(sys.argv[1])
