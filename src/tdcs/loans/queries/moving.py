"""What stands in an office's book on the accounts of loans and savings, and requests to move borrowers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsAccount
from tdcs.households.queries.scope import visible_households
from tdcs.ledger.rules import Line, account_of, off_balance
from tdcs.loans.models import Loan, MoveRequest
from tdcs.loans.queries.scope import visible_loans

# Income and expense stay with the office that earned and paid them.
_STANDS_SQL: Final = """
    SELECT a.code, p.subject, sum(p.debit - p.credit)::bigint
      FROM ledger_posting p
      JOIN ledger_account a ON a.id = p.account_id AND a.kind IN ('asset', 'liability', 'memo')
      JOIN ledger_journalentry j ON j.id = p.entry_id
      JOIN ledger_book b ON b.id = j.book_id
     WHERE b.organisation_id = %(office)s
       AND (a.subledger = 'loan' AND p.subject = ANY(%(loans)s)
            OR a.subledger = 'savings' AND p.subject = ANY(%(accounts)s))
     GROUP BY 1, 2 HAVING sum(p.debit - p.credit) <> 0 ORDER BY 1, 2
"""


def lines_out(office: int, loans: Sequence[Loan], accounts: Sequence[SavingsAccount]) -> list[Line]:
    """The lines that empty the loans' and the savings' accounts in an office's book against the inter-office account, and
    off the balance against its own contra account. Balanced; swapped they are what the other book takes in.

    Principal of 50,000,000 and savings of 200,000: 2111 credit 50,000,000, 4231 debit 200,000, 5191 debit 49,800,000.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDS_SQL,
            {
                "office": office,
                "loans": [loan.pk for loan in loans],
                "accounts": [account.pk for account in accounts],
            },
        )
        standing: list[tuple[str, int, int]] = cursor.fetchall()
    lines: list[Line] = []
    left = {"balance": 0, "off_balance": 0}
    outside = off_balance()
    for code, subject, amount in standing:
        lines.append((code, max(-amount, 0), max(amount, 0), subject))
        left["off_balance" if code in outside else "balance"] += amount
    for name, amount in left.items():
        if amount:
            contra = account_of("office.move", name)
            lines.append((contra, max(amount, 0), max(-amount, 0), None))
    return lines


def visible_moves(user: User) -> QuerySet[MoveRequest]:
    """Requests about borrowers in scope: of a household that the person sees, or of a loan that was moved to the own office."""
    seen = Q(household__in=visible_households(user)) | Q(transfers__loan__in=visible_loans(user))
    near = (
        "household",
        "old_office",
        "new_office",
        "old_group",
        "new_group",
        "area",
        "asked_by",
        "decided_by",
    )
    return MoveRequest.objects.filter(seen).select_related(*near).distinct()
