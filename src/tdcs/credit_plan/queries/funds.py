"""What a fund has that is not lent. One function, so that the room of capital may answer it by its own accounts later."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.db.models import F, Sum

from tdcs.capital.models import CapitalSource, Tier
from tdcs.capital.queries import sources_on
from tdcs.credit_plan.queries.book import outstanding
from tdcs.ledger.models import Posting

# Capital received of a tier, in the chart of accounts.
_ACCOUNTS: Final = {Tier.CENTRAL: "4411", Tier.LOCAL: "4421"}


def free_capital(day: date, on: date) -> dict[int, int]:
    """Each fund of ``on`` → dong received and not lent at the end of a closed day, never below 0.

    The ledger knows the tier: what a tier has free is told to its funds by what each has lent (alike where none has), whole
    dong, the rest to the last.
    """
    received = dict(
        Posting.objects.filter(account__code__in=_ACCOUNTS.values(), entry__on__lte=day)
        .values_list("account__code")
        .annotate(held=Sum(F("credit") - F("debit")))
    )
    lent = dict(outstanding(day, on).group_by("source").agg(pl.col("balance").sum()).rows())
    tiers = dict(CapitalSource.objects.values_list("pk", "tier"))
    found: dict[int, int] = {}
    for tier, account in _ACCOUNTS.items():
        held = sum(dong for source, dong in lent.items() if tiers[source] == tier)
        free = int(received.get(account, 0)) - held
        sources = [one.pk for one in sources_on(on) if one.tier == tier]
        found |= _shared(max(free, 0), sources, lent)
    return found


def _shared(free: int, sources: list[int], lent: dict[int, int]) -> dict[int, int]:
    weights = [lent.get(source, 0) for source in sources]
    if not any(weights):
        weights = [1] * len(sources)
    found = {
        source: free * weight // sum(weights)
        for source, weight in zip(sources, weights, strict=True)
    }
    if sources:
        found[sources[-1]] += free - sum(found.values())
    return found
