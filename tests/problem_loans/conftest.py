"""Bà Hoa's group and its bank; a store of closed days in a folder of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from django.test import Client
from grounds import GROUNDS, stands_on
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.organisations import seed

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        setup.load_lending()


@pytest.fixture
@stands_on(BANK)
def bank(db: None) -> Bank:
    """The office of Định Quán and bà Hoa's group."""
    found: Bank = GROUNDS.value(BANK)
    return found


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    """It is 23/11/2026."""
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def signed_in() -> Any:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
