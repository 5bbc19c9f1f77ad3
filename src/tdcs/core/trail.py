"""The trail: one call by which any service says what it did.

The audit room installs the sink that writes the line in the running transaction. Rooms below audit
(organisations, access) need to leave a line too, hence the sink is handed down instead of imported up.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from typing import Any, Protocol


class Sink(Protocol):
    """What the audit room installs."""

    def __call__(
        self,
        *,
        action: str,
        subject: Any,
        by: Any,
        on: date,
        why: str,
        origin: str,
        data: Mapping[str, Any],
    ) -> None: ...


_sink: Sink | None = None
_origin: ContextVar[str] = ContextVar("origin", default="cli")


def install(sink: Sink) -> None:
    """Set where lines go; called once when the audit room starts."""
    global _sink  # noqa: PLW0603 - one process, one sink
    _sink = sink


def come_from(origin: str) -> None:
    """Say where the running request comes from: an address, or the name of a command."""
    _origin.set(origin)


def record(
    *,
    action: str,
    subject: Any,
    by: Any,
    on: date,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Leave one line: ``action`` is "room.verb", ``subject`` a model instance or a word.

    Raises RuntimeError when no sink is installed: a change without a trail must not happen.
    """
    if _sink is None:
        raise RuntimeError("no audit sink is installed")
    _sink(
        action=action,
        subject=subject,
        by=by,
        on=on,
        why=why,
        origin=_origin.get(),
        data=data or {},
    )
