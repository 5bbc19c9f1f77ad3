"""Questions in SQL over the closed days: DuckDB reads the snapshots' files, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from tdcs.closing.errors import SnapshotMissing, SqlNotRead, SqlRefused
from tdcs.closing.manifest import Manifest
from tdcs.closing.rules.rows import ROW
from tdcs.closing.store import SUM_COLUMNS, Store

# Columns that hold a day; 0, no day, becomes NULL.
DAYS: Final = (
    "disbursed", "frozen_from", "frozen_to", "overdue_since", "next_trigger", "next_due", "final_due",
)  # fmt: skip
_READING: Final = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True, slots=True)
class SqlResult:
    """Columns by name, and the rows."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def run_sql(store: Store, sql: str) -> SqlResult:
    """What one SELECT says over the views ``snapshot`` (rows of every kept day), ``sums`` and ``days``.

    Raises SqlNotRead (more than one statement, or one that writes), SqlRefused (DuckDB's own words), SnapshotMissing
    and SnapshotDamaged.
    """
    with duckdb.connect(":memory:") as base:
        try:
            given = base.extract_statements(sql)
        except duckdb.Error as error:
            raise SqlRefused(words=_first_line(error)) from error
        if len(given) != 1 or given[0].type not in _READING:
            raise SqlNotRead
        _views(base, store, sql)
        try:
            found = base.execute(given[0])
            return SqlResult([name for name, *_ in found.description or ()], found.fetchall())
        except duckdb.Error as error:
            raise SqlRefused(words=_first_line(error)) from error


def _views(base: duckdb.DuckDBPyConnection, store: Store, sql: str) -> None:
    """The views, over proved files; then the door is shut: no other file, no setting can be changed."""
    manifests = [store.manifest(day) for day in store.days()]
    if not manifests:
        raise SnapshotMissing(day="…")
    wanted = sql.lower()
    paths = [*_proved(store, manifests, sums=True)]
    if "snapshot" in wanted:
        paths += _proved(store, manifests, sums=False)
    base.execute(f"SET allowed_paths = [{', '.join(map(_quoted, paths))}]")
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    days = ", ".join(f"(DATE '{m.day}', {m.rows})" for m in manifests)
    base.execute(f"CREATE VIEW days AS SELECT * FROM (VALUES {days}) AS _(day, loans)")
    base.execute(f"CREATE VIEW sums AS {_union(store, manifests, sums=True)}")
    if "snapshot" in wanted:
        base.execute(f"CREATE VIEW snapshot AS {_union(store, manifests, sums=False)}")


def _names(manifest: Manifest, sums: bool) -> list[str]:
    return manifest.sums if sums else list(manifest.offices)


def _proved(store: Store, manifests: Sequence[Manifest], *, sums: bool) -> list[str]:
    return [str(path) for m in manifests for path in store.proved(m, _names(m, sums))]


def _union(store: Store, manifests: Sequence[Manifest], *, sums: bool) -> str:
    """Every day's files under one another, the day in front."""
    columns = (
        [f'"{name}"' for name in SUM_COLUMNS]
        if sums
        else [
            f'DATE \'1970-01-01\' + nullif("{name}", 0)::INTEGER AS "{name}"'
            if name in DAYS
            else f'"{name}"'
            for name in ROW
        ]
    )
    parts = [
        f"SELECT DATE '{m.day}' AS day, {', '.join(columns)} FROM read_parquet("
        f"[{', '.join(_quoted(str(store.root / m.folder / name)) for name in _names(m, sums))}])"
        for m in manifests
        if _names(m, sums)
    ]
    return " UNION ALL ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
