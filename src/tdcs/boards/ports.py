"""What boards ask of the rooms built upon them: faults that inspections found in a unit's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core.ports import Port


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found wrong in a unit's work: found and due when, remedied when (None: not yet)."""

    words: str
    found_on: date
    due_on: date
    closed_on: date | None


# unit, year -> the faults of that year that people of the unit have to remedy, the earliest first.
faults_found: Final = Port[[int, int], list[Fault]]("boards.faults_found")
