"""Quotients of whole numbers as columns, exact: per cent as parts per million, averages in dong."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from tdcs.core.columns import floor_div
from tdcs.core.frames import Frame

PPM: Final = 1_000_000
# A step of the long division multiplies a rest by this: parts up to 9 × 10^15 dong keep within 63 bits.
_STEP: Final = 1000
BOUND: Final = 9 * 10**15


def with_quotient(
    frame: Frame, name: str, numerator: nw.Expr, denominator: nw.Expr, *, scale: int, down: bool
) -> Frame:
    """``frame`` with ``name``: numerator × scale ÷ denominator, rounded half up (``down``: to the whole below).

    ``scale`` is 1 or 10^6. Null where the denominator is not positive: nothing is a share of nothing, or of a decrease.
    1,250,000 ÷ 13,000,000 = 96,154 ppm. The product may pass 63 bits (13 × 10^12 dong × 10^6); then the division goes by
    thousands: quotient and rest, the rest × 1000 again.
    """
    col = nw.col
    positive = denominator > 0
    staged = frame.with_columns(
        _n=nw.when(positive).then(numerator).otherwise(0),
        _d=nw.when(positive).then(denominator).otherwise(1),
        _known=positive & ~numerator.is_null(),
    )
    staged = (
        _at_once(staged, scale, down) if _fits(staged, scale) else _by_steps(staged, scale, down)
    )
    found = nw.when(col("_known")).then(col("_q"))
    staged = staged.with_columns(found.cast(nw.Int64).alias(name))
    return staged.select(*frame.columns, name)


def _fits(staged: Frame, scale: int) -> bool:
    """Whether 2 × n × scale + d keeps within 63 bits in every row."""
    most = staged.select(_n=nw.col("_n").abs().max(), _d=nw.col("_d").max()).row(0)
    return 2 * (most[0] or 0) * scale + (most[1] or 0) < 2**63


def _at_once(staged: Frame, scale: int, down: bool) -> Frame:
    """``_q`` by one division: what a frame in memory divides, it divides as whole numbers, toward the whole below."""
    over, under = nw.col("_n") * scale, nw.col("_d")
    return staged.with_columns(_q=over // under if down else (2 * over + under) // (2 * under))


def _by_steps(staged: Frame, scale: int, down: bool) -> Frame:
    """``_q`` by thousands."""
    col = nw.col
    # Toward the whole below also for a decrease: −5 ÷ 2 = −3, rest 1.
    staged = staged.with_columns(_low=nw.when(col("_n") < 0).then(-col("_n")).otherwise(0))
    staged = staged.with_columns(_lift=floor_div(col("_low") + col("_d") - 1, col("_d")))
    staged = staged.with_columns(_n=col("_n") + col("_lift") * col("_d"))
    staged = staged.with_columns(_q=floor_div(col("_n"), col("_d")))
    staged = staged.with_columns(_r=col("_n") - col("_q") * col("_d"), _q=col("_q") - col("_lift"))
    while scale > 1:
        staged = staged.with_columns(_p=floor_div(col("_r") * _STEP, col("_d")))
        staged = staged.with_columns(
            _q=col("_q") * _STEP + col("_p"), _r=col("_r") * _STEP - col("_p") * col("_d")
        )
        scale //= _STEP
    if not down:
        up = nw.when(2 * col("_r") >= col("_d")).then(1).otherwise(0)
        staged = staged.with_columns(_q=col("_q") + up)
    return staged
