"""Named invariants of loans; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.db import connection

from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import Standing, eve, events_of_many, fold_views, standings_rows

_BATCH: Final = 5_000

_LEDGER_SQL: Final = """
    WITH booked AS (
        SELECT p.subject AS loan,
               sum(p.debit - p.credit) FILTER (WHERE a.code LIKE '2%%') AS principal,
               sum(p.credit - p.debit) FILTER (WHERE a.code LIKE '702%%') AS interest
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
         WHERE a.subledger = 'loan' GROUP BY p.subject)
    SELECT l.number, l.balance, coalesce(b.principal, 0), l.interest_collected, coalesce(b.interest, 0)
      FROM loans_loan l FULL JOIN booked b ON b.loan = l.id
     WHERE l.id IS NULL OR l.balance <> coalesce(b.principal, 0)
        OR l.interest_collected <> coalesce(b.interest, 0)
     ORDER BY 1 LIMIT 50
"""
_EVENTS_SQL: Final = """
    SELECT e.id, l.number FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE e.entry_id IS NULL AND e.kind IN ('disbursement', 'principal', 'interest', 'write_off')
     ORDER BY e.id LIMIT 50
"""


def subledger_is_the_ledger() -> Iterator[str]:
    """Each loan's balance and collected interest are what its postings say."""
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER_SQL)
        for number, balance, principal, collected, interest in cursor.fetchall():
            yield (
                f"khoản vay {number}: dư nợ {balance}, sổ cái {principal}; "
                f"lãi đã thu {collected}, sổ cái {interest}"
            )


def standing_is_the_fold() -> Iterator[str]:
    """The standing kept on each loan's row is what its events, folded from nothing, make."""
    loans = Loan.objects.order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(loans, _BATCH)):
        events = events_of_many([loan.pk for loan in batch])
        views = []
        for loan in batch:
            end = max(loan.standing_on, clock.today())
            views.append((loan, end, standings_rows(events[loan.pk], end)))
        past = [
            (
                loan,
                eve(loan.standing_on),
                standings_rows(events[loan.pk], loan.standing_on),
            )
            for loan in batch
            if loan.standing_on > loan.disbursed_on
        ]
        before = {view[0].pk: found for view, found in zip(past, fold_views(past), strict=True)}
        for loan, found in zip(batch, fold_views(views), strict=True):
            yield from _compare(loan, found, before.get(loan.pk))


def _compare(loan: Loan, found: Standing, before: Standing | None) -> Iterator[str]:
    if found.refused:
        yield f"khoản vay {loan.number}: diễn biến trái quy tắc ({found.refused})"
        return
    pairs: list[tuple[str, Any, Any]] = [
        ("đã giải ngân", loan.disbursed_total, found.lent),
        ("gốc đã trả", loan.paid_total, found.paid),
        ("gốc đã xóa", loan.written_off, found.written_off),
        ("dư nợ", loan.balance, found.balance),
        ("lãi đã thu", loan.interest_collected, found.collected),
        ("lãi suất", loan.current_rate_ppm, found.rate_ppm),
        ("hạn cuối", loan.final_due_on, found.final_due_on),
        ("lãi cộng dồn", (loan.interest_whole, loan.interest_rest), _sums(before)),
    ]
    for name, kept, folded in pairs:
        if kept != folded and not (name == "lãi suất" and folded is None):
            yield f"khoản vay {loan.number}: {name} ghi {kept}, tính lại {folded}"


def _sums(before: Standing | None) -> tuple[int, int]:
    return (before.whole, before.rest) if before else (0, 0)


def money_has_its_entry() -> Iterator[str]:
    """No event of money without an entry."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_SQL)
        for key, number in cursor.fetchall():
            yield f"khoản vay {number}: diễn biến {key} không có bút toán"


CHECKS = {
    "loans.subledger_is_the_ledger": subledger_is_the_ledger,
    "loans.standing_is_the_fold": standing_is_the_fold,
    "loans.money_has_its_entry": money_has_its_entry,
}
