"""Loans and events as extracts of the bank's core report them: no entry stands behind any of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.ledger.models import Operation
from tdcs.loans.models import LoanEvent
from tdcs.loans.queries.reported import reported_sums
from tdcs.loans.rules.reported import reported_positions
from tdcs.organisations.services.bulk import append_rows

# An event as an extract tells it.
REPORTED_EVENT: Final[dict[str, pl.DataType]] = {
    "loan_id": pl.Int64(),
    "on": pl.Date(),
    "kind": pl.String(),
    "amount": pl.Int64(),
    "until_on": pl.Date(),
    "due_on": pl.Date(),
    "rate_ppm": pl.Int64(),
}
_REVERSE_SQL: Final = """
    INSERT INTO loans_loanevent (loan_id, "on", kind, reverses_id, basis, operation_id, by_id, recorded_at)
    SELECT e.loan_id, e."on", 'reverse', e.id, %(why)s, %(operation)s, %(by)s, %(at)s
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE e.operation_id = %(of)s AND l.office_id = %(office)s AND e.kind <> 'reverse'
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
     ORDER BY e.id
"""
_KEEP_SQL: Final = """
    UPDATE loans_loan l SET disbursed_total = v.lent, paid_total = v.paid, written_off = v.written_off,
           balance = v.balance, interest_whole = v.accrued, interest_rest = 0, interest_collected = v.collected,
           interest_written_off = v.waived, current_rate_ppm = v.rate, state = v.state, standing_on = %s,
           reported_overdue = v.overdue, reported_frozen = v.frozen
      FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                  %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
        AS v(id, lent, paid, written_off, balance, accrued, collected, waived, rate, overdue, frozen, state)
     WHERE l.id = v.id
"""


def write_events(
    events: pl.DataFrame, *, basis: str, operation: Operation, by: User | None
) -> None:
    """Append events of extracts (REPORTED_EVENT). In the caller's transaction."""
    rows = events.select(
        *REPORTED_EVENT,
        basis=pl.lit(basis[:200]),
        operation_id=pl.lit(operation.pk),
        by_id=pl.lit(by.pk if by else None, dtype=pl.Int64),
        recorded_at=pl.lit(clock.now().isoformat()),
    )
    append_rows(LoanEvent, rows)


def reverse_events(
    *, of: Operation, office: int, why: str, operation: Operation, by: User | None
) -> int:
    """Reverse what an operation wrote of an office's loans: an extract that is undone was never there. How many."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REVERSE_SQL,
            {
                "why": why[:200],
                "operation": operation.pk,
                "by": by.pk if by else None,
                "at": clock.now(),
                "of": of.pk,
                "office": office,
            },
        )
        return int(cursor.rowcount)


def keep_reported(*, loans: Sequence[int], on: date) -> None:
    """The rows of loans become what their events say by a day; of one without events, nothing."""
    if not loans:
        # Triggers that compare old rows with new ones keep the plan of their first call: one for no rows serves thousands ill.
        return
    sums = reported_sums(on, loans=loans)
    there = set(sums["loan"].to_list())
    missing = [one for one in loans if one not in there]
    nothing = pl.DataFrame({"loan": missing}, schema={"loan": pl.Int64})
    whole = pl.concat([sums, nothing], how="diagonal").fill_null(0)
    rows: pl.DataFrame = reported_positions(nw.from_native(whole, eager_only=True)).to_native()
    # A loan that is gone from the extracts owes nothing that anybody reports: the row's parts say so as well.
    rows = rows.with_columns(lent=pl.col("balance") + pl.col("principal") + pl.col("written_off"))
    columns = (
        "loan", "lent", "principal", "written_off", "balance", "accrued", "collected", "waived", "rate",
        "overdue", "frozen", "state",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_SQL, [on, *(rows[name].to_list() for name in columns)])
