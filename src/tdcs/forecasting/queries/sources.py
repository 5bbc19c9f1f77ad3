"""Which sources of local money are the communes'."""

from __future__ import annotations

from datetime import date

from tdcs.capital.models import Tier
from tdcs.capital.queries import sources_on
from tdcs.organisations.models import Level


def commune_sources(day: date) -> dict[int, int]:
    """Keys of the sources whose budget is a commune's on the day, and of the commune's committee."""
    rows = sources_on(day).filter(tier=Tier.LOCAL, investor__level=Level.COMMUNE)
    return dict(rows.values_list("pk", "investor_id"))
