"""Capital on real units."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from grounds import GROUNDS, stands_on
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.cli.setup import load_lending
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, the chart and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        load_lending()


@pytest.fixture
@stands_on(BANK)
def bank(db: None) -> Bank:
    """The office of Định Quán, bà Hoa's group, central money at the office and the province's at the branch."""
    found: Bank = GROUNDS.value(BANK)
    return found
