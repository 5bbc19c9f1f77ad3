"""The rating of a group's month: points of each criterion, total, grade; pure functions over columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NotRequired, TypedDict

import narwhals as nw

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.programmes.rules.lawbook import documents

PPM: Final = 1_000_000
# A group's figure of a month in dong; a product with a million then fits 63 bits.
MOST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rating: a part of a whole, and the points its steps give."""

    code: str
    name: str
    most: int
    part: str
    whole: str
    at_least: bool
    steps: tuple[tuple[int, int], ...]
    none: int


@dataclass(frozen=True, slots=True)
class Regime:
    """How months are rated while a regulation holds."""

    starts_on: date
    ends_on: date | None
    criteria: tuple[Criterion, ...]
    grades: tuple[tuple[str, int], ...]
    weak_above: Mapping[str, int]
    weak_below: Mapping[str, int]
    document: str
    article: str
    certainty: str
    law_hash: str

    @property
    def basis(self) -> str:
        """Article and number, as screens print them."""
        return ", ".join(filter(None, (self.article, documents()[self.document].label)))

    def figures(self) -> tuple[str, ...]:
        """The columns that the rating reads."""
        return tuple(name for one in self.criteria for name in (one.part, one.whole))


class CriterionRow(TypedDict):
    """A criterion as law/parameters/entrustment.yaml writes it; ``steps``: from or up to what share, so many points."""

    code: str
    name: str
    most: int
    of: tuple[str, str]
    rule: str
    none: int
    steps: list[tuple[int, int]]


class WeakRow(TypedDict, total=False):
    """When a group is weak whatever its score: above or below these shares, all of them."""

    above: dict[str, int]
    below: dict[str, int]


RegimeRow = TypedDict(
    "RegimeRow",
    {
        "from": date,
        "to": NotRequired[date],
        "criteria": list[CriterionRow],
        "grades": list[tuple[str, int]],
        "weak_when": WeakRow,
        "document": str,
        "article": str,
        "certainty": str,
    },
)


@law.remembered
def regimes() -> tuple[Regime, ...]:
    """Every regime of law/parameters/entrustment.yaml, the oldest first."""
    return tuple(_regime(row) for row in law.load("parameters/entrustment.yaml")["rating"])


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def regime_of(month: date) -> Regime:
    """The regime of a month: the one in force on its first day. Raises NoParametersOnDay."""
    first = month.replace(day=1)
    for one in regimes():
        if one.starts_on <= first and (one.ends_on is None or first < one.ends_on):
            return one
    raise NoParametersOnDay(name="Xếp loại Tổ TK&VV", day=f"{first:%d/%m/%Y}")


def _regime(row: RegimeRow) -> Regime:
    weak = row["weak_when"]
    return Regime(
        row["from"],
        row.get("to"),
        tuple(_criterion(entry) for entry in row["criteria"]),
        tuple((code, least) for code, least in row["grades"]),
        weak.get("above", {}),
        weak.get("below", {}),
        row["document"],
        row["article"],
        row["certainty"],
        hashlib.sha256(json.dumps(row, default=str, sort_keys=True).encode()).hexdigest(),
    )


def _criterion(entry: CriterionRow) -> Criterion:
    part, whole = entry["of"]
    return Criterion(
        entry["code"],
        entry["name"],
        entry["most"],
        part,
        whole,
        entry["rule"] == "at_least",
        tuple((mark, points) for mark, points in entry["steps"]),
        entry["none"],
    )


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def rated(frame: Frame, regime: Regime) -> Frame:
    """Points of each criterion, total, grade and basis of groups in one month.

    A step holds when part × 10⁶ ≥ step × whole (at most: ≤), so nothing is divided and nothing rounded. A whole of 0
    gives the criterion's ``none``, or all its points when something was done that nobody owed (part > 0).
    Columns in: those of ``regime.figures()``, whole numbers up to 10¹².
    """
    require_bounds(frame, regime.figures())
    frame = frame.with_columns(
        **{f"points_{one.code}": _points(one) for one in regime.criteria},
    )
    total = nw.sum_horizontal(*(f"points_{one.code}" for one in regime.criteria))
    frame = frame.with_columns(total=total)
    return frame.with_columns(
        grade=_grade(regime), basis=nw.lit(regime.basis), law_hash=nw.lit(regime.law_hash)
    )


def _points(one: Criterion) -> nw.Expr:
    part, whole = nw.col(one.part), nw.col(one.whole)
    points: nw.Expr = nw.lit(0)
    for mark, given in reversed(one.steps):
        reached = part * PPM >= whole * mark if one.at_least else part * PPM <= whole * mark
        points = nw.when(reached).then(nw.lit(given)).otherwise(points)
    more = nw.when(part > 0).then(nw.lit(one.most)).otherwise(nw.lit(one.none))
    of_nothing = more if one.at_least else nw.lit(one.none)
    return nw.when(whole == 0).then(of_nothing).otherwise(points)


def _grade(regime: Regime) -> nw.Expr:
    grade: nw.Expr = nw.lit(regime.grades[-1][0])
    for code, least in reversed(regime.grades[:-1]):
        grade = nw.when(nw.col("total") >= least).then(nw.lit(code)).otherwise(grade)
    if not (regime.weak_above or regime.weak_below):
        return grade
    by_code = {one.code: one for one in regime.criteria}
    signs = [
        nw.col(by_code[code].part) * PPM > nw.col(by_code[code].whole) * mark
        for code, mark in regime.weak_above.items()
    ]
    signs += [
        nw.col(by_code[code].part) * PPM < nw.col(by_code[code].whole) * mark
        for code, mark in regime.weak_below.items()
    ]
    return (
        nw.when(nw.all_horizontal(*signs, ignore_nulls=False)).then(nw.lit("weak")).otherwise(grade)
    )


def require_bounds(frame: Frame, names: tuple[str, ...]) -> None:
    """Figures are whole numbers whose products fit 63 bits. Raises ValueError."""
    if len(frame) == 0:
        return
    for name in dict.fromkeys(names):
        column = frame[name]
        if column.is_null().any() or column.min() < -MOST or column.max() > MOST:
            raise ValueError(f"{name}: whole numbers from -10^12 to 10^12")
