"""The plan's targets on a day: value, target, gap, trend, forecast to the year's end, on the way or behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.store import Store
from tdcs.core.months import is_month_end
from tdcs.indicators.queries.query_spec import QuerySpec, Where
from tdcs.indicators.queries.units import Units
from tdcs.indicators.queries.values import evaluated, shown_in
from tdcs.indicators.rules.definitions import Definition, Target, Term, catalogue
from tdcs.indicators.rules.forecast import (
    YEARS,
    Forecast,
    Part,
    Series,
    limits,
    ratio_forecast,
    silence,
)

TREND = 12


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target on a day. ``gap``: value to bound, negative when the value is on the wrong side.

    ``standing``: "on" or "behind", by the forecast where the year's growth is promised and a forecast is told, else by the
    value; None while neither is known, and ``reason`` says why. ``silent``: why the forecast is not told ("untested", "error").
    """

    code: str
    name: str
    name_en: str
    unit: str
    day: date
    numerator: int | None
    denominator: int | None
    value: int | None
    target: int
    at_least: bool
    gap: int | None
    met: bool | None
    trend: tuple[tuple[date, int | None], ...]
    forecast: Forecast | None
    standing: str | None
    reason: str
    basis: str
    tolerance: int = 0
    silent: str = ""

    @property
    def shown_forecast(self) -> Forecast | None:
        """The forecast, when it may be told."""
        return None if self.silent else self.forecast


def targets(*, on: date, where: Where | None = None) -> list[TargetLine]:
    """The promises that hold on the last closed day up to ``on``, for all or for a part. Raises NoSnapshot."""
    book, places, units = store(), where or {}, Units()
    day = shown_in(book, on)
    ends = [one for one in book.days() if one < day and is_month_end(one)]
    promised = [
        (one, target) for one in catalogue().values() if (target := one.target_on(day)) is not None
    ]
    able = [one for one, _ in promised if set(places) <= set(one.keys)]
    shown = [*ends[1 - TREND :], day]
    question = QuerySpec(tuple(able), (), places)
    found = evaluated(book, question, shown, None, units)
    amounts = _series(book, able, places, [*_needed(ends, day), day], units)
    return [_line(one, target, found, shown, amounts) for one, target in promised]


def _needed(ends: list[date], day: date) -> list[date]:
    """The ends of months that forecasts and their tests of earlier years look at."""
    months = {12, day.month, day.month - 1}
    return [one for one in ends if one.month in months and one.year >= day.year - 2 * YEARS - 1]


def _series(
    book: Store, definitions: list[Definition], where: Where, days: list[date], units: Units
) -> Mapping[tuple[str, bool], Series]:
    """(measure, local) → {day: amount} of the book's measures in the definitions."""
    wanted = {
        (term.measure, term.local) for one in definitions for term in one.terms if _seasonal(one)
    }
    plain = {pair: Term(pair[0], "day", pair[1]) for pair in sorted(wanted)}
    asked = tuple(_amount(term) for term in plain.values())
    found = evaluated(book, QuerySpec(asked, (), where), days, None, units)
    return {
        pair: dict(found.filter(pl.col("code") == term.column).select("point", "value").rows())
        for pair, term in plain.items()
    }


def _amount(term: Term) -> Definition:
    return Definition(
        term.column, "", "", "dong", None, "", "", (term,), (), document="", article=""
    )


def _seasonal(one: Definition) -> bool:
    """Whether a forecast is made: all its terms are amounts of the book, of the day or of the year's beginning."""
    return all(term.origin == "book" and term.moment in ("day", "year") for term in one.terms)


def _line(
    one: Definition,
    target: Target,
    found: pl.DataFrame,
    shown: list[date],
    amounts: Mapping[tuple[str, bool], Series],
) -> TargetLine:
    rows = {row["point"]: row for row in found.filter(pl.col("code") == one.code).iter_rows(named=True)}  # fmt: skip
    day, now = shown[-1], rows.get(shown[-1], {})
    value = now.get("value")
    forecast = _forecast(one, amounts, day) if rows and _seasonal(one) else None
    silent = silence(forecast, limits()) if forecast and not _is_year_end(day) else ""
    standing, reason = _judgement(one, target, value, None if silent else forecast, bool(rows))
    if silent and standing is None and value is not None:
        standing, reason = ("on" if target.met_by(value) else "behind"), ""
    return TargetLine(
        code=one.code,
        name=one.name,
        name_en=one.name_en,
        unit=one.unit,
        day=day,
        numerator=now.get("numerator"),
        denominator=now.get("denominator"),
        value=value,
        target=target.bound,
        at_least=target.at_least is not None,
        gap=None if value is None else target.gap(value),
        met=None if value is None else target.met_by(value),
        trend=tuple((point, rows[point]["value"]) for point in shown if point in rows),
        forecast=forecast,
        standing=standing,
        reason=reason,
        basis=target.basis,
        tolerance=target.tolerance,
        silent=silent,
    )


def _is_year_end(day: date) -> bool:
    """The year is over: what would be forecast is there."""
    return (day.month, day.day) == (12, 31)


def _forecast(
    one: Definition, amounts: Mapping[tuple[str, bool], Series], day: date
) -> Forecast | None:
    def parts(terms: tuple[Term, ...]) -> list[Part]:
        return [
            Part(amounts[term.measure, term.local], term.sign, term.moment == "year")
            for term in terms
        ]

    now = {
        place: amounts[term.measure, term.local][day]
        for place, term in enumerate(one.terms)
        if term.moment == "day"
    }
    return ratio_forecast(parts(one.numerator), parts(one.denominator), now, day)


def _judgement(
    one: Definition, target: Target, value: int | None, forecast: Forecast | None, divided: bool
) -> tuple[str | None, str]:
    if not divided:
        return None, "Chỉ tiêu này không tính riêng cho phạm vi được xem."
    if value is None:
        return None, "Chưa đủ số liệu để tính."
    yearly = any(term.moment == "year" for term in one.terms)
    if not yearly:
        return ("on" if target.met_by(value) else "behind"), ""
    if forecast is None:
        met = "on" if target.met_by(value) else None
        return met, "" if met else "Chưa có năm trước trọn vẹn để dự báo."
    return ("on" if target.met_by(forecast.value) else "behind"), ""
