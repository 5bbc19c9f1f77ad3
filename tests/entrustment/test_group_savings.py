"""Members' savings: each movement is an event with its entry; the balance is their sum and the ledger's."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: F401
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from groups_cast import SINCE, TODAY, Cast, head_of, make_account, make_home
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tdcs.entrustment import checks, errors
from tdcs.entrustment.models import SavingsAccount, SavingsEvent
from tdcs.entrustment.services import savings
from tdcs.ledger.errors import KeyReused
from tdcs.ledger.models import JournalEntry, Posting
from tdcs.ledger.rules import account_of
from tdcs.ledger.services import NewEntry, book_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(cast: Cast) -> SavingsAccount:
    """Bà Hoa's savings account, empty."""
    return make_account(cast.group, cast.homes[0])


def _lines(entry: int) -> list[tuple[str, int, int, int | None]]:
    rows = Posting.objects.filter(entry_id=entry).order_by("pk")
    return list(rows.values_list("account__code", "debit", "credit", "subject"))


def _faults() -> list[str]:
    return [words for check in checks.CHECKS.values() for words in check()]


def _pay(verb: Any, account: SavingsAccount, amount: int, cast: Cast, key: str) -> dict[str, Any]:
    return verb(account=account, amount=amount, by=cast.teller, on=TODAY, key=key)


def test_money_in_and_out_is_an_entry_each(cast: Cast, account: SavingsAccount) -> None:
    first = _pay(savings.deposit, account, 300_000, cast, "a")
    assert _lines(first["entry"]) == [
        ("1011", 300_000, 0, None),
        ("4231", 0, 300_000, account.pk),
    ]
    second = _pay(savings.withdraw, account, 120_000, cast, "b")
    assert _lines(second["entry"]) == [
        ("4231", 120_000, 0, account.pk),
        ("1011", 0, 120_000, None),
    ]
    assert (first["balance"], second["balance"]) == (300_000, 180_000)
    assert second["number"] == first["number"] + 1
    account.refresh_from_db()
    assert account.balance == 180_000
    assert list(account.events.order_by("pk").values_list("kind", "amount")) == [
        ("deposit", 300_000),
        ("withdraw", -120_000),
    ]
    assert _faults() == []


def test_the_same_key_is_booked_once(cast: Cast, account: SavingsAccount) -> None:
    first = _pay(savings.deposit, account, 50_000, cast, "once")
    assert _pay(savings.deposit, account, 50_000, cast, "once") == {**first, "again": True}
    with pytest.raises(KeyReused):
        _pay(savings.deposit, account, 60_000, cast, "once")
    assert SavingsEvent.objects.count() == JournalEntry.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "10"])
def test_an_amount_is_whole_dong_above_nothing(
    cast: Cast, account: SavingsAccount, amount: Any
) -> None:
    with pytest.raises(errors.AmountWrong):
        _pay(savings.deposit, account, amount, cast, "wrong")
    assert JournalEntry.objects.count() == 0


def test_everything_may_be_withdrawn_and_no_dong_more(cast: Cast, account: SavingsAccount) -> None:
    _pay(savings.deposit, account, 1_000, cast, "a")
    with pytest.raises(errors.SavingsShort, match="chỉ còn 1000 đồng, không đủ rút 1001"):
        _pay(savings.withdraw, account, 1_001, cast, "b")
    assert _pay(savings.withdraw, account, 1_000, cast, "c")["balance"] == 0
    assert _faults() == []


def test_an_account_closes_empty_and_stays_closed(cast: Cast, account: SavingsAccount) -> None:
    _pay(savings.deposit, account, 7, cast, "a")
    with pytest.raises(errors.SavingsLeft, match="còn 7 đồng"):
        savings.close_account(account=account, by=cast.teller, on=TODAY)
    _pay(savings.withdraw, account, 7, cast, "b")
    assert savings.close_account(account=account, by=cast.teller, on=TODAY).closed_on == TODAY
    for verb in (savings.deposit, savings.withdraw):
        with pytest.raises(errors.SavingsClosed):
            _pay(verb, account, 1, cast, f"c{verb.__name__}")
    with pytest.raises(errors.SavingsClosed):
        savings.close_account(account=account, by=cast.teller, on=TODAY)


