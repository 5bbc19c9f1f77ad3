"""Interest: exact sums of balance × days × rate over stretches of days on which nothing changes."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import narwhals as nw

from tdcs.core.columns import floor_div, round_half_up

Frame = TypeVar("Frame", nw.DataFrame[Any], nw.LazyFrame[Any])

# A day's interest is rate × (10 × in time + 13 × overdue) / DIVISOR: ppm a year, Act/365, overdue at 130%.
DIVISOR: Final = 365 * 10**7
# Bounds under which every product fits 63 bits: 13 × 10^11 × 10^6 < 2 × 10^18 (core/columns.py).
MOST_PRINCIPAL: Final = 10**11
MOST_RATE_PPM: Final = 10**6


def accrue(stretches: Frame) -> Frame:
    """``stretches`` with ``whole`` and ``rest``: interest of each stretch as dong and a remainder of 1/DIVISOR dong.

    In: balance, overdue (dong), rate (ppm a year), frozen (0 or more than 0), days. A day's numerator is divided once, so
    that days × remainder stays small: (3,650,000,000 × 36,500) < 2^63. Frozen stretches bear nothing.
    """
    col = nw.col
    numerator = col("rate") * (10 * col("balance") + 3 * col("overdue"))
    staged = stretches.with_columns(
        _numerator=nw.when(col("frozen") > 0).then(0).otherwise(numerator)
    )
    staged = staged.with_columns(_quotient=floor_div(col("_numerator"), DIVISOR))
    staged = staged.with_columns(_remainder=col("_numerator") - col("_quotient") * DIVISOR)
    return staged.with_columns(
        whole=col("_quotient") * col("days"), rest=col("_remainder") * col("days")
    ).drop("_numerator", "_quotient", "_remainder")


def rounded(whole: nw.Expr, rest: nw.Expr) -> nw.Expr:
    """The sum of whole dong and remainders, rounded half up to the dong."""
    return whole + round_half_up(rest, DIVISOR)
