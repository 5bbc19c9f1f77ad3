"""Named invariants of the ledger; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from tdcs.core import clock
from tdcs.ledger.models import Account, Book
from tdcs.ledger.rules import GENESIS, EntryHead, Line, chart, entry_hash
from tdcs.organisations.queries import names_on

_CHUNK: Final = 20_000
_SHOWN: Final = 50

_UNBALANCED_SQL: Final = """
    WITH sums AS (
        SELECT p.entry_id, count(*) AS lines,
               sum(p.debit - p.credit) FILTER (WHERE NOT a.off_balance) AS inside,
               sum(p.debit - p.credit) FILTER (WHERE a.off_balance) AS outside
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY p.entry_id)
    SELECT e.book_id, e.number, coalesce(s.lines, 0), coalesce(s.inside, 0), coalesce(s.outside, 0)
      FROM ledger_journalentry e LEFT JOIN sums s ON s.entry_id = e.id
     WHERE s.lines IS NULL OR s.lines < 2 OR coalesce(s.inside, 0) <> 0 OR coalesce(s.outside, 0) <> 0
     ORDER BY 1, 2
"""
_ENTRIES_SQL: Final = """
    SELECT id, book_id, number, "on", template, words, reverses_id, previous_hash, hash
      FROM ledger_journalentry ORDER BY id
"""
_POSTINGS_SQL: Final = """
    SELECT entry_id, account_id, debit, credit, subject FROM ledger_posting ORDER BY entry_id, id
"""

_CASH_DAYS_SQL: Final = """
    WITH booked AS (
        SELECT e.book_id, p.account_id, e."on" AS day, sum(p.debit - p.credit) AS moved
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.never_below_zero
          JOIN ledger_journalentry e ON e.id = p.entry_id GROUP BY 1, 2, 3)
    SELECT coalesce(b.book_id, d.book_id), a.code, coalesce(b.day, d.day), coalesce(d.moved, 0), coalesce(b.moved, 0)
      FROM booked b FULL JOIN ledger_cashday d
        ON d.book_id = b.book_id AND d.account_id = b.account_id AND d.day = b.day
      JOIN ledger_account a ON a.id = coalesce(b.account_id, d.account_id)
     WHERE coalesce(d.moved, 0) <> coalesce(b.moved, 0) ORDER BY 1, 2, 3 LIMIT 50
"""
# The end of each day by the postings themselves.
_NO_CASE_SQL: Final = """
    WITH moved AS (
        SELECT e.book_id, p.account_id, e."on" AS day, sum(p.debit - p.credit) AS moved
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.never_below_zero
          JOIN ledger_journalentry e ON e.id = p.entry_id GROUP BY 1, 2, 3),
    ends AS (
        SELECT m.*, sum(m.moved) OVER (PARTITION BY m.book_id, m.account_id ORDER BY m.day) AS held FROM moved m)
    SELECT n.book_id, a.code, n.day, n.held FROM ends n JOIN ledger_account a ON a.id = n.account_id
     WHERE n.held < 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_cashshortfall s
         WHERE s.book_id = n.book_id AND s.account_id = n.account_id AND s.day <= n.day
           AND (s.resolved_on IS NULL OR n.day < s.resolved_on))
     ORDER BY 1, 2, 3 LIMIT 50
"""


def entries_balance() -> Iterator[str]:
    """Each entry has two postings at least; both sides agree, on the balance and off it."""
    names = _book_names()
    with connection.cursor() as cursor:
        # No LIMIT in the query: with one the planner joins row by row, for hours over sixteen million postings.
        cursor.execute(_UNBALANCED_SQL)
        for book, number, lines, inside, outside in cursor.fetchmany(_SHOWN):
            yield (
                f"sổ {names[book]}, bút toán {number}: {lines} dòng, "
                f"lệch {inside} đồng nội bảng, {outside} đồng ngoại bảng"
            )


def chain_holds() -> Iterator[str]:
    """Each book's entries are numbered without a gap and hash to what was written; the first that does not is named."""
    names = _book_names()
    with _one_view():
        last: dict[int, tuple[int, str, date | None]] = {}
        broken: set[int] = set()
        for entry, lines in _merged():
            book = entry[1]
            if book in broken:
                continue
            number, digest, before = last.get(book, (0, GENESIS, None))
            wrong = _wrong_with(entry, lines, number, digest)
            if wrong:
                broken.add(book)
                yield f"sổ {names[book]}: {wrong}"
            last[book] = (entry[2], entry[8], max(before or entry[3], entry[3]))
        for row in Book.objects.order_by("pk"):
            stands = (row.last_number, row.last_hash, row.last_on)
            found = last.get(row.pk, (0, GENESIS, None))
            if row.pk not in broken and stands != found:
                yield (
                    f"sổ {names[row.pk]}: ghi bút toán cuối là {stands[0]}, "
                    f"trong sổ có đến bút toán {found[0]}"
                    + (" (khác mã băm hoặc ngày)" if stands[0] == found[0] else "")
                )


