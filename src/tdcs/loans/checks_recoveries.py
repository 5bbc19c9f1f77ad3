"""What came back of debts written off: never more than was written off, each with its entry of the day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from tdcs.ledger.rules import lines_for, off_balance

WRITTEN_OFF: Final = next(
    code
    for code, _, credit, about in lines_for(
        "loan.recover", {"amount": 1}, tier="central", subject=0
    )
    if credit and about is not None and code in off_balance()
)
_MORE_SQL: Final = """
    SELECT l.number, sum(r.amount), l.written_off FROM loans_recovery r JOIN loans_loan l ON l.id = r.loan_id
     GROUP BY l.id HAVING sum(r.amount) NOT BETWEEN 0 AND l.written_off ORDER BY 1
"""
_ENTRY_SQL: Final = """
    SELECT l.number, r.id FROM loans_recovery r JOIN loans_loan l ON l.id = r.loan_id
      JOIN ledger_journalentry e ON e.id = r.entry_id
     WHERE e."on" <> r."on" OR e.template <> 'loan.recover' OR e.operation_id <> r.operation_id
        OR r.amount <> (SELECT coalesce(sum(p.credit - p.debit), 0) FROM ledger_posting p
                          JOIN ledger_account a ON a.id = p.account_id AND a.code = %s
                         WHERE p.entry_id = e.id AND p.subject = r.loan_id)
     ORDER BY 1, 2
"""


def recoveries_are_booked() -> Iterator[str]:
    """Recoveries of a loan sum to no more than was written off; each entry says the same day and amount."""
    with connection.cursor() as cursor:
        cursor.execute(_MORE_SQL)
        for number, amount, most in cursor.fetchall():
            yield f"khoản vay {number}: thu nợ đã xóa {amount}, nợ gốc đã xóa {most}"
        cursor.execute(_ENTRY_SQL, [WRITTEN_OFF])
        for number, key in cursor.fetchall():
            yield f"khoản vay {number}: khoản thu nợ đã xóa {key} khác bút toán"


CHECKS = {"loans.recoveries_are_booked": recoveries_are_booked}
