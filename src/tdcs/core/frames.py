"""Frames of columns as rules see them: the engine behind them (Polars, DuckDB, Spark) is not a rule's business.

``Any`` stands for the engine's own frame and stands only here.
"""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import narwhals as nw

# Rows that are there.
Frame: TypeAlias = nw.DataFrame[Any]
Column: TypeAlias = nw.Series[Any]
# Rules of single rows and of sums hold for frames that wait as well (Polars lazy, Spark).
AnyFrame = TypeVar("AnyFrame", nw.DataFrame[Any], nw.LazyFrame[Any])
