"""A million postings: how long they take to write and to check."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from ledger_cast import TODAY, Cast, cash

from tdcs.ledger import checks, queries, services

ENTRIES = 400_000
BATCH = 4_000


@pytest.mark.soak
def test_a_million_postings_are_checked_in_fifteen_seconds(cast: Cast) -> None:
    books = (cast.book, cast.other)
    with transaction.atomic():
        services.post(
            [
                services.NewEntry(
                    book.pk, TODAY - timedelta(days=200), "manual", "Nhận vốn", cash(10**9)
                )
                for book in books
            ],
            by=None,
            on=TODAY,
        )
    started = time.perf_counter()
    for first in range(0, ENTRIES, BATCH):
        on = TODAY - timedelta(days=(ENTRIES - first) // BATCH)
        entries = [
            services.NewEntry(
                books[at % 2].pk,
                on,
                "loan.collect",
                f"Thu nợ, thu lãi khoản vay {at}",
                [("1011", 150, 0, None), ("2111", 0, 100, at % 9_999), ("7021", 0, 50, at % 9_999)]
                if at % 2
                else [("2111", 100, 0, at % 9_999), ("1011", 0, 100, None)],
            )
            for at in range(first, first + BATCH)
        ]
        with transaction.atomic():
            services.post(entries, by=None, on=on)
    took = {"post": time.perf_counter() - started}
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took["judged at commit"] = time.perf_counter() - started
        cursor.execute("ANALYZE ledger_posting")
        cursor.execute("ANALYZE ledger_journalentry")
    for name, check in checks.CHECKS.items():
        started = time.perf_counter()
        assert list(check()) == []
        took[name] = time.perf_counter() - started
    started = time.perf_counter()
    whole = queries.trial_balance([book.pk for book in books], TODAY.replace(month=1), TODAY)
    took["trial balance"] = time.perf_counter() - started
    started = time.perf_counter()
    page = queries.cash_book(book=cast.book, since=TODAY.replace(month=1), until=TODAY, page=1999)
    took["cash book, page 1999"] = time.perf_counter() - started
    print({name: round(seconds, 2) for name, seconds in took.items()})
    assert whole.inside.debit == ENTRIES // 2 * (150 + 100)
    assert page.count == ENTRIES // 2
    assert took["ledger.chain_holds"] <= 15
