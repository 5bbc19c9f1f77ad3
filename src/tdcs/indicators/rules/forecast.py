"""Where an amount will stand when the year ends, from how earlier years went on from the same date.

forecast = amount now × Σ amounts at earlier years' ends ÷ Σ amounts on the same date of those years, over the last three whole
years, rounded half up. If outstanding rose from 9,600 to 10,000 and from 10,500 to 11,000 between 23/11 and 31/12, then 12,060
of today becomes 12,060 × 21,000 ÷ 20,100 = 12,600. Inside a month an earlier amount is taken on the straight line between the
month's two ends. Whole numbers and exact fractions; a series is {end of a month: amount}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Final

from tdcs.core import law
from tdcs.core.months import is_month_end, month_end
from tdcs.indicators.rules.ratios import PPM

Series = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a forecast is believed (law/forecast.yaml). ``most_error``: share of what it says, in ppm."""

    years: int
    least_tests: int
    most_error: int


@law.remembered
def limits() -> Limits:
    """The limits as the data set them."""
    return Limits(**law.load("forecast.yaml"))


YEARS: Final = limits().years


@dataclass(frozen=True, slots=True)
class Part:
    """A term of a formula as a series: of the day itself, or of the end of the year before (``opening``)."""

    series: Series
    sign: int
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value expected at the year's end, from how many years; mean and largest error of the same method in earlier years.

    ``floor``: what the ratio cannot be below (nought where nothing is taken away), None where it can.
    """

    value: int
    years: int
    error: int | None
    tests: int
    worst: int | None = None
    floor: int | None = None

    @property
    def low(self) -> int:
        """The lower end of the range in which the value would have been in every year that was tried."""
        low = self.value - (self.worst or 0)
        return low if self.floor is None else max(low, self.floor)

    @property
    def high(self) -> int:
        return self.value + (self.worst or 0)


def silence(found: Forecast, within: Limits) -> str:
    """Why a forecast is not told: "untested" or "error"; "" when it is.

    0.04% forecast with an error of 0.27% in an earlier year says nothing; 0.11% with 0.08% says 0.03 to 0.19%. An error as
    large as the limit is still told.
    """
    if found.tests < within.least_tests or found.worst is None:
        return "untested"
    return "error" if found.worst * PPM > abs(found.value) * within.most_error else ""


def year_end(year: int) -> date:
    return date(year, 12, 31)


def on_line(series: Series, day: date) -> Fraction | None:
    """The amount on a day: at a month's end as known, inside a month on the line between its two ends."""
    last = day.replace(day=1) - timedelta(days=1)
    if is_month_end(day):
        return Fraction(series[day]) if day in series else None
    end = month_end(day)
    if last not in series or end not in series:
        return None
    return series[last] + Fraction((series[end] - series[last]) * day.day, end.day)


def same_date(day: date, year: int) -> date:
    """The date in another year; a month's end stays one."""
    first = day.replace(day=1, year=year)
    return month_end(first) if is_month_end(day) else first + timedelta(days=day.day - 1)


def amount_forecast(
    series: Series, now: Fraction | int, day: date
) -> tuple[Fraction | int, int] | None:
    """(amount at the end of the day's year, years used); None when no earlier year is whole."""
    if day == year_end(day.year):
        return now, 0
    pairs = []
    for year in range(day.year - YEARS, day.year):
        then = on_line(series, same_date(day, year))
        end = series.get(year_end(year))
        if then is not None and end is not None:
            pairs.append((then, end))
    if not pairs:
        return None
    begun = sum((then for then, _ in pairs), Fraction(0))
    if begun <= 0:
        return now, len(pairs)
    return now * sum(end for _, end in pairs) / begun, len(pairs)


def ratio_forecast(
    numerator: list[Part], denominator: list[Part], now: Mapping[int, int], day: date
) -> Forecast | None:
    """The ratio at the year's end in ppm, with the mean error of earlier years' forecasts made on the same date.

    ``now``: amount of the day by the part's place (numerator's parts, then denominator's).
    """
    parts = [*numerator, *denominator]
    found = _ratio(parts, len(numerator), {place: Fraction(n) for place, n in now.items()}, day)
    if found is None:
        return None
    errors = []
    for year in range(day.year - YEARS, day.year):
        error = _tested(parts, len(numerator), same_date(day, year))
        if error is not None:
            errors.append(error)
    mean = floor(Fraction(sum(errors), len(errors)) + Fraction(1, 2)) if errors else None
    floor_ = 0 if all(part.sign > 0 for part in parts) else None
    return Forecast(found[0], found[1], mean, len(errors), max(errors, default=None), floor_)


def _ratio(
    parts: list[Part], split: int, now: Mapping[int, Fraction], day: date
) -> tuple[int, int] | None:
    """(ratio in ppm at the end of the day's year, the fewest years used)."""
    amounts, years = [], YEARS
    for place, part in enumerate(parts):
        if part.opening:
            opening = part.series.get(year_end(day.year - 1))
            if opening is None:
                return None
            amounts.append(Fraction(opening) * part.sign)
            continue
        found = amount_forecast(part.series, now[place], day)
        if found is None:
            return None
        amounts.append(Fraction(found[0]) * part.sign)
        years = min(years, found[1])
    over, under = sum(amounts[:split], Fraction(0)), sum(amounts[split:], Fraction(0))
    if under <= 0:
        return None
    return floor(over / under * PPM + Fraction(1, 2)), years


def _tested(parts: list[Part], split: int, day: date) -> int | None:
    """How far the forecast made on a day of an earlier year was from what the year's end brought."""
    now, ended = {}, {}
    for place, part in enumerate(parts):
        if part.opening:
            continue
        then, end = on_line(part.series, day), part.series.get(year_end(day.year))
        if then is None or end is None:
            return None
        now[place], ended[place] = then, Fraction(end)
    told = _ratio(parts, split, now, day)
    true = _ratio(parts, split, ended, year_end(day.year))
    return abs(told[0] - true[0]) if told and true else None
