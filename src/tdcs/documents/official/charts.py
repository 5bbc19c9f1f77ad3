"""Charts as shares of a plain: the arithmetic is here, the drawing in ``templates/chart.typ``.

A drawing is made once in grey: the PDF takes its lines, the .docx its picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tdcs.documents import numbers
from tdcs.documents.official import wording
from tdcs.documents.official.model import Chart

_STEPS = (1, 2, 2.5, 5, 10)
_WANTED_STEPS = 5
_BARS_A_PAGE = 24


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Mark:
    """One value: where it begins and ends as shares of the axis, and how it is written."""

    start: float
    end: float
    label: str


@dataclass(frozen=True)
class LineChart:
    name: str
    marks: list[Mark | None]


@dataclass(frozen=True)
class Drawing:
    form: str
    unit: str
    stacked: bool
    categories: list[str]
    ticks: list[Tick]
    zero: float
    series: list[LineChart]
    totals: list[Mark]


def draw(chart: Chart) -> Drawing:
    """Shares of an axis with round figures that always begins at zero (ui: no axis that flatters)."""
    stacked = chart.stacked and chart.kind != "line"
    count = len(chart.categories)
    table = [_values(series.values, count) for series in chart.series]
    sums = [sum(column[place] or 0.0 for column in table) for place in range(count)]
    known = [value for column in table for value in column if value is not None]
    low, high, step = _axis(sums if stacked else known)
    places = max(chart.decimals, _places(step))

    def share(value: float) -> float:
        return round((value - low) / (high - low), 6)

    base = [0.0] * count
    lines: list[LineChart] = []
    for series, column in zip(chart.series, table, strict=True):
        marks: list[Mark | None] = []
        for place, value in enumerate(column):
            if value is None:
                marks.append(None)
                continue
            start = base[place] if stacked else 0.0
            named = series.labels == "all" or place == _last(column)
            label = numbers.decimal(value, chart.decimals) if named else ""
            marks.append(Mark(share(start), share(start + value), label))
            base[place] += value
        lines.append(LineChart(wording.one_line(series.name), marks))
    ticks = round((high - low) / step)
    return Drawing(
        form=chart.kind,
        unit=wording.one_line(chart.unit),
        stacked=stacked,
        categories=[wording.one_line(name) for name in chart.categories],
        ticks=[
            Tick(share(low + place * step), numbers.decimal(low + place * step, places))
            for place in range(ticks + 1)
        ],
        zero=share(0.0),
        series=lines,
        totals=[Mark(0, share(total), numbers.decimal(total, chart.decimals)) for total in sums]
        if stacked
        else [],
    )


def _last(column: Sequence[float | None]) -> int:
    return max(place for place, value in enumerate(column) if value is not None)


def pieces(drawing: Drawing) -> list[Drawing]:
    """Lying bars that a page cannot hold, cut into several drawings on the same axis."""
    count = len(drawing.categories)
    if drawing.form != "hbar" or count <= _BARS_A_PAGE:
        return [drawing]
    several = 1 if drawing.stacked else max(1, len(drawing.series))
    size = max(6, _BARS_A_PAGE // several)
    return [
        replace(
            drawing,
            categories=drawing.categories[start : start + size],
            series=[LineChart(one.name, one.marks[start : start + size]) for one in drawing.series],
            totals=drawing.totals[start : start + size],
        )
        for start in range(0, count, size)
    ]


def described(chart: Chart) -> str:
    """Words for who cannot see the picture: title, then every value."""
    said: list[str] = []
    for series in chart.series:
        values = _values(series.values, len(chart.categories))
        pairs = [
            f"{wording.one_line(name)} {numbers.decimal(value, chart.decimals)}"
            for name, value in zip(chart.categories, values, strict=True)
            if value is not None
        ]
        said.append(f"{wording.one_line(series.name)}: {', '.join(pairs)}")
    unit = f" ({wording.one_line(chart.unit)})" if chart.unit else ""
    return f"{wording.one_line(chart.title)}{unit}. {'; '.join(said)}."[:2000]


def _values(values: Sequence[int | float | None], count: int) -> list[float | None]:
    """As many as there are categories; what is no finite number is a gap."""
    known = [
        float(value) if value is not None and math.isfinite(value) else None
        for value in values[:count]
    ]
    return known + [None] * (count - len(known))


def _axis(values: Sequence[float]) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis with round figures."""
    low = min([0.0, *values])
    high = max([0.0, *values])
    if high == low:
        high = low + 1.0
    rough = (high - low) / _WANTED_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in _STEPS if power * size >= rough * 0.999)
    return math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step, step


def _places(step: float) -> int:
    """Decimals that a step of the axis needs: 0.25 two, 2.5 one, 5 none."""
    return max(0, next((n for n in range(7) if abs(round(step, n) - step) < 1e-9), 6))
