"""What a group must do to rise: points lost by criterion, and the smallest changes in figures that reach the next grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final, NotRequired, TypedDict

import narwhals as nw
import polars as pl

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.group_results.rules.rating import PPM, Criterion, Regime, rated

_FILE: Final = "group_quality.yaml"
# So many ways are shown, those with the fewest criteria first.
WAYS: Final = 4

Figures = Mapping[str, int]


class Advice(TypedDict):
    """What law/group_quality.yaml says of a criterion."""

    code: str
    unit: str
    inside: NotRequired[bool]
    vi: str
    en: str


@law.remembered
def advice() -> dict[str, Advice]:
    """Criterion → its unit and the words of what is done about it."""
    return {row["code"]: row for row in law.load(_FILE)["criteria"]}


@dataclass(frozen=True, slots=True)
class Change:
    """A criterion brought to its next step or a later one: by how much its part changes, and where it then stands."""

    code: str
    gain: int
    by: int
    goal: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A criterion with the points that it cost, and the smallest change that gives more."""

    code: str
    name: str
    points: int
    most: int
    next: Change | None

    @property
    def lost(self) -> int:
        """Points short of the most."""
        return self.most - self.points


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together reach a grade; with any of them smaller it is not reached."""

    grade: str
    changes: tuple[Change, ...]


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def lost_points(figures: Figures, regime: Regime) -> tuple[Lost, ...]:
    """By criterion, in the law's order: points, points lost, the smallest change that gives more points."""
    row = _rated([figures], regime)[0]
    found = []
    for one in regime.criteria:
        points = int(row[f"points_{one.code}"])
        steps = _changes(one, figures, points)
        found.append(Lost(one.code, one.name, points, one.most, steps[0] if steps else None))
    return tuple(found)


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def ways_up(figures: Figures, regime: Regime) -> tuple[Way, ...]:
    """The smallest changes that reach the next grade or a better one, other figures as they were; none at the best grade.

    Every combination of later steps is rated as the month was; of those that reach the grade the ones stay in which no
    change can be smaller. Ways by one criterion only are shown alone; otherwise those by the fewest.
    """
    now = _rated([figures], regime)[0]
    order = [code for code, _least in regime.grades]
    at = order.index(str(now["grade"]))
    if at == 0:
        return ()
    wanted = frozenset(order[:at])
    options = {
        one.code: steps
        for one in regime.criteria
        if (steps := _changes(one, figures, int(now[f"points_{one.code}"])))
    }
    for size in range(1, len(options) + 1):
        ways = [
            way
            for codes in combinations(options, size)
            for way in _least({code: options[code] for code in codes}, figures, regime, wanted)
        ]
        if ways:
            return tuple(ways[:WAYS])
    return ()


def _least(
    options: Mapping[str, tuple[Change, ...]],
    figures: Figures,
    regime: Regime,
    wanted: frozenset[str],
) -> Iterator[Way]:
    """Of all steps of these criteria together, those that reach a wanted grade and of which none can be smaller."""
    places = list(product(*(range(len(steps)) for steps in options.values())))
    chosen = [
        tuple(steps[at] for steps, at in zip(options.values(), place, strict=True))
        for place in places
    ]
    grades = _rated([changed(figures, one, regime) for one in chosen], regime)
    reached = {
        place: (str(row["grade"]), changes)
        for place, changes, row in zip(places, chosen, grades, strict=True)
        if row["grade"] in wanted
    }
    for place, (grade, changes) in reached.items():
        smaller = (
            (*place[:at], step - 1, *place[at + 1 :]) for at, step in enumerate(place) if step
        )
        if not any(one in reached for one in smaller):
            yield Way(grade, changes)


def changed(figures: Figures, changes: tuple[Change, ...], regime: Regime) -> dict[str, int]:
    """The figures as they stand after some changes."""
    found = dict(figures)
    criteria = {one.code: one for one in regime.criteria}
    for change in changes:
        one = criteria[change.code]
        found[one.part] = change.goal
        if advice()[one.code].get("inside"):
            found[one.whole] -= change.by
    return found


def _changes(one: Criterion, figures: Figures, points: int) -> tuple[Change, ...]:
    """Every later step of a criterion, the nearest first, with the smallest change of its part that reaches it."""
    part, whole = figures[one.part], figures[one.whole]
    if whole <= 0:
        # Of nothing owed or held, anything at all gives all points.
        more = one.most - points
        return (Change(one.code, more, 1 - part, 1),) if one.at_least and more > 0 else ()
    found = []
    for mark, given in sorted(one.steps, key=lambda step: step[1]):
        if given > points:
            goal = _goal(one, part, whole, mark)
            found.append(Change(one.code, given - points, abs(goal - part), goal))
    return tuple(found)


def _goal(one: Criterion, part: int, whole: int, mark: int) -> int:
    """Where the part must stand for a step: part × 10⁶ ≥ mark × whole, or ≤ where less is better."""
    if one.at_least:
        return -(-mark * whole // PPM)
    if advice()[one.code].get("inside"):
        # What is paid leaves part and whole: (part − x) × 10⁶ ≤ mark × (whole − x).
        return part - -(-(part * PPM - mark * whole) // (PPM - mark))
    return mark * whole // PPM


def _rated(
    rows: list[Figures] | list[dict[str, int]], regime: Regime
) -> list[dict[str, int | str]]:
    """The rows rated as a month is."""
    names = dict.fromkeys(regime.figures(), pl.Int64)
    frame = pl.DataFrame([{name: row[name] for name in names} for row in rows], schema=names)
    found: list[dict[str, int | str]] = list(
        rated(nw.from_native(frame, eager_only=True), regime).rows(named=True)
    )
    return found
