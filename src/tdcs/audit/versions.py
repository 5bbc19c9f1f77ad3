"""Versions of the data: what was made of it is as good as new while none of the areas it was made of has changed.

The database writes them as changes commit (migration 0119), whoever makes the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection

from tdcs.audit.watched import (
    CHOSEN_BY,
    MOST_PARTS,
    MOST_ROWS,
    ONLY_FIELDS,
    PARTS,
    watched,
)

_NAME: Final = "audit_changed"
_SUM: Final = (
    "coalesce((SELECT sum(version) FROM audit_dataversion"
    " WHERE area = ANY(string_to_array(%s, ','))), 0)::bigint"
)
_NOTE: Final = """
CREATE OR REPLACE FUNCTION audit_{table}_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named text[];
BEGIN
    PERFORM audit_note_area('{table}');
    IF (SELECT count(*) FROM (SELECT FROM {rows} c LIMIT {most} + 1) AS few) <= {most} THEN
        named := ARRAY(SELECT part FROM ({parts}) AS parts WHERE part IS NOT NULL LIMIT {most_parts} + 1);
    END IF;
    IF named IS NULL OR cardinality(named) > {most_parts} THEN
        PERFORM audit_note_area('{table}/*');
    ELSE
        PERFORM audit_note_area('{table}/' || part) FROM unnest(named) AS part;
        IF {chosen} THEN PERFORM audit_note_area('{table}/set'); END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {name}_{kind} AFTER {event} ON {table} REFERENCING {given}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_{table}_{kind}();
"""
_BOTH: Final = "(SELECT * FROM is_now UNION ALL SELECT * FROM was)"
_EVENTS: Final = (
    ("i", "INSERT", "NEW TABLE AS is_now", "is_now"),
    ("u", "UPDATE", "NEW TABLE AS is_now OLD TABLE AS was", _BOTH),
    ("d", "DELETE", "OLD TABLE AS was", "was"),
)


def versions_of(*several: Sequence[str]) -> tuple[int, ...]:
    """The version of each of several sets of areas, in one question. It only grows."""
    with connection.cursor() as cursor:
        # As one text each: psycopg writes an array element by element in Python.
        cursor.execute(
            f"SELECT {', '.join([_SUM] * len(several))}", [",".join(one) for one in several]
        )
        return tuple(cursor.fetchone())


def note(area: str) -> None:
    """An area that is no table has changed, as when a person has done something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_note_area(%s)", [area])


def note_all() -> None:
    """Everything has changed: rows were loaded with the triggers at rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_note_area(t), audit_note_area(t || '/*') FROM unnest(%s::text[]) AS t",
            [sorted(watched())],
        )


def watch(**_: Any) -> None:
    """After each migrate: triggers on every watched table that has none yet."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if "audit_dataversion" not in there:
            return
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [_NAME])
        done = {row[0] for row in cursor.fetchall()}
        for table in sorted((watched() & there) - done):
            for statement in _triggers(table):
                cursor.execute(statement)


def _triggers(table: str) -> list[str]:
    parts, fields = PARTS.get(table), ONLY_FIELDS.get(table)
    update = f"UPDATE OF {', '.join(fields)}" if fields else "UPDATE"
    events = "TRUNCATE" if parts else f"INSERT OR {update} OR DELETE OR TRUNCATE"
    plain = (
        f'CREATE TRIGGER {_NAME} AFTER {events} ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_table_changed()"
    )
    return [*(_noting(table, parts, *event) for event in _EVENTS if parts), plain]


def _noting(
    table: str, parts: Mapping[str, str], kind: str, event: str, given: str, rows: str
) -> str:
    """The trigger that notes which parts of a table one kind of statement has changed."""
    keys = " UNION ".join(
        f"SELECT DISTINCT '{of}-' || key AS part FROM ({query.format(rows=rows)}) AS k(key)"  # noqa: S608  names and queries of PARTS
        for of, query in parts.items()
    )
    by = CHOSEN_BY.get(table, ())
    now, then = (", ".join(f"({side}.{one})" for one in by) for side in ("n", "o"))
    moved = f"EXISTS (SELECT FROM is_now n JOIN was o ON o.id = n.id WHERE ({now}) IS DISTINCT FROM ({then}))"  # noqa: S608
    return _NOTE.format(
        chosen="false" if not by else moved if kind == "u" else "true",
        table=table,
        kind=kind,
        name=_NAME,
        event=event,
        given=given,
        rows=rows,
        parts=keys,
        most=MOST_ROWS,
        most_parts=MOST_PARTS,
    )
