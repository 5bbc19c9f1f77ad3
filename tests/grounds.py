"""What many tests begin with, laid out once for those that follow one another in a file; each still begins with it untouched.

A ground is made inside a transaction that stays open around the tests which stand on it. What a test does is rolled back
to it, as always; the ground itself is rolled back before a test that does not ask for it, and at the end of the file.
A fixture gives each test values of its own: they are kept as bytes and read anew.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from tdcs.core import clock

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Ground:
    """A state of the database: how it is made, on the value of which other one."""

    make: Callable[..., Any]
    day: date
    below: Ground | None = None

    def chain(self) -> list[Ground]:
        """From the lowest to this one."""
        return [*(self.below.chain() if self.below else ()), self]


@dataclass(frozen=True)
class _Laid:
    ground: Ground
    around: Any
    value: bytes


class Grounds:
    """The grounds that are laid just now, one upon the other."""

    def __init__(self) -> None:
        self._laid: list[_Laid] = []
        self._blocker: Any = None

    def keep(self, wanted: Ground | None) -> None:
        """Roll back what does not belong under ``wanted``."""
        chain = wanted.chain() if wanted else []
        while self._laid and [one.ground for one in self._laid] != chain[: len(self._laid)]:
            with self._blocker.unblock():
                self._take_up()

    def lay(self, wanted: Ground, blocker: Any) -> None:
        """All that ``wanted`` stands on is laid, and itself."""
        self.keep(wanted)
        self._blocker = blocker
        with blocker.unblock():
            self._lay(wanted)
        cache.clear()

    def _lay(self, wanted: Ground) -> None:
        for ground in wanted.chain()[len(self._laid) :]:
            below = [pickle.loads(self._laid[-1].value)] if self._laid else []  # noqa: S301
            around = transaction.atomic()
            around.__enter__()
            try:
                with clock.fixed_today(ground.day):
                    made = ground.make(*below)
                # What is checked at a commit is checked here, once.
                connection.check_constraints()
            except BaseException:
                transaction.set_rollback(True)
                around.__exit__(None, None, None)
                raise
            self._laid.append(_Laid(ground, around, pickle.dumps(made)))

    def value(self, ground: Ground) -> Any:
        """What making it gave: each call gives objects of its own. One that is not laid is made, in the test's own transaction."""
        for one in self._laid:
            if one.ground == ground:
                return pickle.loads(one.value)  # noqa: S301
        return ground.make(*([self.value(ground.below)] if ground.below else []))

    def _take_up(self) -> None:
        around = self._laid.pop().around
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
        cache.clear()


GROUNDS = Grounds()


def stands_on(ground: Ground) -> Callable[[F], F]:
    """A fixture whose tests stand on a ground: it is laid before the transaction of the test begins (conftest.py)."""

    def marked(fixture: F) -> F:
        fixture.ground = ground  # type: ignore[attr-defined]
        return fixture

    return marked


def wanted_by(item: pytest.Item) -> Ground | None:
    """The highest of the grounds that a test's fixtures name; none where the test commits."""
    marker = item.get_closest_marker("django_db")
    known = getattr(item, "_fixtureinfo", None)
    commits = marker is not None and marker.kwargs.get("transaction")
    if known is None or commits or "transactional_db" in known.names_closure:
        return None
    named = [getattr(defs[-1].func, "ground", None) for defs in known.name2fixturedefs.values()]
    return max((one for one in named if one), key=lambda one: len(one.chain()), default=None)
