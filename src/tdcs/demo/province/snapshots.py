"""Snapshots of the past: the rows of every month-end and of the last days, read from the same fold as the loans.

One fold of the engine serves all days (``rows_on_days``); a test compares with each day's own. The last day is closed by the
close itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.rules.history import days_of, rows_on_days
from tdcs.closing.rules.rows import ROW
from tdcs.closing.services.closing import close_day
from tdcs.closing.services.locking import book_key, law_hash
from tdcs.closing.store import Lineage, narrow
from tdcs.core.columns import day_number, day_of_number
from tdcs.demo.province.calibration import Frame, month_ends
from tdcs.demo.province.earning import Life
from tdcs.demo.province.places import MERGED

# Days before the last that are kept one by one.
LAST_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days``: those that get a snapshot; ``openings``: the day on which the month of each opened; day numbers."""

    days: list[int]
    openings: list[int]

    @property
    def every(self) -> list[int]:
        """All days on which somebody must know how loans stood."""
        return sorted({*self.days, *self.openings})


def calendar(frame: Frame) -> Calendar:
    """Month-ends from the eve of the history on, and the last days but the very last."""
    last = day_of_number(frame.last)
    days = {*month_ends(frame), *(last - timedelta(days=n) for n in range(1, LAST_DAYS + 1))}
    days.discard(last)
    chosen = sorted(day for day in days if day < last)
    openings = [day_number(day.replace(day=1)) - 1 for day in chosen]
    return Calendar([day_number(day) for day in chosen], openings)


def rows(when: Calendar, loans: pl.DataFrame, life: Life) -> pl.DataFrame:
    """An office's rows of all days: ``at`` and ROW, in the types of the disk. ``loans``: the contracts with their places
    of both maps (mass_old, mass, commune_old, commune)."""
    contracts = nw.from_native(life.contracts, eager_only=True)
    events = nw.from_native(life.events, eager_only=True)
    days = days_of(list(zip(when.days, when.openings, strict=True)))
    found: pl.DataFrame = rows_on_days(contracts, life.position, events, days).to_native()
    return narrow(_with_places(found, loans).select("at", *ROW))


def _with_places(found: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """Keys of the day: organisations and communes of the old map before the merger."""
    merged = day_number(MERGED)
    places = ("mass", "mass_old", "commune", "commune_old")
    rows = found.drop("group", "mass", "commune").join(
        loans.select("loan", *places, group="group_id"), on="loan"
    )
    old = pl.col("at") < merged
    return rows.with_columns(
        mass=pl.when(old).then("mass_old").otherwise("mass"),
        commune=pl.when(old).then("commune_old").otherwise("commune"),
    )


def write(when: Calendar, offices: Sequence[tuple[int, pl.DataFrame]]) -> None:
    """The kept days into the store of this installation; consecutive days follow one another by digest."""
    key = book_key()
    kept = store()
    by_day = [
        (office, rows.partition_by("at", as_dict=True, include_key=False))
        for office, rows in offices
    ]
    previous: tuple[date, str] | None = None
    for number in when.days:
        day = day_of_number(number)
        parts = [
            (office, days[number,].cast({"programme": pl.String}))
            for office, days in by_day
            if (number,) in days
        ]
        follows = previous is not None and previous[0] == day - timedelta(days=1)
        made = kept.write(
            day,
            parts,
            month_start=day.replace(day=1),
            lineage=Lineage(
                previous=previous[1] if follows and previous else "", law_hash=law_hash(), book=key
            ),
        )
        previous = (day, made.digest)


def close_last(frame: Frame) -> CloseRun | None:
    """The last day by the close itself: its step, its entries, its run."""
    day = day_of_number(frame.last)
    close_day(day=day, by=None)
    return CloseRun.objects.filter(day=day).first()
