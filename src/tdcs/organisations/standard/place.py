"""A province for which rows are made: its names over time, its parts of before, what it says of its own units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict

from tdcs.core import law
from tdcs.organisations.packaged import (
    MERGER,
    Commune,
    Country,
    District,
    Listed,
    PackagedProvince,
    country,
    listed,
)


class HeirEntry(TypedDict, total=False):
    type: str
    share: str
    takes: bool
    note: str


class BodyEntry(TypedDict, total=False):
    """A body of standard.yaml; templates are filled with {p} the kind of province, {name} its name, {party} its committee."""

    type: str
    kind: str
    name: str
    short: str
    symbol: str
    since: date
    until: date
    into: list[HeirEntry]
    before: dict[str, Any]
    heir: str


class OfficeEntry(TypedDict, total=False):
    code: str
    name: str
    districts: list[str]
    since: date
    assumed: bool


class Own(TypedDict, total=False):
    """What a province says of its own units (units.yaml of its folder); each key may lack.

    ``without``: types it has not. ``joined``: the types that provinces joined into it had, when not all.
    """

    without: list[str]
    joined: list[str]
    offices: list[OfficeEntry]
    branch_districts: list[str]
    ties: dict[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """What the province is called, and which area it is, from a day to a day."""

    starts_on: date
    ends_on: date | None
    name: str
    word: str
    area: str

    def words(self) -> dict[str, str]:
        """What fills the templates: "Tỉnh ủy", and "Thành ủy" in a city."""
        party = "Thành ủy" if self.word == "thành phố" else f"{self.word.capitalize()} ủy"
        return {"p": self.word, "name": self.name, "party": party}


@dataclass(frozen=True, slots=True)
class Place:
    """``home``: the part whose name the province keeps; its bodies go on. ``joined``: the other parts."""

    province: PackagedProvince
    own: Own
    lists: Country
    listed: Listed
    standard: dict[str, Any]
    home: str
    joined: tuple[str, ...]
    spans: tuple[Span, ...]
    districts: dict[str, District] = field(default_factory=dict)
    old_communes: tuple[Commune, ...] = ()

    @property
    def merged(self) -> bool:
        return bool(self.joined)

    def part_span(self, part: str) -> Span:
        """The last name of a part of before 1/7/2025."""
        last = self.listed.names[part][-1]
        return Span(last.starts_on, MERGER, last.name, last.word, part)

    def part_spans(self, part: str) -> list[Span]:
        return [Span(n.starts_on, n.ends_on, n.name, n.word, part) for n in self.listed.names[part]]

    def heirs_of(self, district: District) -> list[str]:
        """Codes of the communes of today that took in a district."""
        found = set(district.into)
        for commune in self.lists.communes_before.get(district.code, ()):
            found.update(commune.into)
        return sorted(found)

    def variant(self, home: str) -> dict[str, Any]:
        """How the departments of some provinces differ from the rule."""
        for row in self.standard.get("variants", ()):
            if home in row["homes"]:
                return dict(row)
        return {}


def place_of(province: PackagedProvince, own: Own) -> Place:
    """The lists of a province of today, ordered as the rows are made."""
    lists, known = country(), listed()
    parts = known.parts_of(province.code)
    spans = [Span(n.starts_on, n.ends_on, n.name, n.word, parts[0]) for n in known.names[parts[0]]]
    if province.code != parts[0]:
        spans += [
            Span(n.starts_on, n.ends_on, n.name, n.word, province.code)
            for n in known.names[province.code]
        ]
    districts = [one for part in parts for one in lists.districts[part]]
    communes = [c for one in districts for c in lists.communes_before.get(one.code, ())]
    communes.sort(key=lambda one: one.code)
    by_code = {one.code: one for one in districts}
    # A district stands where its first commune does; those without communes come last.
    order = dict.fromkeys(one.above for one in communes) | dict.fromkeys(by_code)
    return Place(
        province=province,
        own=own,
        lists=lists,
        listed=known,
        standard=law.load("organisations/standard.yaml"),
        home=parts[0],
        joined=parts[1:],
        spans=tuple(spans),
        districts={code: by_code[code] for code in order},
        old_communes=tuple(communes),
    )


def full_name(one: District | Commune) -> str:
    """ "huyện Hòa An"; "phường 5", whose word is part of its name."""
    words = one.name.split()
    if words[0].lower() == one.word and len(words) > 1 and words[1].isdigit():
        return f"{one.word} {' '.join(words[1:])}"
    return f"{one.word} {one.name}"
