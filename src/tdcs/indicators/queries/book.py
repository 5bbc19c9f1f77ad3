"""Sums of the closed days by keys, each brought to the units of its target; distinct borrowers from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.closing.store import Store
from tdcs.indicators.queries.asking import TYPES, Asked, Plan, Where, restricted
from tdcs.indicators.queries.places import unions, with_union
from tdcs.indicators.queries.units import SUCCEEDED, Units
from tdcs.indicators.rules.definitions import Term

_PLAIN: Final = ("programme", "source", "local")


def book_sums(store: Store, asked: Asked, plan: Plan, units: Units) -> pl.DataFrame:
    """point, keys, and each term's column of the book."""
    terms = asked.terms("book")
    added = [term for term in terms if term.measure != "borrowers"]
    distinct = [term for term in terms if term.measure == "borrowers"]
    frames = []
    if added:
        frames.append(_added(store, asked, plan, units, added))
    frames += [_borrowers(store, asked, plan, units, term) for term in distinct]
    return pl.concat(frames, how="diagonal")


def _added(
    store: Store, asked: Asked, plan: Plan, units: Units, terms: Sequence[Term]
) -> pl.DataFrame:
    moments = {term.moment for term in terms}
    wanted = plan.days.filter(pl.col("moment").is_in(list(moments)))
    days = sorted(wanted["day"].unique().to_list())
    split = _split(wanted, asked, units)
    parts = {(term.measure, term.local) for term in terms}
    sums = [_sum(measure, local).alias(_column(measure, local)) for measure, local in sorted(parts)]
    lazy = _narrowed(store.sums_many(days), asked.where, units)
    keys = _kept_keys(asked)
    grouped = lazy.group_by("day", *keys, *split).agg(sums).collect(engine="streaming")
    joined = wanted.join(grouped, on="day", how="inner")
    joined = _brought(joined, asked, units, bool(split))
    columns = [
        pl.col(_column(term.measure, term.local))
        .filter(pl.col("moment") == term.moment)
        .sum()
        .alias(term.column)
        for term in terms
    ]
    return joined.group_by("point", *asked.keys).agg(columns)


def _sum(measure: str, local: bool) -> pl.Expr:
    column = pl.col(measure)
    return column.filter(pl.col("local")).sum() if local else column.sum()


def _column(measure: str, local: bool) -> str:
    return f"local.{measure}" if local else measure


def _kept_keys(asked: Asked) -> list[str]:
    """The keys of the store's sums that the question needs; the kind of organisation follows from the organisation."""
    found = ["mass" if key == "union" else key for key in asked.needed]
    return list(dict.fromkeys(found))


def _split(wanted: pl.DataFrame, asked: Asked, units: Units) -> list[pl.Expr]:
    """The groups of divided units, where a day's units must be brought past a division."""
    found = [key for key in asked.needed if key in ("commune", "mass")]
    passed = any(
        units.heirs(key).epoch(day) != units.heirs(key).epoch(target)
        for key in found
        for day, target in wanted.select("day", "target").unique().iter_rows()
    )
    column = units.split_column(found) if passed else None
    return [] if column is None else [column]


def _narrowed(lazy: pl.LazyFrame, where: Where, units: Units) -> pl.LazyFrame:
    """The rows that may belong to the restriction, whatever their units were called then."""
    for key, values in where.items():
        chosen = list(values)
        if key == "union":
            kinds = unions()
            key, chosen = "mass", [unit for unit, kind in kinds.items() if kind in set(values)]
        if key in SUCCEEDED:
            chosen = sorted(units.heirs(key).predecessors(chosen))
        lazy = lazy.filter(pl.col(key).is_in(chosen))
    return lazy


def _brought(frame: pl.DataFrame, asked: Asked, units: Units, split: bool) -> pl.DataFrame:
    """The frame in the units of its targets, restricted, with the keys of the question."""
    if "union" in asked.needed:
        frame = with_union(frame)
    frame = units.brought(frame, asked.needed)
    return restricted(frame.drop("_group") if split else frame, asked.where)


def _borrowers(store: Store, asked: Asked, plan: Plan, units: Units, term: Term) -> pl.DataFrame:
    """Distinct households with principal, by keys. They do not add up, so every cell counts its own."""
    wanted = plan.days.filter(pl.col("moment") == term.moment)
    keys = _kept_keys(asked)
    counted = [_empty_count(asked, term)]
    for day in wanted["day"].unique().to_list():
        rows = _households(store, day, keys, asked.where, units, term.local)
        for point, target in wanted.filter(pl.col("day") == day).select("point", "target").rows():
            staged = rows.with_columns(
                point=pl.lit(point, dtype=pl.Date), target=pl.lit(target, dtype=pl.Date)
            )
            found = _brought(staged, asked, units, split=False)
            number = pl.col("household").n_unique().cast(pl.Int64).alias(term.column)
            counted.append(found.group_by("point", *asked.keys).agg(number))
    return pl.concat(counted)


def _households(
    store: Store, day: date, keys: list[str], where: Where, units: Units, local: bool
) -> pl.DataFrame:
    names = dict.fromkeys((*keys, *where, "group", "local"))
    columns = ["household", *("mass" if name == "union" else name for name in names)]
    lazy = store.read(day, columns=[*dict.fromkeys(columns), "lent", "paid"])
    lazy = lazy.filter(pl.col("lent") > pl.col("paid"))
    if local:
        lazy = lazy.filter("local")
    return _narrowed(lazy, where, units).drop("lent", "paid").collect()


def _empty_count(asked: Asked, term: Term) -> pl.DataFrame:
    schema = {"point": pl.Date, **{key: TYPES[key] for key in asked.keys}, term.column: pl.Int64}
    return pl.DataFrame(schema=schema)
