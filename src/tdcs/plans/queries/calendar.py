"""The calendar: what is due on which day, holidays and weekends beside it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.access.models import User
from tdcs.core import clock, workdays
from tdcs.plans.queries.in_force import Plans
from tdcs.plans.queries.matrix import Column, columns_of
from tdcs.plans.queries.obligations import Tally, frame_due, tallies

# So many matters are named in a square of the month; the rest is a number that leads to the list.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Due:
    """One task, duty or directive due on a day, with the units that owe it."""

    column: Column
    tally: Tally
    before: bool

    @property
    def open(self) -> int:
        return self.tally.total - self.tally.done

    @property
    def standing(self) -> str:
        if self.tally.late:
            return "late"
        return "done" if not self.open else "soon" if self.tally.soon else "on_time"


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the calendar."""

    on: date
    inside: bool
    working: bool
    holiday: str
    today: bool
    due: list[Due]

    @property
    def named(self) -> list[Due]:
        return self.due[:NAMED]

    @property
    def more(self) -> int:
        return max(0, len(self.due) - NAMED)

    @property
    def open(self) -> int:
        return sum(due.open for due in self.due)

    @property
    def done(self) -> int:
        return sum(due.tally.done for due in self.due)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday, and its days with something due."""

    first: date
    weeks: list[list[Day]]

    @property
    def busy(self) -> list[Day]:
        return [day for week in self.weeks for day in week if day.inside and day.due]

    @property
    def free(self) -> list[Day]:
        """Holidays of the month."""
        return [day for week in self.weeks for day in week if day.inside and day.holiday]


def months(plans: Plans, first: date, count: int, user: User) -> list[Month]:
    """``count`` months from ``first``, with all that falls due in them. "Before 15/12" stands on 15/12."""
    until = step(first, count)
    rows = frame_due(plans, first, until, user)
    columns = {column.key: column for column in columns_of(rows)}
    order = {key: at for at, key in enumerate(columns)}
    before = dict(rows.group_by("column").agg(pl.col("due_before").any()).iter_rows())
    due: dict[date, list[Due]] = defaultdict(list)
    for (on, key), tally in tallies(rows, "due_on", "column").items():
        due[on].append(Due(columns[key], tally, before[key]))
    for found in due.values():
        found.sort(key=lambda d: (d.standing != "late", d.open == 0, order[d.column.key]))
    return [_month(step(first, at), due) for at in range(count)]


def _month(first: date, due: dict[date, list[Due]]) -> Month:
    today = clock.today()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        [
            [
                Day(
                    on=day,
                    inside=day.month == first.month,
                    working=workdays.is_working_day(day),
                    holiday=workdays.holiday_name(day) or "",
                    today=day == today,
                    due=due.get(day, []) if day.month == first.month else [],
                )
                for day in week
            ]
            for week in weeks
        ],
    )


def step(first: date, months: int) -> date:
    """The first day of the month so many months on (or back)."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
