"""Named invariants of loans; `tdcs verify` runs them, and tests. What rows say of each other is in ``checks_records``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db import connection

from tdcs.core import clock
from tdcs.ledger.rules import account_of, chart, lines_for
from tdcs.loans import checks_inheriting, checks_limits, checks_records, checks_recoveries
from tdcs.loans.models import Instalment, Loan
from tdcs.loans.queries.folding import (
    LoanBalance,
    Row,
    eve,
    events_of_many,
    fold_views,
    frozen_stretch,
    standings_rows,
)
from tdcs.loans.rules.kinds import DISBURSEMENT

# An instalment: number, day, session day, dong.
Part = tuple[int, date, date, int]

_BATCH: Final = 5_000
# What a loan's accounts must hold: the ordinary account of its tier, or while it is booked as frozen that of frozen debts;
# interest collected, less what of it is owed back; off the balance what was written off and not recovered since.
_LEDGER_SQL: Final = """
    WITH booked AS (
        SELECT p.subject AS loan, a.code, sum(p.debit - p.credit) AS amount
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
         WHERE a.subledger = 'loan' GROUP BY 1, 2),
    owed AS (
        SELECT l.id AS loan, v.code, v.amount
          FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
         CROSS JOIN LATERAL (SELECT CASE WHEN l.frozen_to IS NULL THEN 0
            WHEN l.frozen_part > 0 THEN least(l.frozen_part, l.balance) ELSE l.balance END AS frozen) h
         CROSS JOIN LATERAL (VALUES
            (CASE WHEN s.tier = 'central' THEN %(central_principal)s ELSE %(local_principal)s END,
             l.balance - h.frozen),
            (CASE WHEN s.tier = 'central' THEN %(central_frozen)s ELSE %(local_frozen)s END,
             h.frozen),
            (CASE WHEN s.tier = 'central' THEN %(central_interest)s ELSE %(local_interest)s END,
             l.interest_credit - l.interest_collected),
            (%(credit)s, -l.interest_credit),
            (%(interest_off)s, l.interest_written_off),
            (%(written_off)s, l.written_off - coalesce(
                (SELECT sum(r.amount) FROM loans_recovery r WHERE r.loan_id = l.id), 0))) AS v(code, amount)
         -- The ledger of a loan that extracts report is the bank's.
         WHERE NOT l.reported)
    SELECT coalesce(l.number, 'mã ' || coalesce(o.loan, b.loan)), coalesce(o.code, b.code),
           coalesce(o.amount, 0), coalesce(b.amount, 0)
      FROM owed o FULL JOIN booked b ON b.loan = o.loan AND b.code = o.code
      LEFT JOIN loans_loan l ON l.id = coalesce(o.loan, b.loan)
     WHERE coalesce(o.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1, 2 LIMIT 50
"""


def _followed(amount: str) -> str:
    """The account off the balance on which a write-off puts an amount, loan by loan."""
    off = {row["code"] for row in chart() if row.get("off_balance")}
    lines = lines_for("loan.write_off", {amount: 1}, tier="central", subject=0)
    return next(code for code, debit, _, _ in lines if debit and code in off)


def subledger_is_the_ledger() -> Iterator[str]:
    """Each loan's balance and collected interest are what its postings say, on the accounts on which they belong."""
    codes = {
        f"{tier}_{amount}": account_of("loan.collect", amount, tier)
        for tier in ("central", "local")
        for amount in ("principal", "frozen", "interest")
    }
    words = {code: "lãi đã thu" if "interest" in name else "dư nợ" for name, code in codes.items()}
    codes["written_off"], codes["interest_off"] = _followed("principal"), _followed("interest")
    codes["credit"] = account_of("loan.credit", "credit")
    words |= {codes["interest_off"]: "lãi đã xóa", codes["credit"]: "lãi thu thừa"}
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER_SQL, codes)
        for number, code, amount, booked in cursor.fetchall():
            what = words.get(code, "gốc đã xóa")
            yield f"khoản vay {number}: {what} {abs(amount)}, sổ cái tài khoản {code} {abs(booked)}"


def standing_is_the_fold() -> Iterator[str]:
    """The standing and the instalments kept for each loan are what its events, folded from nothing, make."""
    loans = Loan.objects.filter(reported=False).order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(loans, _BATCH)):
        events = events_of_many([loan.pk for loan in batch])
        counted = {loan.pk: standings_rows(events[loan.pk], loan.standing_on) for loan in batch}
        now = fold_views([(loan, loan.standing_on, counted[loan.pk]) for loan in batch])
        older = [loan for loan in batch if loan.standing_on > loan.disbursed_on]
        past = fold_views([(loan, eve(loan.standing_on), counted[loan.pk]) for loan in older])
        before = {loan.pk: found for loan, found in zip(older, past, strict=True)}
        kept = _instalments([loan.pk for loan in batch])
        for loan, found in zip(batch, now, strict=True):
            first = next((row for row in events[loan.pk] if row.kind == DISBURSEMENT), None)
            yield from _compare(loan, found, before.get(loan.pk), counted[loan.pk], first)
            parts = kept.get(loan.pk, [])
            if not found.refused and parts != found.instalments:
                wrong = _first_difference(parts, found.instalments)
                yield f"khoản vay {loan.number}: phân kỳ trả nợ khác diễn biến, kỳ {wrong}"


