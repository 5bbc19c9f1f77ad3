"""What loans owe on a day before payments, for pages: a row that a page has rolled forward is not rolled forward again.

A kept row is found by every figure that went into it: the loan's own row, its instalments, the day and the law that the book
has taken up. So nothing can be out of date in it, and it is nobody's: what of it a person sees, the person's scope decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.core.engine import LEAST_OF_ENGINES, few, nw
from tdcs.core.frames import Frame, rows_of
from tdcs.core.lru import LruStore
from tdcs.loans.queries.bringing import law_of_the_book
from tdcs.loans.queries.due import OwedRow, Parts, frame_of_loans, loan_tuples, roll_forward
from tdcs.loans.rules.balance import late, zero
from tdcs.programmes.rules.decrees import Decrees

# Loans that a worker keeps, about 2 kB each; those asked for least lately go first.
_KEPT: Final = 8000


class DueRow(OwedRow):
    """A loan's row with the principal that has fallen due by the day's session."""

    principal_due: int


# All that a loan's row on a day follows from.
_From = tuple[tuple[Any, ...], Parts, date, Decrees]


# Loan → what its row followed from, and the row.
rows: Final[LruStore[tuple[_From, DueRow]]] = LruStore(_KEPT)
law.forgetting(rows.clear)


def _kept(loan: int, given: _From) -> DueRow | None:
    """The loan's row, if it follows from the same."""
    found = rows.get(loan)
    return None if found is None or found[0] != given else found[1]


def due_rows(ids: Sequence[int], on: date) -> list[DueRow]:
    """Standings of loans on a day before payments, with the principal that has fallen due; in the order of their keys.

    ``due`` is never below 0 here: a credit is no debt.
    """
    loans, parts = loan_tuples(ids), parts_of(ids)
    decrees, arriving = law_of_the_book()
    if arriving:
        # Rows that a decree has yet to reach are brought under it first.
        made = _due_of(roll_forward(frame_of_loans(loans), on), parts, on)
        return sorted(made, key=lambda row: row["id"])
    given: dict[int, _From] = {row[0]: (row, parts.get(row[0], ()), on, decrees) for row in loans}
    found = {loan: _kept(loan, one) for loan, one in given.items()}
    missing = [row for row in loans if found[row[0]] is None]
    if missing:
        with few(len(missing) < LEAST_OF_ENGINES):
            brought = roll_forward(frame_of_loans(missing), on, decrees, parts)
            made = _due_of(brought, parts, on)
        for row in made:
            found[row["id"]] = row
            rows.put(row["id"], (given[row["id"]], row))
    return [row.copy() for row in found.values() if row is not None]


def parts_of(ids: Iterable[int]) -> dict[int, Parts]:
    """Loan → its instalments: number, session day as a number, principal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loan_id, number, session_on - DATE '1970-01-01', principal"
            "  FROM loans_instalment WHERE loan_id = ANY(%s) ORDER BY loan_id, number",
            [list(ids)],
        )
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for loan, *part in cursor.fetchall():
            found[loan].append(tuple(part))
    return {loan: tuple(parts) for loan, parts in found.items()}


def _due_of(found: Frame, parts: Mapping[int, Parts], on: date) -> list[DueRow]:
    col = nw.col
    ids = found["id"].to_list()
    data = {"id": ids, "by_today": [_due_to_date(parts.get(loan, ()), on) for loan in ids]}
    by_today = nw.DataFrame.from_dict(data, dict.fromkeys(data, nw.Int64()), backend="polars")
    made = found.join(by_today, on="id", how="left")
    made = made.with_columns(due=nw.max_horizontal("due", zero()))
    owed = late(col("by_today"), col("lent"), col("paid"))
    made = made.with_columns(principal_due=nw.min_horizontal(owed, col("balance") - col("frozen")))
    return rows_of(made, DueRow)


def _due_to_date(parts: Parts, on: date) -> int:
    """The principal of the instalments whose session day has come."""
    end = day_number(on)
    return sum(principal for _number, day, principal in parts if day <= end)
