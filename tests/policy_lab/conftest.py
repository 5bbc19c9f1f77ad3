"""A small book in La Ngà on real units, closed on one day, and households whose incomes were measured."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from lending_cast import make_bank
from own_database import own_database
from policy_world import World, make_world

from tdcs.cli import setup
from tdcs.closing import ports
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        setup.load_lending()


@pytest.fixture(scope="module")
def laid_out(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The book, made once for a file, in a database of its own."""
    home = tmp_path_factory.mktemp("policy")
    with own_database(django_db_blocker, "policy"):
        with (
            override_settings(HOME=home),
            patch.object(ports.days_closed, "provider", lambda days: None),
            transaction.atomic(),
        ):
            made = make_world(make_bank())
        yield made, home


@pytest.fixture
def world(laid_out: tuple[World, Path], db: None, settings: Any) -> World:
    """The book and its people; what a test changes is rolled back."""
    settings.HOME = laid_out[1]
    return laid_out[0]
