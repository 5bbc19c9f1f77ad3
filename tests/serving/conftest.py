"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from running import Running, ended, started

from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, which people of these tests belong to."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two workers on the test's database."""
    running = started(tmp_path_factory.mktemp("serving"))
    try:
        yield running
    finally:
        ended(running)
