"""Sums of the closed days by keys, each brought to the units of its target; distinct borrowers from counts or rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from tdcs.closing.store import Store
from tdcs.indicators.cubes import Cube, borrowers_of, cube_of, local_measures, local_of, scan
from tdcs.indicators.queries.asking import TYPES, Asked, Plan, Where, restricted
from tdcs.indicators.queries.places import unions, with_union
from tdcs.indicators.queries.units import SUCCEEDED, Units
from tdcs.indicators.rules.definitions import Term


def book_sums(store: Store, asked: Asked, plan: Plan, units: Units) -> list[pl.DataFrame]:
    """Frames of point, keys, and terms' columns of the book."""
    terms = asked.terms("book")
    distinct = [term for term in terms if term.measure == "borrowers"]
    added = [term for term in terms if term.measure != "borrowers"]
    frames = [_added(store, asked, plan, units, added)] if added else []
    for term in distinct:
        wanted = plan.days.filter(pl.col("moment") == term.moment)
        if _counted_beforehand(asked, wanted, units, term):
            column = borrowers_of(asked.needed)
            frames.append(_added(store, asked, plan, units, [term], {term.column: column}))
        else:
            frames.append(_borrowers(store, asked, wanted, units, term))
    return frames


def _added(
    store: Store,
    asked: Asked,
    plan: Plan,
    units: Units,
    terms: Sequence[Term],
    columns: dict[str, str] | None = None,
) -> pl.DataFrame:
    """point, keys, each term's column: sums of the days of its moment. ``columns``: term → column of the sums."""
    moments = {term.moment for term in terms}
    wanted = plan.days.filter(pl.col("moment").is_in(list(moments)))
    days = sorted(wanted["day"].unique().to_list())
    source = columns or {term.column: _column(term) for term in terms}
    passed = _passed(wanted, asked.needed, units)
    split = _split(asked.needed, units) if passed else []
    lazy, apart = _sums(store, {*asked.needed, *(["group"] if split else [])}, days)
    lazy = _narrowed(lazy, asked.where, units)
    names = sorted(set(source.values()))
    grouped = _grouped(lazy, asked.needed, split, names, apart).collect(engine="streaming")
    if not passed and moments == {"day"} and not asked.where:
        found = [pl.col(name).alias(term) for term, name in source.items()]
        return grouped.select(pl.col("day").alias("point"), *asked.keys, *found)
    joined = wanted.lazy().join(grouped.lazy(), on="day", how="inner")
    if passed:
        joined = units.brought(joined.collect(), asked.needed).lazy()
    return _by_moment(restricted(joined, asked.where), asked, source, terms)


def _by_moment(
    joined: pl.LazyFrame, asked: Asked, source: dict[str, str], terms: Sequence[Term]
) -> pl.DataFrame:
    """point, keys, each term's column: the sums of its moment. Streamed: half the time on millions of rows."""
    nothing = pl.lit(0, dtype=pl.Int64)
    columns = [
        pl.when(pl.col("moment") == term.moment)
        .then(source[term.column])
        .otherwise(nothing)
        .alias(term.column)
        for term in terms
    ]
    staged = joined.select("point", *asked.keys, *columns).group_by("point", *asked.keys)
    return staged.agg(pl.col(term.column).sum() for term in terms).collect(engine="streaming")


def _column(term: Term) -> str:
    return local_of(term.measure) if term.local else term.measure


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
    return store.sums_many(days).with_columns(union.alias("union"), *local), frozenset()


def _grouped(
    lazy: pl.LazyFrame,
    keys: Sequence[str],
    split: Sequence[pl.Expr],
    names: Sequence[str],
    apart: frozenset[str],
) -> pl.LazyFrame:
    """day, keys, sums; rows that the keys already tell apart are left as they are."""
    added = [pl.col(name).sum() for name in names]
    if split or not apart or not apart <= set(keys):
        return lazy.group_by("day", *keys, *split).agg(added)
    alone = lazy.filter(pl.col("group") == 0).group_by("day", *keys).agg(added)
    return pl.concat([lazy.filter(pl.col("group") != 0).select("day", *keys, *names), alone])


def _passed(wanted: pl.DataFrame, keys: Sequence[str], units: Units) -> bool:
    """Whether a day's units must be brought past a day of succession."""
    pairs = wanted.select("day", "target").unique().rows()
    for key in keys:
        if key in SUCCEEDED:
            heirs = units.heirs(key)
            if any(heirs.epoch(day) != heirs.epoch(target) for day, target in pairs):
                return True
    return False


def _split(keys: Sequence[str], units: Units) -> list[pl.Expr]:
    """The groups of divided units: they tell where its parts went."""
    column = units.split_column(keys)
    return [] if column is None else [column]


def _narrowed(lazy: pl.LazyFrame, where: Where, units: Units) -> pl.LazyFrame:
    """The rows that may belong to the restriction, whatever their units were called then."""
    for key, values in where.items():
        chosen = list(values)
        if key in SUCCEEDED:
            chosen = sorted(units.heirs(key).predecessors(chosen))
        lazy = lazy.filter(pl.col(key).is_in(chosen))
    return lazy


def _brought(frame: pl.DataFrame, asked: Asked, units: Units) -> pl.DataFrame:
    """The frame in the units of its targets, restricted."""
    return restricted(units.brought(frame, asked.needed), asked.where)


def _counted_beforehand(asked: Asked, wanted: pl.DataFrame, units: Units, term: Term) -> bool:
    """Whether a column of counts answers: at most two keys, restrictions to one value each, units of the day itself."""
    cube = cube_of(asked.needed)
    return (
        not term.local
        and cube is not None
        and tuple(sorted(asked.needed)) in cube.sets()
        and all(len(set(values)) <= 1 for values in asked.where.values())
        and not _passed(wanted, asked.needed, units)
        and term.moment != "year_to_date"
    )


def _borrowers(
    store: Store, asked: Asked, wanted: pl.DataFrame, units: Units, term: Term
) -> pl.DataFrame:
    """Distinct households with principal, by keys, counted from the rows."""
    counted = [_empty_count(asked, term)]
    for day in wanted["day"].unique().to_list():
        rows = _households(store, day, asked, units, term.local)
        for point, target in wanted.filter(pl.col("day") == day).select("point", "target").rows():
            staged = rows.with_columns(
                pl.lit(day, dtype=pl.Date).alias("day"),
                pl.lit(point, dtype=pl.Date).alias("point"),
                pl.lit(target, dtype=pl.Date).alias("target"),
            )
            found = _brought(staged, asked, units)
            number = pl.col("household").n_unique().cast(pl.Int64).alias(term.column)
            counted.append(found.group_by("point", *asked.keys).agg(number))
    return pl.concat(counted)


def _households(store: Store, day: date, asked: Asked, units: Units, local: bool) -> pl.DataFrame:
    names = dict.fromkeys((*asked.needed, "group", "mass", "local"))
    columns = ["household", *(name for name in names if name != "union"), "lent", "paid"]
    lazy = store.read(day, columns=columns).filter(pl.col("lent") > pl.col("paid"))
    if local:
        lazy = lazy.filter("local")
    rows = with_union(lazy.drop("lent", "paid").collect())
    return _narrowed(rows.lazy(), asked.where, units).collect()


def _empty_count(asked: Asked, term: Term) -> pl.DataFrame:
    schema = {"point": pl.Date, **{key: TYPES[key] for key in asked.keys}, term.column: pl.Int64}
    return pl.DataFrame(schema=schema)
