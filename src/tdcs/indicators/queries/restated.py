"""Sums of closed days, each told in the units of the days that ask for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from tdcs.closing.store import Store
from tdcs.indicators.cubes import Cube, cube_of, local_measures, local_of, scan
from tdcs.indicators.queries.grid import looked_up
from tdcs.indicators.queries.places import unions
from tdcs.indicators.queries.query_spec import TYPES, Key, QuerySpec, Where, restricted
from tdcs.indicators.queries.units import SUCCEEDED, Successors, Units


def restated_sums(
    store: Store, asked: QuerySpec, wanted: pl.DataFrame, units: Units, names: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(point, moment, _pair; _pair, keys, sums): a pair is a day together with the units in which it is told.

    ``wanted``: point, moment, day, target. Each cell of a pair has one row. Most days are told in their own units and read
    from the smallest sums; those before a day of succession are divided by group where a unit was. Words may be numbers
    of words (Categorical): ``worded`` makes them words again.
    """
    told = _paired(wanted, asked.needed, units)
    later = passing(wanted, asked.needed, units)
    past = pl.col("day").is_in(later)
    pairs = told.group_by("_pair").agg(pl.col("day", "target").first())
    own, brought = pairs.filter(~past), pairs.filter(past)
    frames = []
    if len(own):
        rows = _read(store, asked, own, units, names, [])
        rows = restricted(with_looked_up(rows, own.select("day", "_pair")), asked.where)
        if set(asked.keys) != set(asked.needed):
            rows = rows.group_by("_pair", *asked.keys).agg(pl.col(names).sum())
        frames.append(rows)
    if len(brought):
        column = units.split_column(asked.needed)
        rows = _read(store, asked, brought, units, names, [] if column is None else [column])
        rows = units.restate(rows.join(brought, on="day", how="inner"), asked.needed)
        rows = restricted(rows, asked.where)
        frames.append(rows.group_by("_pair", *asked.keys).agg(pl.col(names).sum()))
    found = pl.concat(
        [frame.select("_pair", *asked.keys, *names) for frame in frames or [_empty(asked, names)]]
    )
    return told.select("point", "moment", "_pair"), found


def with_words(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with words as words."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


def passing(wanted: pl.DataFrame, keys: Sequence[str], units: Units) -> list[date]:
    """The days whose units must be brought past a day of succession."""
    pairs = wanted.select("day", "target").unique().rows()
    heirs = _successors(keys, units)
    return sorted({day for day, to in pairs if any(h.epoch(day) < h.epoch(to) for h in heirs)})


def with_looked_up(rows: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the second column of ``table``, looked up by its first."""
    key, value = table.columns
    return rows.with_columns(looked_up(rows[key], table[key], table[value]).alias(value))


def _paired(wanted: pl.DataFrame, keys: Sequence[str], units: Units) -> pl.DataFrame:
    """``wanted`` with _pair: a number for each day and the epochs in which it is told."""
    heirs = _successors(keys, units)
    numbers: dict[tuple[object, ...], int] = {}
    pairs = []
    for day, target in wanted.select("day", "target").rows():
        known = (day, *(max(one.epoch(day), one.epoch(target)) for one in heirs))
        pairs.append(numbers.setdefault(known, len(numbers)))
    return wanted.with_columns(pl.Series("_pair", pairs, dtype=pl.Int64))


def _successors(keys: Sequence[str], units: Units) -> list[Successors]:
    return [units.successors(key) for key in keys if key in SUCCEEDED]


def _empty(asked: QuerySpec, names: Sequence[str]) -> pl.DataFrame:
    keys = {key: TYPES[key] for key in asked.keys}
    return pl.DataFrame(schema={"_pair": pl.Int64, **keys, **dict.fromkeys(names, pl.Int64)})


def _read(
    store: Store,
    asked: QuerySpec,
    pairs: pl.DataFrame,
    units: Units,
    names: Sequence[str],
    split: Sequence[pl.Expr],
) -> pl.DataFrame:
    """day, keys, sums of the days of some pairs; with ``_group`` where ``split`` tells groups apart."""
    days = sorted(pairs["day"].unique().to_list())
    lazy, apart = _sums(store, {*asked.needed, *(["group"] if split else [])}, days)
    lazy = narrowed(lazy, asked.where, units)
    added = [pl.col(name).sum() for name in names]
    if split or not apart or not apart <= set(asked.needed):
        summed = lazy.group_by("day", *asked.needed, *split).agg(added)
        return summed.collect(engine="streaming")
    # Rows that the keys already tell apart are left as they are, but those without a group.
    rows = lazy.select("day", *asked.needed, *names).collect()
    alone = rows["group"] == 0
    if not alone.any():
        return rows
    summed_alone = rows.filter(alone).group_by("day", *asked.needed, maintain_order=True).agg(added)
    return pl.concat([rows.filter(~alone), summed_alone])


def _sums(
    store: Store, keys: Collection[str], days: Sequence[date]
) -> tuple[pl.LazyFrame, frozenset[str]]:
    """Sums that know the keys, and the keys that tell their rows apart (but those without a group), if any."""
    cube: Cube | None = cube_of(keys)
    kinds = unions()
    if cube is not None:
        lazy, one = scan(store, cube, days, kinds)
        return lazy, cube.apart if one else frozenset()
    union = pl.col("mass").replace_strict(kinds, default="", return_dtype=pl.String)
    local = [
        pl.when("local").then(name).otherwise(0).alias(local_of(name)) for name in local_measures()
    ]
    words = union.alias("union").cast(pl.Categorical), pl.col("programme").cast(pl.Categorical)
    return store.sums_many(days).with_columns(*words, *local), frozenset()


def narrowed(lazy: pl.LazyFrame, where: Where, units: Units) -> pl.LazyFrame:
    """The rows that may belong to the restriction, whatever their units were called then."""
    for key, values in where.items():
        chosen: list[Key] = list(values)
        if key in SUCCEEDED:
            numbers = [one for one in values if isinstance(one, int)]
            chosen = [*sorted(units.successors(key).predecessors(numbers))]
        lazy = lazy.filter(pl.col(key).is_in(chosen))
    return lazy
