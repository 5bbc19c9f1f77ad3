"""The closed days as a plan reads them: outstanding, lending and what falls due, by place, programme and fund.

Every frame has KEYS and one column of dong; places are those that continue them on the day of the plan.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.queries import shown_day, store
from tdcs.closing.queries.frames import contracts_of, events_of
from tdcs.core.columns import day_number
from tdcs.credit_plan.errors import NoBookYet
from tdcs.indicators.queries.units import Units
from tdcs.loans.rules.history import Position
from tdcs.loans.rules.schedule import schedule
from tdcs.programmes.queries import decrees_taken_up

PLACES: Final = ("office", "commune", "group")
KEYS: Final = (*PLACES, "programme", "source")
_LOAN: Final = (
    "loan", *PLACES, "programme", "source", "disbursed", "principal", "term", "spacing", "session", "plain", "lent",
    "paid",
)  # fmt: skip
# Every key of events: a day is read with all that is known of it now.
_ALL: Final = 2**62


def book_day(on: date) -> date:
    """The last closed day up to ``on``. Raises NoBookYet."""
    found = shown_day(on)
    if found is None:
        raise NoBookYet(day=f"{on:%d/%m/%Y}")
    return found


def outstanding(day: date, on: date) -> pl.DataFrame:
    """KEYS, balance at the end of a closed day, in the places of ``on``."""
    return _summed([day], on, "balance")


def opening(year: int, day: date, on: date) -> pl.DataFrame:
    """KEYS, balance at the end of the year before; of ``day`` while that is not closed."""
    begun = date(year - 1, 12, 31)
    return outstanding(begun if begun in store().days() else day, on)


def lent(year: int, until: date, on: date) -> pl.DataFrame:
    """KEYS, lent_month: what was paid out from the first of January to a closed day."""
    ends = [day for day in store().month_ends() if day.year == year and day < until]
    days = [*ends, until] if until.year == year else ends
    return _summed(days, on, "lent_month")


def _summed(days: list[date], on: date, measure: str) -> pl.DataFrame:
    """KEYS and the measure, added over the days, each brought to the places of ``on``."""
    rows = (
        store()
        .sums_many(days)
        .filter(pl.col(measure) != 0)
        .select("day", *PLACES, pl.col("programme").cast(pl.String), "source", measure)
        .collect()
    )
    rows = rows.with_columns(pl.lit(on, dtype=pl.Date).alias("target"))
    placed = Units().restate(rows, PLACES)
    return placed.group_by(KEYS).agg(pl.col(measure).sum()).sort(KEYS)


def maturing(year: int, day: date, on: date) -> pl.DataFrame:
    """KEYS, maturing: principal that falls due in the year by the instalments as they stand on a closed day.

    What was paid ahead fills the earliest instalments; what is due before the year counts in none of it.
    """
    rows = _falling_due(year, day, store().manifest(day).digest)
    placed = rows.with_columns(
        pl.lit(day, dtype=pl.Date).alias("day"), pl.lit(on, dtype=pl.Date).alias("target")
    )
    placed = Units().restate(placed, PLACES)
    return placed.group_by(KEYS).agg(pl.col("maturing").sum()).sort(KEYS)


@lru_cache(maxsize=8)
def _falling_due(year: int, day: date, _digest: str) -> pl.DataFrame:
    # Kept for the bytes of the day: reading every instalment of the province takes longer than all the rest of a page.
    rows = store().read(day, _LOAN).filter(pl.col("lent") > pl.col("paid")).collect()
    plain = nw.from_native(rows.filter("plain"), eager_only=True)
    laid = [schedule(plain).select("loan", "trigger", "principal").to_native()]
    moved = rows.filter(~pl.col("plain"))["loan"].to_list()
    if moved:
        life = Position(
            contracts_of(moved, day),
            events_of(moved, day, _ALL),
            day_number(day),
            decrees=decrees_taken_up(),
        )
        laid.append(life.folded.instalments.select("loan", "trigger", "principal").to_native())
    # What fell due this year before the day and was paid is over: only what is still to come is counted.
    since = day_number(max(day, date(year - 1, 12, 31)))
    until = day_number(date(year, 12, 31))
    reach = (
        pl.concat(laid)
        .group_by("loan")
        .agg(
            before=pl.col("principal").filter(pl.col("trigger") <= since).sum(),
            by_end=pl.col("principal").filter(pl.col("trigger") <= until).sum(),
        )
    )
    told = rows.select("loan", *KEYS, "lent", "paid").join(reach, on="loan", how="inner")
    due = pl.min_horizontal("by_end", "lent").clip(pl.col("paid")) - pl.min_horizontal(
        "before", "lent"
    ).clip(pl.col("paid"))
    told = told.with_columns(maturing=due, programme=pl.col("programme").cast(pl.String))
    return told.filter(pl.col("maturing") > 0).group_by(KEYS).agg(pl.col("maturing").sum())
