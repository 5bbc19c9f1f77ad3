"""Access to credit as it was counted on a day: kept beside the snapshots, because counting it reads the loans."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings

from tdcs.demand.queries import serving
from tdcs.demand.queries.needs import access_indicator
from tdcs.indicators.queries.places import offices_of_communes

ACCESS: Final = {
    "office": pl.Int64,
    "commune": pl.Int64,
    "programme": pl.String,
    "need": pl.Int64,
    "qualified": pl.Int64,
    "served": pl.Int64,
}


def folder() -> Path:
    """Where what was counted is kept."""
    return Path(settings.HOME) / "indicators"


def kept_access(day: date) -> pl.DataFrame | None:
    """Needs, qualified and served as counted on the day or last before it in the same year; None when never."""
    days = sorted(
        date.fromisoformat(path.stem.removeprefix("access-"))
        for path in folder().glob(f"access-{day.year}-*.parquet")
    )
    before = [one for one in days if one <= day]
    return pl.read_parquet(folder() / f"access-{before[-1]}.parquet") if before else None


def count_access(day: date) -> pl.DataFrame:
    """Counts the needs of the day's year as they stand on the day, by commune and programme."""
    lines = access_indicator(
        None,
        day.year,
        on=day,
        # Who was served later was not served yet.
        served=lambda needs: serving.served(needs).filter(pl.col("served_on") <= day),
    ).lines
    offices = dict(offices_of_communes([day]).select("commune", "office").rows())
    rows = [
        (
            offices.get(line.area or 0, 0),
            line.area,
            line.programme,
            line.need,
            line.qualified,
            line.served,
        )
        for line in lines
    ]
    return pl.DataFrame(rows, schema=ACCESS, orient="row")
