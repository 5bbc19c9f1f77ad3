"""The cast of the ledger room: two offices with books, the people of one of them, an auditor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from ledger_cast import TODAY, Cast, person

from tdcs.access.models import User
from tdcs.ledger import services
from tdcs.ledger.models import Book, JournalEntry
from tdcs.ledger.rules import Line
from tdcs.organisations import seed
from tdcs.organisations.models import Kind, Organisation


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units are loaded once for each worker; every test's own changes are rolled back."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two transaction offices of today."""
    services.load_chart()
    first, second = Organisation.objects.filter(
        kind=Kind.TRANSACTION_OFFICE, ends_on=None
    ).order_by("pk")[:2]
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    return Cast(
        book=services.book_of(first),
        other=services.book_of(second),
        accountant=person("ke-toan", "accountant", first),
        director=person("giam-doc", "office_director", first),
        teller=person("giao-dich", "teller", first),
        far=person("ke-toan-khac", "accountant", second),
        auditor=person("kiem-toan", "auditor", branch),
    )


Posting = Callable[..., JournalEntry]


@pytest.fixture
def post(cast: Cast) -> Posting:
    """A function that posts lines to the first book (or another) and gives the entry."""

    def made(
        *lines: Line, on: date = TODAY, book: Book | None = None, words: str = "Nhận vốn"
    ) -> JournalEntry:
        key = (book or cast.book).pk
        with transaction.atomic():
            entry = services.NewEntry(key, on, "manual", words, lines)
            [(pk, _)] = services.post([entry], by=cast.accountant, on=on)
        return JournalEntry.objects.get(pk=pk)

    return made


@pytest.fixture
def signed_in(client: Client) -> Any:
    """A function that signs a person in and gives the browser."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
