"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running import Running, ended, started


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two workers on the test's database."""
    running = started(tmp_path_factory.mktemp("serving"))
    try:
        yield running
    finally:
        ended(running)
