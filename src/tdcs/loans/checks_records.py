"""What the rows of a loan say of each other: events and their entries, orders and what they did, contracts and their
applications, requests and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from tdcs.households.queries.scans import scan_faults
from tdcs.loans.models import LoanScan
from tdcs.loans.states import MOVES

_SHOWN: Final = 50

_NO_ENTRY_SQL: Final = """
    SELECT e.id, l.number FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
      LEFT JOIN loans_loanevent r ON r.id = e.reverses_id
      LEFT JOIN ledger_operation o ON o.id = e.operation_id
     WHERE e.entry_id IS NULL AND coalesce(left(o.action, 8), '') <> 'imports.'
       AND coalesce(r.kind, e.kind) IN ('disbursement', 'principal', 'interest', 'write_off',
                                    'write_off_interest', 'refund_interest')
     ORDER BY e.id
"""
# What stood when a book of record began on an extract has one entry for all (imports), not one an event.
# Principal and interest that the events of an entry move, beside what its postings move, loan by loan. Interest between
# income and the loan's credit (4599) moves without an event: together they are what was collected. The entry of a session
# that was told of after its day was closed is of a later day than its events.
_ENTRIES_SQL: Final = """
    WITH told AS (
        SELECT e.entry_id, e.loan_id,
               sum(v.sign * CASE m.kind WHEN 'disbursement' THEN m.amount
                   WHEN 'principal' THEN -m.amount WHEN 'write_off' THEN -m.amount ELSE 0 END) AS principal,
               sum(v.sign * CASE m.kind WHEN 'interest' THEN m.amount
                   WHEN 'refund_interest' THEN -m.amount ELSE 0 END) AS interest,
               min(e."on") AS first_on, max(e."on") AS last_on
          FROM loans_loanevent e
          LEFT JOIN loans_loanevent r ON r.id = e.reverses_id
         CROSS JOIN LATERAL (SELECT CASE WHEN r.id IS NULL THEN 1 ELSE -1 END AS sign) AS v
         CROSS JOIN LATERAL (SELECT coalesce(r.kind, e.kind) AS kind,
                                    coalesce(r.amount, e.amount, 0) AS amount) AS m
         WHERE e.entry_id IS NOT NULL GROUP BY 1, 2),
    booked AS (
        SELECT p.entry_id, p.subject AS loan_id,
               coalesce(sum(p.debit - p.credit) FILTER (WHERE a.code LIKE '2%%'), 0) AS principal,
               coalesce(sum(p.credit - p.debit) FILTER (WHERE a.code LIKE '7%%' OR a.code = '4599'), 0) AS interest
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
          JOIN ledger_journalentry j ON j.id = p.entry_id AND j.template NOT IN ('office.move', 'book.open')
         WHERE a.subledger = 'loan' GROUP BY 1, 2)
    SELECT coalesce(l.number, 'mã ' || coalesce(t.loan_id, b.loan_id)),
           coalesce(e.number::text, 'mã ' || coalesce(t.entry_id, b.entry_id)),
           coalesce(t.principal, 0), coalesce(b.principal, 0),
           coalesce(t.interest, 0), coalesce(b.interest, 0), t.first_on, e."on"
      FROM told t FULL JOIN booked b ON b.entry_id = t.entry_id AND b.loan_id = t.loan_id
      LEFT JOIN ledger_journalentry e ON e.id = coalesce(t.entry_id, b.entry_id)
      LEFT JOIN ledger_operation o ON o.id = e.operation_id
      LEFT JOIN loans_loan l ON l.id = coalesce(t.loan_id, b.loan_id)
     WHERE coalesce(t.principal, 0) <> coalesce(b.principal, 0)
        OR coalesce(t.interest, 0) <> coalesce(b.interest, 0)
        OR t.first_on <> t.last_on
        OR (t.first_on <> e."on" AND NOT (t.first_on < e."on" AND starts_with(o.key, 'phien-')))
     ORDER BY 1, 2
"""
_ORDERS_SQL: Final = """
    SELECT l.number, e.id, o.key FROM loans_loanevent e
      JOIN ledger_operation o ON o.id = e.operation_id JOIN loans_loan l ON l.id = e.loan_id
     WHERE left(o.action, 8) <> 'imports.' AND (o."on" <> e."on" OR o.by_id IS DISTINCT FROM e.by_id
        OR CASE o.action
           WHEN 'loans.disburse' THEN e.kind <> 'disbursement'
           WHEN 'loans.collect' THEN e.kind NOT IN ('interest', 'principal')
           WHEN 'loans.reverse' THEN e.kind <> 'reverse'
           WHEN 'loans.unfreeze' THEN e.kind <> 'unfreeze'
           WHEN 'loans.rate' THEN e.kind <> 'rate'
           WHEN 'loans.refund_credit' THEN e.kind <> 'refund_interest'
           WHEN 'loans.decide_change' THEN e.kind NOT IN ('reschedule', 'extend', 'freeze', 'write_off',
                                                            'write_off_interest')
           ELSE false END)
     ORDER BY 1, 2
