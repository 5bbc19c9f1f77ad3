"""Tasks given by hand: the list, giving one, its answers, taking it back."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.plans.forms.work import AssignForm, choice_of
from tdcs.plans.models import Directive, ObligationState, Plan
from tdcs.plans.queries.directives import (
    candidates,
    choose,
    directives_of,
    organisations_of,
    search,
    sum_of,
    visible_directives,
)
from tdcs.plans.queries.in_force import Scope
from tdcs.plans.queries.matrix import STANDING_FILTERS, area_choices
from tdcs.plans.queries.obligations import GROUP_TITLES, frame, tally
from tdcs.plans.queries.plans import is_closed, years_of
from tdcs.plans.services import directives
from tdcs.plans.services.directives import DirectiveDraft
from tdcs.plans.views.requested import (
    bound_to,
    file_name,
    paper,
    parse_int,
    refusing,
    scope_of,
    show_error,
    show_success,
    year_of_request,
)
from tdcs.plans.views.work_cells import WORDS
from tdcs.plans.views.work_matrix import answer_lines, export_answers


@requires("plans.view")
@require_GET
def directives_page(request: PersonRequest) -> HttpResponse:
    """What the branch gave beside the plan, and how far it is."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    year = year_of_request(request, scope.plans)
    context = {
        "scope": scope,
        "year": year,
        "years": years_of(scope.plans),
        "directives": directives_of(scope.plans, year, request.user),
        "may_assign": request.user.may("plans.assign"),
    }
    return render(request, "plans/directives.html", context)


@requires("plans.assign")
@require_http_methods(["GET", "POST"])
def assign_page(request: PersonRequest) -> HttpResponse:
    """Give a task; the form also shows whom it would reach before anything is sent."""
    scope, today = scope_of(request), clock.today()
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    posted = request.method == "POST"
    start = {"period": "day", "year": today.year, "asks_words": True}
    form = AssignForm(request.POST if posted else None, initial=start, today=today)
    context = _reach(request)
    if posted and request.POST.get("do") == "assign" and form.is_valid():
        try:
            made = directives.assign(
                plan=_under(request, scope),
                draft=DirectiveDraft(**form.given()),
                organisations=organisations_of(context["chosen"]),
                by=request.user,
                on=today,
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(
                request, _("Đã giao việc cho %(n)d đơn vị.") % {"n": made.obligations.count()}
            )
            return redirect("plans:directive", pk=made.pk)
    elif posted and request.POST.get("do") != "assign":
        # Looking at whom it reaches is no reason to complain about what is not filled in yet.
        form = AssignForm(initial=request.POST.dict() | _boxes(request), today=today)
    context |= {"scope": scope, "chosen_plan": request.POST.get("under", "")}
    context |= {"form": form, "areas": area_choices(today), "quarters": range(1, 5)}
    context["months"] = range(1, 13)
    return render(request, "plans/assign.html", context)


def _under(request: PersonRequest, scope: Scope) -> Plan:
    """The plan beside which the task is given: the one chosen in the form, else the first."""
    key = parse_int(request.POST.get("under"))
    return next((plan for plan in scope.plans if plan.pk == key), scope.plans[0])


def _boxes(request: PersonRequest) -> dict[str, bool]:
    return {f"asks_{what}": f"asks_{what}" in request.POST for what in ("words", "figure", "file")}


@requires("plans.assign")
@require_POST
def reach(request: PersonRequest) -> HttpResponse:
    """Whom the present choice means, as part of the form."""
    return render(request, "plans/_reach.html", _reach(request))


def _reach(request: PersonRequest) -> dict[str, Any]:
    today, everyone = clock.today(), candidates(clock.today())
    choice = choice_of(request.POST)
    chosen = choose(everyone, choice, today)
    counts: dict[str, int] = {}
    for one in everyone:
        counts[one.group] = counts.get(one.group, 0) + 1
    return {
        "choice": choice,
        "chosen": chosen,
        "by_group": [(_(GROUP_TITLES[code]), n) for code, n in chosen.by_group],
        "singles": [one for one in everyone if one.pk in choice.units],
        "find": request.POST.get("find", "")[:80],
        "found": search(everyone, request.POST.get("find", "")[:80], choice.units),
        "groups": [
            (code, _(t), counts[code]) for code, t in GROUP_TITLES.items() if code in counts
        ],
    }


@requires("plans.view")
@require_GET
def directive_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The answers to one directive, its figures summed, and who is missing."""
    directive = get_object_or_404(visible_directives(request.user), pk=pk)
    plan, year = directive.plan, directive.period_start.year
    rows = frame(plan, year, request.user).filter(pl.col("directive") == pk)
    lines = answer_lines(rows, year)
    if request.GET.get("export"):
        around = paper(
            request,
            _("Các đơn vị thực hiện việc được giao: %(title)s") % {"title": directive.title},
        )
        return export_answers(request, file_name(f"viec-giao-{pk}", plan), lines, around)
    standing = request.GET.get("standing", "")
    closed = is_closed(plan, year)
    context = {
        "directive": directive,
        "plan": plan,
        "scope": bound_to(plan),
        "year": year,
        "total": tally(rows),
        "missing": sum(
            line["state"] not in (ObligationState.SUBMITTED, ObligationState.ACCEPTED)
            for line in lines
        ),
        "waiting": sum(line["state"] == ObligationState.SUBMITTED for line in lines),
        "sum": sum_of((line["figure"], line["state"]) for line in lines),
        "lines": [line for line in lines if standing in ("", line["standing"])],
        "standing": standing,
        "standings": [(code, _(WORDS[code])) for code in STANDING_FILTERS],
        "may_review": request.user.may("plans.review") and not closed,
        "may_remind": request.user.may("plans.remind") and not closed,
        "may_withdraw": request.user.may("plans.assign")
        and not closed
        and directive.withdrawn_on is None,
    }
    return render(request, "plans/directive.html", context)


@requires("plans.assign")
@require_POST
@refusing
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a directive back."""
    directive = get_object_or_404(Directive, pk=pk)
    count = directives.withdraw(
        directive=directive, why=request.POST.get("why", ""), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã thôi giao cho %(n)d đơn vị.") % {"n": count})
    return redirect("plans:directive", pk=pk)
