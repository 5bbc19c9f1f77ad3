"""A year's plan is opened; targets, new money and corrected needs are written into it; targets are spread over communes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl
from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.capital.queries import sources_on
from tdcs.core import trail
from tdcs.credit_plan.errors import (
    CreditPlanExists,
    NothingToSpread,
    NotYourLine,
    PlanAmountWrong,
    PlanProgrammeUnknown,
    PlanYearWrong,
)
from tdcs.credit_plan.models import (
    Allotment,
    CreditPlan,
    NeedCorrection,
    NewMoney,
    OfficeRound,
    PlanTarget,
)
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.needs import NeedsOf, commune_needs
from tdcs.credit_plan.queries.places import communes_of_funds
from tdcs.credit_plan.queries.plans import target_rows
from tdcs.credit_plan.rules.figures import figures
from tdcs.credit_plan.rules.spread import MOST, spread
from tdcs.credit_plan.services.writing import (
    require_amount,
    require_branch_writes,
    require_negotiating,
    require_programme,
    require_unit_writes,
    require_words,
    round_of_commune,
)
from tdcs.credit_plan.states import BRANCH_WRITES
from tdcs.documents.numbers import whole
from tdcs.organisations.queries_areas import offices_by_commune


def open_plan(*, year: int, by: User | None, on: date) -> CreditPlan:
    """The plan of this year or the next, with a talk begun with every office.

    Raises PlanYearWrong, CreditPlanExists, NoBookYet.
    """
    if year not in (on.year, on.year + 1):
        raise PlanYearWrong(year=year, day=f"{on:%d/%m/%Y}")
    book.book_day(on)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = CreditPlan.objects.create(
                    year=year, unit=figures().unit, opened_by=by, opened_on=on
                )
        except IntegrityError as twice:
            raise CreditPlanExists(year=year) from twice
        offices = sorted(set(offices_by_commune(on).values()))
        OfficeRound.objects.bulk_create(OfficeRound(plan=made, office_id=one) for one in offices)
        trail.record(action="credit_plan.open", subject=made, by=by, on=on, data={"year": year})
    return made


def set_target(
    *,
    plan: CreditPlan,
    programme: str,
    source: CapitalSource,
    amount: int,
    by: User | None,
    on: date,
) -> PlanTarget | None:
    """What the province is to lend under a programme out of a fund; 0 takes the target away.

    Raises PlanLocked, PlanAmountWrong, PlanProgrammeUnknown.
    """
    with transaction.atomic():
        held = require_negotiating(plan)
        require_amount(amount, held.unit)
        require_programme(programme)
        if not sources_on(on).filter(pk=source.pk).exists():
            raise PlanProgrammeUnknown(programme=programme)
        earlier = PlanTarget.objects.filter(plan=held, programme=programme, source=source)
        before = earlier.values_list("amount", flat=True).first() or 0
        made = None
        if amount:
            made, _ = PlanTarget.objects.update_or_create(
                plan=held, programme=programme, source=source, defaults={"amount": amount}
            )
        else:
            earlier.delete()
        data = {
            "programme": programme, "source": source.code, "before": before, "amount": amount
        }  # fmt: skip
        trail.record(action="credit_plan.set_target", subject=held, by=by, on=on, data=data)
    return made


def put_new_money(
    *, plan: CreditPlan, source: CapitalSource, amount: int, basis: str, by: User | None, on: date
) -> NewMoney:
    """Money that the plan counts on beside what is free and what falls due; a negative line corrects an earlier one.

    Also for an approved plan: an adjustment may rest on it. Raises WordsNeeded, PlanAmountWrong.
    """
    words = require_words(basis, "căn cứ của vốn bổ sung")
    with transaction.atomic():
        held = CreditPlan.objects.select_for_update().get(pk=plan.pk)
        rows = NewMoney.objects.filter(plan=held, source=source)
        already = sum(rows.values_list("amount", flat=True))
        if type(amount) is not int or not amount or not 0 <= already + amount <= MOST:
            raise PlanAmountWrong(amount=amount, unit=whole(1), most=whole(MOST))
        made: NewMoney = NewMoney.objects.create(
            plan=held, source=source, amount=amount, basis=words, by=by, on=on
        )
        data = {"source": source.code, "amount": amount}
        trail.record(
            action="credit_plan.put_new_money", subject=held, by=by, on=on, why=words, data=data
        )
    return made


@dataclass(frozen=True, slots=True)
class SaidNeed:
    """What a need of a commune is said to be, and why."""

    area: int
    programme: str
    amount: int
    comment: str


def correct_need(*, plan: CreditPlan, need: SaidNeed, by: User, on: date) -> NeedCorrection:
    """A commune, its office or the branch says what a need is instead of the survey's sum, and why; the last word counts.

    Raises PlanLocked, NotYourLine, PlanAmountWrong, WordsNeeded.
    """
    words = require_words(need.comment, "lý do sửa nhu cầu")
    with transaction.atomic():
        held = require_negotiating(plan)
        if type(need.amount) is not int or not 0 <= need.amount <= MOST:
            raise PlanAmountWrong(amount=need.amount, unit=whole(1), most=whole(MOST))
        require_programme(need.programme)
        if need.area not in offices_by_commune(on):
            raise NotYourLine
        if not by.may("credit_plan.change"):
            turn = round_of_commune(held, need.area, on)
            require_unit_writes(turn, need.area, by, on)
        made: NeedCorrection = NeedCorrection.objects.create(
            plan=held,
            area_id=need.area,
            programme=need.programme,
            amount=need.amount,
            comment=words,
            by=by,
            on=on,
        )
        data = {"area": need.area, "programme": need.programme, "amount": need.amount}
        trail.record(
            action="credit_plan.correct_need", subject=held, by=by, on=on, why=words, data=data
        )
    return made


def spread_targets(*, plan: CreditPlan, by: User | None, on: date) -> int:
    """Every target over its communes by their needs; offices that hold the pen or have agreed refuse it.

    What was allotted before is replaced. A programme for which nobody asked goes by what it has outstanding. Returns the number
    of cells. Raises PlanLocked, NotYourPen, NothingToSpread.
    """
    with transaction.atomic():
        held = require_negotiating(plan)
        for turn in held.rounds.select_for_update().exclude(state__in=BRANCH_WRITES):
            require_branch_writes(turn, on)
        targets = target_rows(held)
        weights = spread_weights(held, targets, on)
        if targets.is_empty() or weights.is_empty():
            raise NothingToSpread
        found = spread(nw.from_native(targets), nw.from_native(weights), held.unit).to_native()
        Allotment.objects.filter(plan=held).update(amount=0, asked=None, comment="")
        _write_cells(held, found)
        count = int((found["amount"] > 0).sum())
        trail.record(action="credit_plan.spread", subject=held, by=by, on=on, data={"cells": count})
    return count


def spread_weights(plan: CreditPlan, targets: pl.DataFrame, on: date) -> pl.DataFrame:
    """area, programme, source, weight: needs of the communes in which a fund may be lent; outstanding where nobody asked."""
    day = book.book_day(on)
    needs = commune_needs(plan, NeedsOf(plan.year, day, on)).select(
        pl.col("commune").alias("area"), "programme", weight="need"
    )
    owed = book.outstanding(day, on).group_by(pl.col("commune").alias("area"), "programme")
    asked = needs.group_by("programme").agg(pl.col("weight").sum()).filter(pl.col("weight") > 0)
    silent = owed.agg(weight=pl.col("balance").sum()).join(asked, on="programme", how="anti")
    by_need = needs.join(asked.select("programme"), on="programme", how="semi")
    weights = pl.concat([by_need, silent.select(by_need.columns)])
    cells = _cells(targets, communes_of_funds(on), offices_by_commune(on))
    return cells.join(weights, on=["area", "programme"], how="left").with_columns(
        pl.col("weight").fill_null(0)
    )


def _cells(
    targets: pl.DataFrame, bound: Mapping[int, int | None], offices: Mapping[int, int]
) -> pl.DataFrame:
    """area, programme, source: where each target's fund may be lent."""
    data = []
    for programme, source in targets.select("programme", "source").rows():
        only = bound.get(source)
        for area in [only] if only is not None else sorted(offices):
            data.append((area, programme, source))
    schema = {"area": pl.Int64, "programme": pl.String, "source": pl.Int64}
    return pl.DataFrame(data, schema=schema, orient="row")


def _write_cells(plan: CreditPlan, found: pl.DataFrame) -> None:
    """The amounts into the cells, made where they are not."""
    Allotment.objects.bulk_create(
        (
            Allotment(plan=plan, area_id=area, programme=programme, source_id=source, amount=amount)
            for area, programme, source, amount in found.rows()
            if amount
        ),
        update_conflicts=True,
        unique_fields=["plan", "area", "programme", "source"],
        update_fields=["amount"],
    )
