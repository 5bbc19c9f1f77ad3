"""Random loans and the cast of the loans room serve here as well; real units, and a store of its own for each test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from decree_book import ACT, DECREE, Late, make_book, taken_up
from django.db import transaction
from django.test import override_settings
from lending_cast import Bank, make_bank

from tdcs.cli import setup
from tdcs.closing import ports
from tdcs.closing.services.decrees import carry_out
from tdcs.core import clock
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        setup.load_lending()


@pytest.fixture(autouse=True)
def prepared_days(monkeypatch: pytest.MonkeyPatch) -> list[list[date]]:
    """Which days were given to the rooms above after each close; nothing is prepared of them here."""
    given: list[list[date]] = []
    monkeypatch.setattr(ports.days_closed, "provider", lambda days: given.append(list(days)))
    return given


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """Where the snapshots of this test lie."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def bank(db: None, home: Path) -> Bank:
    """The office of Định Quán and bà Hoa's group."""
    return make_bank()


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Late, Path]]:
    """The book, made once: each test has a copy of its snapshots, and what it writes is rolled back."""
    home = tmp_path_factory.mktemp("book")
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        yield make_book(make_bank()), home
        transaction.set_rollback(True)


@pytest.fixture
def book(made: tuple[Late, Path], db: None, tmp_path: Path, settings: Any) -> Late:
    """A book of 2025 and 2026 under the law of 2025. Not in a file that asks for ``carried``."""
    return _copied(made, tmp_path, settings)


@pytest.fixture(scope="module")
def made_carried(made: tuple[Late, Path]) -> tuple[Late, Path]:
    """The decree is carried out once for the tests of a file that begin there: it takes longer than they do."""
    late, home = made
    taken_up(late)
    with (
        override_settings(HOME=home),
        clock.fixed_today(ACT),
        patch.object(ports.days_closed, "provider", lambda days: None),
    ):
        carry_out(document=DECREE, by=late.director, on=ACT)
    return late, home


@pytest.fixture
def carried(made_carried: tuple[Late, Path], db: None, tmp_path: Path, settings: Any) -> Late:
    """The book in which the decree is taken up and carried out on ACT."""
    return _copied(made_carried, tmp_path, settings)


def _copied(made: tuple[Late, Path], folder: Path, settings: Any) -> Late:
    late, home = made
    shutil.copytree(home, folder, dirs_exist_ok=True)
    settings.HOME = folder
    return late
