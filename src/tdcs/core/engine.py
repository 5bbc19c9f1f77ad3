"""What rules write their columns with: Narwhals, and of a few rows plain lists of the same names (core/few_rows.py).

A rule says ``from tdcs.core.engine import nw`` and is written once. Inside ``few()`` frames are lists; whoever asks for it
knows how many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tdcs.core import few_rows

__all__ = ["LEAST_OF_ENGINES", "few", "few_at_work", "for_each_engine", "nw"]

T = TypeVar("T")

# Rows from which Polars is quicker than lists; with `fold` it is from about 3,000 events on (docs/explanation/load.md).
LEAST_OF_ENGINES: Final = 2000

_few: ContextVar[bool] = ContextVar("few", default=False)


def few_at_work() -> bool:
    """Whether frames are lists now."""
    return _few.get()


@contextmanager
def few(wanted: bool = True) -> Iterator[None]:
    """Frames made inside are lists; nothing changes where it is not wanted."""
    token = _few.set(wanted or _few.get())
    try:
        yield
    finally:
        _few.reset(token)


def for_each_engine(make: Callable[[], T]) -> Callable[[], T]:
    """What is made once for each kind of frame."""
    kept: dict[bool, T] = {}

    def made() -> T:
        at_work = _few.get()
        if at_work not in kept:
            kept[at_work] = make()
        return kept[at_work]

    return made


if TYPE_CHECKING:
    import narwhals as nw
else:
    import narwhals

    class _Engine:
        def __getattr__(self, name: str) -> Any:
            if _few.get():
                found = getattr(few_rows, name, None)
                if found is not None:
                    return found
            return getattr(narwhals, name)

    nw = _Engine()
