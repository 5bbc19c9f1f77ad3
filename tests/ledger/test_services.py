"""Posting, reversing, closing, and doing a thing once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_cast import TODAY, Cast, cash

from tdcs.core import clock
from tdcs.ledger import checks, services
from tdcs.ledger.errors import (
    AlreadyReversed,
    BeforeClose,
    BeforeReversed,
    DayAhead,
    DayNotOver,
    EntryUnbalanced,
    KeyReused,
    UnknownAccount,
)
from tdcs.ledger.models import Book, JournalEntry, Operation, Posting
from tdcs.ledger.queries import cash_book, trial_balance
from tdcs.ledger.rules import GENESIS, Line


def test_numbers_and_hashes_go_on(post: Any, cast: Cast) -> None:
    first, second = post(*cash(100)), post(*cash(200))
    assert (first.number, first.previous_hash) == (1, GENESIS)
    assert (second.number, second.previous_hash) == (2, first.hash)
    book = Book.objects.get(pk=cast.book.pk)
    assert (book.last_number, book.last_hash, book.last_on) == (2, second.hash, TODAY)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([("1011", 100, 0, None), ("4411", 0, 99, None)], EntryUnbalanced),
        ([("1011", 100, 0, None)], EntryUnbalanced),
        ([("1011", 100, 0, None), ("4410", 0, 100, None)], UnknownAccount),
        ([("1", 100, 0, None), ("4411", 0, 100, None)], UnknownAccount),
    ],
)
def test_refused_before_the_database(post: Any, lines: list[Line], refusal: Any) -> None:
    with pytest.raises(refusal):
        post(*lines)
    assert not JournalEntry.objects.exists()


def test_an_open_day_takes_entries_after_those_of_a_later_day(post: Any, cast: Cast) -> None:
    """The session of 22/11 is entered on the 23rd, after entries of the 23rd: numbers by posting, balances by days."""
    eve = TODAY - timedelta(days=1)
    first, late, third = post(*cash(100)), post(*cash(20), on=eve), post(*cash(3))
    assert [(e.number, e.on) for e in (first, late, third)] == [(1, TODAY), (2, eve), (3, TODAY)]
    assert (late.previous_hash, third.previous_hash) == (first.hash, late.hash)
    book = Book.objects.get(pk=cast.book.pk)
    assert (book.last_number, book.last_on) == (3, TODAY)
    for name, check in checks.CHECKS.items():
        assert list(check()) == [], name
    whole = trial_balance([book.pk], eve, eve).inside
    assert (whole.closing_debit, whole.closing_credit) == (20, 20)
    told = cash_book(book=book, since=eve, until=TODAY)
    assert [(m.on, m.number, m.balance) for m in told.moves] == [
        (eve, 2, 20),
        (TODAY, 1, 120),
        (TODAY, 3, 123),
    ]
    of_today = cash_book(book=book, since=TODAY, until=TODAY)
    assert (of_today.opening, of_today.closing) == (20, 123)
    with pytest.raises(BeforeReversed, match="22/11/2026"):
        services.reverse(entry=first, why="nhầm", by=cast.accountant, on=eve)


def test_a_book_takes_no_day_to_come(post: Any) -> None:
    with pytest.raises(DayAhead, match="24/11/2026"):
        post(*cash(100), on=TODAY + timedelta(days=1))
    with clock.fixed_today(TODAY + timedelta(days=1)):
        post(*cash(100), on=TODAY + timedelta(days=1))


def test_a_closed_day_takes_nothing(post: Any, cast: Cast) -> None:
    through = date(2026, 10, 31)
    services.close_through(book=cast.book, through=through, by=cast.director, on=TODAY)
    with pytest.raises(BeforeClose, match="31/10/2026"):
        post(*cash(100), on=through)
    post(*cash(100), on=date(2026, 11, 1))
    with pytest.raises(BeforeClose):
        services.close_through(book=cast.book, through=through, by=cast.director, on=TODAY)
    with pytest.raises(DayNotOver, match="23/11/2026 chưa kết thúc"):
        services.close_through(book=cast.book, through=TODAY, by=cast.director, on=TODAY)


def test_reversed_once(post: Any, cast: Cast) -> None:
    entry = post(*cash(100))
    pk, number = services.reverse(entry=entry, why="nhầm số tiền", by=cast.accountant, on=TODAY)
    made = JournalEntry.objects.get(pk=pk)
    assert (number, made.reverses, made.words) == (2, entry, "Đảo bút toán 1: nhầm số tiền")
    assert [(p.debit, p.credit) for p in made.postings.order_by("pk")] == [(0, 100), (100, 0)]
    with pytest.raises(AlreadyReversed):
        services.reverse(entry=entry, why="lần nữa", by=cast.accountant, on=TODAY)


def test_a_rollback_leaves_nothing(post: Any, cast: Cast) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        post(*cash(100))
        raise Stop
    assert not JournalEntry.objects.exists()
    assert not Posting.objects.exists()
    assert Book.objects.get(pk=cast.book.pk).last_number == 0
    # The next entry takes the number that was not used.
    assert post(*cash(100)).number == 1


def once(cast: Cast, key: str, amount: int) -> dict[str, Any]:
    """Capital of an amount, under a key."""

    def work(operation: Operation) -> dict[str, Any]:
        entry = services.NewEntry(cast.book.pk, TODAY, "manual", "Nhận vốn", cash(amount))
        [(_, number)] = services.post([entry], by=cast.accountant, on=TODAY, operation=operation)
        return {"number": number}

    return services.idempotent(
        key=key, action="test", request={"amount": amount}, by=cast.accountant, on=TODAY, work=work
    )


def test_the_same_order_is_done_once(cast: Cast) -> None:
    assert once(cast, "lenh-1", 100) == {"number": 1}
    assert once(cast, "lenh-1", 100) == {"number": 1, "again": True}
    assert JournalEntry.objects.count() == 1
    with pytest.raises(KeyReused, match="lenh-1"):
        once(cast, "lenh-1", 101)
    assert once(cast, "lenh-2", 101) == {"number": 2}


SIDES = st.tuples(
    st.sampled_from(["1011", "1031", "4411", "4421", "4591", "5191", "6911", "8011", "8591"]),
    st.integers(1, 10**15),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=st.lists(st.lists(SIDES, min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_trial_balance_is_always_nil(
    cast: Cast, post: Any, entries: list[list[tuple[str, int]]]
) -> None:
    """Whatever is posted, debits are credits, the closing balances add to nothing and the chain holds."""
    with transaction.atomic():
        for debits in entries:
            total = sum(amount for _, amount in debits)
            post(*((code, amount, 0, None) for code, amount in debits), ("5191", 0, total, None))
        whole = trial_balance([cast.book.pk], TODAY, TODAY).inside
        paid = sum(amount for debits in entries for _, amount in debits)
        assert (whole.debit, whole.credit) == (paid, paid)
        assert whole.closing_debit == whole.closing_credit
        assert list(checks.chain_holds()) == []
        transaction.set_rollback(True)
