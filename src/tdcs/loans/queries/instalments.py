"""What falls due next: the first day on which principal that is not paid yet is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from tdcs.loans.models import Loan
from tdcs.loans.states import ENDED_STATES


@dataclass(frozen=True, slots=True)
class NextDue:
    """A due day and the principal to pay by it, beside what is overdue."""

    on: date
    amount: int


# The instalments in order with what they reach; what is paid or written off covers the first of them.
_SQL = """
    SELECT DISTINCT ON (i.loan_id) i.loan_id, i.due_on,
           LEAST(i.principal, i.reach - l.paid_total - l.written_off)
      FROM (SELECT loan_id, number, due_on, principal,
                   sum(principal) OVER (PARTITION BY loan_id ORDER BY due_on, number)::bigint AS reach
              FROM loans_instalment WHERE loan_id = ANY(%s)) i
      JOIN loans_loan l ON l.id = i.loan_id
     WHERE l.balance > 0 AND i.due_on >= %s AND i.reach > l.paid_total + l.written_off
     ORDER BY i.loan_id, i.due_on, i.number
"""


def next_dues(loans: Sequence[int], on: date) -> dict[int, NextDue]:
    """What each loan that owes has to pay next, from a day on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(loans), on])
        return {loan: NextDue(day, amount) for loan, day, amount in cursor.fetchall()}


def loans_of_group(group: int) -> dict[int, int]:
    """The loans through a group that are not ended, with their households."""
    rows = Loan.objects.filter(group=group).exclude(state__in=ENDED_STATES)
    return dict(rows.values_list("pk", "household_id"))