def test_a_deposit_is_reversed_by_its_counter_entry(cast: Cast, account: SavingsAccount) -> None:
    first = _pay(savings.deposit, account, 90_000, cast, "a")
    event = account.events.get()

    def reverse(key: str = "r") -> dict[str, Any]:
        return savings.reverse(event=event, why="Nhầm sổ", by=cast.accountant, on=TODAY, key=key)

    answer = reverse()
    assert answer["balance"] == 0
    assert JournalEntry.objects.get(pk=answer["entry"]).reverses_id == first["entry"]
    assert _lines(answer["entry"]) == [
        ("1011", 0, 90_000, None),
        ("4231", 90_000, 0, account.pk),
    ]
    assert reverse()["again"]
    with pytest.raises(errors.AlreadyReversed):
        reverse("another")
    counter = account.events.get(kind="reverse")
    with pytest.raises(errors.AlreadyReversed):
        savings.reverse(event=counter, why="Lại", by=cast.accountant, on=TODAY, key="rr")
    with pytest.raises(errors.ReasonMissing):
        savings.reverse(event=event, why=" ", by=cast.accountant, on=TODAY, key="x")
    assert _faults() == []


def test_a_withdrawal_is_reversed_too_and_a_spent_deposit_is_not(
    cast: Cast, account: SavingsAccount
) -> None:
    _pay(savings.deposit, account, 100, cast, "a")
    _pay(savings.withdraw, account, 60, cast, "b")
    deposit, withdrawal = account.events.order_by("pk")
    with pytest.raises(errors.SavingsShort):
        savings.reverse(event=deposit, why="Nhầm", by=cast.accountant, on=TODAY, key="r1")
    answer = savings.reverse(event=withdrawal, why="Nhầm", by=cast.accountant, on=TODAY, key="r2")
    assert answer["balance"] == 100 and _faults() == []


def _sheet(cast: Cast, rows: list[tuple[SavingsAccount, int]]) -> int:
    """A collection sheet's entry as the loans room posts it: cash in total, each account's deposit."""
    total = sum(amount for _, amount in rows)
    savings_code = account_of("loan.collect", "savings")
    lines = [("1011", total, 0, None)]
    lines += [(savings_code, 0, amount, row.pk) for row, amount in rows]
    entry = NewEntry(book_of(cast.office).pk, TODAY, "loan.collect", "Bảng kê 13/TD", lines)
    return post([entry], by=cast.teller, on=TODAY)[0][0]


def test_a_sheet_deposits_for_many_at_once(cast: Cast) -> None:
    accounts = [make_account(cast.group, home) for home in cast.homes]
    rows = [(row, 10_000 * (at + 1)) for at, row in enumerate(accounts)]
    with transaction.atomic():
        entry = _sheet(cast, rows)
        savings.deposit_many([(row.pk, n) for row, n in rows], on=TODAY, entry_id=entry)
    balances = dict(SavingsAccount.objects.values_list("pk", "balance"))
    assert balances == {row.pk: n for row, n in rows}
    assert SavingsEvent.objects.filter(entry_id=entry, kind="deposit").count() == 6
    assert _faults() == []
    # One account of the sheet is taken back; the sheet's entry stands.
    event = accounts[2].events.get()
    answer = savings.reverse(event=event, why="Thu nhầm", by=cast.accountant, on=TODAY, key="r")
    assert (
        answer["balance"] == 0 and JournalEntry.objects.get(pk=answer["entry"]).reverses_id is None
    )
    assert _faults() == []


