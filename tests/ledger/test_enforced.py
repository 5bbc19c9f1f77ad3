"""The database refuses what the services would never send."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from ledger_cast import TODAY, Cast, cash

from tdcs.core import clock
from tdcs.ledger.models import Account, JournalEntry, Operation, Posting

Raw = tuple[str, int, int, int | None]


def write(cast: Cast, *lines: Raw, number: int = 1) -> JournalEntry:
    """An entry past the services, judged at once instead of at commit."""
    entry = JournalEntry.objects.create(
        book=cast.book,
        number=number,
        on=TODAY,
        template="manual",
        words="Thử",
        recorded_at=clock.now(),
        previous_hash="0" * 64,
        hash="1" * 64,
    )
    for code, debit, credit, subject in lines:
        account = Account.objects.get(code=code)
        Posting.objects.create(
            entry=entry, account=account, debit=debit, credit=credit, subject=subject
        )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return entry


def test_a_balanced_entry_stands(cast: Cast) -> None:
    assert write(cast, *cash(100)).postings.count() == 2


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "0 lines"),
        ([("1011", 100, 0, None)], "1 lines, 100 on and 0 off"),
        ([("1011", 100, 0, None), ("4411", 0, 99, None)], "2 lines, 1 on and 0 off"),
        # A side off the balance does not make up for one on it.
        ([("1011", 100, 0, None), ("9999", 0, 100, None)], "2 lines, 100 on and -100 off"),
        ([("2111", 100, 0, None), ("1011", 0, 100, None)], "its sub-ledger wants a subject"),
        ([("1011", 100, 0, 7), ("4411", 0, 100, None)], "its sub-ledger wants a subject"),
        ([("1", 100, 0, None), ("4411", 0, 100, None)], "the account takes no postings"),
        ([("1011", 100, 100, None), ("4411", 0, 100, None)], "posting_one_side"),
        ([("1011", -100, 0, None), ("4411", 0, -100, None)], "posting_one_side"),
    ],
)
def test_what_may_not_stand(cast: Cast, lines: list[Raw], words: str) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        write(cast, *lines)
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_journalentry SET words = 'Khác'",
        "DELETE FROM ledger_journalentry",
        "UPDATE ledger_posting SET debit = debit + 1 WHERE debit > 0",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "TRUNCATE ledger_journalentry CASCADE",
        "UPDATE ledger_operation SET answer = '{\"a\": 1}'",
        "DELETE FROM ledger_operation",
    ],
)
def test_nothing_changes_afterwards(cast: Cast, sql: str) -> None:
    write(cast, *cash(100))
    Operation.objects.create(
        key="a", action="b", request_hash="c", answer={"done": 1}, on=TODAY, recorded_at=clock.now()
    )
    with (
        pytest.raises(IntegrityError, match=r"never changed|done once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_number_is_given_once(cast: Cast) -> None:
    write(cast, *cash(100))
    with pytest.raises(IntegrityError, match="entry_number_once"), transaction.atomic():
        write(cast, *cash(100))


def test_an_old_entry_takes_no_more_postings(post: Any) -> None:
    entry = post(*cash(100))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_journalentry DISABLE TRIGGER USER")
        # As if another transaction had made it.
        cursor.execute("UPDATE ledger_journalentry SET made_in = '3'::xid8")
        cursor.execute("ALTER TABLE ledger_journalentry ENABLE TRIGGER USER")
    account = Account.objects.get(code="1011")
    with pytest.raises(IntegrityError, match="the entry was posted before"), transaction.atomic():
        Posting.objects.create(entry=entry, account=account, debit=1)


def test_a_judged_entry_takes_no_more_postings(post: Any) -> None:
    """Judged before commit, it would not be judged again."""
    entry = post(*cash(100))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    account = Account.objects.get(code="1011")
    with pytest.raises(IntegrityError, match="the entry was posted before"), transaction.atomic():
        Posting.objects.create(entry=entry, account=account, debit=77)
    assert entry.postings.count() == 2
    # The next entry of the same transaction is free.
    assert post(*cash(200)).number == 2
