"""What the extracts that count say of loans beside their figures: days and causes that no event carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.imports import store
from tdcs.imports.queries.imports import last_of_offices
from tdcs.loans.queries.columns import copied

_LOANS: Final = "SELECT id, number FROM loans_loan WHERE number = ANY(%(numbers)s)"


def said_of_loans(kind: str, columns: Sequence[str], day: date) -> pl.DataFrame:
    """loan and some columns of a kind, of each office's last extract by a day; no rows where no such extract is there.

    A column that the file did not have is empty.
    """
    names = ["contract", *columns]
    last = last_of_offices(kind, day)
    parts = [store.rows(one.rows_digest, one.file.name, names) for one in last]
    if not parts:
        return pl.DataFrame(schema={"loan": pl.Int64})
    said = pl.concat(parts, how="diagonal").drop_nulls("contract").unique("contract", keep="first")
    numbers = {"numbers": said["contract"].to_list()}
    loans = copied(_LOANS, numbers, ("loan", "contract"), words=frozenset({"contract"}))
    return loans.join(said, on="contract").drop("contract")
