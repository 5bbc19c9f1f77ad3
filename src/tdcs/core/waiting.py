"""What waits for a person: one line of the first screen, as each room's ``waiting_for(user, on)`` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Urgency(IntEnum):
    """How pressing a line is; the most pressing stands first."""

    LATE = 0
    SOON = 1
    OPEN = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """Matters of one kind: how many, what the person does with them, and which page opens them.

    ``route`` and ``args`` name the page, ``query`` its filter; the address is made when it is shown. ``menu`` is the page of
    the sidebar by which the count stands, when it is another one. ``note`` says what is pressing about them.
    """

    title: str
    count: int
    action: str
    route: str
    args: tuple[int | str, ...] = ()
    query: str = ""
    urgency: Urgency = Urgency.OPEN
    note: str = ""
    menu: str = ""

    @property
    def counted_at(self) -> str:
        """The route of the sidebar by which the count stands."""
        return self.menu or self.route
