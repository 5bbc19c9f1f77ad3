"""Places of groups on a day, and which office serves a commune: small tables."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl
from django.db.models import Count, Max

from tdcs.entrustment.models import GroupProfile
from tdcs.organisations.models import Organisation, ServedArea, living_on

PLACES = {"group": pl.Int64, "office": pl.Int64, "commune": pl.Int64, "mass": pl.Int64}


def group_places(day: date) -> pl.DataFrame:
    """group, office, commune, mass of the groups that live on a day."""
    rows = GroupProfile.objects.filter(living_on(day), living_on(day, "group__"))
    found = rows.values_list("group_id", "office_id", "area_id", "mass_organisation_id")
    return pl.DataFrame(list(found), schema=PLACES, orient="row")


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


def offices_of_communes(day: date) -> dict[int, int]:
    """Commune → the office that serves it on a day."""
    rows = ServedArea.objects.filter(living_on(day))
    return dict(rows.values_list("area_id", "office_id"))
