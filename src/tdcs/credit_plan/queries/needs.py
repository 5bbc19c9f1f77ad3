"""What households asked for, from a household up to the province, beside what the book says of the same place.

One reading of the surveys gives a row for each household and programme; every level above is a sum of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

import polars as pl

from tdcs.credit_plan.models import CreditPlan, NeedCorrection
from tdcs.credit_plan.queries import book
from tdcs.demand.queries.serving import served
from tdcs.households.queries.scope import living_areas_of
from tdcs.loans.queries.columns import copied
from tdcs.organisations.queries_areas import offices_by_commune

LEVELS: Final = ("province", "office", "commune", "group")
# A level's rows are told apart by its own number and by those above it.
_OF_LEVEL: Final[dict[str, tuple[str, ...]]] = {
    "province": (),
    "office": ("office",),
    "commune": ("office", "commune"),
    "group": ("office", "commune", "group"),
}
# The last word of each household for each programme in the year's surveys, with its group on the day.
_NEEDS: Final = """
    SELECT DISTINCT ON (n.household_id, n.programme)
           n.id, n.household_id, n.programme, n.amount, s.area_id, coalesce(m.group_id, 0), n.told_on - DATE '1970-01-01'
      FROM households_creditneed n JOIN households_needsurvey s ON s.id = n.survey_id
      LEFT JOIN entrustment_groupmember m ON m.household_id = n.household_id
            AND m.starts_on <= %(on)s AND (m.ends_on IS NULL OR m.ends_on > %(on)s)
     WHERE s.year = %(year)s
     ORDER BY n.household_id, n.programme, n.told_on DESC, n.id DESC
"""
_COLUMNS: Final = ("need", "household", "programme", "amount", "area", "group", "told")


class NeedRow(TypedDict):
    """A place and programme: ``asked`` in surveys, ``corrected`` by the office or commune (null: not), ``need`` that counts, and
    the book beside it; dong."""

    office: int | None
    commune: int | None
    group: int | None
    programme: str
    households: int
    asked: int
    corrected: int | None
    need: int
    last_year: int
    balance: int
    maturing: int


@dataclass(frozen=True, slots=True)
class NeedsOf:
    """Which rows: of a year's surveys and the book on a closed day, in the places of ``on``."""

    year: int
    day: date
    on: date


def household_needs(year: int, on: date) -> pl.DataFrame:
    """need, household, programme, amount, told, office, commune, group of every household's last word of the year."""
    rows = copied(_NEEDS, {"year": year, "on": on}, _COLUMNS, words={"programme"})
    offices = offices_by_commune(on)
    areas = set(rows["area"].to_list())
    # Who continues a commune takes a query each: asked only of those that live no more.
    gone = living_areas_of(areas - offices.keys(), on)
    where = {area: (gone.get(area) or (area,))[0] for area in areas}
    commune = pl.col("area").replace_strict(where, default=0, return_dtype=pl.Int64)
    placed = rows.with_columns(commune=commune)
    office = pl.col("commune").replace_strict(offices, default=0, return_dtype=pl.Int64)
    return placed.with_columns(office=office).drop("area")


def corrections(plan: CreditPlan) -> dict[tuple[int, str], NeedCorrection]:
    """(commune, programme) → the last correction of its need."""
    rows = NeedCorrection.objects.filter(plan=plan).select_related("by").order_by("pk")
    return {(row.area_id, row.programme): row for row in rows}


def commune_needs(plan: CreditPlan | None, asked: NeedsOf) -> pl.DataFrame:
    """office, commune, programme, households, asked, corrected, need: the survey's sums with the corrections in them."""
    rows = household_needs(asked.year, asked.on)
    keys = ["office", "commune", "programme"]
    told = rows.group_by(keys).agg(households=pl.len().cast(pl.Int64), asked=pl.col("amount").sum())
    offices = offices_by_commune(asked.on)
    data = [
        (offices.get(area, 0), area, programme, row.amount)
        for (area, programme), row in (corrections(plan) if plan else {}).items()
    ]
    schema = {
        "office": pl.Int64, "commune": pl.Int64, "programme": pl.String, "corrected": pl.Int64
    }  # fmt: skip
    fixed = pl.DataFrame(data, schema=schema, orient="row")
    both = told.join(fixed, on=keys, how="full", coalesce=True)
    return both.with_columns(
        households=pl.col("households").fill_null(0),
        asked=pl.col("asked").fill_null(0),
        need=pl.coalesce("corrected", "asked"),
    ).sort(keys)


