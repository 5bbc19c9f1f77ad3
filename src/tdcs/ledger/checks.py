"""Named invariants of the ledger; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from tdcs.core import clock
from tdcs.ledger.models import Account, Book
from tdcs.ledger.rules import GENESIS, Line, chart, entry_hash
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
        book=book,
        number=own,
        on=on,
        template=template,
        words=words,
        reverses=reverses,
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


CHECKS: Final = {
    "ledger.entries_balance": entries_balance,
    "ledger.chain_holds": chain_holds,
    "ledger.accounts_follow_the_chart": accounts_follow_the_chart,
}
