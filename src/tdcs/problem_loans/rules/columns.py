"""What the rules of early warning read and what they give; small steps that several of them take.

Months are whole ones: 0 the newest that is closed, 1 the one before. Of a loan they are bits of a number: bit 0 is month 0.
Money is whole dong, a share parts of a million, a day a number (core/columns.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

PPM: Final = 1_000_000
# A loan as it stands at the end of the day, and its months.
LOANS: Final = (
    "loan",
    "household",
    "group",
    "commune",
    "office",
    "programme",
    "balance",
    "frozen",
    "fallen",
    "next_due",
    "next_amount",
    "paid_now",  # 1: something was paid since the last whole month
    "paid_bits",
    "owed_bits",  # interest stood to be collected in the month
)
# Of a group's programme in a whole month.
SUMS: Final = (
    "ago",
    "group",
    "commune",
    "office",
    "programme",
    "loans",
    "to_collect",
    "collected_month",
    "in_time",
    "newly_overdue",
    "overdue_loans",
)
DAYS: Final = ("group", "day", "households")
SAVINGS: Final = ("household", "withdrawn", "held", "day")
WARNING: Final = (
    "kind",
    "place",
    "household",
    "group",
    "commune",
    "office",
    "programme",
    "figure",
    "level",
    "strength",  # by which warnings of one kind are ordered
    "before",
    "now",
    "count",
    "amount",
    "when",
)
_WORDS: Final = frozenset({"kind", "place", "programme"})


@dataclass(frozen=True, slots=True)
class Book:
    """What the rules read: LOANS, SUMS of ``months`` whole months, DAYS and SAVINGS of the last ones; ``day`` as a number."""

    day: int
    months: int
    loans: pl.DataFrame
    sums: pl.DataFrame
    days: pl.DataFrame
    savings: pl.DataFrame


def schema(names: Sequence[str]) -> dict[str, pl.DataType]:
    """The types of columns."""
    return {name: pl.String() if name in _WORDS else pl.Int64() for name in names}


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Parts of a million of money, through thousands of dong, so that a whole province's fits 63 bits."""
    return (part // 1000) * PPM // pl.max_horizontal(whole // 1000, pl.lit(1))


def bit(name: str, ago: int) -> pl.Expr:
    """1 where a month's bit is set."""
    found: pl.Expr = (pl.col(name) // 2**ago) % 2
    return found


def level(figure: pl.Expr, levels: Sequence[int]) -> pl.Expr:
    """How many of the levels a figure has reached."""
    return pl.sum_horizontal(*((figure >= one).cast(pl.Int64) for one in levels))


def warning(rows: pl.DataFrame, kind: str, place: str, levels: Sequence[int]) -> pl.DataFrame:
    """``rows`` with a figure as WARNING; what no level holds stays out."""
    rows = rows.with_columns(
        kind=pl.lit(kind), place=pl.lit(place), level=level(pl.col("figure"), levels)
    ).filter(pl.col("level") > 0)
    if "strength" not in rows.columns:
        rows = rows.with_columns(strength=pl.col("figure") * PPM // levels[0])
    given = schema(WARNING)
    absent = {
        name: pl.lit("" if name in _WORDS else 0) for name in WARNING if name not in rows.columns
    }
    rows = rows.with_columns(**absent)
    return rows.select(pl.col(name).cast(given[name]).fill_null(0) if name not in _WORDS
                       else pl.col(name).cast(pl.String) for name in WARNING)  # fmt: skip
