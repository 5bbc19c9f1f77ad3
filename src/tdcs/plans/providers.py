"""What this room tells the indicators: obligations that fell due in a year, and those done in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.access.ports import moved_with_work
from tdcs.core import clock
from tdcs.indicators import ports
from tdcs.jobs import kinds
from tdcs.letters import ports as letter_ports
from tdcs.loans import ports as loan_ports
from tdcs.plans.models import Obligation, ObligationState
from tdcs.plans.ports import evidence
from tdcs.plans.queries import (
    evidence_below,
    evidence_groups,
    evidence_own,
    evidence_risk,
)
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.plans import current_version
from tdcs.plans.queries.plans import tasks_of as tasks_of_version
from tdcs.plans.rules.timeliness import with_in_time
from tdcs.plans.services import reading
from tdcs.plans.services.notices import hand_over, notify_of_step

_OWED: Final = {
    "organisation": pl.Int64,
    "year": pl.Int64,
    "due_on": pl.Date,
    "due_before": pl.Boolean,
    "submitted_on": pl.Date,
}


def tasks_of(days: Sequence[date]) -> pl.DataFrame:
    """day, organisation, tasks_due, tasks_on_time: what fell due in a day's year by that day, and what of it came in time."""
    told = pl.DataFrame({"day": sorted(set(days))}, schema={"day": pl.Date})
    told = told.with_columns(year=pl.col("day").dt.year().cast(pl.Int64))
    rows = (
        Obligation.objects.filter(year__in=told["year"].unique().to_list(), due_on__isnull=False)
        .exclude(state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN))
        .values_list("holder_id", "year", "due_on", "due_before", "submitted_on")
    )
    owed = with_in_time(pl.DataFrame(list(rows), schema=_OWED, orient="row"))
    came, due = pl.col("submitted_on"), pl.col("due_on")
    return (
        told.join(owed, on="year", how="inner")
        .filter(due <= pl.col("day"))
        .group_by("day", "organisation")
        .agg(
            tasks_due=pl.len().cast(pl.Int64),
            tasks_on_time=(pl.col("in_time") & (came <= pl.col("day")))
            .fill_null(False)
            .sum()
            .cast(pl.Int64),
        )
        .sort("day", "organisation")
    )


def tasks_for_letters() -> list[tuple[int, str]]:
    """The tasks that a letter may be about: those of the plans in force, each with its plan's number where there are several."""
    plans = plans_in_force(clock.today())
    return [
        (task.pk, f"{plan.number}, {task.path} {task.title}"[:120])
        for plan in plans
        for task in tasks_of_version(current_version(plan))
    ]


def register() -> None:
    """Called once when the application starts."""
    ports.tasks.register(tasks_of)
    kinds.register(reading.KIND)
    loan_ports.notify_person.register(notify_of_step)
    letter_ports.tasks.register(tasks_for_letters)
    moved_with_work.register("plans", hand_over)
    # Rooms below cannot know the plan: it asks for what they keep.
    evidence.register("below", evidence_below.kinds)
    evidence.register("group_results", evidence_groups.kinds)
    evidence.register("problem_loans", evidence_risk.kinds)
    evidence.register("plans", evidence_own.kinds)
