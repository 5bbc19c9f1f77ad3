"""Sessions of a month from the points' days: which day each falls on, and where a session goes that cannot be held."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from tdcs.core import workdays
from tdcs.core.basis import basis, without_basis
from tdcs.loans.rules.sessions import held_on
from tdcs.transaction_points.rules import settings


@dataclass(frozen=True, slots=True)
class Meeting:
    """A point as its profile has it: served by an office, meeting on a day of the month."""

    point: int
    office: int
    day: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A session of the plan; ``why``: the reason when it is not held on the day on which it falls."""

    point: int
    office: int
    due_on: date
    held_on: date
    why: str = ""


@without_basis("cách đọc ngày cố định trong tháng")
def falls_on(month: date, day_of_month: int) -> date:
    """The fixed day in a month; a month without that day takes its last. Day 31 in February 2026: 28/2."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day_of_month, last))


@basis("HD-4030-2014")
def plan_month(
    meetings: Iterable[Meeting], month: date, known: Iterable[Planned] = ()
) -> list[Planned]:
    """The sessions of a month, by day and point; ``known``: those that the offices hold already.

    A session on a day of rest is made up for: on the day on which debts due at it count (``loans.rules.sessions.held_on``, or
    the next day that has sessions), or, when the office holds ``most_a_day`` then, on the nearest working day before that has
    room: a session before the day does a borrower no harm, one after it would make him late. 17/2/2026, Tết: 23/2.
    """
    due = [(falls_on(month, one.day), one) for one in meetings]
    due.sort(key=lambda pair: (pair[0], pair[1].point))
    busy = Counter((one.office, one.held_on) for one in known)
    found, moved = [], []
    for day, one in due:
        if settings.rest_of(day):
            moved.append((day, one))
        else:
            busy[one.office, day] += 1
            found.append(Planned(one.point, one.office, day, day))
    for day, one in moved:
        to = make_up_day(day, lambda at, office=one.office: busy[office, at])  # type: ignore[misc]
        busy[one.office, to] += 1
        found.append(Planned(one.point, one.office, day, to, settings.rest_of(day)))
    return sorted(found, key=lambda one: (one.held_on, one.point))


@basis("BLDS-2015", "Điều 148.5")
def make_up_day(day: date, held: Callable[[date], int]) -> date:
    """Where a session goes that falls on a day of rest; ``held``: how many the office holds on a day."""
    counts = held_on(day)
    while settings.rest_of(counts) or workdays.holiday_name(counts):
        counts = workdays.next_working_day(counts + timedelta(days=1))
    most = settings.most_a_day(day)
    if held(counts) < most:
        return counts
    for back in range(1, settings.days_before(day) + 1):
        at = day - timedelta(days=back)
        if workdays.is_working_day(at) and not settings.rest_of(at) and held(at) < most:
            return at
    return counts


@basis("CV-597-2026")
def list_from(day: date) -> date:
    """The day by which group leaders have the list of what falls due at the session of ``day``: 23/12/2026 → 23/11/2026."""
    return day - timedelta(days=settings.due_list_days(day))


@dataclass(frozen=True, slots=True)
class Held:
    """A session as conflicts are looked for: hours None for the whole day."""

    session: int
    point: int
    on: date
    starts: time | None
    ends: time | None
    people: tuple[int, ...] = ()
    vehicle: str = ""
    counts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions that cannot both be held as planned: ``kind`` person, vehicle or point; ``what``: its key or name.

    ``late``: one session after the day on which debts due at it count.
    """

    kind: str
    what: str
    first: int
    second: int


@without_basis("một người, một xe, một điểm không ở hai phiên cùng giờ")
def clashes(sessions: Iterable[Held]) -> list[Clash]:
    """Each pair of sessions at the same hours with one person, one vehicle or one point in common, and sessions held too late.

    8:00–11:00 and 11:00–14:00 share no hour; without hours a session takes the whole day.
    """
    rows = sorted(sessions, key=lambda one: (one.on, one.session))
    found = [
        Clash("late", str(one.point), one.session, one.session)
        for one in rows
        if one.counts_on is not None and one.on > one.counts_on
    ]
    by_day: dict[date, list[Held]] = {}
    for one in rows:
        by_day.setdefault(one.on, []).append(one)
    for day in by_day.values():
        for at, one in enumerate(day):
            for other in day[at + 1 :]:
                if _together(one, other):
                    found += _between(one, other)
    return found


def _together(one: Held, other: Held) -> bool:
    if one.starts is None or one.ends is None or other.starts is None or other.ends is None:
        return True
    return one.starts < other.ends and other.starts < one.ends


def _between(one: Held, other: Held) -> list[Clash]:
    pair = (one.session, other.session)
    found = [Clash("person", str(who), *pair) for who in sorted({*one.people} & {*other.people})]
    if one.vehicle and one.vehicle.casefold() == other.vehicle.casefold():
        found.append(Clash("vehicle", one.vehicle, *pair))
    if one.point == other.point:
        found.append(Clash("point", str(one.point), *pair))
    return found
