"""The database notes every change of the records on which people decide: what is there now is noted as found (B).

Reads tdcs.audit.records: whoever changes RECORDS writes a migration that drops and notes anew, or every old row is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import migrations

from tdcs.audit.records import ONLY, RECORDS, SINCE_0120, digest_sql

_TRIGGERS = """
CREATE OR REPLACE FUNCTION audit_note_{table}_i() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)
    SELECT '{table}', r.id, 'I', {digest}, pg_current_xact_id()::text FROM new_rows r WHERE {only} ORDER BY r.id;
    RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION audit_note_{table}_u() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)
    SELECT '{table}', r.id, 'U', {digest}, pg_current_xact_id()::text
      FROM new_rows r JOIN old_rows o ON o.id = r.id
     WHERE {only} AND ({fields}) IS DISTINCT FROM ({old_fields}) ORDER BY r.id;
    RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION audit_note_{table}_d() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)
    SELECT '{table}', r.id, 'D', '', pg_current_xact_id()::text FROM old_rows r WHERE {only} ORDER BY r.id;
    RETURN NULL; END $$;
CREATE TRIGGER audit_note_i AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_note_{table}_i();
CREATE TRIGGER audit_note_u AFTER UPDATE ON {table} REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_note_{table}_u();
CREATE TRIGGER audit_note_d AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_note_{table}_d();
INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)
SELECT '{table}', r.id, 'B', {digest}, pg_current_xact_id()::text FROM {table} r WHERE {only} ORDER BY r.id;
"""
_DROP = """
DROP TRIGGER audit_note_i ON {table}; DROP TRIGGER audit_note_u ON {table}; DROP TRIGGER audit_note_d ON {table};
DROP FUNCTION audit_note_{table}_i(); DROP FUNCTION audit_note_{table}_u(); DROP FUNCTION audit_note_{table}_d();
"""


def _compared(field: str, alias: str) -> str:
    # json columns have no equality of rows; their text has.
    return f'{alias}."{field}"::text'


def note(apps: Any, editor: Any) -> None:
    """Triggers by table, and what is there."""
    note_tables(editor, [table for table in RECORDS if table not in SINCE_0120])


def note_tables(editor: Any, tables: Iterable[str]) -> None:
    for table in tables:
        fields = RECORDS[table]
        editor.execute(
            _TRIGGERS.format(
                table=table,
                digest=digest_sql(table),
                only=ONLY.get(table, "true"),
                fields=", ".join(_compared(name, "r") for name in fields),
                old_fields=", ".join(_compared(name, "o") for name in fields),
            )
        )


def drop(apps: Any, editor: Any) -> None:
    drop_tables(editor, [table for table in RECORDS if table not in SINCE_0120])


def drop_tables(editor: Any, tables: Iterable[str]) -> None:
    for table in tables:
        editor.execute(_DROP.format(table=table))


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_chain_head"),
        ("access", "0002_alter_roleholding_role"),
        ("plans", "0117_unit_plan_digest"),
        ("loans", "0080_interest_credit"),
        ("households", "0071_merging"),
        ("closing", "0050_decrees"),
        ("ledger", "0117_entry_requests"),
    ]
    operations = [migrations.RunPython(note, drop)]
