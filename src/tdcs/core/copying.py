"""Many rows into one table at once: by COPY, with keys taken beforehand.

The caller gives the database's cursor, so that this knows no framework; what the columns mean is the caller's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import polars as pl

_CHUNK: Final = 1 << 20


class _Target(Protocol):
    def write(self, data: memoryview, /) -> object: ...


class Cursor(Protocol):
    """A cursor of psycopg, or one that wraps it."""

    def copy(self, statement: str, /) -> AbstractContextManager[_Target]: ...

    def execute(self, statement: str, values: Sequence[str | int], /) -> object: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


def copy_rows(cursor: Cursor, table: str, rows: pl.DataFrame) -> None:
    """Append ``rows``; their columns are the table's. Nulls become NULL, empty words stay empty words."""
    buffer = BytesIO()
    rows.write_csv(buffer, include_header=False, quote_style="necessary", null_value="\\N")
    names = ", ".join(f'"{name}"' for name in rows.columns)
    view = buffer.getbuffer()
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')") as target:
        for start in range(0, len(view), _CHUNK):
            target.write(view[start : start + _CHUNK])


def next_keys(cursor: Cursor, table: str, count: int) -> list[int]:
    """The keys of so many rows that are about to be written."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, count],
    )
    return [key for (key,) in cursor.fetchall()]
