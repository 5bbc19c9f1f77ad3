"""The figures of a scheme as JSON keeps them, and how they must add up. Money is dong, shares are parts per million."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, TypedDict


class ScenarioFigures(TypedDict):
    """On which assumptions the projection stands."""

    key: str
    name: str
    basis: str
    assumed: dict[str, int]


class YearFigures(TypedDict):
    """A year of the scheme. ``added``: what the outstanding of a source rose by; ``repaid`` holds what was written off.

    ``beyond``: with nothing lent a source stands above what is assumed.
    """

    year: int
    opening: int
    lent: int
    repaid: int
    closing: int
    growth: int | None
    overdue: int
    overdue_share: int | None
    central: int
    province: int
    communes: int
    local_share: int | None
    central_added: int
    province_added: int
    communes_added: int
    local_of_growth: int | None
    beyond: bool


class ProgrammeFigures(TypedDict):
    """A programme on the day of the figures and in each year; ``need``: needs counted by the survey."""

    code: str
    name: str
    base: int
    need: int | None
    lent: list[int]
    closing: list[int]


class CommuneFigures(TypedDict):
    """A commune on the day of the figures and in each year; ``budget``: added from its own budget, None when the year is over."""

    key: int
    name: str
    base: int
    need: int | None
    waiting: int | None
    closing: list[int]
    budget: list[int | None]


class ResultFigures(TypedDict):
    """An indicator on the last day of the years before, and on the day of the figures."""

    code: str
    name: str
    unit: str
    values: list[int | None]


class DutyFigures(TypedDict):
    """What a unit or a class of units does for the plan: tasks it leads, tasks it helps with."""

    unit: str
    count: int
    leads: list[str]
    helps: list[str]


class SchemeFigures(TypedDict):
    """Everything that a scheme prints and nobody typed."""

    base: str
    first: int
    last: int
    scenario: ScenarioFigures
    commune_share: int
    commune_share_given: bool
    average_growth: int | None
    days: list[str]
    results: list[ResultFigures]
    years: list[YearFigures]
    programmes: list[ProgrammeFigures]
    communes: list[CommuneFigures]
    duties: list[DutyFigures]


class Content(TypedDict):
    """What a version says: figures, texts by section, bases as they are cited."""

    name: str
    figures: SchemeFigures
    texts: dict[str, str]
    bases: list[str]


_SOURCES: Final = ("central", "province", "communes")


def digest_of(content: Content) -> str:
    """The SHA-256 of a content, the same wherever and whenever it is computed."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def of_year(year: YearFigures, name: str) -> int | None:
    """One figure of a year by its name."""
    value: int | None = year[name]  # type: ignore[literal-required]
    return value


def sums_of(figures: SchemeFigures) -> Mapping[str, int]:
    """Over the years of the scheme: lent and repaid, and added by source."""
    names = ("lent", "repaid", "central_added", "province_added", "communes_added")
    return {name: sum(of_year(year, name) or 0 for year in figures["years"]) for name in names}


def mismatches(figures: SchemeFigures) -> list[str]:
    """Each total that its parts do not give; none when all agree."""
    found = []
    for at, year in enumerate(figures["years"]):
        parts = {
            "theo nguồn": sum(of_year(year, name) or 0 for name in _SOURCES),
            "theo chương trình": sum(row["closing"][at] for row in figures["programmes"]),
            "theo xã": sum(row["closing"][at] for row in figures["communes"]),
            "đầu năm, cho vay, thu nợ": year["opening"] + year["lent"] - year["repaid"],
        }
        found += [
            f"năm {year['year']}, dư nợ {words}: {part} ≠ {year['closing']}"
            for words, part in parts.items()
            if part != year["closing"]
        ]
        lent = sum(row["lent"][at] for row in figures["programmes"])
        if lent != year["lent"]:
            found.append(f"năm {year['year']}, cho vay theo chương trình: {lent} ≠ {year['lent']}")
    return found
