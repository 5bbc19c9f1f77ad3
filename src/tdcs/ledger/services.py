"""Post, reverse, close; and do a thing once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias, TypeVar

from django.db import connection, transaction
from django.db.models import Q

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.ledger import cash
from tdcs.ledger.errors import (
    AlreadyReversed,
    AmountWrong,
    BeforeClose,
    BeforeReversed,
    BookMonitored,
    DayAhead,
    DayNotOver,
    EntryUnbalanced,
    KeyReused,
    KeyWrong,
    NotByHand,
    UnknownAccount,
    WordsMissing,
)
from tdcs.ledger.models import Account, Book, JournalEntry, Operation
from tdcs.ledger.rules import (
    GENESIS,
    EntryHead,
    Line,
    chart,
    entry_hash,
    imbalance,
    request_hash,
    swapped,
)
from tdcs.organisations.models import Organisation
from tdcs.organisations.services.bulk import take_keys

_ENTRY_COLUMNS: Final = (
    'id, book_id, number, "on", template, words, operation_id, reverses_id, by_id,'
    " recorded_at, previous_hash, hash"
)

_OPERATIONS: Final = 'COPY ledger_operation (id, key, request_hash, answer, action, "on", by_id, recorded_at) FROM STDIN'

_EntryRow: TypeAlias = tuple[
    int, int, int, date, str, str, int | None, int | None, int | None, datetime, str, str
]
# What was done under a key.
Done = TypeVar("Done", bound=Mapping[str, object])

# More than this in one line is a slip of the hand: a million billion dong.
_MOST: Final = 10**15
_KEY_MOST: Final = 80


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to post; ``lines``: account code, debit, credit, subject."""

    book_id: int
    on: date
    template: str
    words: str
    lines: Sequence[Line]
    reverses_id: int | None = None
    operation_id: int | None = None


def load_chart() -> int:
    """Bring the accounts of law/charts/accounts.yaml into the database; returns their number."""
    known = {row.code: row for row in Account.objects.all()}
    for row in chart():
        fields = {
            "name": row["name"],
            "kind": row["kind"],
            "normal_side": row["side"],
            "parent_id": known[row["parent"]].pk if row.get("parent") else None,
            "subledger": row.get("subledger", ""),
            "off_balance": row.get("off_balance", False),
            "postable": row.get("postable", True),
            "never_below_zero": row.get("never_below_zero", False),
        }
        known[row["code"]], _ = Account.objects.update_or_create(code=row["code"], defaults=fields)
    _account_ids.clear()
    return len(known)


def book_of(organisation: Organisation | int) -> Book:
    """The book of an office, made on first use."""
    key = organisation if isinstance(organisation, int) else organisation.pk
    book: Book = Book.objects.get_or_create(organisation_id=key, defaults={"last_hash": GENESIS})[0]
    return book


def idempotent(
    *,
    key: str,
    action: str,
    request: Mapping[str, object],
    by: User | None,
    on: date,
    work: Callable[[Operation], Done],
) -> Done:
    """Do ``work`` under ``key`` unless it was done: the same key and request get the first answer again.

    Two at once: the second waits for the first. Raises KeyWrong, and KeyReused for other content. In one transaction with
    ``work``.
    """
    _require_key(key)
    digest = _digest(action, request)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 714))", [key])
        done = Operation.objects.filter(key=key).first()
        if done is not None:
            if done.request_hash != digest:
                raise KeyReused(key=key)
            first: Done = done.answer | {"again": True}
            return first
        operation = Operation.objects.create(
            key=key, action=action, request_hash=digest, on=on, by=by, recorded_at=clock.now()
        )
        answer = work(operation)
        Operation.objects.filter(pk=operation.pk).update(answer=answer)
    return answer


def idempotent_many(
    *,
    requests: Sequence[tuple[str, Mapping[str, object]]],
    action: str,
    by: User | None,
    on: date,
    work: Callable[[list[int], list[int]], Sequence[Done]],
) -> list[Done]:
    """``once`` for many keys in the caller's transaction.

    ``work`` gets the places of the requests that are new and their operations' ids, and answers each. Raises KeyWrong,
    KeyReused.
    """
    keys = [key for key, _ in requests]
    for key in keys:
        _require_key(key)
    if len(set(keys)) != len(keys):
        raise KeyReused(key=next(key for key in keys if keys.count(key) > 1))
    digests = [_digest(action, request) for _, request in requests]
    with connection.cursor() as cursor:
        # Locked in one order, so that two batches never wait for each other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(n) FROM"
            " (SELECT hashtextextended(k, 714) AS n FROM unnest(%s::text[]) AS k ORDER BY 1) AS t",
            [keys],
        )
    done = {row.key: row for row in Operation.objects.filter(key__in=keys)}
    for key, digest in zip(keys, digests, strict=True):
        if key in done and done[key].request_hash != digest:
            raise KeyReused(key=key)
    places = [at for at, key in enumerate(keys) if key not in done]
    answers: dict[int, Done] = {
        at: done[key].answer | {"again": True} for at, key in enumerate(keys) if key in done
    }
    if places:
        ids = take_keys("ledger_operation", len(places))
        fresh = work(places, ids)
        rest = (action, on, by.pk if by else None, clock.now())
        # By COPY: a session hands in thousands at once.
        with connection.cursor() as cursor, cursor.copy(_OPERATIONS) as copy:
            for pk, at, answer in zip(ids, places, fresh, strict=True):
                copy.write_row((pk, keys[at], digests[at], json.dumps(answer), *rest))
        answers.update(zip(places, fresh, strict=True))
    return [answers[at] for at in range(len(keys))]