def rolled_up(plan: CreditPlan | None, asked: NeedsOf, level: str) -> pl.DataFrame:
    """The columns of ``NeedRow`` at a level, with the book beside; a place is there that has either.

    At the level of groups a correction has no group: it stands in group 0 of its commune as the difference it makes.
    """
    keys = [*_OF_LEVEL[level], "programme"]
    needs = _by_group(plan, asked) if level == "group" else commune_needs(plan, asked)
    sums = needs.group_by(keys).agg(
        pl.col("households").sum(),
        pl.col("asked").sum(),
        pl.when(pl.col("corrected").is_not_null().any())
        .then(pl.col("corrected").sum())
        .alias("corrected"),
        pl.col("need").sum(),
    )
    beside = _book_beside(asked, keys)
    rows = sums.join(beside, on=keys, how="full", coalesce=True)
    zeros = ["households", "asked", "need", "last_year", "balance", "maturing"]
    rows = rows.with_columns(pl.col(zeros).fill_null(0))
    missing = [key for key in _OF_LEVEL["group"] if key not in keys]
    rows = rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(key) for key in missing)
    return rows.select(*NeedRow.__annotations__).sort(keys)


def _by_group(plan: CreditPlan | None, asked: NeedsOf) -> pl.DataFrame:
    rows = household_needs(asked.year, asked.on)
    keys = ["office", "commune", "group", "programme"]
    told = rows.group_by(keys).agg(households=pl.len().cast(pl.Int64), asked=pl.col("amount").sum())
    told = told.with_columns(corrected=pl.lit(None, dtype=pl.Int64), need=pl.col("asked"))
    fixed = commune_needs(plan, asked).filter(pl.col("corrected").is_not_null())
    change = fixed.select(
        "office",
        "commune",
        pl.lit(0, dtype=pl.Int64).alias("group"),
        "programme",
        pl.lit(0, dtype=pl.Int64).alias("households"),
        pl.lit(0, dtype=pl.Int64).alias("asked"),
        (pl.col("corrected") - pl.col("asked")).alias("corrected"),
        (pl.col("corrected") - pl.col("asked")).alias("need"),
    )
    return pl.concat([told.select(change.columns), change])


def _book_beside(asked: NeedsOf, keys: list[str]) -> pl.DataFrame:
    """Keys, last_year (lent in the year before, up to the day), balance, maturing."""
    last = min(asked.day, date(asked.year - 1, 12, 31))
    parts = (
        book.lent(asked.year - 1, last, asked.on).rename({"lent_month": "last_year"}),
        book.outstanding(asked.day, asked.on),
        book.maturing(asked.year, asked.day, asked.on),
    )
    offices = offices_by_commune(asked.on)
    found: pl.DataFrame | None = None
    for part in parts:
        name = part.columns[-1]
        # A loan made elsewhere stands with the office that serves its commune, as the commune's need does.
        office = pl.col("commune").replace_strict(
            offices, default=pl.col("office"), return_dtype=pl.Int64
        )
        part = part.with_columns(office=office)
        sums = part.group_by(keys).agg(pl.col(name).sum())
        found = sums if found is None else found.join(sums, on=keys, how="full", coalesce=True)
    assert found is not None
    return found


def unmet_needs(year: int, on: date) -> pl.DataFrame:
    """commune, programme, unmet: what households asked for in the year and no loan since has served."""
    rows = household_needs(year, on)
    told = rows.with_columns(on=pl.col("told").cast(pl.Int32).cast(pl.Date))
    got = served(told.select("need", "household", "programme", "amount", "on"))
    waiting = rows.join(got, on="need", how="anti")
    return waiting.group_by("commune", "programme").agg(unmet=pl.col("amount").sum())
