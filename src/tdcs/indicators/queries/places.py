"""Places of groups on some days, and which office serves a commune: small tables, read once for all the days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl
from django.db.models import Count, Max

from tdcs.loans.queries.columns import copied
from tdcs.organisations.models import Organisation

_FAR: Final = 2**40
_EPOCH: Final = "DATE '1970-01-01'"
_GROUPS: Final = f"""
    SELECT p.group_id, p.office_id, p.area_id, p.mass_organisation_id,
           greatest(p.starts_on, g.starts_on) - {_EPOCH}, least(p.ends_on, g.ends_on) - {_EPOCH}
      FROM entrustment_groupprofile p JOIN entrustment_savingsgroup g ON g.id = p.group_id
"""  # noqa: S608
_SERVED: Final = f"""
    SELECT area_id, office_id, starts_on - {_EPOCH}, ends_on - {_EPOCH} FROM organisations_servedarea
"""  # noqa: S608


def group_places(days: Sequence[date]) -> pl.DataFrame:
    """day, group, office, commune, mass of the groups that live on each day."""
    rows = copied(_GROUPS, {}, ("group", "office", "commune", "mass", "starts", "ends"))
    return living_rows(rows, days)


def offices_of_communes(days: Sequence[date]) -> pl.DataFrame:
    """day, commune, office that serves it."""
    return living_rows(copied(_SERVED, {}, ("commune", "office", "starts", "ends")), days)


def living_rows(rows: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """``rows`` (starts, ends: day numbers, no end is null) that hold on each day, with the day in front."""
    told = pl.DataFrame({"day": sorted(set(days))}, schema={"day": pl.Date})
    told = told.with_columns(_day=pl.col("day").to_physical().cast(pl.Int64))
    held = (pl.col("starts") <= pl.col("_day")) & (pl.col("ends").fill_null(_FAR) > pl.col("_day"))
    found = told.lazy().join(rows.lazy(), how="cross").filter(held)
    return found.drop("_day", "starts", "ends").collect()


def unions() -> dict[int, str]:
    """Mass organisation → its kind, a code of the catalogue of units."""
    rows = Organisation.objects.filter(kind="mass_organisation")
    return _unions(tuple(rows.aggregate(n=Count("pk"), last=Max("pk")).values()))


@lru_cache(maxsize=2)
def _unions(mark: tuple[int, ...]) -> dict[int, str]:
    """By what changes when they do: an organisation's kind never does."""
    rows = Organisation.objects.filter(kind="mass_organisation")
    return dict(rows.values_list("pk", "type"))


def with_union(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with the kind of its mass organisation; "" where there is none."""
    found = pl.col("mass").replace_strict(unions(), default="", return_dtype=pl.String)
    return frame.with_columns(union=found)
