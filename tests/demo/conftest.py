"""The real units under the synthetic province; each test's own province is rolled back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
