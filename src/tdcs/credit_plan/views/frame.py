"""What every page of a plan shows around its own: the plan, its tabs, names, filters by place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tdcs.access.gate import PersonRequest
from tdcs.core import amounts, clock
from tdcs.credit_plan.errors import PlanAmountWrong
from tdcs.credit_plan.models import CreditPlan, CreditPlanState
from tdcs.credit_plan.queries.places import seen_communes
from tdcs.credit_plan.queries.plans import office_names, plan_of, source_names
from tdcs.households.queries.scope import area_names
from tdcs.http import parse_int
from tdcs.programmes.rules import programmes


def plan_or_404(year: int) -> CreditPlan:
    """The plan of a year."""
    found = plan_of(year)
    if found is None:
        raise Http404(str(year))
    return found


def tabs(plan: CreditPlan) -> list[tuple[str, str]]:
    """(route, words) of a plan's pages, in the order of its work."""
    return [
        ("credit_plan:plan", _("Tổng quan")),
        ("credit_plan:needs", _("Nhu cầu")),
        ("credit_plan:targets", _("Chỉ tiêu, nguồn")),
        ("credit_plan:allotments", _("Phân bổ")),
        ("credit_plan:execution", _("Thực hiện")),
        ("credit_plan:moves", _("Điều chuyển, điều chỉnh")),
    ]


def framed(plan: CreditPlan, route: str, **more: Any) -> dict[str, Any]:
    """The context of one page."""
    return {
        "plan": plan,
        "tabs": tabs(plan),
        "here": route,
        "negotiating": plan.state == CreditPlanState.NEGOTIATING,
        "submitted": plan.state == CreditPlanState.SUBMITTED,
        "approved": plan.state == CreditPlanState.APPROVED,
        **more,
    }


def programme_names() -> dict[str, str]:
    """Code → short name, in the order of the law's file."""
    return {code: one.short for code, one in programmes().items()}


def names_for(rows: pl.DataFrame, on: date) -> dict[str, dict[Any, str]]:
    """Names of what stands in the columns office, area (or commune), programme, source."""

    def keys(name: str) -> set[int]:
        found = rows[name].drop_nulls().to_list() if name in rows.columns else []
        return {key for key in found if key}

    areas = keys("area") | keys("commune")
    return {
        "office": office_names(keys("office"), on),
        "area": area_names(areas, on),
        "programme": programme_names(),
        "source": source_names(keys("source")),
    }


def within(request: PersonRequest, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows of the communes whose lines the person reads."""
    seen = seen_communes(request.user, clock.today())
    return rows if seen is None else rows.filter(pl.col(column).is_in(list(seen)))


def filtered(request: HttpRequest, rows: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The rows that the address' filters leave; a number for places and funds, a code for programmes."""
    for name in names:
        value = request.GET.get(name, "")
        if not value or name not in rows.columns:
            continue
        chosen: Any = value if name == "programme" else parse_int(value)
        rows = rows.filter(pl.col(name) == chosen)
    return rows


def choices(rows: pl.DataFrame, names: dict[str, dict[Any, str]], column: str) -> list[Any]:
    """(value, words) of what occurs in a column, by words."""
    told = names["area" if column == "commune" else column]
    found = rows[column].unique().drop_nulls().to_list() if column in rows.columns else []
    return sorted(
        ((str(key), told.get(key, str(key))) for key in found if key), key=lambda one: one[1]
    )


def money(words: str, unit: int) -> int:
    """Dong as somebody typed it. Raises PlanAmountWrong."""
    try:
        return amounts.dong(words)
    except amounts.NotAnAmount as wrong:
        raise PlanAmountWrong(amount=words[:40], unit=unit, most="…") from wrong
