"""Which plans are in force on a day, and what of a plan that ended is still owed: both sides of every boundary."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.core.validity import Validity
from tdcs.plans.rules.in_force import PlanTime, end_of, in_force, still_owed

LONG = PlanTime(1, Validity(date(2023, 9, 29), date(2031, 1, 1)))
YEARLY = PlanTime(2, Validity(date(2026, 1, 15), date(2027, 1, 1)))
SAME_DAY = PlanTime(3, Validity(date(2023, 9, 29), None))


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2023, 9, 28), ()),
        (date(2023, 9, 29), (1, 3)),
        (date(2026, 1, 14), (1, 3)),
        (date(2026, 1, 15), (1, 3, 2)),
        (date(2026, 12, 31), (1, 3, 2)),
        (date(2027, 1, 1), (1, 3)),
        (date(2030, 12, 31), (1, 3)),
        (date(2031, 1, 1), (3,)),
    ],
)
def test_a_plan_is_in_force_from_its_first_day_to_before_its_end(
    day: date, held: tuple[int, ...]
) -> None:
    assert in_force([LONG, YEARLY, SAME_DAY], day) == held


def test_two_plans_of_one_date_are_both_in_force() -> None:
    assert in_force([SAME_DAY, LONG], date(2024, 1, 1)) == (3, 1)


def test_a_plan_ends_with_its_last_year() -> None:
    assert end_of(2030) == date(2031, 1, 1)


@pytest.mark.parametrize(
    ("due_on", "due_before", "owed"),
    [
        (date(2026, 1, 14), False, True),
        (date(2026, 1, 15), False, False),
        (date(2026, 1, 15), True, True),
        (date(2026, 1, 16), True, False),
        (None, False, False),
    ],
)
def test_what_was_to_be_done_before_the_end_stays_owed(
    due_on: date | None, due_before: bool, owed: bool
) -> None:
    found = still_owed(
        due_on=due_on,
        due_before=due_before,
        period_end=date(2027, 1, 1),
        ended_on=date(2026, 1, 15),
    )
    assert found == owed


@pytest.mark.parametrize(
    ("period_end", "owed"), [(date(2026, 1, 15), True), (date(2026, 1, 16), False)]
)
def test_without_a_due_day_the_last_day_of_the_period_decides(period_end: date, owed: bool) -> None:
    ended = date(2026, 1, 15)
    found = still_owed(due_on=None, due_before=False, period_end=period_end, ended_on=ended)
    assert found == owed


def test_a_plan_without_an_end_ends_nothing() -> None:
    assert still_owed(due_on=None, due_before=False, period_end=date(2099, 1, 1), ended_on=None)
