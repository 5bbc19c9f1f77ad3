"""The communes' lines: the branch writes while it holds the pen, an office or commune asks in its round."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.frames import rows_of
from tdcs.credit_plan.models import CreditPlan, RoundState
from tdcs.credit_plan.queries.lines import AllotmentRow, allotment_rows
from tdcs.credit_plan.queries.places import written_communes
from tdcs.credit_plan.queries.plans import rounds_of
from tdcs.credit_plan.services import negotiating
from tdcs.credit_plan.states import BRANCH_WRITES
from tdcs.credit_plan.views.frame import (
    choices,
    filtered,
    framed,
    money,
    names_for,
    plan_or_404,
    within,
)
from tdcs.http import FORMATS, back, paper, refusing, sheet, show_success

PAGE = 60
_FILTERS = ("office", "area", "programme", "source")


@requires("credit_plan.view")
@require_GET
def allotments_page(request: PersonRequest, year: int) -> HttpResponse:
    """The lines in the person's area, with what each may write now."""
    plan, on = plan_or_404(year), clock.today()
    rows = within(request, allotment_rows(plan, on), "area")
    told = names_for(rows, on)
    offers = {name: choices(rows, told, name) for name in _FILTERS}
    rows = filtered(request, rows, _FILTERS)
    if request.GET.get("export") in FORMATS:
        header = [
            _("Phòng giao dịch"), _("Xã, phường"), _("Chương trình"), _("Nguồn vốn"),
            _("Phân bổ (đồng)"), _("Đề nghị (đồng)"), _("Ý kiến"), _("Đang thực hiện (đồng)"),
        ]  # fmt: skip
        written = [
            (
                told["office"].get(row["office"], ""),
                told["area"].get(row["area"], ""),
                told["programme"].get(row["programme"], row["programme"]),
                told["source"].get(row["source"], ""),
                row["amount"],
                row["asked"],
                row["comment"],
                row["in_force"],
            )
            for row in rows.iter_rows(named=True)
        ]
        around = paper(request, _("Phân bổ chỉ tiêu năm %(year)d") % {"year": year})
        return sheet(request.GET["export"], f"phan-bo-{year}", header, written, around)
    states = {row.office_id: row for row in rounds_of(plan)}
    page = Paginator(rows.rows(named=True), PAGE).get_page(request.GET.get("page"))
    shown = rows_of(rows.filter(pl.col("id").is_in([row["id"] for row in page])), AllotmentRow)
    writes = _writes(request, plan, shown, {k: v.state for k, v in states.items()})
    context = framed(
        plan,
        "credit_plan:allotments",
        page=page,
        names=told,
        offers=offers,
        chosen={name: request.GET.get(name, "") for name in offers},
        rounds=states,
        writes=writes,
        as_branch=request.user.may("credit_plan.change"),
        sum=int(rows["amount"].sum()),
    )
    return render(request, "credit_plan/allotments.html", context)


def _writes(
    request: PersonRequest, plan: CreditPlan, rows: list[AllotmentRow], states: Mapping[int, str]
) -> set[int]:
    """Cells that the person may write now."""
    if plan.state != plan.State.NEGOTIATING:
        return set()
    if request.user.may("credit_plan.change"):
        return {row["id"] for row in rows if states.get(row["office"]) in BRANCH_WRITES}
    if not request.user.may("credit_plan.answer"):
        return set()
    own = written_communes(request.user, clock.today())
    with_office = RoundState.WITH_OFFICE
    return {
        row["id"] for row in rows if row["area"] in own and states.get(row["office"]) == with_office
    }


def _typed(request: PersonRequest, unit: int) -> dict[int, int]:
    """Cell → what was typed for it."""
    found = {}
    for name, words in request.POST.items():
        kind, dash, key = name.partition("-")
        if kind == "a" and dash and key.isdecimal() and str(words).strip():
            found[int(key)] = money(str(words), unit)
    return found


@requires("credit_plan.change")
@require_POST
@refusing
def put(request: PersonRequest, year: int) -> HttpResponse:
    """The branch's amounts of a page."""
    plan = plan_or_404(year)
    count = negotiating.set_amounts(
        plan=plan, amounts=_typed(request, plan.unit), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã sửa %(n)d dòng.") % {"n": count})
    return back(request, reverse("credit_plan:allotments", args=[year]))


@requires("credit_plan.answer")
@require_POST
@refusing
def ask(request: PersonRequest, year: int) -> HttpResponse:
    """What an office or commune asks for, with its reasons."""
    plan = plan_or_404(year)
    typed = _typed(request, plan.unit)
    asks = {key: (amount, request.POST.get(f"c-{key}", "")) for key, amount in typed.items()}
    count = negotiating.ask_amounts(plan=plan, asks=asks, by=request.user, on=clock.today())
    show_success(request, _("Đã ghi %(n)d đề nghị.") % {"n": count})
    return back(request, reverse("credit_plan:allotments", args=[year]))
