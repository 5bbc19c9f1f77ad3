"""A copy of the test database in which a test commits for real; gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from grounds import GROUNDS
from migrated import copy_database, drop_database


@contextmanager
def own_database(blocker: Any, name: str, *, of: str = "") -> Iterator[None]:
    """Django's own connection works on the copy inside; the copy is of another database where ``of`` names one."""
    with blocker.unblock():
        settings = connection.settings_dict
        before = settings["NAME"]
        GROUNDS.keep(None)
        connections.close_all()
        target = f"{before}_{name}"
        copy_database(of or before, target)
        settings["NAME"] = target
        try:
            yield
        finally:
            GROUNDS.keep(None)
            connection.close()
            settings["NAME"] = before
            drop_database(target)
