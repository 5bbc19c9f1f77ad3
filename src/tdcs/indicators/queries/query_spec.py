"""What was asked: indicators, keys, restrictions, days; refused when it cannot be answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, TypeVar

import polars as pl

from tdcs.indicators.errors import NotDividedSo, UnknownIndicator, UnknownKey
from tdcs.indicators.rules.definitions import KEYS, ORIGINS, Definition, Term, catalogue
from tdcs.indicators.rules.moments import days_of

Units = Literal["then", "today"]
# A value of a key: the number of a unit, a code, a month, yes or no.
Key: TypeAlias = int | str | date
Where: TypeAlias = Mapping[str, Collection[Key]]
AnyFrame = TypeVar("AnyFrame", pl.DataFrame, pl.LazyFrame)
TYPES: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(KEYS, pl.Int64),
    "programme": pl.String,
    "union": pl.String,
    "local": pl.Boolean,
    "month": pl.Date,
}


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """A question that can be answered: definitions, keys of the answer (without month), restrictions."""

    definitions: tuple[Definition, ...]
    keys: tuple[str, ...]
    where: Where

    @property
    def needed(self) -> tuple[str, ...]:
        """The keys by which sums are needed: those of the answer and those of the restrictions."""
        return tuple(dict.fromkeys((*self.keys, *self.where)))

    def terms(self, origin: str) -> list[Term]:
        """The different terms that come from an origin."""
        found = {
            term.column: term
            for one in self.definitions
            for term in one.terms
            if term.origin == origin
        }
        return list(found.values())


def query_spec(codes: Sequence[str] | None, by: Sequence[str], where: Where) -> QuerySpec:
    """Raises UnknownKey, UnknownIndicator, NotDividedSo.

    Without ``codes``: every indicator that these keys divide.
    """
    known = catalogue()
    for key in (*by, *where):
        if key not in KEYS or (key == "month" and key in where):
            raise UnknownKey(key=key, known=", ".join(KEYS))
    keys = tuple(dict.fromkeys(key for key in by if key != "month"))
    wanted = {*keys, *where}
    if codes is None:
        chosen = [one for one in known.values() if wanted <= set(one.keys)]
        return QuerySpec(tuple(chosen), keys, where)
    for code in codes:
        if code not in known:
            raise UnknownIndicator(indicator=code)
        for key in wanted - set(known[code].keys):
            raise NotDividedSo(name=known[code].name, key=key, known=", ".join(known[code].keys))
    return QuerySpec(tuple(known[code] for code in dict.fromkeys(codes)), keys, where)


@dataclass(frozen=True, slots=True)
class SnapshotPlan:
    """Which snapshots an answer needs. ``days``: point, moment, day, target; ``missing``: (point, moment) not kept."""

    points: tuple[date, ...]
    days: pl.DataFrame
    missing: frozenset[tuple[date, str]]


def snapshot_plan(
    terms: Collection[Term], points: Sequence[date], kept: Collection[date], target: date | None
) -> SnapshotPlan:
    """The days of every moment of the terms, for each point; units are brought to ``target`` or to the point."""
    moments = sorted({term.moment for term in terms})
    held, rows, missing = set(kept), [], set()
    for point in points:
        for moment in moments:
            days = days_of(moment, point, held)
            if days is None:
                missing.add((point, moment))
                continue
            rows += [(point, moment, day, target or point) for day in days]
    schema = {"point": pl.Date, "moment": pl.String, "day": pl.Date, "target": pl.Date}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return SnapshotPlan(tuple(points), frame, frozenset(missing))


def known_keys(origin: str) -> tuple[str, ...]:
    """The keys that an origin's measures know."""
    return ORIGINS[origin][1]


def restricted(frame: AnyFrame, where: Where) -> AnyFrame:
    """The rows that the restrictions let through."""
    for key, values in where.items():
        frame = frame.filter(pl.col(key).is_in(list(values)))
    return frame
