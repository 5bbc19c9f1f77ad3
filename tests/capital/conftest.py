"""Capital on real units."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tdcs.cli.setup import load_lending
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, the chart and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        load_lending()
