"""A risk-based sample: the same seed and book give the same loans, on any machine and in any order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.oversight.rules.settings import Risk

_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_64: Final = 2**64


def _lot(loan: pl.Expr, seed: int) -> pl.Expr:
    """A number for each loan that looks drawn by lot: splitmix64 of loan and seed (Steele, Lea, Flood 2014)."""
    start = pl.lit((seed * _GOLDEN) % _64, pl.UInt64)
    mixed = (loan.cast(pl.UInt64) + 1) * pl.lit(_GOLDEN, pl.UInt64) ^ start
    mixed = (mixed ^ mixed // 2**30) * pl.lit(_FIRST, pl.UInt64)
    mixed = (mixed ^ mixed // 2**27) * pl.lit(_SECOND, pl.UInt64)
    return mixed ^ mixed // 2**31


@without_basis("cách chọn mẫu theo rủi ro của hệ thống")
def with_risk(rows: pl.DataFrame, large_from: int) -> pl.DataFrame:
    """``rows`` with ``risk``: the first kind that fits (overdue, inactive, large, other).

    loan, balance, silent (as in coverage.BOOK), bad (overdue or frozen).
    """
    col = pl.col
    kind = (
        pl.when(col("bad"))
        .then(pl.lit("overdue"))
        .when(col("silent") > 0)
        .then(pl.lit("inactive"))
        .when(col("balance") >= large_from)
        .then(pl.lit("large"))
        .otherwise(pl.lit("other"))
    )
    return rows.with_columns(risk=kind)


@without_basis("cách chọn mẫu theo rủi ro của hệ thống")
def draw(rows: pl.DataFrame, risks: Sequence[Risk], size: int, seed: int) -> pl.DataFrame:
    """``size`` loans (all, when there are fewer) with their kind of risk, in the order of the kinds and of their lots.

    Each kind gives its percent of the sample, by lot; what one lacks is taken from the rest by lot, in the order of the kinds.
    """
    order = {risk["code"]: at for at, risk in enumerate(risks)}
    col = pl.col
    lots = rows.with_columns(
        lot=_lot(col("loan"), seed),
        at=col("risk").replace_strict(order, default=len(order), return_dtype=pl.Int64),
    ).sort("at", "lot", "loan")
    place = pl.int_range(pl.len()).over("at")
    quotas = {at: -(-size * risk["percent"] // 100) for at, risk in enumerate(risks)}
    quota = col("at").replace_strict(quotas, default=0, return_dtype=pl.Int64)
    lots = lots.with_columns(beyond=(place >= quota).cast(pl.Int64))
    chosen = lots.sort("beyond", "at", "lot", "loan").head(size)
    return chosen.sort("at", "lot", "loan").select("loan", "risk")
