"""How pages of the plan answer: the shared answers, the plan in force, the year asked for."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tdcs.core import clock
from tdcs.http import (
    back,
    official,
    paper,
    parse_day,
    parse_decimal,
    parse_int,
    refusing,
    sheet,
    show_error,
    show_success,
)
from tdcs.plans.models import Plan
from tdcs.plans.queries.plans import current_plan, years_of

__all__ = [
    "back",
    "official",
    "paper",
    "parse_day",
    "parse_decimal",
    "parse_int",
    "plan_or_404",
    "refusing",
    "sheet",
    "show_error",
    "show_success",
    "year_of_request",
]


def plan_or_404() -> Plan:
    """The plan in force; pages that need one send the reader to the import page otherwise."""
    plan = current_plan()
    if plan is None:
        raise Http404("no plan")
    return plan


def year_of_request(request: HttpRequest, plan: Plan) -> int:
    """The year in the address when it is one of the plan's, else the year of today or the latest."""
    years = [row.year for row in years_of(plan)]
    asked = parse_int(request.GET.get("year") or request.POST.get("year"))
    if asked in years:
        return asked
    today = clock.today().year
    return today if today in years or not years else years[0]
