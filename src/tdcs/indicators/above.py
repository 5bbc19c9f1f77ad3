"""What the plans room answers for this one: obligations due and done in time (docs/rules/indicators.md).

Rooms import downwards only; plans hands its answer down when it starts (AppConfig.ready). Until then: not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

# Days → day, organisation, tasks_due, tasks_on_time: obligations of the day's year that fell due by it.
Tasks = Callable[[Sequence[date]], pl.DataFrame]


@dataclass
class _Above:
    tasks: Tasks | None = None


_above = _Above()


def install(*, tasks: Tasks) -> None:
    """Hand down who did what in time."""
    _above.tasks = tasks


def tasks() -> Tasks | None:
    """Obligations done in time, or None while no room answers."""
    return _above.tasks
