"""A plan beside the closed days, line by line and in sums; and what might move between communes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.credit_plan.models import Allotment, CreditPlan
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.needs import unmet_needs
from tdcs.credit_plan.queries.places import communes_of_funds
from tdcs.credit_plan.queries.plans import plan_rows
from tdcs.credit_plan.rules.execution import followed
from tdcs.credit_plan.rules.figures import figures
from tdcs.credit_plan.rules.moving import Move, proposed_moves
from tdcs.organisations.queries_areas import offices_by_commune

KEYS: Final = ("area", "programme", "source")
_ADDED: Final = ("plan", "lent", "collection", "opening", "outstanding")


@dataclass(frozen=True, slots=True)
class Until:
    """The closed day whose figures stand beside the plan, how many of the year's days are over, and how many it has."""

    day: date
    passed: int
    days: int


def until_of(plan: CreditPlan, on: date) -> Until:
    """The last closed day up to ``on``, of the plan's year when that is over. Raises NoBookYet."""
    last = date(plan.year, 12, 31)
    day = min(book.book_day(on), last)
    days = (last - date(plan.year - 1, 12, 31)).days
    return Until(day, max((day - date(plan.year - 1, 12, 31)).days, 1), days)


def execution(plan: CreditPlan, on: date) -> pl.DataFrame:
    """office and the columns of ``Followed``: every line of the plan and of the book."""
    until = until_of(plan, on)
    rows = plan_rows(plan, on).rename({"amount": "plan"})
    parts = (
        ("lent", book.lent(plan.year, until.day, on), "lent_month"),
        ("opening", book.opening(plan.year, until.day, on), "balance"),
        ("outstanding", book.outstanding(until.day, on), "balance"),
    )
    for name, frame, measure in parts:
        sums = frame.group_by(pl.col("commune").alias("area"), "programme", "source").agg(
            pl.col(measure).sum().alias(name)
        )
        rows = rows.join(sums, on=KEYS, how="full", coalesce=True)
    rows = rows.join(_collections(plan), on=KEYS, how="full", coalesce=True)
    rows = rows.with_columns(pl.col(_ADDED).fill_null(0))
    offices = offices_by_commune(on)
    office = pl.col("area").replace_strict(offices, default=0, return_dtype=pl.Int64)
    rows = rows.filter(pl.any_horizontal(pl.col(_ADDED) != 0)).with_columns(office=office)
    return _followed(rows, until).sort("office", *KEYS)


def summed(rows: pl.DataFrame, keys: Sequence[str], until: Until) -> pl.DataFrame:
    """The lines added up by keys and judged again as a whole; without keys, one row."""
    added = [pl.col(name).sum() for name in _ADDED]
    missing = (pl.col("misses")).sum().cast(pl.Int64).alias("missing")
    if not keys:
        return _followed(rows.select(*added, missing), until)
    return _followed(rows.group_by(keys).agg(*added, missing).sort(keys), until)


def _followed(rows: pl.DataFrame, until: Until) -> pl.DataFrame:
    found = followed(
        nw.from_native(rows, eager_only=True),
        passed=until.passed,
        days=until.days,
        least_done=figures().least_done,
    )
    native: pl.DataFrame = found.to_native()
    return native


def _collections(plan: CreditPlan) -> pl.DataFrame:
    rows = Allotment.objects.filter(plan=plan, collection__gt=0)
    data = list(rows.values_list("area_id", "programme", "source_id", "collection"))
    schema = {
        "area": pl.Int64, "programme": pl.String, "source": pl.Int64, "collection": pl.Int64
    }  # fmt: skip
    return pl.DataFrame(data, schema=schema, orient="row")


def moves_now(plan: CreditPlan, on: date) -> list[Move]:
    """What may move between communes by the last closed day; money of a commune's own budget stays in it."""
    told = figures()
    rows = execution(plan, on).select(*KEYS, "plan", "lent", "projected")
    bound = [source for source, only in communes_of_funds(on).items() if only is not None]
    rows = rows.filter(~pl.col("source").is_in(bound) & (pl.col("area") > 0))
    unmet = unmet_needs(plan.year, on).rename({"commune": "area"}).filter(pl.col("area") > 0)
    # A commune may take of a fund in which it had no line yet.
    funds = rows.select("programme", "source").unique()
    every = unmet.select("area", "programme").join(funds, on="programme").select(KEYS)
    lines = rows.join(every, on=KEYS, how="full", coalesce=True)
    lines = lines.join(unmet, on=["area", "programme"], how="left")
    lines = lines.with_columns(pl.col("plan", "lent", "projected", "unmet").fill_null(0))
    return proposed_moves(
        nw.from_native(lines, eager_only=True), unit=plan.unit, least=told.least_move
    )
