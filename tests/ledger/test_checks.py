"""`tdcs verify` names the first entry that was altered, or is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from ledger_cast import TODAY, cash

from tdcs.ledger import checks
from tdcs.ledger.models import Account, Book
from tdcs.organisations.queries import names_on


@pytest.fixture
def three(post: Any, cast: Any) -> str:
    """Three entries in the book, one in the other; the book's name."""
    for amount in (100, 200, 300):
        post(*cash(amount))
    post(*cash(50), book=cast.other)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(names_on(TODAY)[cast.book.organisation_id])


def behind_the_back(table: str, sql: str, *values: Any) -> None:
    """Change rows as someone with the database's own key would."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_sound_books_are_silent(three: str) -> None:
    assert {name: list(check()) for name, check in checks.CHECKS.items()} == {
        name: [] for name in checks.CHECKS
    }


def test_altered_posting_names_its_entry(three: str, cast: Any) -> None:
    behind_the_back(
        "ledger_posting",
        "UPDATE ledger_posting SET debit = debit * 10, credit = credit * 10 WHERE entry_id ="
        " (SELECT id FROM ledger_journalentry WHERE book_id = %s AND number = 2)",
        cast.book.pk,
    )
    assert list(checks.chain_holds()) == [f"sổ {three}: bút toán 2 đã bị sửa sau khi ghi"]
    assert list(checks.entries_balance()) == []


def test_deleted_posting_names_its_entry(three: str, cast: Any) -> None:
    behind_the_back(
        "ledger_posting",
        "DELETE FROM ledger_posting WHERE credit > 0 AND entry_id ="
        " (SELECT id FROM ledger_journalentry WHERE book_id = %s AND number = 1)",
        cast.book.pk,
    )
    assert list(checks.chain_holds()) == [f"sổ {three}: bút toán 1 đã bị sửa sau khi ghi"]
    assert list(checks.entries_balance()) == [
        f"sổ {three}, bút toán 1: 1 dòng, lệch 100 đồng nội bảng, 0 đồng ngoại bảng"
    ]


def test_altered_words_name_their_entry(three: str, cast: Any) -> None:
    behind_the_back(
        "ledger_journalentry",
        "UPDATE ledger_journalentry SET words = 'Khác' WHERE book_id = %s AND number = 3",
        cast.book.pk,
    )
    assert list(checks.chain_holds()) == [f"sổ {three}: bút toán 3 đã bị sửa sau khi ghi"]


def test_words_do_not_pass_for_the_template(post: Any, cast: Any) -> None:
    post(*cash(100), words="Nhận vốn|đợt 2")
    assert list(checks.chain_holds()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    behind_the_back(
        "ledger_journalentry",
        "UPDATE ledger_journalentry SET template = 'manual|Nhận vốn', words = 'đợt 2' WHERE book_id = %s",
        cast.book.pk,
    )
    [found] = checks.chain_holds()
    assert found.endswith("bút toán 1 đã bị sửa sau khi ghi")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "sau bút toán 1 là bút toán 3, thiếu bút toán 2"),
        (3, "ghi bút toán cuối là 3, trong sổ có đến bút toán 2"),
    ],
)
def test_deleted_entry_is_missed(three: str, cast: Any, number: int, words: str) -> None:
    entry = "(SELECT id FROM ledger_journalentry WHERE book_id = %s AND number = %s)"
    for table, column in (("ledger_posting", "entry_id"), ("ledger_journalentry", "id")):
        behind_the_back(
            table, f"DELETE FROM {table} WHERE {column} = {entry}", cast.book.pk, number
        )
    assert list(checks.chain_holds()) == [f"sổ {three}: {words}"]


def test_number_that_skips(three: str, cast: Any) -> None:
    behind_the_back(
        "ledger_journalentry",
        "UPDATE ledger_journalentry SET number = 9 WHERE book_id = %s AND number = 3",
        cast.book.pk,
    )
    assert list(checks.chain_holds()) == [
        f"sổ {three}: sau bút toán 2 là bút toán 9, thiếu bút toán 3"
    ]


def test_book_that_disagrees(three: str, cast: Any) -> None:
    Book.objects.filter(pk=cast.book.pk).update(last_hash="f" * 64)
    assert list(checks.chain_holds()) == [
        f"sổ {three}: ghi bút toán cuối là 3, trong sổ có đến bút toán 3 (khác mã băm hoặc ngày)"
    ]


def test_accounts_that_left_the_chart(cast: Any) -> None:
    Account.objects.filter(code="1011").update(name="Két")
    Account.objects.filter(code="9999").delete()
    Account.objects.create(code="1099", name="Lạ", kind="asset", normal_side="debit")
    assert list(checks.accounts_follow_the_chart()) == [
        "tài khoản 1011 khác hệ thống tài khoản: name",
        "thiếu tài khoản 9999 Đối ứng ngoại bảng",
        "tài khoản 1099 không có trong hệ thống tài khoản",
    ]
