"""What this room hands down to households: whom a group leader sees, and its part when two households are merged."""

from __future__ import annotations

from tdcs.entrustment.answers_merging import Groups
from tdcs.entrustment.queries.scope import group_households
from tdcs.households import above


def hand_down() -> None:
    """Called once when the room starts."""
    above.install(
        group_households=group_households,
        merger=("entrustment", Groups()),
    )
