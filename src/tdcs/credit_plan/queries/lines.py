"""Allotments as rows of a page."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

import polars as pl

from tdcs.credit_plan.models import Allotment, CreditPlan, CreditPlanState
from tdcs.credit_plan.queries.plans import rows_in_force
from tdcs.organisations.queries_areas import offices_by_commune


class AllotmentRow(TypedDict):
    """A cell: ``amount`` as the branch has it, ``asked`` by the office, ``in_force`` of an approved plan; dong."""

    id: int
    office: int
    area: int
    programme: str
    source: int
    amount: int
    asked: int | None
    comment: str
    in_force: int | None


def allotment_rows(plan: CreditPlan, on: date) -> pl.DataFrame:
    """The columns of ``AllotmentRow``: every cell that has an amount, a request or an approved line."""
    rows = Allotment.objects.filter(plan=plan).values_list(
        "pk", "area_id", "programme", "source_id", "amount", "asked", "comment"
    )
    schema = {
        "id": pl.Int64, "area": pl.Int64, "programme": pl.String, "source": pl.Int64, "amount": pl.Int64,
        "asked": pl.Int64, "comment": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    if plan.state == CreditPlanState.APPROVED:
        held = rows_in_force(plan, on).rename({"amount": "in_force"})
        frame = frame.join(held, on=["area", "programme", "source"], how="left")
    else:
        frame = frame.with_columns(in_force=pl.lit(None, dtype=pl.Int64))
    offices = offices_by_commune(on)
    office = pl.col("area").replace_strict(offices, default=0, return_dtype=pl.Int64)
    something = (pl.col("amount") > 0) | pl.col("asked").is_not_null() | (pl.col("in_force") > 0)
    told = frame.with_columns(office=office).filter(something)
    return told.select(*AllotmentRow.__annotations__).sort("office", "area", "programme", "source")