"""
_ANSWERS_SQL: Final = """
    SELECT o.key, o.action FROM ledger_operation o
      LEFT JOIN loans_loanevent e ON e.id = (o.answer->>'event')::bigint
      LEFT JOIN ledger_journalentry j ON j.id = (o.answer->>'entry')::bigint
     WHERE o.action LIKE 'loans.%%'
       AND (o.answer = '{}'::jsonb
            OR ((o.answer->>'event') IS NOT NULL AND e.operation_id IS DISTINCT FROM o.id)
            OR ((o.answer->>'entry') IS NOT NULL
                AND (j.operation_id IS DISTINCT FROM o.id OR j.number <> (o.answer->>'number')::bigint)))
     ORDER BY o.id
"""
_SHEETS_SQL: Final = """
    WITH paid AS (
        SELECT operation_id, coalesce(sum(amount) FILTER (WHERE kind = 'interest'), 0) AS interest,
               coalesce(sum(amount) FILTER (WHERE kind = 'principal'), 0) AS principal
          FROM loans_loanevent WHERE kind IN ('interest', 'principal') GROUP BY 1)
    SELECT o.key, 'loans.collect' FROM ledger_operation o LEFT JOIN paid p ON p.operation_id = o.id
     WHERE o.action = 'loans.collect'
       AND ((o.answer->>'interest')::bigint <> coalesce(p.interest, 0)
            OR (o.answer->>'principal')::bigint <> coalesce(p.principal, 0))
     ORDER BY o.id
"""
_CONTRACTS_SQL: Final = """
    SELECT l.number, a.number FROM loans_loan l JOIN loans_loanapplication a ON a.id = l.application_id
     WHERE l.household_id <> a.household_id OR l.borrower_id <> a.borrower_id AND NOT EXISTS (
            -- An heir owes what another signed.
            SELECT FROM loans_loantransfer x WHERE x.loan_id = l.id AND x.kind = 'heir')
        OR l.office_id <> a.office_id OR l.source_id <> a.source_id OR l.programme <> a.programme
        OR l.target_group <> a.target_group OR l.channel <> a.channel
        OR l.term_months <> a.term_months OR l.instalment_months <> a.instalment_months
        OR l.principal <> coalesce(a.approved_amount, a.amount) OR l.disbursed_total > l.principal
        OR a.approved_amount > a.amount
     ORDER BY 1
"""
# The trail is chained by hash: what it says of a contract's terms on the day of signing stands. Whom and where a loan
# belonged to then is what its first transfer took it from.
_TERMS_SQL: Final = """
    SELECT l.number, t.key, t.value #>> '{}'
      FROM audit_auditline u
      JOIN loans_loan l ON l.id::text = u.subject_id
      LEFT JOIN LATERAL (
        SELECT jsonb_build_object('household_id', x.old_household_id, 'borrower_id', x.old_borrower_id,
                                  'group_id', x.old_group_id, 'office_id', x.old_office_id) AS signed
          FROM loans_loantransfer x WHERE x.loan_id = l.id ORDER BY x."on", x.id LIMIT 1) AS w ON true
     CROSS JOIN LATERAL jsonb_each(u.data->'terms') AS t
     WHERE u.action = 'loans.disburse' AND u.subject_type = 'loans.loan' AND u.data ? 'terms'
       AND (to_jsonb(l) || coalesce(w.signed, '{}'))->t.key IS DISTINCT FROM t.value
     ORDER BY 1, 2
"""
# A transfer takes a loan from where the one before it brought it, and the last brought it where it is. A group may change
# without one, when its member goes to another group of the office.
_TRANSFERS_SQL: Final = """
    WITH steps AS (
        SELECT x.*, lead(x.id) OVER w AS next, lead(x.old_household_id) OVER w AS then_household,
               lead(x.old_borrower_id) OVER w AS then_borrower, lead(x.old_office_id) OVER w AS then_office
          FROM loans_loantransfer x WINDOW w AS (PARTITION BY x.loan_id ORDER BY x."on", x.id))
    SELECT l.number, s."on" FROM steps s JOIN loans_loan l ON l.id = s.loan_id
     WHERE (s.new_household_id, s.new_borrower_id, s.new_office_id) IS DISTINCT FROM
           CASE WHEN s.next IS NULL THEN (l.household_id, l.borrower_id, l.office_id)
                ELSE (s.then_household, s.then_borrower, s.then_office) END
        OR s."on" < l.disbursed_on
     ORDER BY 1, 2
