"""In time by columns, by one row and by `lateness` is one answer."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.plans.rules.timeliness import last_day_in_time, lateness, standing_of, with_in_time

DUE = date(2026, 12, 15)
SCHEMA = {"due_on": pl.Date, "due_before": pl.Boolean, "submitted_on": pl.Date}


def _in_time(due: date | None, before: bool, arrived: date | None) -> bool | None:
    frame = pl.DataFrame([(due, before, arrived)], schema=SCHEMA, orient="row")
    found: bool | None = with_in_time(frame)["in_time"][0]
    return found


@pytest.mark.parametrize(
    ("before", "arrived", "in_time"),
    [
        (True, date(2026, 12, 14), True),
        (True, date(2026, 12, 15), False),
        (False, date(2026, 12, 15), True),
        (False, date(2026, 12, 16), False),
    ],
)
def test_both_sides_of_the_last_day(before: bool, arrived: date, in_time: bool) -> None:
    assert _in_time(DUE, before, arrived) is in_time


def test_nothing_is_said_of_what_did_not_arrive_or_has_no_day() -> None:
    assert _in_time(DUE, True, None) is None
    assert _in_time(None, False, DUE) is None


@given(away=st.integers(-400, 400), before=st.booleans())
def test_columns_and_single_rows_agree(away: int, before: bool) -> None:
    arrived = DUE + timedelta(days=away)
    late = lateness(arrived_on=arrived, due_on=DUE, due_before=before).days
    assert _in_time(DUE, before, arrived) is (late == 0)
    assert (arrived <= last_day_in_time(DUE, before)) is (late == 0)
    standing, _left, days_late = standing_of(
        state="submitted", due_on=DUE, due_before=before, submitted_on=arrived, today=arrived
    )
    assert (standing, days_late) == (("done_late", late) if late else ("done", None))
