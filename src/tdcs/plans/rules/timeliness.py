"""Is it on time? One rule for the inbox, the matrix, the first screen, the report and the indicator of tasks in time.

"Before 15 December" (III.1 of the reference plan) means that the 14th is the last day: what arrives on the
15th is one day late. Days are counted plainly; working days beside them, with Tết and holidays known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import narwhals as nw
from narwhals.typing import IntoFrameT

from tdcs.core import workdays

# An open matter whose due day is at most this many days away is "soon".
SOON_DAYS: Final = 30

DONE_STATES: Final = ("submitted", "accepted")
GONE_STATES: Final = ("merged", "withdrawn")

# Days before (negative) and after the last day in time on which a reminder goes out by itself.
LADDER: Final = (-30, -15, -7, -1, 1, 7, 15, 30, 60, 90)
# A step that fell on a day without a run (a weekend, a holiday) is made up within so many days.
CATCH_UP_DAYS: Final = 3

STANDINGS: Final = ("done", "done_late", "late", "soon", "on_time", "gone")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late something came: calendar days and working days; 0 and 0 when in time."""

    days: int
    working_days: int


def last_day_in_time(due_on: date, due_before: bool) -> date:
    """The last day that still counts: the day before "before 15 December", else the due day itself."""
    return due_on - timedelta(days=1) if due_before else due_on


def lateness(*, arrived_on: date, due_on: date, due_before: bool) -> Lateness:
    """Lateness of what arrived on a day.

    Due before 15/12/2024 (a Sunday), arrived on Monday 16/12: 2 days, 1 working day.
    """
    last = last_day_in_time(due_on, due_before)
    days = max(0, (arrived_on - last).days)
    return Lateness(days, workdays.working_days_after(last, arrived_on) if days else 0)


def step_on(day: date, last_day: date) -> int | None:
    """The ladder's step on a day, the one missed in the last CATCH_UP_DAYS included; None between steps.

    Last day in time 14/12/2026: on 7/12 the step is -7, on 9/12 still -7 (if it was not sent), on 12/12 none.
    """
    distance = (day - last_day).days
    reached = [step for step in LADDER if step <= distance]
    # A step before the day must not be made up after it: "one day left" would be untrue.
    if not reached or distance - reached[-1] > CATCH_UP_DAYS or (reached[-1] < 0 < distance):
        return None
    return reached[-1]


def _days_past(day: nw.Expr) -> nw.Expr:
    """Days of ``day`` past the last day in time of a row: positive means late."""
    spare = nw.when(nw.col("due_before")).then(1).otherwise(0)
    return (day - nw.col("due_on")).dt.total_minutes() // 1440 + spare


def with_in_time(frame: IntoFrameT) -> IntoFrameT:
    """Add `in_time`: what arrived came by its last day in time; null where nothing arrived or no day is named.

    Columns in: due_on (date, null), due_before (bool), submitted_on (date, null).
    """
    table = nw.from_native(frame)  # type: ignore[type-var]
    return table.with_columns(in_time=_days_past(nw.col("submitted_on")) <= 0).to_native()


def with_standing(frame: IntoFrameT, *, today: date) -> IntoFrameT:
    """Add `standing`, `days_left`, `days_late` to rows of obligations.

    Columns in: state (string), due_on (date, null: no day named), due_before (bool), submitted_on (date, null).
    Columns out: standing, one of STANDINGS; days_left (int, to the due day; null when done or gone);
    days_late (int, null when done in time, gone or not yet late).
    """
    table = nw.from_native(frame)  # type: ignore[type-var]
    state, due = nw.col("state"), nw.col("due_on")
    done = state.is_in(DONE_STATES)
    gone = state.is_in(GONE_STATES)
    past = (
        nw.when(done)
        .then(_days_past(nw.col("submitted_on")))
        .otherwise(_days_past(nw.lit(today, nw.Date)))
    )
    left = (due - nw.lit(today, nw.Date)).dt.total_minutes() // 1440
    late = (past > 0) & ~due.is_null()
    standing = (
        nw.when(gone)
        .then(nw.lit("gone"))
        .otherwise(
            nw.when(done & late)
            .then(nw.lit("done_late"))
            .otherwise(
                nw.when(done)
                .then(nw.lit("done"))
                .otherwise(
                    nw.when(late)
                    .then(nw.lit("late"))
                    .otherwise(
                        nw.when(left <= SOON_DAYS).then(nw.lit("soon")).otherwise(nw.lit("on_time"))
                    )
                )
            )
        )
    )
    return table.with_columns(
        standing=standing,
        days_left=nw.when(~done & ~gone).then(left),
        days_late=nw.when(late & ~gone).then(past),
    ).to_native()


def standing_of(
    *, state: str, due_on: date | None, due_before: bool, submitted_on: date | None, today: date
) -> tuple[str, int | None, int | None]:
    """(standing, days_left, days_late) of one obligation: the column rule on a frame of one row."""
    import polars as pl

    schema = {
        "state": pl.String,
        "due_on": pl.Date,
        "due_before": pl.Boolean,
        "submitted_on": pl.Date,
    }
    row = pl.DataFrame([(state, due_on, due_before, submitted_on)], schema=schema, orient="row")
    found = with_standing(row, today=today).row(0, named=True)
    return found["standing"], found["days_left"], found["days_late"]
