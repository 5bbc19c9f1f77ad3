"""What the province is made like, read from data/calibration.yaml; money becomes dong, days become numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from tdcs.core.columns import day_number

FILE: Final = Path(__file__).parents[1] / "data" / "calibration.yaml"
MILLION: Final = 1_000_000
# The first day of the history that is told month by month; older loans come with what was paid on them.
START: Final = date(2023, 1, 1)


@cache
def calibration() -> Mapping[str, Any]:
    """The whole file."""
    found: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """What a build was asked for: how large, up to which day (its books are open on it), from which seed."""

    scale: float
    on: date
    seed: int

    @property
    def last(self) -> int:
        """The last day on which something happened."""
        return day_number(self.on) - 1

    def luck(self, *names: int) -> np.random.Generator:
        """The stage's own stream of chance: stages do not disturb each other."""
        return np.random.default_rng([self.seed, *names])


def month_of(day: date) -> int:
    """Months since the year 0, January first."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> int:
    """Day number of a month's first day."""
    return day_number(date(month // 12, month % 12 + 1, 1))


def month_ends(frame: Frame) -> list[date]:
    """The last days of the months that are over."""
    first = month_of(START)
    ends = []
    for month in range(first - 1, month_of(frame.on)):
        ends.append(
            date.fromordinal(date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - 1)
        )
    return ends


def path_of(name: str, column: str, months: range) -> np.ndarray[Any, Any]:
    """A figure at the end of each month, straight between the days we know; the money of ``outstanding`` in million dong."""
    rows = calibration()[name]
    known = [day_number(row["day"]) for row in rows]
    ends = [first_day(month + 1) - 1 for month in months]
    found: np.ndarray[Any, Any] = np.interp(ends, known, [row[column] for row in rows])
    return found
