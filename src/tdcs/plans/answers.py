"""What this room tells the indicators: obligations that fell due in a year, and those done in time."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import Count, F, Q

from tdcs.indicators import above
from tdcs.plans.models import Obligation


def tasks_of(day: date) -> pl.DataFrame:
    """organisation, tasks_due, tasks_on_time: what fell due in the day's year by that day, and what of it came in time."""
    before = Q(due_before=True, submitted_on__lt=F("due_on"))
    in_time = Q(submitted_on__lte=day) & (
        before | Q(due_before=False, submitted_on__lte=F("due_on"))
    )
    rows = (
        Obligation.objects.filter(year=day.year, due_on__lte=day)
        .exclude(state__in=("merged", "withdrawn"))
        .values("holder_id")
        .annotate(due=Count("pk"), done=Count("pk", filter=in_time))
        .order_by("holder_id")
    )
    schema = dict.fromkeys(("organisation", "tasks_due", "tasks_on_time"), pl.Int64)
    return pl.DataFrame(
        list(rows.values_list("holder_id", "due", "done")), schema=schema, orient="row"
    )


def hand_down() -> None:
    """Called once when the application starts."""
    above.install(tasks=tasks_of)
