"""What this room provides to households' ports: its part when two households are merged."""

from __future__ import annotations

from tdcs.households import ports
from tdcs.loans.providers_merging import Lending


def register() -> None:
    """Called once when the room starts."""
    ports.mergers.register("loans", Lending())
