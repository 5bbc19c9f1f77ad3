"""What tests cost in processor time, by fixture and by test: a plugin of pytest.

    PYTHONPATH=tools:src pytest -p test_costs tests/loans

A machine that does other things makes clocks useless; processor time stays. Counted are the process itself, the processes
it waited for and the tests' PostgreSQL server, in that order. Each process writes ``costs-PID.tsv`` into the folder named
by TDCS_COSTS (or the working folder); ``python tools/test_costs.py FILE...`` adds them up.
"""

from __future__ import annotations

import os
import resource
import sys
from collections import defaultdict
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

import pytest

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_FOLDER: Final = Path(os.environ.get("TDCS_COSTS", "."))
_SHOWN: Final = 40
# Where the server lies; a test may name another home for itself.
_DATA: Final = Path(
    os.environ.get("TDCS_HOME", "var"), os.environ.get("TDCS_PG_FOLDER", "pg-test")
).resolve()


class Cost(NamedTuple):
    """Seconds of processors."""

    own: float = 0.0
    waited_for: float = 0.0
    server: float = 0.0

    def plus(self, other: Cost) -> Cost:
        """Both together."""
        return Cost(*(mine + its for mine, its in zip(self, other, strict=True)))

    def minus(self, other: Cost) -> Cost:
        """What was spent since the other."""
        return Cost(*(mine - its for mine, its in zip(self, other, strict=True)))


def _times(pid: str, *, with_ended: bool) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(one) for one in fields[11 : 15 if with_ended else 13]) / _TICKS


def _server() -> float:
    """What the embedded test server has spent, its ended processes with it; 0 where there is none."""
    try:
        leader = (_DATA / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        spent = _times(leader, with_ended=True)
    except OSError:
        return 0.0
    for child in children:
        try:
            spent += _times(child, with_ended=False)
        except OSError:
            continue
    return spent


def _now() -> Cost:
    mine = resource.getrusage(resource.RUSAGE_SELF)
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(mine.ru_utime + mine.ru_stime, theirs.ru_utime + theirs.ru_stime, _server())


class _Book:
    """Writes down what was spent; what a fixture needed of others is theirs."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.inner: list[Cost] = []

    def measured(self, kind: str, name: str) -> Generator[None, Any, Any]:
        """Around a hook: its cost without that of what is measured inside."""
        begun = _now()
        self.inner.append(Cost())
        try:
            return (yield)
        finally:
            whole = _now().minus(begun)
            rest = whole.minus(self.inner.pop())
            if self.inner:
                self.inner[-1] = self.inner[-1].plus(whole)
            figures = "\t".join(f"{one:.4f}" for one in rest)
            self.file.write(f"{kind}\t{name}\t{figures}\n")


_BOOK: Final = _Book(sys.stderr)


def pytest_configure(config: pytest.Config) -> None:
    """Each process has a file of its own."""
    _BOOK.file = (_FOLDER / f"costs-{os.getpid()}.tsv").open("w", buffering=1)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """Imports of the tests and of what they test."""
    return (yield from _BOOK.measured("collection", "collection"))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """A fixture, without those it asks for on its way."""
    name = f"{fixturedef.argname} ({fixturedef.scope}, {fixturedef.baseid or 'plugin'})"
    return (yield from _BOOK.measured("fixture", name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """What fixtures do not explain."""
    return (yield from _BOOK.measured("setup", item.nodeid))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """The test itself."""
    return (yield from _BOOK.measured("call", item.nodeid))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Rolling back, fixtures' ends."""
    return (yield from _BOOK.measured("teardown", item.nodeid))


def _table(title: str, rows: dict[str, tuple[int, Cost]]) -> None:
    print(f"\n{title}\n{'times':>7}{'own':>9}{'waited':>9}{'server':>9}")
    for name, (times, cost) in sorted(rows.items(), key=lambda row: -sum(row[1][1]))[:_SHOWN]:
        print(f"{times:>7}" + "".join(f"{one:>9.1f}" for one in cost) + f"  {name}")


def main(files: Iterable[str]) -> None:
    """Print the sums of what was written."""
    tables: dict[str, dict[str, tuple[int, Cost]]] = defaultdict(dict)

    def add(table: str, name: str, cost: Cost) -> None:
        times, before = tables[table].get(name, (0, Cost()))
        tables[table][name] = (times + 1, before.plus(cost))

    for file in files:
        for line in Path(file).read_text().splitlines():
            kind, name, *figures = line.split("\t")
            cost = Cost(*map(float, figures))
            add("kinds", kind, cost)
            if kind == "fixture":
                add("fixtures", name, cost)
            elif "::" in name:
                add("files", name.partition("::")[0], cost)
                add("tests", name, cost)
    for title in ("kinds", "fixtures", "files", "tests"):
        _table(title, tables[title])


if __name__ == "__main__":
    main(sys.argv[1:])
