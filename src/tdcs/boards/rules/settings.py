"""What law/boards.yaml says of a day: seats by office, quorum, majority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.dated import row_on
from tdcs.core.errors import NoParametersOnDay

_FILE: Final = "boards.yaml"
_PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SeatRule:
    """A seat that the law gives to an office."""

    role: str
    unit: str
    office: str
    place: str
    words: str
    document: str


def _on(name: str, day: date) -> Mapping[str, Any]:
    rows: Sequence[Mapping[str, Any]] = law.load(_FILE)[name]
    return row_on(rows, day, f"law/{_FILE}")


@basis("ND-06-2026")
def seats_of(level: str, day: date) -> tuple[SeatRule, ...]:
    """The seats of a board of a level. Raises NoParametersOnDay before the decree and for a level that has no board."""
    rows = [row for row in law.load(_FILE)["seats"] if row["level"] == level and row["from"] <= day]
    if not rows:
        raise NoParametersOnDay(name=f"law/{_FILE}", day=day)
    return tuple(
        SeatRule(
            row["role"], row["unit"], row["office"], row["place"], row["words"], row["document"]
        )
        for row in rows
    )


@basis("ND-06-2026", "Điều 10")
def has_quorum(*, present: int, seats: int, day: date) -> bool:
    """Whether a meeting may decide: more than the share of the seats that are held is present."""
    return present * _PPM > seats * int(_on("quorum", day)["more_than_ppm"])


@basis("ND-06-2026", "Điều 10")
def needed(*, seats: int, day: date) -> int:
    """The fewest members with whom a meeting may decide."""
    return seats * int(_on("quorum", day)["more_than_ppm"]) // _PPM + 1


@basis("ND-06-2026", "Điều 10")
def passes(*, votes_for: int, present: int, day: date) -> bool:
    """Whether a resolution passes: more than the share of those present is for it."""
    return votes_for * _PPM > present * int(_on("majority", day)["more_than_ppm"])


def head_duties() -> str:
    """What the head of every unit answers for."""
    return str(law.load(_FILE)["head_duties"])
