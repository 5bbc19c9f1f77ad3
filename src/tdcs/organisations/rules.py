"""Who continues whom: the walk along successions, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """One succession: the successor, the day, what it takes, whether it carries the plan's duties."""

    successor: int
    on: date
    share: str
    takes_duties: bool


def follow(
    start: int, lineage: Mapping[int, Iterable[Step]], *, until: date, duties: bool = True
) -> tuple[int, ...]:
    """The units that continue ``start`` on ``until``, in order of their ids.

    ``duties``: only successors that carry the plan's duties. A unit without a succession by then continues
    itself. Lineage never turns back in time, so the walk ends; a circle in damaged data is cut.
    """
    found: set[int] = set()
    seen: set[int] = set()
    stack = [start]
    while stack:
        unit = stack.pop()
        if unit in seen:
            continue
        seen.add(unit)
        steps = [s for s in lineage.get(unit, ()) if s.on <= until]
        heirs = [s.successor for s in steps if s.takes_duties or not duties]
        if heirs:
            stack.extend(heirs)
        elif not steps:
            found.add(unit)
    return tuple(sorted(found))
