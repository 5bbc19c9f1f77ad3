"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from running import Running, ended, started
from until_left import UntilLeft

from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, which people of these tests belong to."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))


# It works on the test's database, which nobody may copy meanwhile.
_SERVER: Final = UntilLeft(Path(__file__).parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The server ends with the last test of this folder."""
    try:
        yield
    finally:
        _SERVER.after(nextitem)


@pytest.fixture(scope="session")
def _ended_with_all(django_db_setup: None) -> Iterator[None]:
    """Where the run stops at a failure, no test of another folder follows."""
    yield
    _SERVER.end()


@pytest.fixture(scope="module")
def server(_ended_with_all: None, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Two workers on the test's database, started once for the files of this folder; tests leave them as they were."""

    @contextmanager
    def running() -> Iterator[Running]:
        made = started(tmp_path_factory.mktemp("serving"))
        try:
            yield made
        finally:
            ended(made)

    found: Running = _SERVER.get(running)
    return found
