"""Ports: what a room needs to know of the rooms built upon it.

Rooms import downwards only. Where a lower room's work needs an upper room (do these members owe, move their loans along,
prepare the closed days), the lower room declares a port in its ``ports.py`` and the upper one registers its provider when it
starts (AppConfig.ready). A port without a provider raises: "nobody owes" is never the answer of a room that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class PortUnanswered(RuntimeError):
    """A port was used and no provider is registered: the program is wired wrongly, whoever runs it did nothing wrong."""

    def __init__(self, port: str, rooms: tuple[str, ...] = ()) -> None:
        self.port, self.rooms = port, rooms
        by = f" by {', '.join(rooms)}" if rooms else ""
        super().__init__(f"the port {port} has no provider{by}")


class Port(Generic[P, R]):
    """One question or order with one provider."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.provider: Callable[P, R] | None = None

    def register(self, provider: Callable[P, R]) -> None:
        """Set who answers; called once when the upper room starts."""
        self.provider = provider

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask the provider. Raises PortUnanswered."""
        if self.provider is None:
            raise PortUnanswered(self.name)
        return self.provider(*args, **kwargs)


class RoomsPort(Generic[R]):
    """A part that each of several named rooms plays; none of them may be missing."""

    def __init__(self, name: str, rooms: tuple[str, ...]) -> None:
        self.name, self.rooms = name, rooms
        self.provided: dict[str, R] = {}

    def register(self, room: str, part: R) -> None:
        """Set a room's part. Raises ValueError for a room of which none is expected."""
        if room not in self.rooms:
            raise ValueError(f"{room} has no part in {self.name}")
        self.provided[room] = part

    def parts(self) -> Mapping[str, R]:
        """Each room's part, in the declared order. Raises PortUnanswered naming the rooms that are missing."""
        missing = tuple(room for room in self.rooms if room not in self.provided)
        if missing:
            raise PortUnanswered(self.name, missing)
        return {room: self.provided[room] for room in self.rooms}
