"""One database in which every migration was run: made by whoever asks first, copied by everybody who needs a laid-out one.

Running all migrations takes Django a while, copying what they made takes a moment. The copy's source stays in
the tests' server between runs; its name changes with the migrations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from django.db import connection, connections

import tdcs
from tdcs.cli import setup

_SOURCE: Final = Path(tdcs.__file__).parent
_BEGINNING: Final = "tdcs_migrated_"
# Whose migrations run beside our own.
_OTHERS: Final = ("Django", "django-allauth", "django-axes", "procrastinate")

_SCHEMA: Final = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, generation_expression,
              character_maximum_length FROM information_schema.columns WHERE table_schema = 'public'""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "SELECT tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT app, name FROM django_migrations",
)


def _name() -> str:
    """Of the migrations as they are: ours with what they read, the versions of others', and what is made of them here."""
    found = hashlib.sha256()
    for file in sorted((*_SOURCE.glob("*/migrations/*.py"), _SOURCE / "audit/records.py")):
        found.update(str(file.relative_to(_SOURCE)).encode() + b"\0" + file.read_bytes())
    found.update(Path(__file__).read_bytes())
    for package in _OTHERS:
        found.update(f"{package} {version(package)}\n".encode())
    return _BEGINNING + found.hexdigest()[:16]


@contextmanager
def server() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the tests' server, beside all of its databases."""
    given = connection.get_connection_params()
    names = ("host", "port", "user", "password")
    known = {name: given[name] for name in names if given.get(name)}
    with psycopg.connect(**known, dbname="postgres", autocommit=True) as there:
        yield there


def copy_database(source: str, target: str) -> None:
    """Another database like ``source``, in the place of an earlier one of its name."""
    with server() as there:
        there.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        there.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def address_of(name: str) -> str:
    """A database of the tests' server as DATABASE_URL takes it, for another process."""
    given = connection.settings_dict
    host = quote(str(given["HOST"]), safe="")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{given['USER']}@/{name}?host={host}{port}"


def schema_of(name: str) -> set[tuple[str, ...]]:
    """Columns, indexes, constraints, triggers and functions of a database, and the migrations that it has."""
    with server() as there, psycopg.connect(there.info.dsn, dbname=name) as inside:
        return {tuple(map(str, row)) for asked in _SCHEMA for row in inside.execute(asked)}


def drop_database(name: str) -> None:
    """It is gone, whoever is on it."""
    with server() as there:
        there.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrated() -> str:
    """The name of the migrated database; processes that ask together wait for the first. Django may reach the database."""
    name = _name()
    with server() as there:
        there.execute("SELECT pg_advisory_lock(hashtext('migrated'))")
        known = there.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_BEGINNING]
        )
        found = {row[0] for row in known}
        if name in found:
            return name
        for old in found:
            # One that is being copied just now stays until the next time.
            with suppress(psycopg.errors.ObjectInUse):
                there.execute(f'DROP DATABASE IF EXISTS "{old}"')
        half = f"{_BEGINNING}half"
        there.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
        there.execute(f'CREATE DATABASE "{half}"')
        _migrate(half)
        with psycopg.connect(there.info.dsn, dbname=half, autocommit=True) as inside:
            _keep_autovacuum_away(inside)
        there.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    return name


def _keep_autovacuum_away(inside: psycopg.Connection[Any]) -> None:
    """Nothing counts rows by itself: of what a test has not committed autovacuum would note that there are none, and the
    planner would join a thousand of them one by one (a test of one second took five minutes). sweeping.py clears up."""
    tables = inside.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    for (table,) in tables:
        inside.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = off)')


def _migrate(name: str) -> None:
    settings = connection.settings_dict
    before = settings["NAME"]
    connections.close_all()
    settings["NAME"] = name
    try:
        setup.migrate_schema()
    finally:
        connections.close_all()
        settings["NAME"] = before
