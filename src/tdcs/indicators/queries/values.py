"""Values of indicators by keys, on a day or at the ends of months, beside those of another day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.store import Store
from tdcs.core import clock
from tdcs.core.months import is_month_end
from tdcs.indicators.errors import NoSnapshot
from tdcs.indicators.queries.book import book_sums
from tdcs.indicators.queries.monitored import without_unreported
from tdcs.indicators.queries.other_sources import sums_of_other_sources
from tdcs.indicators.queries.query_spec import (
    TYPES,
    QuerySpec,
    SnapshotPlan,
    Where,
    query_spec,
    snapshot_plan,
)
from tdcs.indicators.queries.query_spec import Units as Which
from tdcs.indicators.queries.units import Units
from tdcs.indicators.rules.definitions import ORIGINS
from tdcs.indicators.rules.values import valued

_NUMBERS = ("numerator", "denominator", "value")
# More rows than anybody reads come in no order.
_SORTED = 200_000


def values(
    *,
    on: date,
    by: Sequence[str] = (),
    codes: Sequence[str] | None = None,
    where: Where | None = None,
    against: date | None = None,
    units: Which = "then",
) -> pl.DataFrame:
    """Keys, code, numerator, denominator, value; with ``against`` also before and change.

    On the last closed day up to ``on``; with the key month at every month's end up to it. Units are those of that day (then)
    or of today; the days compared with are brought to the same units. Raises UnknownKey, UnknownIndicator, NotDividedSo,
    NoSnapshot.
    """
    question = query_spec(codes, by, where or {})
    book, lineage = store(), Units()
    shown = shown_in(book, on)
    points = [day for day in book.days() if day <= shown and is_month_end(day)]
    points = points if "month" in by else [shown]
    target = clock.today() if units == "today" else None
    found = evaluated(book, question, points, target, lineage)
    keys = list(dict.fromkeys(by))
    order = [*keys, "code", *_NUMBERS]
    if against is not None:
        earlier = shown_in(book, against)
        before = evaluated(book, question, [earlier], target or shown, lineage)
        found = _compared(found, before, question.keys)
        order += ["before", "change"]
    found = without_unreported(found, shown, question.where).rename({"point": "month"})
    if len(found) <= _SORTED:
        places = {one.code: place for place, one in enumerate(question.definitions)}
        rank = pl.col("code").replace_strict(places, return_dtype=pl.Int64)
        found = found.sort(*keys, rank, nulls_last=True)
    return found.select(order)


def series(*, code: str, days: Sequence[date], where: Where | None = None) -> pl.DataFrame:
    """day, numerator, denominator, value of one indicator on closed days; a day that is not kept has no row."""
    question = query_spec([code], (), where or {})
    book = store()
    kept = set(book.days())
    points = sorted({day for day in days if day in kept})
    found = evaluated(book, question, points, None, Units())
    return found.rename({"point": "day"}).select("day", *_NUMBERS).sort("day")


def shown_in(book: Store, on: date) -> date:
    """The last closed day up to ``on``. Raises NoSnapshot."""
    days = [day for day in book.days() if day <= on]
    if not days:
        raise NoSnapshot(day=f"{on:%d/%m/%Y}")
    return days[-1]


def evaluated(
    book: Store, question: QuerySpec, points: Sequence[date], target: date | None, units: Units
) -> pl.DataFrame:
    """point, keys, code, numerator, denominator, value; units brought to ``target``, or to each point."""
    keys = ("point", *question.keys)
    terms = [term for one in question.definitions for term in one.terms]
    plan = snapshot_plan(terms, points, book.days(), target)
    frames = [] if question.keys else [_points(points)]
    unknown: dict[str, set[date]] = {}
    for origin in ORIGINS:
        if not question.terms(origin):
            continue
        if origin == "book":
            frames += book_sums(book, question, plan, units)
        else:
            frame, unknown[origin] = sums_of_other_sources(origin, question, plan, units)
            frames.append(frame)
    columns = sorted({term.column for term in terms})
    wide = pl.concat(frames, how="diagonal") if frames else _nothing(question)
    wide = wide.with_columns(
        pl.lit(0, dtype=pl.Int64).alias(name) for name in columns if name not in wide.columns
    )
    if len(frames) != 1:
        wide = wide.group_by(keys).agg(pl.col(columns).sum())
    wide = _blanked(wide, question, plan, unknown)
    if not question.definitions:
        return _nothing(question)
    found: pl.DataFrame = valued(
        nw.from_native(wide, eager_only=True), question.definitions, keys
    ).to_native()
    return found


def _points(points: Sequence[date]) -> pl.DataFrame:
    """Without keys there is a line for each point, also when nothing is there to count."""
    return pl.DataFrame({"point": list(points)}, schema={"point": pl.Date})


def _nothing(question: QuerySpec) -> pl.DataFrame:
    numbers = dict.fromkeys(_NUMBERS, pl.Int64)
    schema = {key: TYPES[key] for key in question.keys}
    return pl.DataFrame(schema={"point": pl.Date, **schema, "code": pl.String, **numbers})


def _blanked(
    wide: pl.DataFrame, question: QuerySpec, plan: SnapshotPlan, unknown: dict[str, set[date]]
) -> pl.DataFrame:
    """Sums of days that are not kept are not nought: they are not known."""
    moments: dict[str, set[tuple[date, str]]] = {}
    for origin, days in unknown.items():
        rows = plan.days.filter(pl.col("day").is_in(list(days))).select("point", "moment").rows()
        moments[origin] = set(rows)
    blanks = []
    for origin in ORIGINS:
        gone = plan.missing | moments.get(origin, set())
        for term in question.terms(origin):
            points = [point for point, moment in gone if moment == term.moment]
            if points:
                column = pl.col(term.column)
                blanks.append(
                    pl.when(~pl.col("point").is_in(points)).then(column).alias(term.column)
                )
    return wide.with_columns(blanks)


def _compared(found: pl.DataFrame, before: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """With the value of the other day, and the change. A unit that only the other day knows has no value now."""
    joined = found.join(
        before.select(*keys, "code", before="value"),
        on=[*keys, "code"],
        how="full",
        coalesce=True,
        nulls_equal=True,
    )
    return joined.with_columns(change=pl.col("value") - pl.col("before"))
