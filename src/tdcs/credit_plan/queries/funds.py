"""What a fund has that is not lent: received by the accounts of the room of capital, less the closed day's book."""

from __future__ import annotations

from datetime import date

import polars as pl

from tdcs.capital.queries import sources_on
from tdcs.capital.queries.funds import received_on
from tdcs.credit_plan.queries.book import outstanding


def free_capital(day: date, on: date) -> dict[int, int]:
    """Each fund of ``on`` → dong received and not lent at the end of a closed day, never below 0."""
    received = {source: sum(parts.values()) for source, parts in received_on(day).items()}
    lent = dict(outstanding(day, on).group_by("source").agg(pl.col("balance").sum()).rows())
    return {
        one.pk: max(received.get(one.pk, 0) - int(lent.get(one.pk, 0)), 0) for one in sources_on(on)
    }
