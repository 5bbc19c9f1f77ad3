"""Interest: exact sums of balance × days × rate over stretches of days on which nothing changes."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.core.basis import basis
from tdcs.core.columns import day_number, floor_div, round_half_up
from tdcs.core.engine import nw
from tdcs.core.frames import AnyFrame
from tdcs.loans.rules import limits

# Rates are parts per million a year, those of overdue principal hundredths of them (percent × rate).
_MILLION: Final = 10**6
_HUNDRED: Final = 100
# Bounds under which every product fits 63 bits: 100 × 400,000 × 200% × 10^11 = 8 × 10^18 < 2^63 (core/columns.py). Twice
# the most that anybody may ask by Bộ luật Dân sự 2015, Điều 468; what is beyond is a slip of the hand.
MOST_PRINCIPAL: Final = 10**11
MOST_RATE_PPM: Final = 400_000
MOST_OVERDUE_PERCENT: Final = 200
_OVERDUE: Final = "overdue_percent"


def unit(contract_day: nw.Expr) -> nw.Expr | int:
    """The parts of a dong in which a loan's interest is held: days of the year of its contract × 10^8.

    A whole number where the law never changed ``day_basis``, else a column by the day of the contract.
    """
    days = limits.constant("day_basis")
    scale = _MILLION * _HUNDRED
    return days * scale if days is not None else limits.on("day_basis", contract_day) * scale


def unit_on(contract_day: date) -> int:
    """``unit`` of one loan."""
    return limits.figure("day_basis", day_number(contract_day)) * _MILLION * _HUNDRED


@basis("ND-06-2026", "Điều 32.2")
def overdue_percent(day: nw.Expr) -> nw.Expr:
    """Of the rate in force, what overdue principal bears by the law of a day, in percent."""
    assert all(percent <= MOST_OVERDUE_PERCENT for _, percent in limits.steps(_OVERDUE))
    return limits.on(_OVERDUE, day)


@basis("TT-14-2017-NHNN", "Điều 5")
@basis("ND-06-2026", "Điều 32.2")
def accrue(stretches: AnyFrame, held_in: nw.Expr | int) -> AnyFrame:
    """``stretches`` with ``whole`` and ``rest``: interest of each stretch as dong and a remainder of 1/``held_in`` dong.

    In: balance, overdue (dong), rate (ppm a year), overdue_rate (hundredths of ppm, on overdue principal), frozen (dong,
    at most the balance counts), days. A day's interest = (100 × rate × in time + overdue_rate × overdue) ÷ (days of the
    year × 10^8); it is divided once, so that days × remainder stays small: 36,600,000,000 × 36,500 < 2^63. What is
    frozen bears nothing, and what is not is overdue first.
    """
    col = nw.col
    bears = nw.when(col("frozen") > 0).then(
        nw.max_horizontal(col("balance") - col("frozen"), nw.lit(0, dtype=nw.Int64))
    )
    staged = stretches.with_columns(_bears=bears.otherwise(col("balance")))
    some = nw.when(col("frozen") > 0).then(nw.min_horizontal("overdue", "_bears"))
    late = some.otherwise(col("overdue"))
    numerator = col("rate") * _HUNDRED * (col("_bears") - late) + col("overdue_rate") * late
    staged = staged.with_columns(_numerator=numerator)
    staged = staged.with_columns(_quotient=floor_div(col("_numerator"), held_in))
    staged = staged.with_columns(_remainder=col("_numerator") - col("_quotient") * held_in)
    return staged.with_columns(
        whole=col("_quotient") * col("days"), rest=col("_remainder") * col("days")
    ).drop("_bears", "_numerator", "_quotient", "_remainder")


def rounded(whole: nw.Expr, rest: nw.Expr, held_in: nw.Expr | int) -> nw.Expr:
    """The sum of whole dong and remainders, rounded half up to the dong."""
    return whole + round_half_up(rest, held_in)
