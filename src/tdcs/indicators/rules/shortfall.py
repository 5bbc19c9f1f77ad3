"""What would close the gap to a target, and whose gap it is: whole numbers, no rounding but that of the indicator itself.

A ratio n ÷ d is short of a bound b (ppm). One dong of the deed moves n by s and d by t (``Lever``). The least whole x whose value
n + s·x over d + t·x, rounded as the indicator is, keeps the promise:
    local capital grew by 29 of 100 and 30% is promised: 30% of (100 + x) = 29 + x, so x = 10/7, which is 2 in whole dong
    (as 299,999.5 ppm rounds to 30%, a few dong of a large sum may be spared).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from tdcs.indicators.rules.definitions import Lever, Target
from tdcs.indicators.rules.ratios import PPM

Unit = TypeVar("Unit")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator and a denominator in whole dong or counts, and how their quotient is rounded."""

    numerator: int
    denominator: int
    down: bool = False

    @property
    def value(self) -> int:
        """In ppm, as the indicator gives it (ratios.py)."""
        over = self.numerator * PPM
        if self.down:
            return over // self.denominator
        return (2 * over + self.denominator) // (2 * self.denominator)

    def after(self, amount: int, lever: Lever) -> Ratio:
        """The same after so much of the deed."""
        return Ratio(
            self.numerator + lever.numerator * amount,
            self.denominator + lever.denominator * amount,
            self.down,
        )


def needed(ratio: Ratio, target: Target, lever: Lever, *, bound: int | None = None) -> int | None:
    """The least amount of the deed that keeps the promise; 0 when it is kept, None when no amount would.

    ``bound``: another bound of the same kind, such as the plan's own figure without its tolerance.
    """
    if target.at_least is not None:
        line = _line(ratio, target.least if bound is None else bound)
        slope = _slope(ratio, target.least if bound is None else bound, lever)
        reached = 0
    else:
        # Below the bound is above its complement: the smallest ppm that is not below is missed by at least one part.
        line = -_line(ratio, target.bound if bound is None else bound)
        slope = -_slope(ratio, target.bound if bound is None else bound, lever)
        reached = 1
    if line >= reached:
        return 0
    if slope <= 0:
        return None
    amount = -((line - reached) // slope)
    return amount if ratio.after(amount, lever).denominator > 0 else None


def _line(ratio: Ratio, bound: int) -> int:
    """Not negative exactly when the rounded ratio is at least the bound: 2·10⁶·n − (2b − 1)·d, rounded down 10⁶·n − b·d."""
    factor, edge = _rounding(ratio, bound)
    return factor * ratio.numerator - edge * ratio.denominator


def _slope(ratio: Ratio, bound: int, lever: Lever) -> int:
    """By how much ``_line`` moves with one unit of the deed."""
    factor, edge = _rounding(ratio, bound)
    return factor * lever.numerator - edge * lever.denominator


def _rounding(ratio: Ratio, bound: int) -> tuple[int, int]:
    return (PPM, bound) if ratio.down else (2 * PPM, 2 * bound - 1)


def weight(ratio: Ratio, target: Target) -> int:
    """How far a unit pulls the whole to the wrong side, in 10⁻⁶ of the numerator's unit: bound × d − 10⁶ × n, or its opposite
    where less is promised. Parts add up to the whole's exactly; a negative weight helps."""
    away = target.bound * ratio.denominator - PPM * ratio.numerator
    return away if target.at_least is not None else -away


def shortest(parts: Iterable[tuple[Unit, Ratio]], target: Target) -> list[tuple[Unit, int]]:
    """(unit, weight) of the units that pull to the wrong side, the farthest first; of equals the first given."""
    found = [(unit, weight(ratio, target)) for unit, ratio in parts]
    return sorted((one for one in found if one[1] > 0), key=lambda one: -one[1])
