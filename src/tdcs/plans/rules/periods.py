"""Which period a task or duty is owed for, and by which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tdcs.core.validity import Validity, year_of


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open period with the day by which its result is due; ``due_before``: that day is too late."""

    validity: Validity
    year: int
    due_on: date | None
    due_before: bool = False


def report_day(year: int, month: int | None, day: int | None) -> date:
    """The yearly report's due day in a year; 31 December when the plan names none."""
    return date(year, month, day) if month and day else date(year, 12, 31)


def yearly(year: int, *, month: int | None, day: int | None, before: bool) -> Period:
    """A standing or yearly matter: owed for the calendar year, due with the yearly report."""
    return Period(year_of(year), year, report_day(year, month, day), before and bool(month))


def once_only(*, due_on: date, starts_on: date | None, plan_day: date) -> Period:
    """A matter with one due day: owed from its first day (or the plan's) to its due day, in that day's year."""
    start = max(starts_on or plan_day, plan_day)
    end = max(due_on, start) + timedelta(days=1)
    return Period(Validity(start, end), due_on.year, due_on)


def span_of(kind: str, start: date, due_on: date) -> tuple[date, date]:
    """[first day, day after the last) of a task given by hand: the month, quarter or year of ``start``, or to a day."""
    if kind == "year":
        return date(start.year, 1, 1), date(start.year + 1, 1, 1)
    if kind == "quarter":
        first = date(start.year, (start.month - 1) // 3 * 3 + 1, 1)
        return first, _months_on(first, 3)
    if kind == "month":
        first = start.replace(day=1)
        return first, _months_on(first, 1)
    return start, max(due_on, start) + timedelta(days=1)


def _months_on(first: date, months: int) -> date:
    at = first.month - 1 + months
    return date(first.year + at // 12, at % 12 + 1, 1)
