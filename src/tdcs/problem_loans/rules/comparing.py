"""How good a list of warnings is on cases whose truth is known: recall, precision, precision at another list's recall."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a list: how many it names, how many of the cases are among them, how many of the named are in trouble."""

    named: int
    cases: int
    found: int
    true: int

    @property
    def recall(self) -> float:
        """Cases found ÷ cases."""
        return self.found / self.cases if self.cases else 0.0

    @property
    def precision(self) -> float:
        """Named and in trouble ÷ named."""
        return self.true / self.named if self.named else 0.0


def measured(
    named: Sequence[object], cases: Collection[object], true: Collection[object]
) -> Measured:
    """A list against the cases of its kind; ``true``: everything that is in trouble of any kind."""
    unique = set(named)
    return Measured(len(unique), len(cases), len(unique & set(cases)), len(unique & set(true)))


def at_recall(
    ordered: Sequence[object], cases: Collection[object], true: Collection[object], found: int
) -> Measured | None:
    """The shortest beginning of an ordered list that holds so many of the cases; None when the whole list does not."""
    wanted, there = set(cases), 0
    if found == 0:
        return Measured(0, len(wanted), 0, 0)
    for place, one in enumerate(ordered, start=1):
        there += one in wanted
        if there == found:
            return measured(ordered[:place], cases, true)
    return None