"""
# What a move takes out of one book it brings into the other, account by account; and a loan's principal stands in one book.
_MOVED_SQL: Final = """
    WITH lines AS (
        SELECT r.id, p.account_id, p.subject, sum(p.debit - p.credit) AS amount
          FROM loans_moverequest r JOIN ledger_posting p ON p.entry_id IN (r.entry_out_id, r.entry_in_id)
         GROUP BY 1, 2, 3)
    SELECT h.code, r.since FROM loans_moverequest r JOIN households_household h ON h.id = r.household_id
     WHERE EXISTS (SELECT FROM lines x WHERE x.id = r.id AND x.amount <> 0)
        OR (r.state = 'asked') <> (r.decided_on IS NULL) OR r.decided_by_id = r.asked_by_id
        OR (r.entry_out_id IS NULL) <> (r.entry_in_id IS NULL)
        OR r.state <> 'approved' AND (r.entry_out_id IS NOT NULL OR EXISTS (
            SELECT FROM loans_loantransfer t WHERE t.request_id = r.id))
        OR EXISTS (SELECT FROM ledger_journalentry j
                    WHERE j.id IN (r.entry_out_id, r.entry_in_id) AND j."on" <> r.since)
     ORDER BY 1, 2
"""
_BOOKS_SQL: Final = """
    SELECT l.number, b.organisation_id, a.code, sum(p.debit - p.credit)::bigint
      FROM loans_loantransfer t
      JOIN loans_loan l ON l.id = t.loan_id
      JOIN ledger_posting p ON p.subject = l.id
      JOIN ledger_account a ON a.id = p.account_id AND a.subledger = 'loan' AND a.kind IN ('asset', 'memo')
      JOIN ledger_journalentry j ON j.id = p.entry_id JOIN ledger_book b ON b.id = j.book_id
     WHERE t.kind = 'office' AND b.organisation_id <> l.office_id
       AND t.id = (SELECT min(x.id) FROM loans_loantransfer x WHERE x.loan_id = l.id AND x.kind = 'office')
     GROUP BY 1, 2, 3 HAVING sum(p.debit - p.credit) <> 0 ORDER BY 1, 2
"""
_REQUESTS_SQL: Final = """
    SELECT l.number, r.id FROM loans_changerequest r JOIN loans_loan l ON l.id = r.loan_id
      LEFT JOIN loans_loanevent e ON e.id = r.event_id
      LEFT JOIN loans_loanevent i ON i.id = r.interest_event_id
     WHERE (r.state = 'approved') <> (r.event_id IS NOT NULL)
        OR (r.interest_event_id IS NOT NULL) <> (r.state = 'approved' AND r.interest IS NOT NULL)
        OR (i.id IS NOT NULL AND (i.loan_id, i.amount, i.kind) IS DISTINCT FROM
                                 (r.loan_id, r.interest, 'write_off_interest'))
        OR (r.state = 'asked') <> (r.decided_on IS NULL)
        OR r.decided_by_id = r.asked_by_id OR r.decided_on < r.asked_on
        OR (e.id IS NOT NULL AND (e.loan_id <> r.loan_id OR e.kind <> r.kind OR e."on" <> r.decided_on
            OR e.until_on IS DISTINCT FROM r.until_on OR e.due_on IS DISTINCT FROM r.due_on
            OR e.amount IS DISTINCT FROM r.amount OR e.by_id IS DISTINCT FROM r.decided_by_id))
    UNION ALL
    SELECT l.number, e.id FROM loans_loanevent e
      JOIN loans_loan l ON l.id = e.loan_id JOIN ledger_operation o ON o.id = e.operation_id
     WHERE o.action = 'loans.decide_change'
       AND NOT EXISTS (SELECT FROM loans_changerequest r WHERE e.id IN (r.event_id, r.interest_event_id))
     ORDER BY 1, 2
"""
_MOVES_SQL: Final = """
    WITH steps AS (
        SELECT m.*, lag(m.target) OVER w AS before, lag(m."on") OVER w AS before_on,
               lead(m.id) OVER w IS NULL AS last
          FROM loans_applicationmove m WINDOW w AS (PARTITION BY m.application_id ORDER BY m.id))
    SELECT a.number, s.verb, s.source, s.target, s.before, s.last AND s.target <> a.state,
           s."on" < s.before_on
      FROM steps s JOIN loans_loanapplication a ON a.id = s.application_id ORDER BY s.id
