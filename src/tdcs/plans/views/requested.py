"""How pages of the plan answer: the shared answers, the plans that a page shows, the year asked for."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.utils.text import slugify

from tdcs.core import clock
from tdcs.core.text import fold
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
from tdcs.plans.queries.in_force import ALL, Plans, Scope, listed, plan_of, plans_offered
from tdcs.plans.queries.plans import years_of

__all__ = [
    "back",
    "bound_to",
    "file_name",
    "official",
    "one_plan_or_404",
    "paper",
    "parse_day",
    "parse_decimal",
    "parse_int",
    "refusing",
    "scope_of",
    "sheet",
    "show_error",
    "show_success",
    "year_of_request",
]

# Where the session keeps the plan that was chosen last.
REMEMBERED = "plan"


def scope_of(request: HttpRequest, *, remembered: bool = True) -> Scope:
    """What the page shows: the plan in the address, else the one chosen last, else all that may be chosen.

    ``remembered``: a page of one's own work shows all plans unless its own address names one.
    """
    offered = _offered(request)
    asked = request.GET.get("plan") or request.POST.get("plan") or ""
    if asked and (one := _chosen(asked, offered)):
        if request.method == "GET":
            _remember(request, one)
        return one
    kept = str(request.session.get(REMEMBERED, "")) if remembered else ""
    return (_chosen(kept, offered) if kept else None) or Scope(offered, offered)


def offered_to(person: object, day: date) -> tuple[Plan, ...]:
    """The plans that may be chosen on a day, asked once for a request's person: the frame, its counts and the page need them."""
    kept: dict[date, tuple[Plan, ...]] = person.__dict__.setdefault("_plans_offered", {})
    if day not in kept:
        kept[day] = tuple(plans_offered(day))
    return kept[day]


def _offered(request: HttpRequest) -> tuple[Plan, ...]:
    return offered_to(request.user, clock.today())


def _chosen(code: str, offered: tuple[Plan, ...]) -> Scope | None:
    """A plan that ended or was archived is shown when it is asked for by its key."""
    if code == ALL:
        return Scope(offered, offered)
    key = parse_int(code)
    one = next((plan for plan in offered if plan.pk == key), None) or (key and plan_of(key))
    return Scope((one,), offered) if one else None


def _remember(request: HttpRequest, scope: Scope) -> None:
    if len(scope.offered) > 1 and request.session.get(REMEMBERED) != scope.code:
        request.session[REMEMBERED] = scope.code


def bound_to(plan: Plan) -> Scope:
    """The scope of a page that is about one plan, whatever was chosen."""
    return Scope((plan,), (plan,), bound=True)


def one_plan_or_404(request: HttpRequest) -> Plan:
    """The plan of a page or form that needs exactly one."""
    plan = scope_of(request).one
    if plan is None:
        raise Http404("no plan, or several")
    return plan


def year_of_request(request: HttpRequest, plans: Plans) -> int:
    """The year in the address when it is one of the plans', else the year of today or the latest."""
    years = [row.year for row in years_of(plans)]
    asked = parse_int(request.GET.get("year") or request.POST.get("year"))
    if asked in years:
        return asked
    today = clock.today().year
    return today if today in years or not years else years[0]


def file_name(words: str, plans: Plans) -> str:
    """The name of a file with the plan's number in it; of several plans without."""
    listed_plans = listed(plans)
    number = (
        slugify(fold(listed_plans[0].number).replace("/", "-"))
        if len(listed_plans) == 1
        else "cac-ke-hoach"
    )
    return f"{words}-{number}"
