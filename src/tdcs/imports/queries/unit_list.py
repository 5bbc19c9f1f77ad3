"""The core's list of units beside ours: points that are new here, and where the two say different things."""

from __future__ import annotations

from typing import Final

import polars as pl

from tdcs.core.text import squash
from tdcs.imports.models import Extract
from tdcs.imports.queries.core_codes import kept
from tdcs.imports.queries.listed import Listed, nothing_ends, written_before
from tdcs.imports.rules.lists import faults_of_rows, unit_checks
from tdcs.organisations.models import TransactionPointProfile, living_on
from tdcs.organisations.office_book.reading import key_of

_KEY: Final = pl.Int64()
_WORDS: Final = pl.String()
_CLOSED: Final = "C"


def listed_units(rows: pl.DataFrame, extract: Extract) -> Listed:
    """``new``: point (its code), point_name, commune_name, area, session_day of open points that no point here can be.

    A point is known by the core's code, else by its commune and session day. What is known and told otherwise is named and
    stays: another day of a point moves its groups and sessions, another office of a commune is a decision.
    """
    assert extract.office is not None
    day, office = extract.day, extract.office
    rows = kept(rows, office, day)
    rows = rows.with_columns(
        point=pl.Series([squash(one or "")[:20] for one in rows["point"]], dtype=_WORDS),
        point_name=pl.Series([squash(one or "")[:160] for one in rows["point_name"]], dtype=_WORDS),
    )
    # What differs of a commune is told once, at its first row.
    rows = rows.with_columns(first_of_commune=pl.col("commune_name").is_first_distinct())
    rows = _beside_points(rows, extract)
    faults = faults_of_rows(rows, unit_checks(office.pk))
    known = pl.col("held_day").is_not_null() | ~pl.col("first_of_point")
    closed = pl.col("status").fill_null("").str.strip_chars().str.to_uppercase() == _CLOSED
    able = pl.col("area").is_not_null() & (pl.col("keeper") == office.pk)
    able = able & pl.col("session_day").is_between(1, 31) & (pl.col("point") != "")
    new = rows.filter(able & ~known & ~closed)
    return Listed(
        new.unique(["area", "session_day"], keep="first", maintain_order=True),
        nothing_ends(),
        faults,
    )


def _beside_points(rows: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """``rows`` with held_day, held_area of the point that each row's is here, and first_of_point."""
    profiles = TransactionPointProfile.objects.exclude(point__in=written_before(extract))
    # A code is taken by a point that has ended, or that another list brought for a later day.
    last = profiles.select_related("point").order_by("starts_on", "pk")
    by_code = {key_of(one.point.code): one for one in last}
    living = last.filter(living_on(extract.day))
    by_place = {(one.area_id, one.session_day): one for one in living}
    held = [
        by_code.get(key_of(point)) or by_place.get((area, session_day))
        for point, area, session_day in rows.select("point", "area", "session_day").iter_rows()
    ]
    return rows.with_columns(
        held_day=pl.Series([one and one.session_day for one in held], dtype=_KEY),
        held_area=pl.Series([one and one.area_id for one in held], dtype=_KEY),
        first_of_point=pl.col("point").is_first_distinct(),
    )
