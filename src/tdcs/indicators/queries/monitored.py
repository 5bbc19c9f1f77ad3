"""Where figures come from extracts of the bank's core, and which indicators these cannot give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.queries.frames import monitored_offices
from tdcs.imports.rules.comparable import missing
from tdcs.indicators.queries.query_spec import Where

# Keys of sums by which offices can be found.
_KEYS: Final = ("office", "commune", "programme", "source", "local", "mass", "group")


def monitored_only(day: date, where: Where) -> bool:
    """Whether every loan that a question counts on a closed day is reported by extracts."""
    offices = set(monitored_offices(day))
    if not offices:
        return False
    rows = store().sums(day)
    for key, values in where.items():
        if key in _KEYS:
            rows = rows.filter(pl.col(key).is_in(list(values)))
    found = set(rows.select(pl.col("office").unique()).collect()["office"].to_list())
    return bool(found) and found <= offices


def not_reported(day: date, where: Where) -> Mapping[str, tuple[str, str]]:
    """Code → why of the indicators that "không có trong sao kê", where the figures are those of extracts alone."""
    return missing() if monitored_only(day, where) else {}


def without_unreported(found: pl.DataFrame, day: date, where: Where) -> pl.DataFrame:
    """``found`` without figures that extracts cannot give: of monitored offices, or of all where nobody else counts."""
    offices = monitored_offices(day)
    if not offices:
        return found
    mark = pl.col("code").is_in(list(missing()))
    if not monitored_only(day, where):
        if "office" not in found.columns:
            return found
        mark = mark & pl.col("office").is_in(offices)
    names = [
        name
        for name in ("numerator", "denominator", "value", "before", "change")
        if name in found.columns
    ]
    return found.with_columns(pl.when(~mark).then(pl.col(name)).alias(name) for name in names)
