"""Decrees that change contracts which run: which texts do, and which of them a book has taken up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from tdcs.core import law
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.dated import Value
from tdcs.programmes.rules.shared import shared
from tdcs.programmes.rules.terms import programmes

_PERCENT: Final = "overdue_percent"


@dataclass(frozen=True, slots=True)
class Decrees:
    """The decrees that a book has taken up: (code of law/documents, number of the day on which it did)."""

    taken_up: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, taken_up: Mapping[str, date]) -> Decrees:
        """From code → day."""
        return cls(frozenset((code, day_number(day)) for code, day in taken_up.items()))

    def as_json(self) -> dict[str, str]:
        """Code → day, as a closed day keeps them."""
        return {code: day_of_number(day).isoformat() for code, day in sorted(self.taken_up)}

    @property
    def codes(self) -> list[str]:
        """The codes, in order."""
        return sorted(code for code, _ in self.taken_up)


@law.remembered
def decrees_in_law() -> Mapping[str, date]:
    """Every text that changes loans which run → the first day on which it does; in order of that day."""
    found: dict[str, date] = {}
    for values in _series():
        for value in values[1:]:
            if value.reaches_running:
                first = found.get(value.document, value.starts_on)
                found[value.document] = min(first, value.starts_on)
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


@law.remembered
def days_of_running_law() -> frozenset[date]:
    """The days on which the law changes something for loans that run."""
    return frozenset(
        value.starts_on for values in _series() for value in values[1:] if value.reaches_running
    )


def _series() -> Iterator[Sequence[Value]]:
    for one in programmes().values():
        yield from one.written.values()
    percents = shared(_PERCENT).values
    yield [
        after
        for before, after in pairwise((*percents[:1], *percents))
        if before.amount != after.amount
    ]
