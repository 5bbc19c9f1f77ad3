"""What this room provides to households' ports: its part when two households are merged."""

from __future__ import annotations

from tdcs.households import ports
from tdcs.loans.answers_merging import Lending


def hand_down() -> None:
    """Called once when the room starts."""
    ports.mergers.register("loans", Lending())
