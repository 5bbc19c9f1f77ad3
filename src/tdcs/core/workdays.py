"""Working days of Vietnam: weekends, public holidays, Tết, and the days moved by decision.

The holidays come from the `holidays` package; `law/calendar/overrides.yaml` adds what a decision of the
Prime Minister moved and the package does not know yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from tdcs.core import law


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``."""
    overrides = _overrides()
    if day in overrides["working"]:
        return True
    if day in overrides["off"]:
        return False
    return day.weekday() < 5 and day not in _holidays(day.year)


def holiday_name(day: date) -> str | None:
    """The Vietnamese name of a public holiday, or None."""
    if day in _overrides()["off"]:
        return "Nghỉ bù, nghỉ hoán đổi"
    return _holidays(day.year).get(day)


def working_days_after(day: date, until: date) -> int:
    """How many of the days in (day, until] are working days; 0 when ``until`` is not after ``day``.

    31/12/2026 (Thursday) to 4/1/2027 (Monday): 1/1 is a holiday, 2 and 3 a weekend, so 1.
    """
    count = 0
    step = day
    while step < until:
        step += timedelta(days=1)
        count += is_working_day(step)
    return count


def next_working_day(day: date) -> date:
    """``day`` itself when offices work on it, else the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _holidays(year: int) -> dict[date, str]:
    # A heavy import that commands without dates need not pay for.
    from holidays.countries.vietnam import Vietnam

    return dict(Vietnam(years=year, language="vi").items())  # type: ignore[no-untyped-call]


@cache
def _overrides() -> dict[str, frozenset[date]]:
    data = law.load("calendar/overrides.yaml")
    return {
        kind: frozenset(row["on"] for row in data.get(kind) or []) for kind in ("working", "off")
    }
