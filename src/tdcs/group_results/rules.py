"""Rules of a group's month: its rating, commission, the fee and its shares; pure functions over columns."""

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
from tdcs.core.columns import floor_div, round_half_up
from tdcs.core.dated import UNVERIFIED, Value, digest
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.programmes.rules.lawbook import cite, documents
from tdcs.programmes.rules.shared import shared

PPM: Final = 1_000_000
# A group's figure of a month in dong; a product with a million then fits 63 bits.
MOST: Final = 10**12
LEVELS: Final = ("central", "province", "district", "commune")


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
    _require_bounds(frame, regime.figures())
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


def _require_bounds(frame: Frame, names: tuple[str, ...]) -> None:
    if len(frame) == 0:
        return
    for name in dict.fromkeys(names):
        column = frame[name]
        if column.is_null().any() or column.min() < -MOST or column.max() > MOST:
            raise ValueError(f"{name}: whole numbers from -10^12 to 10^12")


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """Commission of a group in a month: parts per million a month, with the texts they come from."""

    interest: Value
    savings: Value
    law_hash: str


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def commission_terms(month: date) -> CommissionTerms:
    """What holds on the month's first day. Raises NoParametersOnDay."""
    first = month.replace(day=1)
    interest = shared("commission_interest_ppm").on(first)
    savings = shared("commission_savings_ppm").on(first)
    return CommissionTerms(
        interest,
        savings,
        digest([("commission_interest_ppm", interest), ("commission_savings_ppm", savings)]),
    )


def by_rate(frame: Frame, *keys: str) -> Frame:
    """One row for each key and contract rate: the interest collected, summed."""
    return frame.group_by(*keys, "rate_ppm").agg(nw.col("interest").sum()).sort(*keys, "rate_ppm")


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def interest_commission(frame: Frame, terms: CommissionTerms) -> Frame:
    """``commission`` for the interest a group collected: interest × (commission rate ÷ monthly loan rate).

    The monthly loan rate is a twelfth of the yearly: interest × 12 × ppm ÷ rate_ppm, rounded half up to the dong once
    for each row (a group, a month and a contract rate: ``by_rate``). 100,000,000 at 6.6% a year bear 550,000 a month:
    550,000 × 12 × 850 ÷ 66,000 = 85,000, which is 0.085% of the outstanding. Interest up to 10¹² dong.
    """
    _require_bounds(frame, ("interest",))
    return frame.with_columns(
        commission=_of_outstanding(terms.interest.amount), basis=nw.lit(cite(terms.interest))
    )


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def savings_commission(frame: Frame, terms: CommissionTerms) -> Frame:
    """``commission`` for savings: average balance of the month × rate, rounded half up once a group and month.

    Average = Σ balance at each day's end ÷ days of the month: balance_days × ppm ÷ (10⁶ × days), in one division.
    balance_days up to 31 × 10¹².
    """
    dividend = nw.col("balance_days") * terms.savings.amount
    commission = nw.lit(0)
    # A month has 28 to 31 days; the rounding's divisor is a plain number.
    for days in (28, 29, 30, 31):
        commission = (
            nw.when(nw.col("days") == days)
            .then(round_half_up(dividend, PPM * days))
            .otherwise(commission)
        )
    return frame.with_columns(commission=commission, basis=nw.lit(cite(terms.savings)))


def _of_outstanding(ppm: int) -> nw.Expr:
    """interest × 12 × ppm ÷ rate_ppm, rounded half up; 0 where the contract bears no interest."""
    rate = nw.col("rate_ppm")
    dividend = nw.col("interest") * (12 * ppm)
    rounded = floor_div(2 * dividend + rate, 2 * rate)
    return nw.when(rate > 0).then(rounded).otherwise(nw.lit(0))


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """The entrustment fee of a month: parts per million a month, percent for each level, whence both come."""

    rate: Value
    split: Mapping[str, int]
    basis: str
    verified: bool
    law_hash: str


@basis("PUT-2009")
@basis("PUT-NAY")
def fee_terms(month: date) -> FeeTerms:
    """What holds on the month's first day. Raises NoParametersOnDay."""
    first = month.replace(day=1)
    rate = shared("entrustment_fee_ppm").on(first)
    for row in law.load("parameters/entrustment.yaml")["fee_split"]:
        if row["from"] <= first and (row.get("to") is None or first < row["to"]):
            content = [digest([("entrustment_fee_ppm", rate)]), {k: str(v) for k, v in row.items()}]
            return FeeTerms(
                rate,
                {level: row[level] for level in LEVELS},
                "; ".join(dict.fromkeys((cite(rate), documents()[row["document"]].label))),
                rate.verified and row["certainty"] != UNVERIFIED,
                hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
            )
    raise NoParametersOnDay(name="Phân chia phí ủy thác", day=f"{first:%d/%m/%Y}")


@basis("PUT-2009")
@basis("PUT-NAY")
def entrustment_fee(frame: Frame, terms: FeeTerms) -> Frame:
    """``fee`` and its shares fee_central … fee_commune.

    The base is the outstanding on which interest was collected: interest × 12 × ppm ÷ rate_ppm, rounded half up once for
    each row (an organisation, a month and a contract rate). The upper levels' shares are rounded down, the commune's
    is the rest, so that the shares give the fee to the dong.
    """
    _require_bounds(frame, ("interest",))
    frame = frame.with_columns(fee=_of_outstanding(terms.rate.amount))
    upper = [level for level in LEVELS if level != "commune"]
    frame = frame.with_columns(
        **{f"fee_{level}": floor_div(nw.col("fee") * terms.split[level], 100) for level in upper}
    )
    rest = nw.col("fee")
    for level in upper:
        rest = rest - nw.col(f"fee_{level}")
    return frame.with_columns(fee_commune=rest, basis=nw.lit(terms.basis))
