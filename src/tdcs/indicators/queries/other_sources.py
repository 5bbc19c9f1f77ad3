"""Measures that are not in the snapshots: groups, ratings, savings, sessions; credit needs; the plan's tasks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import polars as pl
from django.db import connection
from django.db.models import Count, Max

from tdcs.audit.models import AuditLine
from tdcs.core.columns import day_number
from tdcs.core.months import is_month_end, month_end
from tdcs.entrustment.models import GroupRating
from tdcs.indicators import ports
from tdcs.indicators.queries.access import kept_access
from tdcs.indicators.queries.places import (
    group_places,
    living_rows,
    offices_of_communes,
    with_union,
)
from tdcs.indicators.queries.query_spec import (
    TYPES,
    QuerySpec,
    SnapshotPlan,
    known_keys,
    restricted,
)
from tdcs.indicators.queries.savings import savings_on
from tdcs.indicators.queries.sessions import business_on, sessions_on
from tdcs.indicators.queries.units import Units
from tdcs.loans.queries.columns import copied
from tdcs.organisations.models import Kind, OrganisationProfile

GRADES: Final = ("good", "fair", "average", "weak")
Days = Sequence[date]
# A frame with the column day, and the days of which something is known.
FrameAndDays = tuple[pl.DataFrame, set[date]]
_RATED: Final = {
    "group": pl.Int64,
    "groups_rated": pl.Int64,
    **{f"groups_{grade}": pl.Int64 for grade in GRADES},
}
_RATINGS: Final = f"""
    SELECT month - DATE '1970-01-01', group_id, 1, {", ".join(f"(grade = '{one}')::int" for one in GRADES)}
      FROM entrustment_grouprating
"""  # noqa: S608


def sums_of_other_sources(
    origin: str, asked: QuerySpec, plan: SnapshotPlan, units: Units
) -> tuple[pl.DataFrame, set[date]]:
    """point, keys and each term's column of an origin; and the days on which nothing is known of it."""
    terms = asked.terms(origin)
    wanted = plan.days.filter(pl.col("moment").is_in([term.moment for term in terms]))
    days = sorted(wanted["day"].unique().to_list())
    frame, known = ORIGIN_FRAMES[origin](days)
    unknown = set(days) - known
    if not known:
        keys = {key: TYPES[key] for key in asked.keys}
        return pl.DataFrame(schema={"point": pl.Date, **keys}), unknown
    joined = wanted.join(frame, on="day", how="inner")
    joined = units.restate(joined, [key for key in asked.needed if key in known_keys(origin)])
    joined = restricted(joined, asked.where)
    columns = [
        pl.col(term.measure).filter(pl.col("moment") == term.moment).sum().alias(term.column)
        for term in terms
    ]
    return joined.group_by("point", *asked.keys).agg(columns), unknown


def _groups(days: Days) -> FrameAndDays:
    """The groups that live on the days, at their places."""
    return with_union(group_places(days).with_columns(groups=pl.lit(1, dtype=pl.Int64))), set(days)


def _ratings(days: Days) -> FrameAndDays:
    """The last rated month that ended by each day, at the groups' places when it ended."""
    rows = _rated()
    months = sorted(rows["month"].unique().to_list())
    asked = []
    for day in days:
        last = day if is_month_end(day) else day.replace(day=1) - timedelta(days=1)
        at = bisect_right(months, last)
        if at:
            asked.append((day, months[at - 1], month_end(months[at - 1])))
    schema = dict.fromkeys(("day", "month", "ended"), pl.Date)
    told = pl.DataFrame(asked, schema=schema, orient="row")
    frame = told.join(rows, on="month", how="inner")
    return _placed(frame, "ended").drop("month", "ended"), {day for day, *_ in asked}


def _rated() -> pl.DataFrame:
    """month and _RATED of every rating; read again when one was made or made anew."""
    rated = AuditLine.objects.filter(action="entrustment.rate")
    made = GroupRating.objects.aggregate(n=Max("pk"))["n"]
    again = rated.aggregate(n=Count("pk"), last=Max("pk"))
    return _rated_by((connection.settings_dict["NAME"], made, *again.values()))


@lru_cache(maxsize=1)
def _rated_by(mark: tuple[object, ...]) -> pl.DataFrame:
    """By what changes when a rating does."""
    rows = copied(_RATINGS, {}, ("_month", *_RATED))
    month = pl.col("_month").cast(pl.Int32).cast(pl.Date).alias("month")
    return rows.select(month, *_RATED)


def _savings(days: Days) -> FrameAndDays:
    rows = _placed(savings_on(days), "day")
    alone = pl.when(pl.col("office_alone") > 0).then("office_alone").otherwise("office")
    return rows.with_columns(office=alone).drop("office_alone"), set(days)


def _session_business(days: Days) -> FrameAndDays:
    """The groups' business of the last month that ended by each day, at the groups' places when it ended."""
    frame, known = business_on(days)
    return _placed(frame, "ended").drop("ended"), known


def _placed(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """``frame`` (by group) with the groups' places on a column's day; 0 where a group had none then."""
    places = group_places(frame[day].unique().to_list()).rename({"day": "_day"})
    found = frame.join(places, left_on=[day, "group"], right_on=["_day", "group"], how="left")
    return with_union(found.with_columns(pl.col("office", "commune", "mass").fill_null(0)))


def _access(days: Days) -> FrameAndDays:
    known = {day: frame for day in days if (frame := kept_access(day)) is not None}
    told = [frame.with_columns(day=pl.lit(day, dtype=pl.Date)) for day, frame in known.items()]
    return pl.concat(told) if told else pl.DataFrame(), set(known)


def _tasks(days: Days) -> FrameAndDays:
    """Obligations by the office that owes them, or the commune in which the unit that owes them stands."""
    frame = ports.tasks(days)
    units = OrganisationProfile.objects.filter(organisation__in=frame["organisation"].unique())
    rows = [
        (
            unit,
            unit if kind == Kind.TRANSACTION_OFFICE else 0,
            (area if level == "commune" else 0) or 0,
            day_number(starts),
            day_number(ends) if ends else None,
        )
        for unit, kind, area, level, starts, ends in units.values_list(
            "organisation_id",
            "organisation__kind",
            "area_id",
            "area__level",
            "starts_on",
            "ends_on",
        )
    ]
    names = ("organisation", "office", "commune", "starts", "ends")
    standing = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
    serving = offices_of_communes(days).rename({"office": "_serving"})
    found = frame.join(living_rows(standing, days), on=["day", "organisation"], how="left")
    found = found.join(serving, on=["day", "commune"], how="left")
    own = pl.when(pl.col("office") > 0).then("office")
    office = pl.coalesce(own, "_serving", pl.lit(0, dtype=pl.Int64))
    return found.with_columns(office, pl.col("commune").fill_null(0)).drop(
        "organisation", "_serving"
    ), set(days)


ORIGIN_FRAMES: Final[Mapping[str, Callable[[Days], FrameAndDays]]] = {
    "groups": _groups,
    "ratings": _ratings,
    "savings": _savings,
    "sessions": sessions_on,
    "session_business": _session_business,
    "access": _access,
    "tasks": _tasks,
}
