"""Which tests go together in one of the processes that share the suite, and which begin first.

pytest-xdist's own `--dist loadgroup` changes the names of tests, which pytest from 9.2 on ignores without a word
(https://github.com/pytest-dev/pytest-xdist/issues/1386): tests of a file were then spread singly, and each process made
what a file's tests share. Its way to bring a scheduler of one's own has not changed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

# Folders and files whose tests share what takes long to make (a server, a browser, a demonstration, parsed sources): one
# process runs them.
TOGETHER: Final = {
    "tests/browser/": "browser",
    "tests/closing/test_decree": "decrees",
    "tests/demo/test_accessible.py": "demonstration",
    "tests/demo/test_forms_keep.py": "demonstration",
    "tests/demo/test_funds_of_a_year.py": "demonstration",
    "tests/demo/test_libreoffice_opens.py": "demonstration",
    "tests/demo/test_link_walk.py": "demonstration",
    "tests/serving/test_jobs_worker.py": "server",
    "tests/serving/test_limits.py": "server",
    "tests/serving/test_load.py": "server",
    "tests/serving/test_sent_bodies.py": "server",
    "tests/serving/test_workers.py": "server",
    "tests/tidy/": "tidy",
}
# What takes longest begins first, so that no process works alone in the end.
LONGEST: Final = ("browser", "decrees", "demonstration")


def group_of(nodeid: str) -> str:
    """Which tests run in the process of this one: those of its file, or more."""
    file = nodeid.partition("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)


def place_of(nodeid: str) -> int:
    """The longest first, the others as they were collected."""
    group = group_of(nodeid)
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


class Spread(LoadScopeScheduling):
    """Gives a process a whole group at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


class Together:
    """Fails a run in which tests of one group were given to two processes: nothing else would tell."""

    def __init__(self) -> None:
        self._processes: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A report from a process."""
        if hasattr(report, "node"):
            self._processes[group_of(report.nodeid)].add(report.node.gateway.id)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """The run fails when a group was torn."""
        torn = sorted(group for group, ids in self._processes.items() if len(ids) > 1)
        if torn:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            raise pytest.UsageError(f"groups of tests ran in more than one process: {torn}")
