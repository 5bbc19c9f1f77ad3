"""The database's owner changes what people decided: each change is named, also with the hashes made anew."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from lending_cast import Bank, lend, make_household

from tdcs.audit.checks import chain_holds, records_are_as_decided
from tdcs.core import clock
from tdcs.households.models import EligibilitySpell
from tdcs.ledger import checks as ledger
from tdcs.ledger import requesting, services
from tdcs.ledger.models import JournalEntry, Posting
from tdcs.ledger.rules import EntryHead, entry_hash
from tdcs.loans.models import Loan

pytestmark = pytest.mark.django_db


def owner(sql: str, values: list[object]) -> None:
    """What the owner of the database can do: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank, make_household(bank.group), on=date(2026, 3, 12))


def test_nothing_is_named_where_nothing_was_altered(bank: Bank, loan: Loan) -> None:
    assert list(records_are_as_decided()) == []


def test_a_borrower_swapped(bank: Bank, loan: Loan) -> None:
    other = lend(bank, make_household(bank.group), on=date(2026, 3, 12))
    owner("UPDATE loans_loan SET borrower_id = %s WHERE id = %s", [other.borrower_id, loan.pk])
    assert list(records_are_as_decided()) == [f"loans_loan {loan.pk}: nội dung khác lần ghi cuối"]


def test_an_eligibility_spell_deleted(bank: Bank, loan: Loan) -> None:
    spell = EligibilitySpell.objects.filter(household=loan.household).first()
    assert spell is not None
    owner("DELETE FROM households_eligibilityspell WHERE id = %s", [spell.pk])
    assert list(records_are_as_decided()) == [
        f"households_eligibilityspell {spell.pk}: đã bị xóa ngoài hệ thống"
    ]


def _entry(bank: Bank) -> JournalEntry:
    made = requesting.ask_entry(
        book=services.book_of(bank.office),
        words="Nhận vốn, UNC 9",
        lines=[("1011", 5_000, 0, None), ("4411", 0, 5_000, None)],
        by=bank.accountant,
        on=clock.today(),
    )
    requesting.confirm(request=made, by=bank.director, on=clock.today())
    return JournalEntry.objects.get(pk=requesting.EntryRequest.objects.get(pk=made.pk).entry_id)


def _hashes_anew(entry: JournalEntry) -> str:
    """The entry's hash as the owner computes it, so that the chain of the book holds again."""
    lines = list(
        entry.postings.order_by("pk").values_list("account__code", "debit", "credit", "subject")
    )
    digest = entry_hash(
        previous=entry.previous_hash,
        head=EntryHead(
            book=entry.book_id,
            number=entry.number,
            on=entry.on,
            template=entry.template,
            words=entry.words,
            reverses=entry.reverses_id,
        ),
        lines=lines,
    )
    owner("UPDATE ledger_journalentry SET hash = %s WHERE id = %s", [digest, entry.pk])
    owner("UPDATE ledger_book SET last_hash = %s WHERE id = %s", [digest, entry.book_id])
    return digest


def test_a_manual_entry_times_a_thousand_with_hashes_made_anew(bank: Bank) -> None:
    entry = _entry(bank)
    owner(
        "UPDATE ledger_posting SET debit = debit * 1000, credit = credit * 1000 WHERE entry_id = %s",
        [entry.pk],
    )
    _hashes_anew(entry)
    assert list(ledger.chain_holds()) == []
    assert list(records_are_as_decided()) == [
        f"ledger_journalentry {entry.pk}: nội dung khác lần ghi cuối"
    ]


def test_a_forged_manual_entry_with_hashes_made_anew(bank: Bank) -> None:
    entry = _entry(bank)
    rows = [(p.account_id, p.debit, p.credit) for p in entry.postings.order_by("pk")]
    owner(
        'INSERT INTO ledger_journalentry (book_id, number, "on", template, words, recorded_at,'
        ' previous_hash, hash) SELECT book_id, number + 1, "on", template, words, recorded_at,'
        " hash, '' FROM ledger_journalentry WHERE id = %s",
        [entry.pk],
    )
    forged = JournalEntry.objects.get(book=entry.book_id, number=entry.number + 1)
    for account, debit, credit in rows:
        owner(
            "INSERT INTO ledger_posting (entry_id, account_id, debit, credit)"
            " VALUES (%s, %s, %s, %s)",
            [forged.pk, account, debit, credit],
        )
    assert Posting.objects.filter(entry=forged).count() == 2
    _hashes_anew(forged)
    owner("UPDATE ledger_book SET last_number = last_number + 1 WHERE id = %s", [entry.book_id])
    assert list(ledger.chain_holds()) == []
    assert list(records_are_as_decided()) == [
        f"ledger_journalentry {forged.pk}: có trong bảng mà không có trong nhật ký thay đổi"
    ]
    assert list(chain_holds()) == []