def _wrong_with(entry: tuple[Any, ...], lines: list[Line], number: int, digest: str) -> str:
    """What is wrong with an entry that should follow ``number`` and its hash; nothing when it holds."""
    _, book, own, on, template, words, reverses, previous, kept = entry
    if own != number + 1:
        return f"sau bút toán {number} là bút toán {own}, thiếu bút toán {number + 1}"
    if previous != digest:
        return f"bút toán {own} không nối tiếp bút toán {number}"
    made = entry_hash(
        previous=digest,
        head=EntryHead(
            book=book, number=own, on=on, template=template, words=words, reverses=reverses
        ),
        lines=lines,
    )
    return "" if made == kept else f"bút toán {own} đã bị sửa sau khi ghi"


def _merged() -> Iterator[tuple[tuple[Any, ...], list[Line]]]:
    """Entries in order of id, each with its postings: two ordered streams merged, neither held whole."""
    codes: dict[int, str] = dict(Account.objects.values_list("pk", "code"))
    postings = _stream(_POSTINGS_SQL)
    posting = next(postings, None)
    for entry in _stream(_ENTRIES_SQL):
        key = entry[0]
        lines: list[Line] = []
        while posting is not None and posting[0] <= key:
            if posting[0] == key:
                lines.append((codes[posting[1]], posting[2], posting[3], posting[4]))
            posting = next(postings, None)
        yield entry, lines


def _stream(sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows through a cursor on the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


@contextmanager
def _one_view() -> Iterator[None]:
    """All reads see one moment, while others go on posting."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def accounts_follow_the_chart() -> Iterator[str]:
    """The accounts in the database are those of law/charts/accounts.yaml, with the same name, side and sub-ledger."""
    there = {row.code: row for row in Account.objects.select_related("parent")}
    if not there and not Book.objects.exists():
        return
    for row in chart():
        account = there.pop(row["code"], None)
        if account is None:
            yield f"thiếu tài khoản {row['code']} {row['name']}"
            continue
        wanted: dict[str, Any] = {
            "name": row["name"],
            "kind": row["kind"],
            "normal_side": row["side"],
            "subledger": row.get("subledger", ""),
            "off_balance": row.get("off_balance", False),
            "postable": row.get("postable", True),
            "never_below_zero": row.get("never_below_zero", False),
        }
        other = [field for field, value in wanted.items() if getattr(account, field) != value]
        if (account.parent.code if account.parent else None) != row.get("parent"):
            other.append("parent")
        if other:
            yield f"tài khoản {row['code']} khác hệ thống tài khoản: {', '.join(other)}"
    for code in sorted(there):
        yield f"tài khoản {code} không có trong hệ thống tài khoản"


def _book_names() -> dict[int, str]:
    """Books by key, as people call them."""
    offices: dict[int, int] = dict(Book.objects.values_list("pk", "organisation_id"))
    names = names_on(clock.today(), offices.values())
    return {book: names[office] for book, office in offices.items()}


def cash_days_are_their_postings() -> Iterator[str]:
    """What the database keeps of cash by days is the sum of the postings."""
    names = _book_names()
    with connection.cursor() as cursor:
        cursor.execute(_CASH_DAYS_SQL)
        for book, code, day, kept, moved in cursor.fetchall():
            yield (
                f"sổ {names[book]}, tài khoản {code} ngày {day:%d/%m/%Y}: "
                f"tiền mặt ghi {kept}, theo bút toán {moved}"
            )


def cash_below_zero_has_its_case() -> Iterator[str]:
    """No account of cash ends a day below zero, but while a case says which late entry brought it there."""
    names = _book_names()
    with connection.cursor() as cursor:
        cursor.execute(_NO_CASE_SQL)
        for book, code, day, held in cursor.fetchall():
            yield (
                f"sổ {names[book]}, tài khoản {code}: cuối ngày {day:%d/%m/%Y} "
                f"âm {-held} đồng mà không có vụ việc"
            )


CHECKS: Final = {
    "ledger.entries_balance": entries_balance,
    "ledger.chain_holds": chain_holds,
    "ledger.accounts_follow_the_chart": accounts_follow_the_chart,
    "ledger.cash_days_are_their_postings": cash_days_are_their_postings,
    "ledger.cash_below_zero_has_its_case": cash_below_zero_has_its_case,
}
