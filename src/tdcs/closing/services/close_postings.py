"""What a closed day posts: interest not collected, off the balance, office by office; the snapshot is its sub-ledger.

The accounts are brought to what the day's sums say: what is already there is not posted again, so a close that was cut
short, or a day closed again, posts exactly the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl
from django.db import connection

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource, Tier
from tdcs.closing.moved import Summed
from tdcs.closing.queries.frames import monitored_offices
from tdcs.closing.store import Store
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.ledger.models import Account, Book, JournalEntry, Operation
from tdcs.ledger.rules import Line, account_of, lines_for, swapped, templates
from tdcs.ledger.services import NewEntry, book_of, close_books_through, idempotent_many, post
from tdcs.loans.models import Loan
from tdcs.loans.services.booking import thaw
from tdcs.organisations.models import Organisation

INTEREST: Final = "close.interest"
AMOUNTS: Final = ("accrued", "arrears")
ACCOUNTS: Final = {
    (amount, tier): account_of(INTEREST, amount, tier) for amount in AMOUNTS for tier in Tier.values
}
_HELD_SQL: Final = """
    SELECT b.organisation_id, p.account_id, sum(p.debit - p.credit)::bigint
      FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
      JOIN ledger_book b ON b.id = e.book_id
     WHERE p.account_id = ANY(%s) GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """One summary entry to come: its office, template, lines, and what it says beside the template's words."""

    office: int
    template: str
    lines: list[Line]
    amounts: Mapping[str, int]


def receivable(store: Store, day: date) -> dict[tuple[int, str, str], int]:
    """Dong of (office, amount, tier) that the day's sums say: ``accrued`` this month and ``arrears`` of months before; of
    books of record alone: an office that follows extracts keeps no ledger here."""
    sums = (
        store.sums(day)
        .filter(~pl.col("office").is_in(monitored_offices(day)))
        .group_by("office", "source")
        .agg(pl.col("due").sum(), pl.col("arrears").sum())
        .collect()
    )
    tiers: dict[int, str] = dict(CapitalSource.objects.values_list("pk", "tier"))
    found: dict[tuple[int, str, str], int] = defaultdict(int)
    for office, source, due, arrears in sums.select("office", "source", "due", "arrears").rows():
        found[office, "accrued", tiers[source]] += due - arrears
        found[office, "arrears", tiers[source]] += arrears
    return found


def held() -> dict[tuple[int, str], int]:
    """Debit less credit of each office's account of interest not collected."""
    codes = dict(Account.objects.filter(code__in=ACCOUNTS.values()).values_list("pk", "code"))
    with connection.cursor() as cursor:
        # Named by key, the database knows that they have few postings and asks the index, whatever else was posted.
        cursor.execute(_HELD_SQL, [sorted(codes)])
        return {(office, codes[account]): amount for office, account, amount in cursor.fetchall()}


def interest_entries(store: Store, day: date) -> list[Summary]:
    """What brings each office's accounts to the day's sums; nothing where they are there."""
    wanted, there = receivable(store, day), held()
    offices = {office for office, *_ in wanted} | {office for office, _ in there}
    found = []
    for office in sorted(offices):
        lines: list[Line] = []
        amounts: dict[str, int] = {}
        for (amount, tier), account in ACCOUNTS.items():
            rest = wanted.get((office, amount, tier), 0) - there.get((office, account), 0)
            if rest:
                moved = lines_for(INTEREST, {amount: abs(rest)}, tier=tier, subject=day_number(day))
                lines += moved if rest > 0 else swapped(moved)
                amounts[f"{amount}_{tier}"] = rest
        if lines:
            found.append(Summary(office, INTEREST, lines, amounts))
    return found


def post_summaries(
    summaries: list[Summary], *, day: date, by: User | None, since: date | None = None
) -> list[Summed]:
    """Posts each summary once under close:DAY:OFFICE:TEMPLATE, on the first day its book still takes (from ``since`` on,
    where an act of that day is the cause); what was posted.

    A day closed again posts its differences under :2, :3 …
    """
    if not summaries:
        return []
    keys = _keys(summaries, day)
    entries = [_entry(one, day, since or day) for one in summaries]

    def work(places: list[int], operations: list[int]) -> list[Summed]:
        chosen = [
            replace(entries[at], operation_id=operation)
            for at, operation in zip(places, operations, strict=True)
        ]
        posted = post(chosen, by=by, on=day)
        return [
            {
                "entry": entry,
                "number": number,
                "office": summaries[at].office,
                "template": summaries[at].template,
                "amounts": dict(summaries[at].amounts),
            }
            for at, (entry, number) in zip(places, posted, strict=True)
        ]

    requests = [(key, {"day": day.isoformat(), "office": s.office}) for key, s in keys]
    return idempotent_many(requests=requests, action="closing.post", by=by, on=day, work=work)


def _keys(summaries: list[Summary], day: date) -> list[tuple[str, Summary]]:
    given = Operation.objects.filter(action="closing.post", on=day).values_list("key", flat=True)
    counted: dict[str, int] = defaultdict(int)
    for key in given:
        counted[":".join(key.split(":")[:4])] += 1
    found = []
    for one in summaries:
        key = f"close:{day}:{one.office}:{one.template}"
        again = counted[key]
        found.append((f"{key}:{again + 1}" if again else key, one))
    return found


def _entry(one: Summary, day: date, since: date) -> NewEntry:
    book = book_of(one.office)
    words = f"{templates()[one.template]['words']} ngày {day:%d/%m/%Y}"
    return NewEntry(book.pk, open_day(book, since), one.template, words, one.lines)


def open_day(book: Book, day: date) -> date:
    """The first day not before ``day`` that the book still takes: the day itself, until it is locked."""
    closed = book.closed_through
    return day if closed is None else max(day, closed + timedelta(days=1))


def thaw_all(*, day: date, by: User | None) -> int:
    """Bring back the principal of freezes that ended before the day; how many loans."""
    found = 0
    offices = Loan.objects.filter(frozen_to__lt=day).values_list("office", flat=True).distinct()
    for office in Organisation.objects.filter(pk__in=offices).order_by("pk"):
        found += thaw(office=office, by=by, on=open_day(book_of(office), day))
    return found


def lock_books(*, through: date, by: User | None) -> date | None:
    """Nothing is posted any more in any book up to ``through``; the day to which all are closed."""
    close_books_through(through=through, by=by, on=clock.today())
    return Book.objects.order_by("closed_through").values_list("closed_through", flat=True).first()


def entries_of(day: date) -> list[JournalEntry]:
    """What the close of a day posted, in all books."""
    return list(
        JournalEntry.objects.filter(operation__action="closing.post", operation__on=day)
        .select_related("book", "operation")
        .order_by("book_id", "number")
    )
