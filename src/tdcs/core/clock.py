"""The one clock. "Today" is asked here and nowhere else, so that tests and demos can stand on any day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_standing: ContextVar[date | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The instant, aware, in Vietnam's zone; on a fixed day it keeps the real time of day."""
    real = datetime.now(ZONE)
    day = _fixed_day()
    return real if day is None else datetime.combine(day, real.timetz())


def today() -> date:
    """The business day on which the system stands."""
    return _fixed_day() or datetime.now(ZONE).date()


def start_of(day: date) -> datetime:
    """Midnight in Vietnam at which ``day`` begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def day_of(moment: datetime) -> date:
    """The day in Vietnam on which an instant falls."""
    return moment.astimezone(ZONE).date()


@contextmanager
def fixed_today(day: date) -> Iterator[None]:
    """Make ``today()`` answer ``day`` inside the block."""
    token = _standing.set(day)
    try:
        yield
    finally:
        _standing.reset(token)


def _fixed_day() -> date | None:
    standing = _standing.get()
    if standing is not None:
        return standing
    # A demo or a rehearsal fixes the day for the whole process.
    words = os.environ.get("TDCS_TODAY", "")
    return date.fromisoformat(words) if words else None
