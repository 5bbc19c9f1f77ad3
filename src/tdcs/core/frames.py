"""Frames of columns as rules see them: the engine behind them (Polars, DuckDB, Spark) is not a rule's business.

``Any`` stands for the engine's own frame and for the values that it hands out; it stands only here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import narwhals as nw

if TYPE_CHECKING:
    import polars as pl

# Rows that are there.
Frame: TypeAlias = nw.DataFrame[Any]
Column: TypeAlias = nw.Series[Any]
# Rules of single rows and of sums hold for frames that wait as well (Polars lazy, Spark).
AnyFrame = TypeVar("AnyFrame", nw.DataFrame[Any], nw.LazyFrame[Any])
Row = TypeVar("Row", bound=Mapping[str, object])


def rows_of(frame: Frame | pl.DataFrame, kind: type[Row]) -> list[Row]:
    """The rows by name, as the TypedDict ``kind`` describes them. KeyError names the columns that the frame lacks."""
    required: frozenset[str] = vars(kind)["__required_keys__"]
    if missing := required - set(frame.columns):
        raise KeyError(", ".join(sorted(missing)))
    rows: Any = frame.rows(named=True)
    found: list[Row] = rows
    return found