def entry_alike(
    *, action: str, request: Mapping[str, object], book: int, on: date
) -> JournalEntry | None:
    """The last entry of the day in a book that was asked for with the same content, under any key, and still stands."""
    alike: JournalEntry | None = (
        JournalEntry.objects.filter(
            on=on,
            book=book,
            operation__action=action,
            operation__request_hash=_digest(action, request),
            reversed_by__isnull=True,
        )
        .order_by("-number")
        .first()
    )
    return alike


def _require_key(key: str) -> None:
    if not isinstance(key, str) or not 0 < len(key) <= _KEY_MOST or not key.isprintable():
        raise KeyWrong(most=_KEY_MOST)


def _digest(action: str, request: Mapping[str, object]) -> str:
    content = json.dumps(
        {"action": action, **request}, sort_keys=True, ensure_ascii=False, default=str
    )
    return request_hash(content.encode())


def post(
    entries: Sequence[NewEntry],
    *,
    by: User | None,
    on: date,
    operation: Operation | None = None,
) -> list[tuple[int, int]]:
    """Write entries to their books in order; returns (entry id, number) of each.

    Numbers and hashes go by the order of posting, days need not: a session of yesterday is dated yesterday while its day is
    open, whatever the book holds of today.
    Inside a transaction: books are locked once by key, numbers and hashes go on, rows go in by COPY. The caller leaves
    the trail line, one for what it did. Raises EntryUnbalanced, UnknownAccount, BookMonitored, BeforeClose, DayAhead,
    CashShort.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("entries are posted inside the transaction of what they prove")
    if not entries:
        return []
    accounts = _accounts()
    _require_sound(entries, accounts)
    keys = sorted({entry.book_id for entry in entries})
    books = {b.pk: b for b in Book.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    for entry in entries:
        _require_open(books[entry.book_id], entry.on)
    newest = {book.pk: book.last_on for book in books.values()}
    ids = take_keys("ledger_journalentry", len(entries))
    rows, postings = _rows(entries, ids, books, accounts, by, operation)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ledger_journalentry ({_ENTRY_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        with cursor.copy(
            "COPY ledger_posting (entry_id, account_id, debit, credit, subject) FROM STDIN"
        ) as copy:
            copy.write("".join(postings))
    cash.require_cash(entries, ids, newest)
    for book in books.values():
        book.save(update_fields=["last_number", "last_hash", "last_on"])
    return [(row[0], row[2]) for row in rows]


def _rows(
    entries: Sequence[NewEntry],
    ids: Sequence[int],
    books: Mapping[int, Book],
    accounts: Mapping[str, int],
    by: User | None,
    operation: Operation | None,
) -> tuple[list[_EntryRow], list[str]]:
    """Rows of entries, and of postings as COPY text; moves the books on."""
    rows: list[_EntryRow] = []
    postings: list[str] = []
    moment = clock.now()
    for key, entry in zip(ids, entries, strict=True):
        book = books[entry.book_id]
        book.last_number += 1
        digest = entry_hash(
            previous=book.last_hash,
            head=EntryHead(
                book=book.pk,
                number=book.last_number,
                on=entry.on,
                template=entry.template,
                words=entry.words,
                reverses=entry.reverses_id,
            ),
            lines=entry.lines,
        )
        asked = entry.operation_id or (operation.pk if operation else None)
        rows.append(
            (
                key,
                book.pk,
                book.last_number,
                entry.on,
                entry.template,
                entry.words,
                asked,
                entry.reverses_id,
                by.pk if by else None,
                moment,
                book.last_hash,
                digest,
            )
        )
        book.last_hash = digest
        book.last_on = max(book.last_on or entry.on, entry.on)
        for account, debit, credit, subject in entry.lines:
            about = "\\N" if subject is None else subject
            postings.append(f"{key}\t{accounts[account]}\t{debit}\t{credit}\t{about}\n")
    return rows, postings


def require_amounts(lines: Sequence[Line]) -> None:
    """One side of each line, whole dong above 0 and no slip of the hand. Raises AmountWrong."""
    for _account, debit, credit, _subject in lines:
        if min(debit, credit) != 0 or not 0 < max(debit, credit) <= _MOST:
            raise AmountWrong


def require_reversible(entry: JournalEntry, on: date) -> None:
    """Raises AlreadyReversed, BeforeReversed."""
    if JournalEntry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed(number=entry.number)
    if on < entry.on:
        raise BeforeReversed(day=on, on=entry.on)


def enter(
    *, book: Book, words: str, lines: Sequence[Line], by: User | None, on: date, key: str
) -> int:
    """Post an entry made by hand; its id, and the same id when ``key`` comes again.

    People get here through a request that somebody else confirms (requesting.py).

    Raises WordsMissing, AmountWrong, NotByHand, KeyReused and what ``post`` raises.
    """
    said = words.strip()
    if not said:
        raise WordsMissing
    detailed = {row["code"] for row in chart() if row.get("subledger")}
    require_amounts(lines)
    for account, *_ in lines:
        if account in detailed:
            raise NotByHand(account=account)

    def work(operation: Operation) -> dict[str, int]:
        entry = NewEntry(book.pk, on, "manual", said[:300], lines)
        [(pk, number)] = post([entry], by=by, on=on, operation=operation)
        trail.record(
            action="ledger.enter",
            subject=book,
            by=by,
            on=on,
            why=said,
            data={"number": number, "lines": request["lines"]},
        )
        return {"entry": pk}

    request = {"book": book.pk, "words": said, "lines": [list(line) for line in lines]}
    answer = idempotent(key=key, action="ledger.enter", request=request, by=by, on=on, work=work)
    return int(answer["entry"])


def reverse(
    *, entry: JournalEntry, why: str, by: User | None, on: date, operation: Operation | None = None
) -> tuple[int, int]:
    """The whole entry's counter-entry, dated ``on``. Raises AlreadyReversed, BeforeReversed."""
    with transaction.atomic():
        kept = JournalEntry.objects.select_for_update().get(pk=entry.pk)
        require_reversible(kept, on)
        lines = [
            (code, debit, credit, subject)
            for code, debit, credit, subject in kept.postings.order_by("pk").values_list(
                "account__code", "debit", "credit", "subject"
            )
        ]
        made = post(
            [
                NewEntry(
                    book_id=kept.book_id,
                    on=on,
                    template=kept.template,
                    words=f"Đảo bút toán {kept.number}: {why}"[:300],
                    lines=swapped(lines),
                    reverses_id=kept.pk,
                )
            ],
            by=by,
            on=on,
            operation=operation,
        )[0]
        trail.record(action="ledger.reverse", subject=kept, by=by, on=on, why=why)
    return made


