"""Values by a key as a table reads them: a row for each unit, a cell for each indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tdcs.indicators import queries
from tdcs.indicators.views.asked import Asked


@dataclass(frozen=True, slots=True)
class Cell:
    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    before: int | None = None
    change: int | None = None


Line = dict[str, Cell]
EMPTY = Cell()


def total(asked: Asked, codes: Sequence[str]) -> Line:
    """The indicators of everything asked, as one row."""
    return lines(asked, "", codes).get(None, {})


def askable(asked: Asked, definition: Any, key: str = "") -> bool:
    """Whether an indicator can be divided by the key inside what was asked: there is no access by source of capital."""
    return {*asked.where, *((key,) if key else ())} <= set(definition.keys)


def lines(asked: Asked, key: str, codes: Sequence[str]) -> dict[Any, Line]:
    """Id of the key → code → cell; without a key one line under None."""
    catalogue = queries.catalogue()
    codes = [code for code in codes if askable(asked, catalogue[code], key)]
    frame = queries.values(
        on=asked.on,
        by=(key,) if key else (),
        codes=codes,
        where=asked.where,
        against=asked.against,
        units=asked.units,
    )
    compared = "change" in frame.columns
    found: dict[Any, Line] = {}
    for row in frame.iter_rows(named=True):
        cell = Cell(
            row["value"],
            row["numerator"],
            row["denominator"],
            row["before"] if compared else None,
            row["change"] if compared else None,
        )
        found.setdefault(row[key] if key else None, {})[row["code"]] = cell
    # A unit that only the other day knows is not there on this one.
    return {
        unit: row for unit, row in found.items() if any(c.value is not None for c in row.values())
    }


def names_of(key: str, ids: Sequence[Any], asked: Asked) -> dict[Any, str]:
    """Names of a key's ids on the day asked."""
    return dict(queries.names(key, list(ids), asked.on))
