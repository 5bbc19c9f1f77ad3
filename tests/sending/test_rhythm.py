"""On which day a report leaves: both sides of the day, holidays, short months, pauses."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.sending.rules.rhythm import MONTHLY, WEEKLY, due_period

LONG_AGO = date(2026, 1, 1)
CASES = [
    # rhythm, day, since, on, the day of the rhythm that is due
    (WEEKLY, 1, LONG_AGO, date(2026, 11, 23), date(2026, 11, 23), "a Monday, on it"),
    (WEEKLY, 1, LONG_AGO, date(2026, 11, 22), date(2026, 11, 16), "the Sunday before"),
    (WEEKLY, 6, LONG_AGO, date(2026, 11, 21), date(2026, 11, 14), "Saturday: offices rest"),
    (WEEKLY, 6, LONG_AGO, date(2026, 11, 23), date(2026, 11, 21), "it leaves on Monday"),
    (WEEKLY, 1, date(2026, 11, 24), date(2026, 11, 24), None, "made the day after"),
    (WEEKLY, 1, date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23), "made that day"),
    (MONTHLY, 31, LONG_AGO, date(2026, 11, 30), date(2026, 11, 30), "a short month"),
    (MONTHLY, 31, LONG_AGO, date(2026, 11, 29), date(2026, 10, 31), "before its last day"),
    (
        MONTHLY,
        1,
        LONG_AGO,
        date(2027, 1, 3),
        date(2026, 12, 1),
        "1/1 is a holiday, 2 and 3 a weekend",
    ),
    (MONTHLY, 1, LONG_AGO, date(2027, 1, 4), date(2027, 1, 1), "the first working day"),
    (WEEKLY, 1, LONG_AGO, date(2026, 2, 17), date(2026, 2, 9), "Tet: the Monday in it waits"),
    (WEEKLY, 1, LONG_AGO, date(2026, 2, 23), date(2026, 2, 23), "after Tet the latest Monday"),
]


@pytest.mark.parametrize(("rhythm", "day", "since", "on", "due", "why"), CASES)
def test_when_it_is_due(
    rhythm: str, day: int, since: date, on: date, due: date | None, why: str
) -> None:
    assert due_period(rhythm=rhythm, day=day, since=since, on=on) == due, why
