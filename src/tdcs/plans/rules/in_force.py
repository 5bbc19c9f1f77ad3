"""Which plans are in force on a day, and what of a plan that ended is still owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tdcs.core.validity import Validity
from tdcs.plans.rules.timeliness import last_day_in_time


@dataclass(frozen=True, slots=True)
class PlanTime:
    """A published plan and the days [starts_on, ends_on) on which it is in force."""

    plan: int
    validity: Validity


def in_force(plans: Iterable[PlanTime], day: date) -> tuple[int, ...]:
    """The plans in force on a day, by their first day; of two with one first day both, in the order given."""
    held = [one for one in plans if one.validity.holds_on(day)]
    return tuple(one.plan for one in sorted(held, key=lambda one: one.validity.starts_on))


def end_of(last_year: int) -> date:
    """The day from which a plan is no longer in force, when nothing ends it earlier."""
    return date(last_year + 1, 1, 1)


def still_owed(
    *, due_on: date | None, due_before: bool, period_end: date, ended_on: date | None
) -> bool:
    """Whether what nobody has answered yet is owed although its plan or task ended on a day.

    What was to be done before that day stays owed, however late; the rest ends with the plan. Ended on
    15/01/2026: due on 14/01 stays, due "before 15/01" stays, due on 15/01 ends. Without a due day the last day of
    the period decides.
    """
    if ended_on is None:
        return True
    last = last_day_in_time(due_on, due_before) if due_on else period_end - timedelta(days=1)
    return last < ended_on
