"""The law's words and lines for households: kinds of eligibility, poverty lines of a day, each with its basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.core import law
from tdcs.core.columns import months_later
from tdcs.households.errors import NoPovertyLine

RURAL, URBAN = "rural", "urban"
RESULT_NAMES: Final = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    "average_living": "Hộ có mức sống trung bình",
    "newly_escaped": "Hộ mới thoát nghèo",
    "none": "Ngoài danh sách",
    "": "Chưa có kết quả",
}
CHANGE_NAMES: Final = {
    "new": "Phát sinh mới",
    "fallen_back": "Tái nghèo",
    "stays": "Giữ nguyên",
    "to_poor": "Cận nghèo thành nghèo",
    "to_near_poor": "Nghèo thành cận nghèo",
    "escaped": "Thoát nghèo, cận nghèo",
    "off": "Ngoài danh sách",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of eligibility: what it is called, of whom it is said, how long it lasts, by which text."""

    code: str
    name: str
    of_person: bool
    months: int | None
    basis: str
    certainty: str

    def until(self, since: date) -> date | None:
        """The day on which a spell ends by itself; None where only a decision ends it."""
        return months_later(since, self.months) if self.months else None


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """A poverty line of a day for rural or urban areas."""

    standard: str
    poor: int
    average: int | None
    deprivations: int
    basis: str


def kinds() -> dict[str, Kind]:
    """Every kind of law/parameters/eligibility.yaml, in its order."""
    return {
        code: Kind(
            code,
            entry["name"],
            entry.get("of") == "person",
            entry.get("months"),
            cited(entry["basis"]),
            entry["certainty"],
        )
        for code, entry in law.load("parameters/eligibility.yaml")["kinds"].items()
    }


def cited(basis: dict[str, str]) -> str:
    """A basis as words: "Điều 3, 07/2021/NĐ-CP"; a text without a number by its title."""
    number = _numbers().get(basis["document"]) or basis["document"]
    return ", ".join(filter(None, (basis["article"], number)))


@law.remembered
def _numbers() -> dict[str, str]:
    """Code → number of every legal text that ships."""
    rows = [row for name in ("texts", "lending") for row in law.load(f"documents/{name}.yaml")]
    return {row["code"]: row["number"] or row["title"] for row in rows}


def lines_on(day: date, place: str, provinces: frozenset[str]) -> dict[str, PovertyLine]:
    """National and local line of a day; ``place`` rural or urban, ``provinces`` the codes that are home.

    Raises NoPovertyLine when no national line holds; a missing local line is no error.
    """
    found = {}
    for entry in law.load("parameters/poverty_lines.yaml")["lines"]:
        ends_on = entry["ends_on"]
        holds = entry["starts_on"] <= day and (ends_on is None or day < ends_on)
        if holds and entry.get("province", "") in (*provinces, ""):
            values = entry[place]
            found[entry["standard"]] = PovertyLine(
                entry["standard"],
                values["poor"],
                values["average"],
                entry["deprivations"],
                cited(entry["basis"]),
            )
    if "national" not in found:
        raise NoPovertyLine(day=f"{day:%d/%m/%Y}")
    return found


def line_columns(lines: dict[str, PovertyLine]) -> dict[str, pl.Expr]:
    """The lines of a place as the columns that ``classify`` reads; a line that does not exist is null."""
    columns: dict[str, pl.Expr] = {}
    for standard in ("national", "local"):
        line = lines.get(standard)
        for name in ("poor", "average", "deprivations"):
            value = getattr(line, name) if line else None
            columns[f"{standard}_{name}"] = pl.lit(value, dtype=pl.Int64)
        columns[f"{standard}_basis"] = pl.lit(line.basis if line else "", dtype=pl.String)
    return columns
