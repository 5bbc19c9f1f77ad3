"""Interest: exact sums of balance × days × rate over stretches of days on which nothing changes."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, TypeVar

import narwhals as nw

from tdcs.core.basis import basis
from tdcs.core.columns import day_number, floor_div, round_half_up
from tdcs.loans.rules import limits

Frame = TypeVar("Frame", nw.DataFrame[Any], nw.LazyFrame[Any])

# Rates are parts per million a year, those of overdue principal hundredths of them (percent × rate).
_MILLION: Final = 10**6
_HUNDRED: Final = 100
# Bounds under which every product fits 63 bits: (10^6 + 3 × 10^6) × 10^11 < 2^62 (core/columns.py).
MOST_PRINCIPAL: Final = 10**11
MOST_RATE_PPM: Final = 10**6
MOST_OVERDUE_PERCENT: Final = 300


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


@basis("TT-14-2017-NHNN", "Điều 5")
def accrue(stretches: Frame, held_in: nw.Expr | int) -> Frame:
    """``stretches`` with ``whole`` and ``rest``: interest of each stretch as dong and a remainder of 1/``held_in`` dong.

    In: balance, overdue (dong), rate (ppm a year), overdue_rate (hundredths of ppm, on overdue principal), frozen (0 or
    more than 0), days. A day's interest = (rate × in time + overdue_rate ÷ 100 × overdue) ÷ (days of the year × 10^6);
    it is divided once, so that days × remainder stays small: 36,600,000,000 × 36,500 < 2^63. Frozen days bear nothing.
    """
    col = nw.col
    ppm_unit = held_in // _HUNDRED
    # In two steps: hundredths of ppm times balances would not fit 63 bits.
    numerator = col("rate") * (col("balance") - col("overdue")) + col(
        "overdue_rate"
    ) // _HUNDRED * col("overdue")
    fine = col("overdue_rate") % _HUNDRED * col("overdue")
    warm = col("frozen") <= 0
    staged = stretches.with_columns(
        _numerator=nw.when(warm).then(numerator).otherwise(0),
        _fine=nw.when(warm).then(fine).otherwise(0),
    )
    staged = staged.with_columns(_quotient=floor_div(col("_numerator"), ppm_unit))
    staged = staged.with_columns(
        _fine=(col("_numerator") - col("_quotient") * ppm_unit) * _HUNDRED + col("_fine")
    )
    staged = staged.with_columns(_carry=floor_div(col("_fine"), held_in))
    staged = staged.with_columns(
        whole=(col("_quotient") + col("_carry")) * col("days"),
        rest=(col("_fine") - col("_carry") * held_in) * col("days"),
    )
    return staged.drop("_numerator", "_fine", "_quotient", "_carry")


def rounded(whole: nw.Expr, rest: nw.Expr, held_in: nw.Expr | int) -> nw.Expr:
    """The sum of whole dong and remainders, rounded half up to the dong."""
    return whole + round_half_up(rest, held_in)
