"""Random loans and the cast of the loans room serve here as well; real units, and a store of its own for each test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from decree_book import ACT, DECREE, Carried, Laid, Late, make_book, taken_up, taken_up_from
from django.db import connection, transaction
from django.test import override_settings
from grounds import GROUNDS, stands_on
from lending_cast import Bank, make_bank
from lending_grounds import BANK
from migrated import copy_database, drop_database
from own_database import own_database

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
@stands_on(BANK)
def bank(db: None, home: Path) -> Bank:
    """The office of Định Quán and bà Hoa's group."""
    found: Bank = GROUNDS.value(BANK)
    return found


@pytest.fixture(scope="session")
def laid(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Laid]:
    """The book, made once; the decree is taken up in the second database."""
    home = tmp_path_factory.mktemp("book")
    with own_database(django_db_blocker, "late"), _alone_in(home):
        with transaction.atomic():
            late = make_book(make_bank())
        book = _kept("book")
        with transaction.atomic():
            taken_up(late)
        taken = _kept("taken_up")
    yield Laid(late, book, taken, home)
    for name in (book, taken):
        drop_database(name)


@pytest.fixture(scope="session")
def laid_carried(
    laid: Laid, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Carried]:
    """The decree is carried out once for the tests that begin there: it takes longer than they do."""
    home = tmp_path_factory.mktemp("carried")
    shutil.copytree(laid.home, home, dirs_exist_ok=True)
    with (
        own_database(django_db_blocker, "late", of=laid.book),
        _alone_in(home) as prepared,
        clock.fixed_today(ACT),
    ):
        with transaction.atomic():
            before = taken_up_from(laid.late)
        answer = carry_out(document=DECREE, by=laid.late.director, on=ACT)
        name = _kept("carried")
    yield Carried(name, home, before, answer, prepared)
    drop_database(name)


@contextmanager
def _alone_in(home: Path) -> Iterator[list[list[date]]]:
    """Snapshots lie in the folder; the rooms above prepare nothing, which days they were given is told."""
    given: list[list[date]] = []
    with (
        override_settings(HOME=home),
        patch.object(ports.days_closed, "provider", lambda days: given.append(list(days))),
    ):
        yield given


def _kept(name: str) -> str:
    """A copy of the database as it is now."""
    made = connection.settings_dict["NAME"]
    connection.close()
    copy_database(made, f"{made}_{name}")
    return f"{made}_{name}"


@pytest.fixture(scope="module")
def _in_the_book(laid: Laid, django_db_blocker: Any) -> Iterator[None]:
    with own_database(django_db_blocker, "file", of=laid.book):
        yield


@pytest.fixture
def book(_in_the_book: None, laid: Laid, db: None, tmp_path: Path, settings: Any) -> Late:
    """A book of 2025 and 2026 under the law of 2025. Not in a file that asks for ``carried``."""
    shutil.copytree(laid.home, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    return laid.late


@pytest.fixture(scope="module")
def _in_the_carried(laid_carried: Carried, django_db_blocker: Any) -> Iterator[None]:
    with own_database(django_db_blocker, "file", of=laid_carried.name):
        yield


@pytest.fixture
def carried(
    _in_the_carried: None,
    laid: Laid,
    laid_carried: Carried,
    db: None,
    tmp_path: Path,
    settings: Any,
) -> Late:
    """The book in which the decree is taken up and carried out on ACT."""
    shutil.copytree(laid_carried.home, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    return laid.late
