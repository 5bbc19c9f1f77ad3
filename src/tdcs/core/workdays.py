"""Working days of Vietnam: weekends, public holidays, Tết, and the days moved by decision.

The holidays stand in `law/calendar/holidays.csv`, made from the `holidays` package by tools/public_holidays.py;
`law/calendar/overrides.yaml` adds what a decision of the Prime Minister moved and the package does not know yet.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta

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


def public_holidays(year: int) -> list[date]:
    """The days of a year on which offices rest by law or by a decision, in order; weekends are not named."""
    moved = (day for day in _overrides()["off"] if day.year == year)
    return sorted({*_holidays(year), *moved} - _overrides()["working"])


def _holidays(year: int) -> dict[date, str]:
    return _by_year().get(year, {})


@law.remembered
def _by_year() -> dict[int, dict[date, str]]:
    found: dict[int, dict[date, str]] = {}
    with law.path("calendar/holidays.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["on"])
            found.setdefault(day.year, {})[day] = row["name"]
    return found


@law.remembered
def _overrides() -> dict[str, frozenset[date]]:
    data = law.load("calendar/overrides.yaml")
    return {
        kind: frozenset(row["on"] for row in data.get(kind) or []) for kind in ("working", "off")
    }
