"""Rows of the database straight into columns, by COPY: lives of many loans without an object for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from typing import Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.core.frames import Frame
from tdcs.http.kept import note, tables_in
from tdcs.loans.rules.events import EVENT
from tdcs.loans.rules.kinds import KINDS

_KINDS_SQL: Final = " ".join(f"WHEN '{name}' THEN {number}" for name, number in KINDS.items())
_EVENT_SQL: Final = f"""
    SELECT e.loan_id, e.id, e."on" - DATE '1970-01-01', CASE e.kind {_KINDS_SQL} END,
           coalesce(e.amount, 0), coalesce(e.until_on - DATE '1970-01-01', 0),
           coalesce(e.due_on - DATE '1970-01-01', 0), e.rate_ppm, coalesce(e.reverses_id, 0)
      FROM loans_loanevent e
"""  # noqa: S608


def events_where(where: str, values: Mapping[str, object]) -> Frame:
    """EVENT of the events that a condition on ``e`` names, by loan and key."""
    rows = copied(f"{_EVENT_SQL} {where}", values, EVENT)
    return nw.from_native(rows.sort("loan", "key"), eager_only=True)


def copied(
    sql: str,
    values: Mapping[str, object],
    names: Sequence[str],
    *,
    words: Collection[str] = (),
    flags: Collection[str] = (),
) -> pl.DataFrame:
    """The rows of a query as columns of whole numbers, words and flags (which the query gives as 0 or 1)."""
    # COPY passes by what notes the tables of a page or of an answer that is remembered.
    note(tables_in(sql))
    content = BytesIO()
    with (
        connection.cursor() as cursor,
        # The cursor inside: the one that records queries passes no values on.
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", values) as copy,
    ):
        for piece in copy:
            content.write(piece)
    schema = {name: pl.String() if name in words else pl.Int64() for name in names}
    if not content.tell():
        frame = pl.DataFrame(schema=schema)
    else:
        content.seek(0)
        frame = pl.read_csv(content, has_header=False, new_columns=list(names), schema=schema)
    return frame.with_columns(pl.col(name) == 1 for name in names if name in flags)
