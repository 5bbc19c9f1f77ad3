"""Verbs of the room: sources, the contracts behind them, money that comes and goes, a year's interest."""

from tdcs.capital.services.receipts import receive
from tdcs.capital.services.sources import invest, load

__all__ = ["invest", "load", "receive"]
