"""The cast of the loans room and some weeks of its business, closed day by day, once for the files that stand on them."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "closing"))

from business import Business
from grounds import stands_on
from lending_cast import Bank
from sheet_grounds import CLOSED, DAY, begun_in

from tdcs.cli import setup
from tdcs.closing import ports
from tdcs.core import clock
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        setup.load_lending()


@pytest.fixture(autouse=True)
def nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sums are prepared after a close."""
    monkeypatch.setattr(ports.days_closed, "provider", lambda days: None)


@pytest.fixture
@stands_on(CLOSED)
def business(db: None, tmp_path: Path, settings: Any) -> Any:
    """Three weeks of bà Hoa's group, the last days closed; it is the morrow of the last."""
    settings.HOME = tmp_path
    with clock.fixed_today(DAY + timedelta(days=1)):
        yield begun_in(tmp_path)


@pytest.fixture
def bank(business: Business) -> Bank:
    """The office of Định Quán and its people."""
    return business.bank
