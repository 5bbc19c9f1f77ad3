"""Exact arithmetic over columns, the same on every engine.

A day inside a rule is a whole number: days since 1/1/1970 (Int64). Every product is bounded by its caller so that it
fits 63 bits: engines differ in what they do beyond (Polars wraps in silence).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import narwhals as nw

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


def floor_div(dividend: nw.Expr, divisor: nw.Expr | int) -> nw.Expr:
    """⌊dividend ÷ divisor⌋ for whole numbers ≥ 0 and divisor > 0, exact also where `//` goes through doubles.

    An estimate is corrected by whole numbers: PySpark's division is wrong by one above 2^53.
    """
    estimate = dividend // divisor
    rest = dividend - estimate * divisor
    up = nw.when(rest >= divisor).then(1).otherwise(0)
    down = nw.when(rest < 0).then(1).otherwise(0)
    return estimate + up - down


def round_half_up(dividend: nw.Expr, divisor: nw.Expr | int) -> nw.Expr:
    """dividend ÷ divisor to the nearest whole number, halves up; dividend ≥ 0."""
    return floor_div(2 * dividend + divisor, 2 * divisor)


def with_civil(frame: nw.DataFrame[Any], day: nw.Expr) -> nw.DataFrame[Any]:
    """``frame`` with _year, _month, _day of a day number (Gregorian, by eras of 400 years from 1/3/0000).

    Step by step, so that no expression is written out more than once; numbers are small: `//` is exact.
    """
    col = nw.col
    steps: tuple[dict[str, nw.Expr], ...] = (
        {"_shifted": day + 719_468},
        {"_era": col("_shifted") // 146_097},
        {"_rest": col("_shifted") - col("_era") * 146_097},
        {"_a": col("_rest") // 1460, "_b": col("_rest") // 36_524, "_c": col("_rest") // 146_096},
        {"_yoe": (col("_rest") - col("_a") + col("_b") - col("_c")) // 365},
        {"_a": col("_yoe") // 4, "_b": col("_yoe") // 100},
        {"_rest": col("_rest") - col("_yoe") * 365 - col("_a") + col("_b")},
        {"_march": (5 * col("_rest") + 2) // 153},
        {"_a": (153 * col("_march") + 2) // 5, "_b": col("_march") // 10},
        {
            "_year": col("_yoe") + col("_era") * 400 + col("_b"),
            "_month": col("_march") + 3 - 12 * col("_b"),
            "_day": col("_rest") - col("_a") + 1,
        },
    )
    for step in steps:
        frame = frame.with_columns(**step)
    return frame.drop("_shifted", "_era", "_rest", "_a", "_b", "_c", "_yoe", "_march")


def with_number(
    frame: nw.DataFrame[Any], name: str, year: nw.Expr, month: nw.Expr, day: nw.Expr
) -> nw.DataFrame[Any]:
    """``frame`` with ``name``: the day number of a Gregorian date."""
    col = nw.col
    steps: tuple[dict[str, nw.Expr], ...] = (
        {"_march": (month + 9) % 12, "_dom": day},
        {"_a": col("_march") // 10},
        {"_shifted": year - col("_a"), "_b": (153 * col("_march") + 2) // 5},
        {"_a": col("_shifted") // 4, "_c": col("_shifted") // 100, "_d": col("_shifted") // 400},
        {name: col("_shifted") * 365 + col("_a") - col("_c") + col("_d") + col("_b") + col("_dom")},
        {name: col(name) - 719_469},
    )
    for step in steps:
        frame = frame.with_columns(**step)
    return frame.drop("_march", "_dom", "_a", "_b", "_c", "_d", "_shifted")


def month_length(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    """Days of a month."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return (
        nw.when(month == 2)
        .then(28 + nw.when(leap).then(1).otherwise(0))
        .otherwise(nw.when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31))
    )


def add_months(
    frame: nw.DataFrame[Any], name: str, day: nw.Expr, months: nw.Expr | int
) -> nw.DataFrame[Any]:
    """``frame`` with ``name``: the same day of the month, ``months`` later, or that month's last day (31/1 + 1 → 28/2)."""
    staged = with_civil(frame, day)
    staged = staged.with_columns(_count=nw.col("_year") * 12 + nw.col("_month") - 1 + months)
    staged = staged.with_columns(_year=nw.col("_count") // 12, _month=nw.col("_count") % 12 + 1)
    staged = _with_capped_day(staged, nw.col("_day"))
    staged = with_number(staged, name, nw.col("_year"), nw.col("_month"), nw.col("_day"))
    return staged.drop("_year", "_month", "_day", "_count")


def months_later(day: date, months: int) -> date:
    """``add_months`` of one day."""
    row = nw.DataFrame.from_dict({"day": [day_number(day)]}, {"day": nw.Int64()}, backend="polars")
    return day_of_number(add_months(row, "later", nw.col("day"), months)["later"][0])


def _with_capped_day(frame: nw.DataFrame[Any], day: nw.Expr) -> nw.DataFrame[Any]:
    """_day: ``day``, or the last of _month in _year when the month is shorter."""
    staged = frame.with_columns(
        _wanted=day, _length=month_length(nw.col("_year"), nw.col("_month"))
    )
    staged = staged.with_columns(_day=nw.min_horizontal("_wanted", "_length"))
    return staged.drop("_wanted", "_length")


def session_before(
    frame: nw.DataFrame[Any], name: str, due: nw.Expr, session_day: nw.Expr
) -> nw.DataFrame[Any]:
    """``frame`` with ``name``: the last session day before ``due``; ``due`` itself where ``session_day`` is 0.

    The session of the due day's month when the due day is later than it, else the one of the month before;
    session days 29–31 in a short month fall on its last day (domain-facts 2.2).
    """
    col = nw.col
    staged = with_civil(frame, due).with_columns(_due=due, _session=session_day)
    staged = _with_capped_day(staged, col("_session"))
    staged = with_number(staged, "_same", col("_year"), col("_month"), col("_day"))
    staged = staged.with_columns(_count=col("_year") * 12 + col("_month") - 2)
    staged = staged.with_columns(_year=col("_count") // 12, _month=col("_count") % 12 + 1)
    staged = _with_capped_day(staged, col("_session"))
    staged = with_number(staged, "_before", col("_year"), col("_month"), col("_day"))
    chosen = (
        nw.when(col("_session") == 0)
        .then(col("_due"))
        .otherwise(nw.when(col("_due") > col("_same")).then(col("_same")).otherwise(col("_before")))
    )
    staged = staged.with_columns(chosen.alias(name))
    return staged.drop("_year", "_month", "_day", "_due", "_session", "_same", "_before", "_count")
