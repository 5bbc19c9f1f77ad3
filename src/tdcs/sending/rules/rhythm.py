"""On which day a scheduled report leaves."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.core.workdays import next_working_day

WEEKLY: Final = "weekly"
MONTHLY: Final = "monthly"


@without_basis("ngày gửi do người lập lịch chọn")
def due_period(*, rhythm: str, day: int, since: date, on: date) -> date | None:
    """The latest day of the rhythm whose sending day has come by ``on``; None when there is none since ``since``.

    A day of rest moves the sending to the next working day: of two days that meet so, the later is sent. Weekly on Monday (1):
    on Monday 16/2/2026, in Tet, nothing leaves; the first working day after Tet sends what is then the latest Monday.
    """
    period = _latest(rhythm, day, on)
    while period >= since:
        if next_working_day(period) <= on:
            return period
        period = _latest(rhythm, day, period - timedelta(days=1))
    return None


def _latest(rhythm: str, day: int, on: date) -> date:
    """The last day of the rhythm up to ``on``; the 31st of a short month is its last day."""
    if rhythm == WEEKLY:
        return on - timedelta(days=(on.isoweekday() - day) % 7)
    this = _in_month(on, day)
    return this if this <= on else _in_month(on.replace(day=1) - timedelta(days=1), day)


def _in_month(month: date, day: int) -> date:
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day, last))
