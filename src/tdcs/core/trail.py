"""The trail: one call by which any service says what it did.

The audit room provides the sink that writes the line in the running transaction. Rooms below audit (organisations, access)
need to leave a line too, hence the sink is a port.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core.ports import Port


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to what, why, from where."""

    action: str
    subject: object
    why: str
    origin: str
    data: Mapping[str, object]


# Writes the line in the running transaction: the deed, by whom, on which day. Answered by audit.
sink: Final[Port[..., None]] = Port("core.trail")
_origin: ContextVar[str] = ContextVar("origin", default="cli")


def come_from(origin: str) -> None:
    """Say where the running request comes from: an address, or the name of a command."""
    _origin.set(origin)


def record(
    *,
    action: str,
    subject: object,
    by: object,
    on: date,
    why: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    """Leave one line: ``action`` is "room.verb", ``subject`` a model instance or a word.

    Raises PortUnanswered without a sink: a change without a trail must not happen.
    """
    sink(deed=Deed(action, subject, why, _origin.get(), data or {}), by=by, on=on)
