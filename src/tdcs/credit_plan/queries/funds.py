"""What a fund has that is not lent, by the accounts of the room of capital."""

from __future__ import annotations

from datetime import date

from tdcs.capital.queries import sources_on
from tdcs.capital.queries.funds import fund_positions


def free_capital(day: date, on: date) -> dict[int, int]:
    """Each fund of ``on`` → dong received and not lent at the end of a closed day, never below 0."""
    free = dict(fund_positions(day).select("source", "free").rows())
    return {source.pk: max(free.get(source.pk, 0), 0) for source in sources_on(on)}
