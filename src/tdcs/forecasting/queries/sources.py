"""Which sources of local money are the communes', and what each budget's money stood at."""

from __future__ import annotations

from datetime import date

import polars as pl

from tdcs.capital.models import Tier
from tdcs.capital.queries import sources_on
from tdcs.closing.store import Store
from tdcs.forecasting.rules.allot import PROVINCE
from tdcs.organisations.models import Level, OrganisationProfile, living_on


def commune_sources(day: date) -> dict[int, int]:
    """Sources whose budget is a commune's on the day → the commune (its area)."""
    rows = sources_on(day).filter(tier=Tier.LOCAL, investor__level=Level.COMMUNE)
    owners = dict(rows.values_list("pk", "investor_id"))
    places = OrganisationProfile.objects.filter(
        living_on(day), organisation__in=set(owners.values()), area__isnull=False
    )
    areas = dict(places.values_list("organisation_id", "area_id"))
    return {source: areas[owner] for source, owner in owners.items() if owner in areas}


def lent_by_budget(kept: Store, day: date, communes: dict[int, int]) -> dict[int, int]:
    """What of each budget's money is lent on a closed day: communes by area, all others as the PROVINCE's."""
    rows = kept.sums(day).filter("local").group_by("source").agg(pl.col("balance").sum()).collect()
    found: dict[int, int] = {}
    for source, balance in rows.rows():
        budget = communes.get(source, PROVINCE)
        found[budget] = found.get(budget, 0) + balance
    return found