def test_a_sheet_with_a_closed_account_is_refused_whole(cast: Cast) -> None:
    accounts = [make_account(cast.group, home) for home in cast.homes[:2]]
    savings.close_account(account=accounts[1], by=cast.teller, on=TODAY)
    with pytest.raises(errors.SavingsClosed), transaction.atomic():
        entry = _sheet(cast, [(row, 5) for row in accounts])
        savings.deposit_many([(row.pk, 5) for row in accounts], on=TODAY, entry_id=entry)
    assert not SavingsEvent.objects.exists() and not JournalEntry.objects.exists()


def test_sixty_deposits_take_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    accounts = [make_account(cast.group, make_home(cast.la_nga)) for _ in range(60)]
    with transaction.atomic():
        entry = _sheet(cast, [(row, 9) for row in accounts])
        with django_assert_max_num_queries(3):
            savings.deposit_many([(row.pk, 9) for row in accounts], on=TODAY, entry_id=entry)
    assert _faults() == []


def test_an_account_is_opened_for_a_member(cast: Cast) -> None:
    home, stranger = cast.homes[4], make_home(cast.la_nga)
    given = {"group": cast.group, "office": cast.office, "by": cast.teller, "on": TODAY}
    made = savings.open_account(household=home, person=head_of(home), **given)
    second = savings.open_account(household=home, person=head_of(home), **given)
    assert made.number == f"105{made.pk:010d}" != second.number
    with pytest.raises(errors.NotInGroup):
        savings.open_account(household=stranger, person=head_of(stranger), **given)
    with pytest.raises(errors.PersonNotInHousehold):
        savings.open_account(household=home, person=head_of(stranger), **given)


def test_the_check_names_an_account_altered_behind_the_back(
    cast: Cast, account: SavingsAccount
) -> None:
    _pay(savings.deposit, account, 500, cast, "a")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE entrustment_savingsaccount SET balance = 501 WHERE id = %s", [account.pk]
        )
    assert _faults() == [f"sổ tiền gửi {account.number}: số dư 501, phát sinh 500, sổ cái 500"]
    SavingsEvent.objects.update(amount=501)
    assert _faults() == [f"sổ tiền gửi {account.number}: số dư 501, phát sinh 501, sổ cái 500"]


@pytest.fixture
def two(cast: Cast) -> list[SavingsAccount]:
    """Two accounts."""
    return [make_account(cast.group, home) for home in cast.homes[:2]]


_STEP = st.tuples(
    st.integers(0, 1), st.sampled_from(["deposit", "withdraw", "reverse"]), st.integers(1, 300)
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(_STEP, max_size=12))
def test_no_sequence_of_movements_breaks_the_sums(
    cast: Cast, two: list[SavingsAccount], steps: list[tuple[int, str, int]]
) -> None:
    held = [0, 0]
    with transaction.atomic():
        for at, (which, kind, amount) in enumerate(steps):
            account, key = two[which], f"step-{at}"
            try:
                if kind == "reverse":
                    event = account.events.exclude(kind="reverse").filter(reversed_by=None).last()
                    if event is None:
                        continue
                    savings.reverse(event=event, why="x", by=cast.accountant, on=TODAY, key=key)
                    held[which] -= event.amount
                else:
                    _pay(getattr(savings, kind), account, amount, cast, key)
                    held[which] += amount if kind == "deposit" else -amount
            except errors.SavingsShort:
                pass
            assert min(held) >= 0
        balances = [SavingsAccount.objects.get(pk=row.pk).balance for row in two]
        assert balances == held and _faults() == []
        transaction.set_rollback(True)


def test_an_account_does_not_move_before_it_was_opened(cast: Cast, account: SavingsAccount) -> None:
    with pytest.raises(errors.SavingsClosed):
        savings.deposit(account=account, amount=1, by=cast.teller, on=date(2026, 1, 4), key="early")
    assert date(2026, 1, 5) == SINCE
