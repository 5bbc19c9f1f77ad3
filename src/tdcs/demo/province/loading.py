"""Rows into an empty database by COPY, quickly and with the database's own rules back in force afterwards.

Foreign keys, uniqueness, exclusion and indexes of the loaded tables are dropped and made again after the rows: the
database then proves each of them over all rows at once instead of row by row. The ledger's triggers (one judgement for
each entry) rest meanwhile; what they hold is asked of all entries in one statement before they wake. All of it in the
build's one transaction: a row that breaks a rule leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
from django.db import connection, models

_LEDGER: Final = ("ledger_journalentry", "ledger_posting")
# A table whose rows wait for their judgement cannot be altered: they are judged now.
_SETTLE: Final = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
_CONSTRAINTS: Final = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.contype
      FROM pg_constraint c
     WHERE c.contype IN ('f', 'u', 'x') AND c.conrelid = ANY(%s::regclass[])
       AND (c.contype = 'f' OR NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid
                                           AND f.conrelid <> c.conrelid))
     ORDER BY (c.contype = 'f') DESC, c.conname
"""
_INDEXES: Final = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
     WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
     ORDER BY 1
"""
_WRONG_ENTRIES: Final = """
    SELECT count(*) FROM (
        SELECT e.id FROM ledger_journalentry e
          LEFT JOIN ledger_posting p ON p.entry_id = e.id
          LEFT JOIN ledger_account a ON a.id = p.account_id
         GROUP BY e.id
        HAVING count(p.id) < 2
            OR coalesce(sum(p.debit - p.credit) FILTER (WHERE NOT a.off_balance), 0) <> 0
            OR coalesce(sum(p.debit - p.credit) FILTER (WHERE a.off_balance), 0) <> 0
            OR bool_or(NOT a.postable OR (a.subledger = '') <> (p.subject IS NULL))) AS w
"""
# What the resting trigger would have kept of cash, day by day; a day below zero is refused when the constraints settle.
_CASH_DAYS: Final = """
    INSERT INTO ledger_cashday (book_id, account_id, day, moved)
    SELECT e.book_id, p.account_id, e."on", sum(p.debit - p.credit)
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.never_below_zero
      JOIN ledger_journalentry e ON e.id = p.entry_id GROUP BY 1, 2, 3
    ON CONFLICT (book_id, account_id, day) DO UPDATE SET moved = EXCLUDED.moved
"""


@contextmanager
def in_bulk(*loaded: type[models.Model]) -> Iterator[None]:
    """Inside: nothing checks row by row. At the end everything is in force again, or an error says what does not hold."""
    tables = [model._meta.db_table for model in loaded]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_SETTLE)
        cursor.execute(_CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        for table, name, _, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(_INDEXES, [tables])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        _ledger(cursor, "DISABLE")
    yield
    with connection.cursor() as cursor:
        for model in loaded:
            _set_sequence(cursor, model)
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        cursor.execute(_SETTLE)
        _restore(cursor, constraints, indexes)
        cursor.execute(_WRONG_ENTRIES)
        wrong = cursor.fetchone()[0]
        if wrong:
            raise RuntimeError(f"{wrong} entries of the demonstration do not balance")
        cursor.execute(_CASH_DAYS)
        cursor.execute(_SETTLE)
        _ledger(cursor, "ENABLE")


def _ledger(cursor: Any, verb: str) -> None:
    for table in _LEDGER:
        cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")


def _restore(cursor: Any, constraints: Sequence[Any], indexes: Sequence[Any]) -> None:
    """Keys first, then what refers to them."""
    for table, name, definition, kind in constraints:
        if kind != "f":
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition, kind in constraints:
        if kind == "f":
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _set_sequence(cursor: Any, model: type[models.Model]) -> None:
    table = model._meta.db_table
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL",  # noqa: S608
        [table],
    )


def dated(name: str) -> pl.Expr:
    """A column of day numbers as dates; 0 and null are no day."""
    return pl.when(pl.col(name) > 0).then(pl.col(name)).cast(pl.Int32).cast(pl.Date).alias(name)
