"""Exact arithmetic over columns, the same on every engine; the calendar's months on Polars alone, which counts them fastest.

A day inside a rule is a whole number: days since 1/1/1970 (Int64). Every product is bounded by its caller so that it
fits 63 bits: engines differ in what they do beyond (Polars wraps in silence).
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import polars as pl

from tdcs.core import few_rows
from tdcs.core.engine import few_at_work, nw
from tdcs.core.frames import AnyFrame, Frame

EPOCH: Final = date(1970, 1, 1)
# Later than any day a rule meets (about the year 4700), and far from the edge of 63 bits.
FAR: Final = 1_000_000
_DAYS_BEFORE_EPOCH: Final = EPOCH.toordinal()


def day_number(day: date) -> int:
    """Days since 1/1/1970."""
    return day.toordinal() - _DAYS_BEFORE_EPOCH


def day_of_number(number: int) -> date:
    """The day of a number of days since 1/1/1970."""
    return EPOCH + timedelta(days=number)


# Whether `//` of the engine at work is exact for whole numbers.
_exact: ContextVar[bool] = ContextVar("exact", default=False)
_P = ParamSpec("_P")
_Made = TypeVar("_Made")


def divided_by_its_engine(
    rule: Callable[Concatenate[AnyFrame, _P], _Made],
) -> Callable[Concatenate[AnyFrame, _P], _Made]:
    """A rule whose first frame says which engine divides: on Polars, which is exact, ``floor_div`` corrects nothing.

    Of a few rows, translating an expression costs more than computing it; a correction writes its dividend out four times.
    """

    @wraps(rule)
    def ruled(frame: AnyFrame, /, *args: _P.args, **named: _P.kwargs) -> _Made:
        token = _exact.set(few_at_work() or frame.implementation.is_polars())
        try:
            return rule(frame, *args, **named)
        finally:
            _exact.reset(token)

    return ruled


def floor_div(dividend: nw.Expr, divisor: nw.Expr | int) -> nw.Expr:
    """⌊dividend ÷ divisor⌋ for whole numbers ≥ 0 and divisor > 0, exact also where `//` goes through doubles.

    An estimate is corrected by whole numbers: PySpark's division is wrong by one above 2^53. Inside ``divided_by_its_engine``
    an exact engine's is taken as it is.
    """
    if _exact.get():
        return dividend // divisor
    estimate = dividend // divisor
    rest = dividend - estimate * divisor
    up = nw.when(rest >= divisor).then(1).otherwise(0)
    down = nw.when(rest < 0).then(1).otherwise(0)
    return estimate + up - down


def round_half_up(dividend: nw.Expr, divisor: nw.Expr | int) -> nw.Expr:
    """dividend ÷ divisor to the nearest whole number, halves up; dividend ≥ 0."""
    return floor_div(2 * dividend + divisor, 2 * divisor)


# March of the year 0 begins the calendar's eras of 400 years; months are counted from it, so that a leap day ends a year.
_MARCH_0: Final = 719_468
_DAYS_OF_400_YEARS: Final = 146_097
_OF_MONTH: Final = (
    "_quarters",
    "_century",
    "_years",
    "_year",
    "_part",
    "_month",
    "_months",
    "_dom",
)


# Rows of a page, not of a close.
_FEW: Final = 2_000


def _engine() -> Any:
    """What computes a calendar's columns: Polars, or lists (core/engine.py) that know the same words."""
    return few_rows if few_at_work() else pl


