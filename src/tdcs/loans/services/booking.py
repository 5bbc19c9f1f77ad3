"""On which account a loan's principal stands: the ordinary one, or while it is frozen that of frozen debts.

``Loan.frozen_to`` is set exactly while the principal is booked as frozen, ``Loan.frozen_part`` where only so much of it is.
A freeze that ends by its day leaves no event: the loan's next entry, or ``thaw``, brings the principal back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.ledger.rules import Line, account_of, lines_for
from tdcs.ledger.services import NewEntry, book_of, post
from tdcs.loans.models import Loan
from tdcs.loans.queries.due import OwedRow, rows_rolled_forward
from tdcs.loans.rules.balance import EVERYTHING, state_of
from tdcs.organisations.models import Organisation

_TIERS: Final = ("central", "local")
_FROZEN: Final = {
    account_of("loan.collect", "principal", tier): account_of("loan.collect", "frozen", tier)
    for tier in _TIERS
}
_THAW_SQL: Final = """
    UPDATE loans_loan l SET standing_on = %s, interest_whole = v.whole, interest_rest = v.rest,
           current_rate_ppm = v.rate, overdue_base_ppm = v.base, overdue_percent = v.percent,
           state = v.state, frozen_from = NULL, frozen_to = NULL, frozen_part = 0
      FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                  %s::text[]) AS v(id, whole, rest, rate, base, percent, state)
     WHERE l.id = v.id
"""


def held_by(stretch: tuple[date, date, int] | None) -> int:
    """What a freeze (``queries.folding.frozen_stretch``) holds: EVERYTHING, a part, or 0 for none."""
    return 0 if stretch is None else stretch[2] or EVERYTHING


def held(loan: Loan) -> int:
    """What is booked as frozen of a loan at most: EVERYTHING, a part, or 0 for none."""
    return 0 if loan.frozen_to is None else loan.frozen_part or EVERYTHING


def reclassify_lines(
    lines: Sequence[Line], *, was: int, now: int, balance: int, tier: str, loan: int
) -> list[Line]:
    """An event's lines on the account on which the loan stands after it; what stands elsewhere moves first.

    ``was``, ``now``: what a freeze holds before and after (``held``), ``balance``: what is owed before. 45 of 50 million
    paid at once on a loan with 10 frozen: 5 come back from the account of frozen debts, 45 are paid on the ordinary one.
    """
    before = min(was, balance)
    if now >= EVERYTHING:
        lines, after = [(_FROZEN.get(code, code), *rest) for code, *rest in lines], balance  # type: ignore[misc]
    else:
        after = min(now, balance + sum(debit - credit for code, debit, credit, _ in lines if code in _FROZEN))  # fmt: skip
    moved: list[Line] = []
    if after != before:
        template = "loan.freeze" if after > before else "loan.unfreeze"
        amounts = {"principal": abs(after - before)}
        moved = lines_for(template, amounts, tier=tier, subject=loan)
    return [*moved, *lines]


def thaw(*, office: Organisation, by: User | None, on: date) -> int:
    """Bring back what freezes that ended before ``on`` left on the accounts of frozen debts; how many loans."""
    with transaction.atomic():
        ended = Loan.objects.filter(office=office, frozen_to__lt=on).order_by("pk")
        keys = list(ended.values_list("pk", flat=True))
        rows = rows_rolled_forward(keys, on, OwedRow, lock=True)
        found = [row for row in rows if row["frozen_to"] is not None]
        if not found:
            return 0
        lines: list[Line] = []
        for row in found:
            was = row["frozen_part"] or EVERYTHING
            lines += reclassify_lines(
                [], was=was, now=0, balance=row["balance"], tier=row["tier"], loan=row["id"]
            )
        if lines:
            words = "Hết thời gian khoanh nợ"
            post(
                [NewEntry(book_of(office).pk, on, "loan.unfreeze", words, lines)],
                by=by,
                on=on,
            )
        _keep(found, on)
        trail.record(action="loans.thaw", subject=office, by=by, on=on, data={"loans": len(found)})
    return len(found)


def _keep(rows: Sequence[OwedRow], on: date) -> None:
    states = [state_of({**row, "is_frozen": row["frozen"]}) for row in rows]
    values = [
        (r["id"], r["whole"], r["rest"], r["rate"], r["overdue_base"], r["overdue_percent"])
        for r in rows
    ]
    columns = [list(column) for column in zip(*values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_THAW_SQL, [on, *columns, states])
