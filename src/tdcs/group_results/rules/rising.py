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


@dataclass(frozen=True, slots=True)
class Rising:
    """By criterion, in the law's order, what it cost; and the ways to the next grade."""

    lost: tuple[Lost, ...]
    ways: tuple[Way, ...]


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def rising(figures: Figures, regime: Regime) -> Rising:
    """Points lost by criterion, and the smallest changes that reach the next grade or a better one, other figures as they were.

    Every combination of later steps is rated as the month was; of those that reach the grade the ones stay in which no
    change can be smaller. Ways by one criterion only are shown alone; otherwise those by the fewest. None at the best grade.
    """
    now = _rated([figures], regime)[0]
    lost, options = [], {}
    for one in regime.criteria:
        points = int(now[f"points_{one.code}"])
        steps = _changes(one, figures, points)
        lost.append(Lost(one.code, one.name, points, one.most, steps[0] if steps else None))
        if steps:
            options[one.code] = steps
    order = [code for code, _least in regime.grades]
    wanted = frozenset(order[: order.index(str(now["grade"]))])
    return Rising(tuple(lost), _ways(options, figures, regime, wanted) if wanted else ())


def _ways(
    options: Mapping[str, tuple[Change, ...]],
    figures: Figures,
    regime: Regime,
    wanted: frozenset[str],
) -> tuple[Way, ...]:
    """Of all steps of as few criteria as reach a wanted grade, those of which none can be smaller."""
    for size in range(1, len(options) + 1):
        chosen = {
            tuple(zip(codes, places, strict=True)): tuple(
                options[code][at] for code, at in zip(codes, places, strict=True)
            )
            for codes in combinations(options, size)
            for places in product(*(range(len(options[code])) for code in codes))
        }
        grades = _rated([changed(figures, one, regime) for one in chosen.values()], regime)
        reached = {
            steps: Way(str(row["grade"]), changes)
            for (steps, changes), row in zip(chosen.items(), grades, strict=True)
            if row["grade"] in wanted
        }
        ways = [
            way
            for steps, way in reached.items()
            if not any(smaller in reached for smaller in _one_smaller(steps))
        ]
        if ways:
            return tuple(ways[:WAYS])
    return ()


def _one_smaller(steps: tuple[tuple[str, int], ...]) -> Iterator[tuple[tuple[str, int], ...]]:
    """The same steps with one of them a step earlier."""
    for place, (code, at) in enumerate(steps):
        if at:
            yield (*steps[:place], (code, at - 1), *steps[place + 1 :])


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
