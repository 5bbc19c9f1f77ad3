"""What rooms above make of closed days before anybody asks (sums by fewer keys, access to credit).

Rooms import downwards only; indicators hands its work down when it starts (AppConfig.ready).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

After = Callable[[Sequence[date]], None]
_after: list[After] = []


def install(*, after: After) -> None:
    """Hand down what is to be done once days are closed, or closed again."""
    if after not in _after:
        _after.append(after)


def after(days: Sequence[date]) -> None:
    """Have it done; doing it again makes the same."""
    for work in _after:
        work(sorted(set(days)))
