"""The bank of the stories on real units, with the chart of accounts and the capital sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from grounds import GROUNDS, stands_on
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        setup.load_lending()


@pytest.fixture
@stands_on(BANK)
def bank(db: None) -> Bank:
    """The office of Định Quán and bà Hoa's group."""
    found: Bank = GROUNDS.value(BANK)
    return found


@pytest.fixture
def signed_in() -> Any:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
