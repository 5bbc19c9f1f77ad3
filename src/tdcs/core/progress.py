"""How far long work is: a service says it, whoever runs the work shows it. Said to nobody, it costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, str], None]
_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


def say(percent: int, words: str = "") -> None:
    """``percent`` of the work is done; ``words`` name what is being done now."""
    listener = _listener.get()
    if listener is not None:
        listener(percent, words)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Within the block, progress goes to ``listener``."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
