"""The rows of a province, as they go into the database."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from tdcs.organisations.packaged import MERGER, START

# Departments were joined and the police of districts ended.
REFORM: Final = date(2025, 3, 1)


class AreaRow(NamedTuple):
    code: str
    level: str
    starts_on: date
    ends_on: date | None


class AreaName(NamedTuple):
    area: str
    name: str
    full_name: str
    type_name: str
    parent: str
    latitude: str
    longitude: str
    starts_on: date
    ends_on: date | None


class AreaHeir(NamedTuple):
    predecessor: str
    successor: str
    on: date
    portion: str
    basis: str
    note: str


class Unit(NamedTuple):
    code: str
    type: str
    kind: str
    level: str
    starts_on: date
    ends_on: date | None


class Profile(NamedTuple):
    organisation: str
    name: str
    short_name: str
    symbol: str
    place_name: str
    parent: str
    area: str
    starts_on: date
    ends_on: date | None


class Heir(NamedTuple):
    predecessor: str
    successor: str
    on: date
    share: str
    takes_duties: bool
    basis: str
    note: str


class Served(NamedTuple):
    office: str
    area: str
    starts_on: date
    ends_on: date | None


class Rows:
    """Rows by kind, in the order in which they were added. ``basis``: the document that decided the changes of a day."""

    def __init__(self, basis: dict[date, str]) -> None:
        self.basis = basis
        self.areas: list[AreaRow] = []
        self.area_names: list[AreaName] = []
        self.area_heirs: list[AreaHeir] = []
        self.units: dict[str, Unit] = {}
        self.profiles: list[Profile] = []
        self.heirs: list[Heir] = []
        self.served: list[Served] = []

    def area_heir(self, old: str, new: str, portion: str) -> None:
        self.area_heirs.append(AreaHeir(old, new, MERGER, portion, self.basis[MERGER], ""))

    def unit(
        self, code: str, kind: str, level: str, start: date = START, end: date | None = None
    ) -> str:
        """A unit whose code says its type and place: "ubnd@p04"."""
        self.units[code] = Unit(code, code.split("@")[0], kind, level, start, end)
        return code

    def heir(self, old: str, new: str, on: date, share: str = "whole") -> None:
        self.heirs.append(Heir(old, new, on, share, True, self.basis[on], ""))

    def part_heir(self, old: str, new: str, part: Heir) -> None:
        """A successor as written in the data: its share, whether it takes the plan's duties, which part."""
        self.heirs.append(part._replace(predecessor=old, successor=new, basis=self.basis[part.on]))

    def keep_known(self) -> None:
        """Without successions from or to bodies that this province has not."""
        known = self.units
        self.heirs = [h for h in self.heirs if h.predecessor in known and h.successor in known]
