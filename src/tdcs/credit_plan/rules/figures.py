"""The plan's own figures (law/credit_plan.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.core import law


@dataclass(frozen=True, slots=True)
class Figures:
    """``unit`` and ``least_move`` in dong, ``least_done`` in ppm of an allotment, ``late_after`` a day of the year."""

    unit: int
    least_done: int
    least_move: int
    late_after: str

    def due(self, year: int) -> date:
        """The day after which a year's plan that is not approved is late."""
        return date.fromisoformat(f"{year}-{self.late_after}")


@law.remembered
def figures() -> Figures:
    """As the branch set them."""
    return Figures(**law.load("credit_plan.yaml"))
