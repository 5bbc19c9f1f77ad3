"""Loans and households against the registers of eligibility."""

from __future__ import annotations

from datetime import date
from typing import Final

import narwhals as nw
import polars as pl
from django.db.models import F

from tdcs.households.models import EligibilitySpell, Household, HouseholdAddress, HouseholdMember
from tdcs.households.queries.scope import visible_households
from tdcs.indicators.queries import names
from tdcs.organisations.models import living_on
from tdcs.programmes.rules import eligible, programmes
from tdcs.programmes.rules.showing import kind_names
from tdcs.sheets.queries.book import Book, named
from tdcs.sheets.rules.definitions import Take

# Kinds that a commune's yearly review decides on.
_POVERTY: Final = ("poor", "near_poor", "newly_escaped")
_NONE: Final = "Không thuộc diện nào"
# Codes of the rule that say who no longer qualifies; a programme that lends no more is not the household's matter.
_LOST: Final = ("wrong_kind", "excluded_kind")


def disqualified(book: Book, take: Take) -> pl.DataFrame:
    """Loans of the programmes of the poverty list whose household does not qualify on the day."""
    day = book.asked.day
    codes = [code for code, one in programmes().items() if set(_POVERTY) & set(one.kinds)]
    rows = book.loans.filter(pl.col("programme").is_in(codes) & (pl.col("balance") > 0))
    spells = _spells(rows["household"].unique().to_list())
    cases = rows.select(case="loan", programme="programme", on=pl.lit(day))
    held = rows.select(case="loan", household="household").join(spells, on="household")
    judged: pl.DataFrame = eligible(
        nw.from_native(cases, eager_only=True),
        nw.from_native(held.drop("household"), eager_only=True),
    ).to_native()
    lost = judged.filter(pl.col("code").is_in(_LOST)).select(loan="case", why="reason")
    found = rows.join(lost, on="loan")
    return found.join(_kinds_now(spells, day), on="household", how="left").with_columns(
        pl.col("kinds_now").fill_null(_NONE)
    )


def without_loan(book: Book, take: Take) -> pl.DataFrame:
    """Households of the poverty list that owe nothing: kind, since when, by which decision."""
    asked, day = book.asked, book.asked.day
    living = Household.objects.filter(living_on(day))
    homes = visible_households(asked.user, day) if asked.user is not None else living
    homes = homes.filter(living_on(day))
    spells = EligibilitySpell.objects.filter(
        living_on(day), kind__in=_POVERTY, household__in=homes
    ).order_by("household_id", "starts_on")
    told = list(
        spells.values_list(
            "household_id", "household__code", "kind", "starts_on", "decision_number"
        )
    )
    schema = {
        "household": pl.Int64,
        "household_code": pl.String,
        "kind": pl.String,
        "since_on": pl.Date,
        "decision": pl.String,
    }
    rows = pl.DataFrame(told, schema=schema, orient="row").unique("household", keep="last")
    # Whoever owes anywhere has a loan, also at an office that the reader does not see.
    owing = book.owing_households
    rows = rows.join(owing, on="household", how="anti")
    words = dict(zip(_POVERTY, kind_names(_POVERTY), strict=True))
    rows = rows.with_columns(kinds_now=named("kind", words))
    rows = rows.join(_homes(rows["household"].to_list(), book), on="household", how="left")
    return rows if asked.unit is None else _of_unit(rows, book)


def _of_unit(rows: pl.DataFrame, book: Book) -> pl.DataFrame:
    unit = book.asked.unit
    assert unit is not None
    areas = [unit.pk] if unit.key == "commune" else book.served_communes(unit.pk)
    return rows.filter(pl.col("commune").is_in(areas))


def _spells(homes: list[int]) -> pl.DataFrame:
    told = EligibilitySpell.objects.filter(household_id__in=homes)
    schema = {
        "household": pl.Int64,
        "kind": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
    }
    rows = list(told.values_list("household_id", "kind", "starts_on", "ends_on"))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _kinds_now(spells: pl.DataFrame, day: date) -> pl.DataFrame:
    """household, kinds_now: what it belongs to on the day, in words."""
    living = spells.filter(
        (pl.col("starts_on") <= day) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > day))
    )
    kinds = living["kind"].unique().to_list()
    words = dict(zip(kinds, kind_names(kinds), strict=True))
    told = living.with_columns(kinds_now=named("kind", words))
    return (
        told.sort("kinds_now")
        .group_by("household")
        .agg(pl.col("kinds_now").unique(maintain_order=True).str.join(", "))
    )


def _homes(homes: list[int], book: Book) -> pl.DataFrame:
    """household, head, hamlet, commune, commune_name on the day."""
    day = book.asked.day
    heads = HouseholdMember.objects.filter(living_on(day), household_id__in=homes, is_head=True)
    people = dict(heads.values_list("household_id", "person__full_name"))
    places = HouseholdAddress.objects.filter(living_on(day), household_id__in=homes)
    rows = [
        (home, people.get(home), hamlet, area)
        for home, hamlet, area in places.values_list("household_id", "hamlet", F("area_id"))
    ]
    schema = {
        "household": pl.Int64,
        "head": pl.String,
        "hamlet": pl.String,
        "commune": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").unique("household")
    known = names("commune", frame["commune"].unique().to_list(), day)
    return frame.with_columns(commune_name=named("commune", known))
