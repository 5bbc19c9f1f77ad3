"""Decrees that change contracts which run: which texts do, and which of them a book has taken up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.core.dated import Parameter
from tdcs.programmes.rules.shared import shared
from tdcs.programmes.rules.terms import programmes

RUNNING: Final = ("running", "both")
# Shared figures that reach loans while they run.
_SHARED: Final = ("overdue_percent",)


@dataclass(frozen=True, slots=True)
class Decrees:
    """The decrees that a book has taken up: (code of law/documents, number of the day on which it did)."""

    taken_up: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, taken_up: Mapping[str, date]) -> Decrees:
        """From code → day."""
        return cls(frozenset((code, day_number(day)) for code, day in taken_up.items()))

    @property
    def codes(self) -> list[str]:
        """The codes, in order."""
        return sorted(code for code, _ in self.taken_up)


@law.remembered
def decrees_in_law() -> Mapping[str, date]:
    """Every text that changes loans which run → the first day on which it does; in order of that day."""
    found: dict[str, date] = {}
    for parameter in _parameters():
        before: int | None = None
        for value in parameter.values:
            changed = value.multiple is not None or value.amount != before
            if value.reach in RUNNING and changed and before is not None:
                first = found.get(value.document, value.starts_on)
                found[value.document] = min(first, value.starts_on)
            before = value.amount
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _parameters() -> Iterator[Parameter]:
    for one in programmes().values():
        yield one.figures["rate"]
        for _, figures in one.groups.values():
            if "rate" in figures:
                yield figures["rate"]
    for name in _SHARED:
        yield shared(name)
