"""The day on which a session counts when it would fall on a public holiday: one function, three dated cases."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.core import law, workdays
from tdcs.core.basis import basis
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.engine import nw
from tdcs.core.frames import Frame
from tdcs.loans.rules import limits

_RULE: Final = "trigger_on_holiday"


@basis("BLDS-2015", "Điều 148.5")
def held_on(day: date) -> date:
    """The day that counts for a trigger on ``day``: itself when it is no public holiday, a weekend or not.

    On a public holiday the law's ``trigger_on_holiday`` decides: the session is held (``day`` itself), it is moved (the
    make-up day of law/calendar/make_up_sessions.yaml; without one as in the third case), or there is none (the next
    working day). 6/2/2027, the first day of Tết, without a session: 11/2/2027.
    """
    if workdays.holiday_name(day) is None:
        return day
    case = limits.figure(_RULE, day_number(day))
    if case == limits.SESSION_HELD:
        return day
    moved = _make_up_days().get(day) if case == limits.SESSION_MOVED else None
    return moved or workdays.next_working_day(day)


def held(rows: Frame) -> Frame:
    """``rows`` with ``trigger`` (a day as a number) where it counts: ``held_on`` as a column."""
    if len(rows) == 0:
        return rows
    first, last = day_of_number(rows["trigger"].min()), day_of_number(rows["trigger"].max())
    moved = _moved_between(first.year, last.year)
    names = {"trigger": [day for day, _ in moved], "_held": [day for _, day in moved]}
    held_instead = nw.DataFrame.from_dict(names, dict.fromkeys(names, nw.Int64()), backend="polars")
    staged = rows.join(held_instead, on="trigger", how="left")
    return staged.with_columns(trigger=nw.coalesce("_held", "trigger")).drop("_held")


@law.remembered
def _moved_between(first: int, last: int) -> tuple[tuple[int, int], ...]:
    """(trigger, held) of the public holidays of these years on which a trigger does not count."""
    days = [day for year in range(first, last + 1) for day in workdays.public_holidays(year)]
    pairs = ((day_number(day), day_number(held_on(day))) for day in days)
    return tuple(pair for pair in pairs if pair[0] != pair[1])


@law.remembered
def _make_up_days() -> dict[date, date]:
    rows = law.load("calendar/make_up_sessions.yaml") or []
    return {row["session_on"]: row["held_on"] for row in rows}
