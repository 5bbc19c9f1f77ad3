"""Measures that are not in the snapshots: groups, ratings and savings; credit needs; the plan's tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.entrustment.models import GroupRating
from tdcs.indicators import above
from tdcs.indicators.queries.access import kept_access
from tdcs.indicators.queries.asking import TYPES, Asked, Plan, known_keys, restricted
from tdcs.indicators.queries.places import group_places, offices_of_communes, with_union
from tdcs.indicators.queries.savings import savings_on
from tdcs.indicators.queries.units import Units
from tdcs.indicators.rules.moments import is_month_end, month_end
from tdcs.organisations.models import Kind, OrganisationProfile, living_on

GRADES: Final = ("good", "fair", "average", "weak")
_RATED: Final = {
    "group": pl.Int64,
    "groups_rated": pl.Int64,
    **{f"groups_{grade}": pl.Int64 for grade in GRADES},
    "session_done": pl.Int64,
    "session_all": pl.Int64,
}


def beside_sums(
    origin: str, asked: Asked, plan: Plan, units: Units
) -> tuple[pl.DataFrame, set[date]]:
    """point, keys and each term's column of an origin; and the days on which nothing is known of it."""
    terms = asked.terms(origin)
    wanted = plan.days.filter(pl.col("moment").is_in([term.moment for term in terms]))
    found, unknown = [], set()
    for day in sorted(wanted["day"].unique().to_list()):
        frame = ORIGIN_FRAMES[origin](day)
        if frame is None:
            unknown.add(day)
        else:
            found.append(frame.with_columns(day=pl.lit(day, dtype=pl.Date)))
    if not found:
        keys = {key: TYPES[key] for key in asked.keys}
        return pl.DataFrame(schema={"point": pl.Date, **keys}), unknown
    joined = wanted.join(pl.concat(found, how="diagonal"), on="day", how="inner")
    joined = units.brought(joined, [key for key in asked.needed if key in known_keys(origin)])
    joined = restricted(joined, asked.where)
    columns = [
        pl.col(term.measure).filter(pl.col("moment") == term.moment).sum().alias(term.column)
        for term in terms
    ]
    return joined.group_by("point", *asked.keys).agg(columns), unknown


def _groups(day: date) -> pl.DataFrame:
    """The groups that live on a day, at their places."""
    return with_union(group_places(day).with_columns(groups=pl.lit(1, dtype=pl.Int64)))


def _ratings(day: date) -> pl.DataFrame | None:
    """The last rated month that ended by a day, at the groups' places when it ended; None when none was rated."""
    last = day if is_month_end(day) else day.replace(day=1) - timedelta(days=1)
    rows = GroupRating.objects.filter(month__lte=last)
    month = rows.order_by("-month").values_list("month", flat=True).first()
    if month is None:
        return None
    found = rows.filter(month=month).values_list("group_id", "grade", "figures")
    data = [
        (
            group,
            1,
            *(int(grade == one) for one in GRADES),
            int(figures.get("session_done") or 0),
            int(figures.get("session_all") or 0),
        )
        for group, grade, figures in found
    ]
    return _placed(pl.DataFrame(data, schema=_RATED, orient="row"), month_end(month))


def _savings(day: date) -> pl.DataFrame:
    return _placed(savings_on(day), day)


def _placed(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """``frame`` (by group) with the groups' places on a day; 0 where a group had none then."""
    found = frame.join(group_places(day), on="group", how="left")
    return with_union(found.with_columns(pl.col("office", "commune", "mass").fill_null(0)))


def _access(day: date) -> pl.DataFrame | None:
    return kept_access(day)


def _tasks(day: date) -> pl.DataFrame | None:
    """Obligations by the office that owes them, or the commune in which the unit that owes them stands."""
    answer = above.tasks()
    if answer is None:
        return None
    frame = answer(day)
    rows = OrganisationProfile.objects.filter(
        living_on(day), organisation_id__in=frame["organisation"].to_list()
    )
    places = {
        unit: (unit if kind == Kind.TRANSACTION_OFFICE else 0, area if level == "commune" else 0)
        for unit, kind, area, level in rows.values_list(
            "organisation_id", "organisation__kind", "area_id", "area__level"
        )
    }
    offices = offices_of_communes(day)
    placed = [
        (unit, office or offices.get(commune or 0, 0), commune or 0)
        for unit, (office, commune) in places.items()
    ]
    schema = {"organisation": pl.Int64, "office": pl.Int64, "commune": pl.Int64}
    found = frame.join(
        pl.DataFrame(placed, schema=schema, orient="row"), on="organisation", how="left"
    )
    return found.with_columns(pl.col("office", "commune").fill_null(0)).drop("organisation")


ORIGIN_FRAMES: Final[Mapping[str, Callable[[date], pl.DataFrame | None]]] = {
    "groups": _groups,
    "ratings": _ratings,
    "savings": _savings,
    "access": _access,
    "tasks": _tasks,
}
