"""Two at once: real transactions on two connections."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from ledger_cast import TODAY, cash

from tdcs.core import clock
from tdcs.ledger import checks, services
from tdcs.ledger.models import Account, Book, JournalEntry
from tdcs.ledger.rules import GENESIS
from tdcs.organisations.models import Organisation


@pytest.fixture
def book(django_db_setup: None, django_db_blocker: Any) -> Iterator[Book]:
    """A book that really is committed. Emptied by hand: the ledger's tables refuse the flush of pytest-django."""
    with django_db_blocker.unblock():
        # What other rooms' tests loaded for this worker stays theirs.
        there = list(Account.objects.values_list("pk", flat=True))
        services.load_chart()
        yield services.book_of(Organisation.objects.get(code="nhcsxh-chi-nhanh@p75"))
        with connection.cursor() as cursor:
            for table in ("ledger_posting", "ledger_journalentry", "ledger_operation"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(f"DELETE FROM {table}")
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("DELETE FROM ledger_cashday")
            cursor.execute("DELETE FROM ledger_book")
            cursor.execute("DELETE FROM ledger_account WHERE NOT id = ANY(%s)", [there])
        connections.close_all()


def both(work: Any) -> list[Any]:
    """What two threads answer that start together."""
    gate = Barrier(2)

    def run(at: int) -> Any:
        try:
            with clock.fixed_today(TODAY):
                gate.wait()
                return work(at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def post(book: Book, amount: int, operation: Any = None) -> int:
    """One entry; its number."""
    entry = services.NewEntry(book.pk, TODAY, "manual", "Nhận vốn", cash(amount))
    [(_, number)] = services.post([entry], by=None, on=TODAY, operation=operation)
    return number


def test_one_key_is_done_once(book: Book) -> None:
    def ask(_: int) -> dict[str, Any]:
        return services.idempotent(
            key="cung-luc",
            action="test",
            request={"amount": 5},
            by=None,
            on=TODAY,
            work=lambda operation: {"number": post(book, 5, operation)},
        )

    answers = both(ask)
    assert sorted(answer.get("again", False) for answer in answers) == [False, True]
    assert {answer["number"] for answer in answers} == {1}
    assert JournalEntry.objects.count() == 1


def test_numbers_do_not_skip(book: Book) -> None:
    def twenty(at: int) -> list[int]:
        numbers = []
        for step in range(20):
            with transaction.atomic():
                numbers.append(post(book, at * 100 + step + 1))
        return numbers

    first, second = both(twenty)
    assert sorted(first + second) == list(range(1, 41))
    assert list(checks.chain_holds()) == []


def test_committed_entries_are_final(book: Book) -> None:
    with transaction.atomic():
        post(book, 5)
    entry = JournalEntry.objects.get()
    assert entry.previous_hash == GENESIS
    account = entry.postings.all()[0].account
    with pytest.raises(Exception, match="posted before"):
        entry.postings.create(account=account, debit=5)
