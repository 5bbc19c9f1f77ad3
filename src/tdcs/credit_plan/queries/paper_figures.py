"""The figures of a plan as its papers print them, all from the plan and the closed days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from tdcs.capital.models import Tier
from tdcs.credit_plan.models import CreditPlan
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.needs import NeedsOf, rolled_up
from tdcs.credit_plan.queries.plans import Carries, carries, plan_rows
from tdcs.households.queries.scope import area_names
from tdcs.programmes.rules import programmes


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """A programme of the plan, dong: needs told, outstanding on the day, planned lending by tier."""

    name: str
    households: int
    need: int
    balance: int
    maturing: int
    central: int
    local: int


@dataclass(frozen=True, slots=True)
class CommuneFigures:
    name: str
    need: int
    balance: int
    central: int
    local: int


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A year's plan in sums; ``day``: the closed day of the book beside it."""

    year: int
    day: date
    programmes: list[ProgrammeFigures]
    communes: list[CommuneFigures]
    funds: list[Carries]

    @property
    def need(self) -> int:
        return sum(one.need for one in self.programmes)

    @property
    def balance(self) -> int:
        return sum(one.balance for one in self.programmes)

    def of_tier(self, tier: Tier) -> list[Carries]:
        """The funds of one tier."""
        return [one for one in self.funds if one.source.tier == tier]


def plan_figures(plan: CreditPlan, on: date) -> PlanFigures:
    """What the papers of a plan say. Raises NoBookYet."""
    day = book.book_day(on)
    needs = rolled_up(plan, NeedsOf(plan.year, day, on), "commune")
    funds = carries(plan, on)
    local = [one.source.pk for one in funds if one.source.tier == Tier.LOCAL]
    lines = plan_rows(plan, on).with_columns(
        tier=pl.when(pl.col("source").is_in(local))
        .then(pl.lit("local"))
        .otherwise(pl.lit("central"))
    )
    by_programme = _by(lines, "programme")
    by_commune = _by(lines, "area")
    told = needs.group_by("programme").agg(
        pl.col("households", "need", "balance", "maturing").sum()
    )
    rows = {row[0]: row[1:] for row in told.rows()}
    names = {code: one.short for code, one in programmes().items()}
    codes = [code for code in names if code in rows or code in by_programme]
    areas = needs.group_by("commune").agg(pl.col("need", "balance").sum())
    beside = {row[0]: row[1:] for row in areas.rows()}
    places = area_names({key for key in {*beside, *by_commune} if key}, on)
    return PlanFigures(
        plan.year,
        day,
        [_programme(names[code], rows.get(code), by_programme.get(code, (0, 0))) for code in codes],
        sorted(
            (
                _commune(name, beside.get(key), by_commune.get(key, (0, 0)))
                for key, name in places.items()
            ),
            key=lambda one: one.name,
        ),
        funds,
    )


def _programme(
    name: str, told: tuple[int, int, int, int] | None, planned: tuple[int, int]
) -> ProgrammeFigures:
    households, need, balance, due = told or (0, 0, 0, 0)
    return ProgrammeFigures(name, households, need, balance, due, *planned)


def _commune(name: str, told: tuple[int, int] | None, planned: tuple[int, int]) -> CommuneFigures:
    need, balance = told or (0, 0)
    return CommuneFigures(name, need, balance, *planned)


def _by(lines: pl.DataFrame, key: str) -> dict[object, tuple[int, int]]:
    """Key → lending planned of central and of local money."""
    central = pl.col("amount").filter(pl.col("tier") == "central").sum()
    local = pl.col("amount").filter(pl.col("tier") == "local").sum()
    rows = lines.group_by(key).agg(central.alias("central"), local.alias("local")).rows()
    return {row[0]: (row[1], row[2]) for row in rows}
