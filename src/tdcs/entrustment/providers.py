"""What this room provides to households' ports: whom a group leader sees, its part when two households are merged."""

from __future__ import annotations

from tdcs.entrustment.providers_merging import Groups
from tdcs.entrustment.queries.scope import group_households
from tdcs.households import ports


def register() -> None:
    """Called once when the room starts."""
    ports.group_households.register(group_households)
    ports.mergers.register("entrustment", Groups())
