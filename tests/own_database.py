"""A copy of the test database in which a test commits for real; gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections


@contextmanager
def own_database(blocker: Any, name: str) -> Iterator[None]:
    """Django's own connection works on the copy inside."""
    with blocker.unblock():
        settings = connection.settings_dict
        template, params = settings["NAME"], connection.get_connection_params()
        connections.close_all()
        known = {n: params[n] for n in ("host", "port", "user", "password") if params.get(n)}
        target = f"{template}_{name}"

        def sql(statement: str) -> None:
            with psycopg.connect(**known, dbname="postgres", autocommit=True) as there:
                there.execute(statement)

        sql(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        sql(f'CREATE DATABASE "{target}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        settings["NAME"] = target
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = template
            sql(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
