"""What rooms above do when a person's work goes to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tdcs.access.models import User
from tdcs.core.ports import RoomsPort

# Moves what a room keeps for the first person to the second; gives how many things moved.
moved_with_work: Final[RoomsPort[Callable[[User, User], int]]] = RoomsPort(
    "access.moved_with_work", ("drafts", "plans")
)