def _with_month(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """``frame`` with _months (whole months from 1/3/0000 to the month of a day number) and _dom (its day of the month, from 1).

    Neri and Schneider, Euclidean affine functions and their application to calendar algorithms (2022): a quotient and a
    remainder each for century, year and month. The largest product is 2,939,745 × 146,099 < 2^39.
    """
    col = _engine().col
    # Step by step, so that no expression is written out more than once.
    steps: tuple[dict[str, pl.Expr], ...] = (
        {"_quarters": 4 * col(day) + (4 * _MARCH_0 + 3)},
        {"_century": col("_quarters") // _DAYS_OF_400_YEARS},
        {"_quarters": col("_quarters") - col("_century") * _DAYS_OF_400_YEARS},
        # 2,939,745 ÷ 2^32 is a year's share of the quarter days.
        {"_years": (col("_quarters") // 4 * 4 + 3) * 2_939_745},
        {"_year": col("_years") // 2**32},
        {"_part": (col("_years") - col("_year") * 2**32) // (4 * 2_939_745) * 2141 + 197_913},
        {"_month": col("_part") // 2**16},
        {
            "_months": col("_century") * 1200 + col("_year") * 12 + col("_month") - 3,
            "_dom": (col("_part") - col("_month") * 2**16) // 2141 + 1,
        },
    )
    # Of a few rows a step costs what a plan costs: one plan for all of them. Of many, what each step leaves is let go at once.
    if len(frame) <= _FEW and not few_at_work():
        plan = frame.lazy()
        for step in steps:
            plan = plan.with_columns(**step)
        return plan.collect(optimizations=pl.QueryOptFlags.none())
    for step in steps:
        frame = frame.with_columns(**step)
    return frame


def _first_of(months: pl.Expr) -> pl.Expr:
    """The day number of the first day of a month, counted from 1/3/0000."""
    year, month = months // 12, months % 12
    days = year * 365 + year // 4 - year // 100 + year // 400
    return days + (153 * month + 2) // 5 - _MARCH_0


def _in_month(months: pl.Expr, wanted: pl.Expr) -> pl.Expr:
    """The day number of a day of a month, or of the month's last when the month is shorter."""
    last: pl.Expr = _first_of(months + 1)
    found: pl.Expr = _engine().min_horizontal(_first_of(months) + wanted, last)
    return found - 1


def add_months(frame: Frame, name: str, day: nw.Expr, months: nw.Expr | int) -> Frame:
    """``frame`` (of Polars) with ``name``: the same day of the month, ``months`` later, or that month's last day.

    31/1 and one month: 28/2.
    """
    col = _engine().col
    given = months if isinstance(months, nw.Expr) else nw.lit(months, dtype=nw.Int64)
    staged = _with_month(frame.with_columns(_of=day, _by=given).to_native(), "_of")
    later = _in_month(col("_months") + col("_by"), col("_dom"))
    return nw.from_native(staged.with_columns(later.alias(name)).drop("_of", "_by", *_OF_MONTH))


def month_numbers(frame: Frame, name: str, day: nw.Expr) -> Frame:
    """``frame`` (of Polars) with ``name``: whole months from March 0000 to the month of a day. Differences count months.

    31/1/2025 and 1/3/2025 are two months apart.
    """
    col = _engine().col
    staged = _with_month(frame.with_columns(_of=day).to_native(), "_of")
    return nw.from_native(staged.with_columns(col("_months").alias(name)).drop("_of", *_OF_MONTH))


def months_later(day: date, months: int) -> date:
    """``add_months`` of one day."""
    row = nw.DataFrame.from_dict({"day": [day_number(day)]}, {"day": nw.Int64()}, backend="polars")
    return day_of_number(add_months(row, "later", nw.col("day"), months)["later"][0])


def session_before(frame: Frame, name: str, due: nw.Expr, session_day: nw.Expr) -> Frame:
    """``frame`` (of Polars) with ``name``: the last session day before ``due``; ``due`` itself where ``session_day`` is 0.

    The session of the due day's month when the due day is later than it, else the one of the month before;
    session days 29–31 in a short month fall on its last day (domain-facts 2.2).
    """
    col, when = _engine().col, _engine().when
    due_on, session, months = col("_due"), col("_session"), col("_months")
    staged = _with_month(frame.with_columns(_due=due, _session=session_day).to_native(), "_due")
    staged = staged.with_columns(_same=_in_month(months, session))
    chosen = (
        when(session == 0)
        .then(due_on)
        .when(due_on > col("_same"))
        .then(col("_same"))
        .otherwise(_in_month(months - 1, session))
    )
    staged = staged.with_columns(chosen.alias(name))
    return nw.from_native(staged.drop("_due", "_session", "_same", *_OF_MONTH))
