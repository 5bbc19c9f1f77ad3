"""Reads of the room. What other rooms ask: the sources of a day, and how much of each is there and free.

``fund_positions(day)``: source, code, name, tier, investor, received, outstanding, free; ``programme_positions(day)``: the same
by programme; ``fund_receipts(since, until)``: what came in, by source and day. All in whole dong, as Polars frames.
"""

from tdcs.capital.queries.funds import (
    free_for,
    fund_positions,
    fund_receipts,
    programme_positions,
)
from tdcs.capital.queries.sources import central, source_names, sources_of, sources_on

__all__ = [
    "central",
    "free_for",
    "fund_positions",
    "fund_receipts",
    "programme_positions",
    "source_names",
    "sources_of",
    "sources_on",
]
