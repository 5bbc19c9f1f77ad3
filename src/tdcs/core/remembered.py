"""Answers that many pages ask for, remembered by a worker while the tables that they were read from have not changed.

Only a request that knows the versions of the tables (http/reading.py) remembers and is answered so; everything else asks anew.
What an answer follows from is its arguments, the tables, and what a reading adds: the language and the day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final, Protocol, TypeVar, cast

from tdcs.core import law
from tdcs.core.lru import LruStore

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

# Answers that a worker remembers; those asked for least lately go first. What waits for a person is a dozen of them: room for
# the people of a branch and for what their pages share.
_MOST: Final = 12_000
# What an argument may be: two that are equal mean the same whoever asks (a person's role is not in the person's key).
_PLAIN: Final = (int, str, bool, date, type(None))


class Reading(Protocol):
    """What a request knows of the data as it began."""

    @property
    def words(self) -> Hashable: ...

    def noting(self, tables: set[str]) -> AbstractContextManager[None]:
        """Adds the tables that are read inside."""

    def note(self, tables: frozenset[str]) -> None:
        """As if these tables had been read."""

    def versions_of(self, tables: frozenset[str]) -> tuple[int, ...] | None:
        """Versions of tables as the request began, in the order of their names; None when one has none."""


@dataclass(frozen=True, slots=True)
class _Answer:
    value: Any
    tables: frozenset[str]
    versions: tuple[int, ...]


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


_answers: Final[LruStore[_Answer]] = LruStore(_MOST)
forget: Final = _answers.clear
law.forgetting(forget)


def current() -> Reading | None:
    """The reading of the running request."""
    return _reading.get()


@contextmanager
def during(reading: Reading | None) -> Iterator[None]:
    """Answers asked for inside are remembered by a reading."""
    before = _reading.set(reading)
    try:
        yield
    finally:
        _reading.reset(before)


def begin(reading: Reading) -> None:
    """From here to the end of the ``during`` around it."""
    _reading.set(reading)


def remembered(make: F) -> F:
    """An answer read from the database by plain arguments alone; whoever gets it never changes it, for others have it too."""

    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def asked(*given: Hashable) -> Any:
        return answer((name, given), lambda: make(*given))

    return asked  # type: ignore[return-value]


def answer(key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` reads, remembered by a key of plain values: all that the answer follows from besides its tables."""
    reading = _reading.get()
    if reading is None:
        return make()
    _require_plain(key)
    key = (key, reading.words)
    known = _answers.get(key)
    if known is not None and reading.versions_of(known.tables) == known.versions:
        reading.note(known.tables)
        return cast(T, known.value)
    tables: set[str] = set()
    with reading.noting(tables):
        value = make()
    read = frozenset(tables)
    versions = reading.versions_of(read)
    if versions is not None:
        _answers.put(key, _Answer(value, read, versions))
    return value


def _require_plain(key: Hashable) -> None:
    for one in key if isinstance(key, tuple | frozenset) else (key,):
        if isinstance(one, tuple | frozenset):
            _require_plain(one)
        elif not isinstance(one, _PLAIN):
            raise TypeError(f"no answer is remembered by a {type(one).__name__}")
