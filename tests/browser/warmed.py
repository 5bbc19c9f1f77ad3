"""A process that has Django and the site's pages loaded, and forks itself for every program that a browser test starts.

Loading them takes seconds of a processor, for each server and for each script that lays something out; a fork takes none. What
depends on the environment (settings, the database, caches, folders) a fork reads anew from its own.

Run as a program it reads a line of JSON for each program (``Warmed.start``) or for one whose end is waited for
(``Warmed.ended``), and answers with a number: of its process, or with which it ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_PATIENCE = 600


class Warmed:
    """The process, from a test's side."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, str(Path(__file__).resolve())]
        # Of these each program gets its own; numpy's threads are none that a fork can do without.
        unused = {
            "DATABASE_URL": "postgresql:///unused",
            "TDCS_SECRET_KEY": "unused",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(
            command,
            env={**environment, **unused},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, environment: dict[str, str], *, out: str, **program: Any) -> int:
        """Run the files ``scripts``, or the command ``tdcs`` with ``words``, in an environment; the number of the process.

        What it says goes to the file ``out``.
        """
        return self._ask({"environment": environment, "out": out, **program})

    def ended(self, number: int) -> int:
        """With what a started process ended; waits for it."""
        return self._ask({"ended": number})

    def end(self) -> None:
        """Nothing more is started."""
        with self.process:
            assert self.process.stdin is not None
            self.process.stdin.close()

    def _ask(self, words: dict[str, Any]) -> int:
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None and answers is not None
        print(json.dumps(words), file=asked, flush=True)
        if not select.select([answers], [], [], _PATIENCE)[0]:
            raise TimeoutError(str(words)[:300])
        return int(answers.readline())


def _become(environment: dict[str, str], out: str) -> None:
    """A fork is a program of its own: nothing of its parent's environment, files and settings is left."""
    from django.conf import Settings, settings
    from django.core.cache import caches
    from django.core.files.storage import storages
    from django.db import connections

    from tdcs.core import law
    from tdcs.project import settings as ours

    with Path(os.devnull).open() as nothing, Path(out).open("a") as said:
        os.dup2(nothing.fileno(), 0)
        os.dup2(said.fileno(), 1)
        if out == os.devnull:
            os.dup2(said.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    law.forget()
    importlib.reload(ours)
    anew, before = Settings(ours.__name__), vars(settings._wrapped)
    # Applications have added their defaults while they were loaded.
    vars(anew).update({name: before[name] for name in before.keys() - vars(anew).keys()})
    settings._wrapped = anew
    for kept in (connections, caches, storages):
        vars(kept).clear()
        kept.__init__()  # type: ignore[misc]


def _run(scripts: list[str], words: list[str]) -> None:
    from tdcs.cli.main import main as tdcs

    for one in scripts:
        runpy.run_path(one, run_name="__main__")
    if words:
        tdcs(words)


def _load() -> None:
    import django

    django.setup()
    for name in ("tdcs.project.urls", "tdcs.cli.serve", "tdcs.cli.setup", "tdcs.demo.people"):
        importlib.import_module(name)
    # A thread that computes would be missing in the forks: Polars has begun none yet.
    threads = {(one / "comm").read_text() for one in Path("/proc/self/task").iterdir()}
    assert not any(name.startswith("polars-0") for name in threads), threads
    gc.collect()
    gc.freeze()


def main() -> None:
    """Fork for every line that asks for it; a fork comes back from here at the end of its program."""
    _load()
    running = set[int]()
    for line in sys.stdin:
        asked = json.loads(line)
        if number := asked.pop("ended", 0):
            running.discard(number)
            answer = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                _become(asked["environment"], asked["out"])
                _run(asked.get("scripts", []), asked.get("words", []))
                return
            running.add(answer)
        print(answer, flush=True)
    for number in running:
        os.kill(number, signal.SIGTERM)


if __name__ == "__main__":
    main()