def _instalments(loans: Sequence[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    rows = Instalment.objects.filter(loan_id__in=loans).order_by("loan_id", "number")
    for loan, number, due, session, amount in rows.values_list(
        "loan_id", "number", "due_on", "session_on", "principal"
    ):
        found.setdefault(loan, []).append((number, due, session, amount))
    return found


def _first_difference(kept: Sequence[Part], folded: Sequence[Part]) -> int:
    return min(part[0] for part in {*kept} ^ {*folded})


def _compare(
    loan: Loan,
    found: LoanBalance,
    before: LoanBalance | None,
    rows: Sequence[Row],
    first: Row | None,
) -> Iterator[str]:
    if found.refused:
        yield f"khoản vay {loan.number}: diễn biến trái quy tắc ({found.refused})"
        return
    pairs: list[tuple[str, Any, Any]] = [
        ("đã giải ngân", loan.disbursed_total, found.lent),
        ("gốc đã trả", loan.paid_total, found.paid),
        ("gốc đã xóa", loan.written_off, found.written_off),
        ("dư nợ", loan.balance, found.balance),
        ("lãi đã thu", loan.interest_collected, found.collected),
        ("lãi đã xóa", loan.interest_written_off, found.waived),
        ("lãi suất", loan.current_rate_ppm, found.rate_ppm),
        (
            "lãi suất nợ quá hạn",
            _overdue_rate(loan),
            (found.overdue_base_ppm, found.overdue_percent),
        ),
        ("hạn cuối", loan.final_due_on, found.final_due_on),
        ("hạn cuối theo phiên", loan.final_session_on, _last_session(loan, found)),
        ("lãi cộng dồn", (loan.interest_whole, loan.interest_rest), _sums(before)),
        ("khoanh", _frozen(loan), frozen_stretch(rows, loan.standing_on)),
        ("ngày giải ngân", loan.disbursed_on, first.on if first else None),
        ("trạng thái", loan.state, _state(loan, found, rows)),
    ]
    for name, kept, folded in pairs:
        if kept != folded and not (name == "lãi suất" and folded is None):
            yield f"khoản vay {loan.number}: {name} ghi {kept}, tính lại {folded}"


def _sums(before: LoanBalance | None) -> tuple[int, int]:
    return (before.whole, before.rest) if before else (0, 0)


def _last_session(loan: Loan, found: LoanBalance) -> date:
    """Of a loan whose only disbursement was reversed there is none to compare."""
    return found.instalments[-1][2] if found.instalments else loan.final_session_on


def _overdue_rate(loan: Loan) -> tuple[int, int]:
    return loan.overdue_base_ppm, loan.overdue_percent


def _frozen(loan: Loan) -> tuple[date | None, date | None, int] | None:
    kept = (loan.frozen_from, loan.frozen_to, loan.frozen_part)
    return kept if any(kept) else None


def _state(loan: Loan, found: LoanBalance, rows: Sequence[Row]) -> str:
    """The state of the day of the standing; days that passed since may have made it another, and both may be kept."""
    if loan.state == found.state or loan.standing_on >= clock.today():
        return found.state
    today = fold_views([(loan, clock.today(), rows)])[0].state
    return today if loan.state == today else found.state


def position_view_is_the_fold(on: date | None = None) -> Iterator[str]:
    """What the list of loans asks of the database (overdue, frozen; which events count) is what the engine makes.

    ``on``: today, or a later day by which nothing else happens.
    """
    on = on or clock.today()
    loans = Loan.objects.filter(reported=False).order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(loans, _BATCH)):
        keys = [loan.pk for loan in batch]
        events = events_of_many(keys)
        counted = {key: standings_rows(events[key], on) for key in keys}
        now = fold_views([(loan, on, counted[loan.pk]) for loan in batch])
        shown, standing = _shown(keys, on)
        for loan, found in zip(batch, now, strict=True):
            if not found.refused and shown[loan.pk] != (found.overdue, found.frozen):
                folded = (found.overdue, found.frozen)
                yield f"khoản vay {loan.number}: danh sách ghi quá hạn, khoanh {shown[loan.pk]}, tính lại {folded}"
            if standing[loan.pk] != {row.key for row in counted[loan.pk]}:
                yield f"khoản vay {loan.number}: diễn biến còn hiệu lực trong cơ sở dữ liệu khác quy tắc đảo"


def _shown(loans: list[int], on: date) -> tuple[dict[int, tuple[int, int]], dict[int, set[int]]]:
    """Of each loan (overdue, frozen) and the events that count, as the database says."""
    counting: dict[int, set[int]] = {loan: set() for loan in loans}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loan_id, overdue, frozen FROM loans_position_on(%s) WHERE loan_id = ANY(%s)",
            [on, loans],
        )
        found = {loan: (overdue, frozen) for loan, overdue, frozen in cursor.fetchall()}
        cursor.execute(
            "SELECT loan_id, id FROM loans_loanevent WHERE loan_id = ANY(%s) AND kind <> 'reverse'"
            ' AND "on" <= %s AND (NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = loans_loanevent.id)'
            " OR loans_event_counts(id, %s))",
            [loans, on, on],
        )
        for loan, event in cursor.fetchall():
            counting[loan].add(event)
    return found, counting


CHECKS = {
    "loans.subledger_is_the_ledger": subledger_is_the_ledger,
    "loans.standing_is_the_fold": standing_is_the_fold,
    "loans.position_view_is_the_fold": position_view_is_the_fold,
    **checks_records.CHECKS,
    **checks_limits.CHECKS,
    **checks_inheriting.CHECKS,
    **checks_recoveries.CHECKS,
}
