"""Ends of months."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

_YEAR: Final = 12


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month ``months`` after that of ``day``: 31/1/2024 and one month, 29/2/2024."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def is_month_end(day: date) -> bool:
    """Whether a month ends with a day."""
    return day.month != (day + timedelta(days=1)).month
