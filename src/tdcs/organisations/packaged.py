"""The provinces, districts and communes of the country as they ship, on both sides of 1/7/2025; needs no database.

The lists (law/organisations/country/) are made by tools/build_country.py.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core import law
from tdcs.core.text import fold
from tdcs.organisations.errors import ProvinceMerged, ProvinceUnknown

# Before it nothing ships; not a founding day.
START: Final = date(2020, 1, 1)
# Provinces and communes were joined and districts ended (NQ 202/2025/QH15 and the resolutions of each province).
MERGER: Final = date(2025, 7, 1)
_FOLDER: Final = "organisations/country"
# Words before a province's name that say only what kind it is.
_KIND_WORDS: Final = ("thanh pho ", "tinh ", "tp. ", "tp.", "tp ", "t. ")
_OTHER_NAMES: Final = {
    "hcm": "ho chi minh",
    "tphcm": "ho chi minh",
    "thua thien - hue": "thua thien hue",
}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """What a province is called from a day to a day: "tỉnh" or "thành phố", and its name."""

    name: str
    word: str
    starts_on: date
    ends_on: date | None

    def full_name(self) -> str:
        return f"{self.word} {self.name}"


@dataclass(frozen=True, slots=True)
class PackagedProvince:
    """A province of the lists on a day.

    ``code``: its area's code; ``home``: the code its bodies carry (of the province of before whose name it keeps);
    ``predecessors``: names of all provinces joined into it, its own first, or nothing where none were;
    ``merged_into``: the name of the province that it became part of, of a province that has ended.
    """

    slug: str
    code: str
    name: str
    word: str
    home: str
    predecessors: tuple[str, ...] = ()
    merged_into: str = ""

    def full_name(self) -> str:
        return f"{self.word} {self.name}"


@dataclass(frozen=True, slots=True)
class District:
    code: str
    province: str
    name: str
    word: str
    latitude: str
    longitude: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commune:
    """``above``: its district before 1/7/2025, its province after. ``into``: what it became, of one of before."""

    code: str
    above: str
    name: str
    word: str
    latitude: str
    longitude: str
    into: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Country:
    """Districts by province; communes of before by district; communes of today by province."""

    districts: dict[str, list[District]]
    communes_before: dict[str, list[Commune]]
    communes: dict[str, list[Commune]]


@dataclass(frozen=True, slots=True)
class Listed:
    """Provinces by code: names over time, the code each went into, the district in which its bodies stood."""

    names: dict[str, list[Named]]
    into: dict[str, str]
    seats: dict[str, str]

    def parts_of(self, code: str) -> tuple[str, ...]:
        """Codes of the provinces joined into one, the one whose name it keeps first; itself where none were."""
        parts = [old for old, new in self.into.items() if new == code]
        if not parts:
            return (code,)
        keeps = self.names[code][0].name
        return tuple(sorted(parts, key=lambda old: (self.names[old][-1].name != keeps, old)))


def provinces(on: date) -> tuple[PackagedProvince, ...]:
    """Every province of the country on a day, by name: 63 before 1/7/2025, 34 from then on."""
    lists = listed()
    found = []
    for code, names in lists.names.items():
        now = next(
            (n for n in names if n.starts_on <= on and (n.ends_on is None or n.ends_on > on)), None
        )
        if now is not None:
            found.append(_province(lists, code, now))
    return tuple(sorted(found, key=lambda one: one.slug))


def _province(lists: Listed, code: str, now: Named) -> PackagedProvince:
    parts = lists.parts_of(code)
    joined = tuple(lists.names[part][-1].name for part in parts) if parts != (code,) else ()
    heir = lists.into.get(code, "")
    return PackagedProvince(
        slug=slug_of(now.name),
        code=code,
        name=now.name,
        word=now.word,
        home=parts[0],
        predecessors=joined,
        merged_into=lists.names[heir][-1].name if heir else "",
    )


def slug_of(name: str) -> str:
    """ "Bà Rịa - Vũng Tàu" → "ba-ria-vung-tau": how a province's folder is called."""
    return "-".join(fold(name).replace("-", " ").split())


def find(words: str, on: date) -> PackagedProvince:
    """The province that words mean, with or without accents and kind. Raises ProvinceMerged, ProvinceUnknown."""
    key = _key(words)
    known = {one.slug: one for one in provinces(on)}
    if key in known:
        return known[key]
    lists = listed()
    for code, names in lists.names.items():
        if all(slug_of(named.name) != key for named in names):
            continue
        last = lists.names[lists.into.get(code, code)][-1]
        if slug_of(last.name) in known and code not in lists.into:
            return known[slug_of(last.name)]
        raise ProvinceMerged(
            old=names[-1].name,
            now=last.name,
            slug=slug_of(last.name),
            on=f"{MERGER:%d/%m/%Y}",
        )
    near = difflib.get_close_matches(key, known, n=3)
    raise ProvinceUnknown(words=words, near=", ".join(known[slug].name for slug in near) or "–")


def _key(words: str) -> str:
    plain = fold(words.replace("-", " ").replace("_", " "))
    for word in _KIND_WORDS:
        plain = plain.removeprefix(word)
    return slug_of(_OTHER_NAMES.get(plain, plain))


@law.remembered
def listed() -> Listed:
    """The provinces alone, read once."""
    names: dict[str, list[Named]] = {}
    into: dict[str, str] = {}
    seats: dict[str, str] = {}
    with law.path(f"{_FOLDER}/provinces.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
            named = Named(row["name"], row["word"], date.fromisoformat(row["starts_on"]), ends_on)
            names.setdefault(row["code"], []).append(named)
            if row["into"]:
                into[row["code"]] = row["into"]
            if row["seat"]:
                seats[row["code"]] = row["seat"]
    return Listed(names, into, seats)


@law.remembered
def country() -> Country:
    """All lists, read once."""
    districts: dict[str, list[District]] = {}
    for row in _packed("districts.csv.gz"):
        one = District(*_six(row, "province"), tuple(row["into"].split()))
        districts.setdefault(one.province, []).append(one)
    before: dict[str, list[Commune]] = {}
    for row in _packed("communes-before.csv.gz"):
        commune = Commune(*_six(row, "district"), tuple(row["into"].split()))
        before.setdefault(commune.above, []).append(commune)
    today: dict[str, list[Commune]] = {}
    for row in _packed("communes.csv.gz"):
        commune = Commune(*_six(row, "province"))
        today.setdefault(commune.above, []).append(commune)
    return Country(districts, before, today)


def _six(row: Row, above: str) -> tuple[str, str, str, str, str, str]:
    return (row["code"], row[above], row["name"], row["word"], row["latitude"], row["longitude"])


def _packed(name: str) -> Iterator[Row]:
    text = gzip.decompress(law.path(f"{_FOLDER}/{name}").read_bytes()).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
