"""Values by a key as a table reads them: a row for each unit, a cell for each indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.indicators import queries
from tdcs.indicators.views.request_params import RequestParams, Units


@dataclass(frozen=True, slots=True)
class Cell:
    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    before: int | None = None
    change: int | None = None


Line = dict[str, Cell]
EMPTY = Cell()


def total(asked: RequestParams, codes: Sequence[str]) -> Line:
    """The indicators of everything asked, as one row."""
    return lines(asked, "", codes).get(None, {})


def askable(asked: RequestParams, definition: Any, key: str = "") -> bool:
    """Whether an indicator can be divided by the key inside what was asked: there is no access by source of capital."""
    return {*asked.where, *((key,) if key else ())} <= set(definition.keys)


def lines(asked: RequestParams, key: str, codes: Sequence[str]) -> dict[Any, Line]:
    """Id of the key → code → cell; without a key one line under None."""
    catalogue = queries.catalogue()
    known = [code for code in codes if askable(asked, catalogue[code], key)]
    of_book = tuple(code for code in known if _of_book(catalogue[code]))
    question = (key, asked.on, asked.against, asked.units, _frozen(asked.where))
    found: dict[Any, Line] = {}
    if of_book:
        for unit, code, cell in _kept(*_version(), of_book, *question):
            found.setdefault(unit, {})[code] = cell
    beside = tuple(code for code in known if code not in of_book)
    if beside:
        for unit, code, cell in _read(beside, *question):
            found.setdefault(unit, {})[code] = cell
    # A unit that only the other day knows is not there on this one.
    return {unit: row for unit, row in found.items() if any(c.value is not None for c in row.values())}  # fmt: skip


Frozen = tuple[tuple[str, frozenset[Any]], ...]
Read = tuple[tuple[Any, str, Cell], ...]


def _frozen(where: Mapping[str, frozenset[Any]]) -> Frozen:
    return tuple(sorted(where.items()))


def _of_book(definition: Any) -> bool:
    return all(term.origin == "book" for term in definition.terms)


def _version() -> tuple[str, int, date]:
    """What the answers out of the book depend on besides the question: a day that is written or forgotten is a change of
    the folder; units of today are those of the business day."""
    root = store().root
    return str(root), root.stat().st_mtime_ns, clock.today()


@lru_cache(maxsize=1024)
def _kept(root: str, version: int, today: date, codes: tuple[str, ...], *question: Any) -> Read:
    """Figures out of snapshots, kept while the snapshots are the same: closed days do not change."""
    return _read(codes, *question)


def _read(
    codes: tuple[str, ...],
    key: str,
    on: date,
    against: date | None,
    units: Units,
    where: Frozen,
) -> Read:
    frame = queries.values(
        on=on,
        by=(key,) if key else (),
        codes=codes,
        where=dict(where),
        against=against,
        units=units,
    )
    compared = "change" in frame.columns
    return tuple(
        (
            row[key] if key else None,
            row["code"],
            Cell(
                row["value"],
                row["numerator"],
                row["denominator"],
                row["before"] if compared else None,
                row["change"] if compared else None,
            ),
        )
        for row in frame.iter_rows(named=True)
    )


def names_of(key: str, ids: Sequence[Any], asked: RequestParams) -> dict[Any, str]:
    """Names of a key's ids on the day asked."""
    return dict(queries.names(key, list(ids), asked.on))