"""


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchmany(_SHOWN))


def money_has_its_entry() -> Iterator[str]:
    """No event of money without an entry."""
    for key, number in _rows(_NO_ENTRY_SQL):
        yield f"khoản vay {number}: diễn biến {key} không có bút toán"


def entries_say_what_happened() -> Iterator[str]:
    """For each entry and loan: the postings are the events' amounts, of the events' day; a session's may be booked later."""
    for number, entry, lent, principal, paid, interest, told, on in _rows(_ENTRIES_SQL):
        day = f"; ngày {told}, bút toán ngày {on}" if told != on and told is not None else ""
        yield (
            f"khoản vay {number}, bút toán {entry}: gốc theo diễn biến {lent}, sổ cái {principal}; "
            f"lãi theo diễn biến {paid}, sổ cái {interest}{day}"
        )


def orders_did_what_they_say() -> Iterator[str]:
    """Each event is of its order's kind, day and person; each answer names what was done, with its totals."""
    for number, event, key in _rows(_ORDERS_SQL):
        yield f"khoản vay {number}: diễn biến {event} khác lệnh {key} (loại, ngày hoặc người)"
    for key, action in [*_rows(_ANSWERS_SQL), *_rows(_SHEETS_SQL)]:
        yield f"lệnh {key} ({action}): kết quả ghi khác với diễn biến, bút toán"


def contracts_are_what_was_signed() -> Iterator[str]:
    """A loan is its application's, and its terms are those of its line in the trail."""
    for number, application in _rows(_CONTRACTS_SQL):
        yield f"khoản vay {number}: khác hồ sơ {application}"
    for number, name, value in _rows(_TERMS_SQL):
        yield f"khoản vay {number}: {name} khác nhật ký lúc giải ngân ({value})"


def transfers_lead_to_where_loans_are() -> Iterator[str]:
    """The transfers of a loan follow one another, and the last one brought it where it is."""
    for number, on in _rows(_TRANSFERS_SQL):
        yield f"khoản vay {number}: lần chuyển ngày {on:%d/%m/%Y} không dẫn tới nơi đang quản lý"


def moves_balance_between_the_books() -> Iterator[str]:
    """What a move took out of one book it brought into the other; nothing of a loan that moved stayed behind."""
    for code, since in _rows(_MOVED_SQL):
        yield f"hộ {code}: chuyển nơi quản lý ngày {since:%d/%m/%Y} không khớp sổ cái hoặc quyết định"
    for number, office, account, amount in _rows(_BOOKS_SQL):
        yield f"khoản vay {number}: tài khoản {account} còn {amount} ở sổ của đơn vị {office} đã chuyển đi"


def decisions_are_requests_decided() -> Iterator[str]:
    """Requests and events of changes belong together, and another person decided."""
    for number, key in _rows(_REQUESTS_SQL):
        yield f"khoản vay {number}: đề nghị xử lý nợ hoặc diễn biến {key} không khớp nhau"


def applications_followed_the_flow() -> Iterator[str]:
    """The steps of an application follow one another as the flow allows, in order of days, and end in its state."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVES_SQL)
        while rows := cursor.fetchmany(5_000):
            for number, verb, source, target, before, other, back in rows:
                if verb == "apply":
                    fits = before is None and source == ""
                else:
                    step = MOVES.get(verb)
                    fits = step is not None and source in step.sources and target == step.target
                    fits = fits and source == before
                if not fits or other or back:
                    yield f"hồ sơ {number}: bước {verb} ({source} → {target}) trái quy trình hoặc khác trạng thái"


def scans_are_as_received() -> Iterator[str]:
    """The file of each scanned paper of a loan has the digest it was received with."""
    for scan, wrong in scan_faults(LoanScan.objects.select_related("loan")):
        yield f"khoản vay {scan.loan.number}: tệp của giấy tờ “{scan}” {wrong} ({scan.sha256[:12]})"


CHECKS = {
    "loans.money_has_its_entry": money_has_its_entry,
    "loans.entries_say_what_happened": entries_say_what_happened,
    "loans.orders_did_what_they_say": orders_did_what_they_say,
    "loans.contracts_are_what_was_signed": contracts_are_what_was_signed,
    "loans.transfers_lead_to_where_loans_are": transfers_lead_to_where_loans_are,
    "loans.moves_balance_between_the_books": moves_balance_between_the_books,
    "loans.decisions_are_requests_decided": decisions_are_requests_decided,
    "loans.applications_followed_the_flow": applications_followed_the_flow,
    "loans.scans_are_as_received": scans_are_as_received,
}
