"""What each assumption moves: a scenario once with it lower and once higher, everything else as it is.

Steps are one figure for all who compare scenarios: a point of growth, five points of a share, a fifth of what is multiplied.
What would pass its bound stops there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.forecasting.rules.assumptions import BOUNDS, PPM, Assumptions, faults
from tdcs.forecasting.rules.scenario import Opening, Projection, project

STEPS: Final = {
    "growth": PPM // 100,
    "local": PPM // 20,
    "share": PPM // 20,
    "lending": PPM // 5,
    "slipped": PPM // 5,
    "early": PPM // 5,
    "cured": PPM // 5,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """An assumption lower and higher, and what the scenario then comes to."""

    name: str
    low: int
    high: int
    at_low: Projection
    at_high: Projection


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def moved(opening: Opening, assumed: Assumptions) -> Iterator[Moved]:
    """Each assumption that the scenario sets or multiplies by, in the order of STEPS."""
    for name, step in STEPS.items():
        value = getattr(assumed, name)
        if value is None or (name == "lending" and assumed.growth is not None):
            continue
        bound = BOUNDS[name]
        low, high = max(value - step, bound.least), min(value + step, bound.most)
        changed = [replace(assumed, **{name: at}) for at in (low, high)]
        if any(faults(one, opening.book.day.year) for one in changed):
            continue
        at_low, at_high = (project(opening, one) for one in changed)
        yield Moved(name, low, high, at_low, at_high)