def close_through(*, book: Book, through: date, by: User | None, on: date) -> None:
    """Nothing on or before ``through`` can be posted to the book any more."""
    with transaction.atomic():
        kept = Book.objects.select_for_update().get(pk=book.pk)
        if kept.closed_through is not None and through <= kept.closed_through:
            raise BeforeClose(day=through, closed=kept.closed_through)
        if through >= on:
            raise DayNotOver(day=through, on=on)
        kept.closed_through = through
        kept.save(update_fields=["closed_through"])
        trail.record(action="ledger.close", subject=kept, by=by, on=on, data={"through": through})


def close_books_through(*, through: date, by: User | None, on: date) -> int:
    """``close_through`` for every book that is open on ``through``, with one line of trail; how many. Raises DayNotOver."""
    if through >= on:
        raise DayNotOver(day=through, on=on)
    with transaction.atomic():
        open_on = Q(closed_through__isnull=True) | Q(closed_through__lt=through)
        books = list(Book.objects.select_for_update().filter(open_on).order_by("pk"))
        Book.objects.filter(pk__in=[book.pk for book in books]).update(closed_through=through)
        if books:
            data = {"through": through, "books": len(books)}
            trail.record(action="ledger.close_all", subject="sổ cái", by=by, on=on, data=data)
    return len(books)


def _require_sound(entries: Sequence[NewEntry], accounts: Mapping[str, int]) -> None:
    for entry in entries:
        for account, *_ in entry.lines:
            if account not in accounts:
                raise UnknownAccount(account=account)
        on, off = imbalance(entry.lines)
        if on or off or len(entry.lines) < 2:
            raise EntryUnbalanced(words=entry.words, on=on, off=off)


def _require_open(book: Book, on: date) -> None:
    if book.monitored_from is not None and (book.monitored_to is None or on < book.monitored_to):
        raise BookMonitored(since=book.monitored_from)
    if book.closed_through is not None and on <= book.closed_through:
        raise BeforeClose(day=on, closed=book.closed_through)
    if on > clock.today():
        raise DayAhead(day=on, today=clock.today())


_account_ids: dict[str, int] = {}


def _accounts() -> dict[str, int]:
    """Ids of the accounts that may be posted to, by code; the chart is read once."""
    if not _account_ids:
        _account_ids.update(Account.objects.filter(postable=True).values_list("code", "pk"))
    return _account_ids
