"""One close at a time, on the events that are safely written."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction

from tdcs.closing.errors_days import CloseBusy, PostingBusy
from tdcs.closing.models import BookIdentity
from tdcs.core import clock, law

_LOCK: Final = (232, 4)
_PATIENCE: Final = "20s"
_MOMENT: Final = 2.0


@contextmanager
def close_lock() -> Iterator[None]:
    """The block of one close; another at the same time is told. The lock dies with its process. Raises CloseBusy.

    A moment of patience: the server notices a killed process when the statement that it ran for it ends.
    """
    until = time.monotonic() + _MOMENT
    while not _locked():
        if time.monotonic() > until:
            raise CloseBusy
        time.sleep(0.1)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _LOCK)


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
        return bool(cursor.fetchone()[0])


def event_watermark() -> int:
    """The key up to which every event is written or never will be. Raises PostingBusy.

    Keys are given before they are committed: the lock waits for the writers that are at it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
            cursor.execute("LOCK TABLE loans_loanevent IN SHARE MODE")
            cursor.execute("SELECT coalesce(max(id), 0) FROM loans_loanevent")
            return int(cursor.fetchone()[0])
    except OperationalError as error:
        raise PostingBusy from error


def book_key() -> str:
    """The name of this book, given when it is first asked for."""
    row, _ = BookIdentity.objects.get_or_create(
        pk=1, defaults={"key": str(uuid.uuid4()), "made_at": clock.now()}
    )
    return row.key


@law.remembered
def law_hash() -> str:
    """SHA-256 of what the law's data say of programmes and loans: each day keeps by which law it was closed."""
    names = ("parameters/programmes.yaml", "parameters/loans.yaml")
    content = json.dumps([law.load(name) for name in names], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()
