"""Groups by their rating and size; the tables of a commune's meeting."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.db.models import Count

from tdcs.closing.queries import shown_day
from tdcs.core.columns import months_later
from tdcs.entrustment.models import GroupMember, GroupProfile, GroupRating
from tdcs.entrustment.rules import GRADES, least_members, most_members
from tdcs.indicators.queries import names
from tdcs.indicators.queries.places import with_union
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.organisations.models import living_on
from tdcs.programmes.rules.shared import shared
from tdcs.sheets.queries.book import DIRECT, Book, figures_in_rows, group_head, named
from tdcs.sheets.queries.debts import with_silence
from tdcs.sheets.rules.comparing import ppm
from tdcs.sheets.rules.definitions import Reader, Take

_SIZES: Final = {"small": "Dưới mức tối thiểu", "large": "Trên mức tối đa", "": "Đúng quy định"}
NOT_RATED: Final = "Chưa xếp loại"


def groups(book: Book, take: Take) -> pl.DataFrame:
    """Living groups in scope with members, loans, rating of the latest month up to the day; ``size``: too small, too large."""
    day = book.asked.day
    frame = _living(book)
    owed = book.rows.group_by("group").agg(
        (pl.col("balance") > 0).sum().cast(pl.Int64).alias("loans"),
        pl.col("balance", "overdue").sum(),
    )
    frame = frame.join(owed, on="group", how="left").join(_ratings(day), on="group", how="left")
    counts = ("members", "loans", "balance", "overdue")
    frame = frame.join(_members(day), on="group", how="left").with_columns(
        pl.col(counts).fill_null(0), pl.col("grade_name").fill_null(NOT_RATED)
    )
    size = (
        pl.when(pl.col("members") < least_members(day))
        .then(pl.lit("small"))
        .when(pl.col("members") > most_members(day))
        .then(pl.lit("large"))
        .otherwise(pl.lit(""))
    )
    frame = frame.with_columns(
        size=size,
        groups=pl.lit(1, pl.Int64),
        overdue_rate=ppm(pl.col("overdue"), pl.col("balance")),
    )
    frame = frame.with_columns(size_name=named("size", _SIZES))
    wanted = take.get("size")
    return frame.filter(pl.col("size") == wanted) if wanted else frame


def _living(book: Book) -> pl.DataFrame:
    """The groups that live on the day, where they are, who is behind them, within the scope and what was asked for."""
    asked, day = book.asked, book.asked.day
    profiles = GroupProfile.objects.filter(living_on(day), living_on(day, "group__"))
    told = list(
        profiles.values_list("group_id", "area_id", "mass_organisation_id", "office_id", "hamlet")
    )
    schema = {
        "group": pl.Int64, "commune": pl.Int64, "mass": pl.Int64, "office": pl.Int64, "hamlet": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(told, schema=schema, orient="row")
    if asked.user is not None:
        cases = asked.sheet.reader == Reader.CASES
        # Whoever reads by households sees the groups of the own communes.
        frame = _groups_in_scope(frame, book) if cases else figures_in_rows(frame, asked)
    if asked.unit is not None:
        frame = frame.filter(pl.col(asked.unit.key) == asked.unit.pk)
    if asked.group is not None:
        frame = frame.filter(pl.col("group") == asked.group)
    frame = frame.join(book.groups, on="group", how="left")
    for name, key in (("commune_name", "commune"), ("union_name", "mass")):
        known = names(key, frame[key].unique().to_list(), day)
        frame = frame.with_columns(named(key, known).alias(name))
    return frame.with_columns(group_head=group_head())


def _groups_in_scope(frame: pl.DataFrame, book: Book) -> pl.DataFrame:
    assert book.asked.user is not None
    seen = visible_lending_groups(book.asked.user, book.asked.day).values_list("pk", flat=True)
    return frame.filter(pl.col("group").is_in(list(seen)))


def _members(day: date) -> pl.DataFrame:
    rows = GroupMember.objects.filter(living_on(day)).order_by().values_list("group_id")
    found = list(rows.annotate(n=Count("pk")))
    return pl.DataFrame(found, schema={"group": pl.Int64, "members": pl.Int64}, orient="row")


def _ratings(day: date) -> pl.DataFrame:
    """group, rated_month, points, grade_name: of the latest month that began by the day."""
    rows = (
        GroupRating.objects.filter(month__lte=day)
        .order_by("group_id", "-month")
        .distinct("group_id")
    )
    found = [
        (group, month, total, GRADES.get(grade, grade))
        for group, month, total, grade in rows.values_list("group_id", "month", "total", "grade")
    ]
    schema = {
        "group": pl.Int64,
        "rated_month": pl.Date,
        "points": pl.Int64,
        "grade_name": pl.String,
    }
    return pl.DataFrame(found, schema=schema, orient="row")


def by_union(book: Book, take: Take) -> pl.DataFrame:
    """What is lent through each mass organisation, and directly: groups, households, money, silent loans."""
    day = book.asked.day
    limit = months_later(day, -shared("inactive_months").on(day).amount)
    silent = with_union(with_silence(book).filter(pl.col("last_on") < limit))
    counts = silent.group_by("union").agg(pl.len().cast(pl.Int64).alias("silent_loans"))
    owing = pl.col("household").filter(pl.col("balance") > 0)
    money = ("lent_month", "repaid_month", "balance", "overdue", "frozen")
    rows = (
        with_union(book.rows)
        .group_by("union")
        .agg(
            pl.col("group").filter(pl.col("group") > 0).n_unique().cast(pl.Int64).alias("groups"),
            owing.n_unique().cast(pl.Int64).alias("households"),
            pl.col(money).sum(),
        )
    )
    rows = rows.join(counts, on="union", how="left", nulls_equal=True)
    rows = rows.with_columns(pl.col("silent_loans").fill_null(0))
    known = names("union", rows["union"].drop_nulls().to_list(), day)
    return rows.with_columns(
        union_name=named("union", known).fill_null(DIRECT),
        share=ppm(pl.col("balance"), pl.col("balance").sum()),
    )


def by_programme(book: Book, take: Take) -> pl.DataFrame:
    """Each programme now and at the year's beginning."""
    day = book.asked.day
    start = shown_day(date(day.year - 1, 12, 31))
    now = book.rows.group_by("programme").agg(pl.col("balance", "overdue").sum())
    if start is None:
        rows = now.with_columns(balance_start=pl.lit(None, pl.Int64))
    else:
        past = book.rows_on(start).group_by("programme").agg(balance_start=pl.col("balance").sum())
        rows = now.join(past, on="programme", how="full", coalesce=True)
        rows = rows.with_columns(pl.col("balance", "overdue", "balance_start").fill_null(0))
    known = names("programme", rows["programme"].to_list(), day)
    change = pl.col("balance") - pl.col("balance_start")
    return rows.with_columns(
        programme_name=named("programme", known),
        change=change,
        change_rate=ppm(change, pl.col("balance_start")),
    )
