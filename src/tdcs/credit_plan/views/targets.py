"""Targets by programme and fund, what each fund can carry, new money, and the spreading over communes."""

from __future__ import annotations

import polars as pl
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.models import CapitalSource
from tdcs.core import clock
from tdcs.credit_plan.queries.execution import execution, summed, until_of
from tdcs.credit_plan.queries.plans import (
    carries,
    fund_choices,
    new_money_lines,
    plan_rows,
    targets_of,
)
from tdcs.credit_plan.services import planning
from tdcs.credit_plan.views.frame import framed, money, plan_or_404, programme_names
from tdcs.http import parse_int, refusing, show_success


@requires("credit_plan.view")
@require_GET
@refusing
def targets_page(request: PersonRequest, year: int) -> HttpResponse:
    """What is to be lent by programme and fund, beside the communes' sum and this year's lending."""
    plan, on = plan_or_404(year), clock.today()
    sums = {
        (programme, source): amount
        for programme, source, amount in plan_rows(plan, on)
        .group_by("programme", "source")
        .agg(pl.col("amount").sum())
        .rows()
    }
    rows = [
        (
            one,
            sums.get((one.programme, one.source_id), 0),
            one.amount - sums.get((one.programme, one.source_id), 0),
        )
        for one in targets_of(plan)
    ]
    until = until_of(plan, on)
    lines = execution(plan, on)
    book = summed(lines, ("programme", "source"), until)
    beside = {(row["programme"], row["source"]): row for row in book.iter_rows(named=True)}
    context = framed(
        plan,
        "credit_plan:targets",
        shown_day=until.day,
        rows=[
            (one, sum_, gap, beside.get((one.programme, one.source_id))) for one, sum_, gap in rows
        ],
        total=sum(one.amount for one, _sum, _gap in rows),
        spread_total=sum(sums.values()),
        funds=carries(plan, on),
        money=new_money_lines(plan),
        programmes=programme_names(),
        sources=fund_choices(on),
        may_change=request.user.may("credit_plan.change"),
    )
    return render(request, "credit_plan/targets.html", context)


@requires("credit_plan.change")
@require_POST
@refusing
def put(request: PersonRequest, year: int) -> HttpResponse:
    """One target."""
    plan = plan_or_404(year)
    planning.set_target(
        plan=plan,
        programme=request.POST.get("programme", ""),
        source=get_object_or_404(CapitalSource, pk=parse_int(request.POST.get("source"))),
        amount=money(request.POST.get("amount", ""), plan.unit),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi chỉ tiêu."))
    return redirect("credit_plan:targets", year=year)


@requires("credit_plan.change")
@require_POST
@refusing
def put_money(request: PersonRequest, year: int) -> HttpResponse:
    """New money of a fund."""
    words = request.POST.get("amount", "").strip()
    sign = -1 if words.startswith("-") else 1
    planning.put_new_money(
        plan=plan_or_404(year),
        source=get_object_or_404(CapitalSource, pk=parse_int(request.POST.get("source"))),
        amount=sign * money(words.lstrip("-"), 1),
        basis=request.POST.get("basis", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi vốn bổ sung."))
    return redirect("credit_plan:targets", year=year)


@requires("credit_plan.change")
@require_POST
@refusing
def spread(request: PersonRequest, year: int) -> HttpResponse:
    """Every target over its communes."""
    count = planning.spread_targets(plan=plan_or_404(year), by=request.user, on=clock.today())
    show_success(request, _("Đã chia chỉ tiêu thành %(n)d dòng.") % {"n": count})
    return redirect("credit_plan:allotments", year=year)
