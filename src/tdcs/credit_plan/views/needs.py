"""Needs from the group up to the province, with what the book says beside them; a commune's line may be corrected."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.needs import LEVELS, NeedsOf, corrections, rolled_up
from tdcs.credit_plan.queries.places import seen_communes, written_communes
from tdcs.credit_plan.queries.plans import carries
from tdcs.credit_plan.services import planning
from tdcs.credit_plan.views.frame import (
    choices,
    filtered,
    framed,
    money,
    names_for,
    plan_or_404,
    within,
)
from tdcs.http import FORMATS, back, paper, parse_int, refusing, sheet, show_success
from tdcs.indicators.queries.naming import names as key_names

PAGE = 100
_LEVELS: Final = {
    "province": gettext_noop("Toàn tỉnh"),
    "office": gettext_noop("Phòng giao dịch"),
    "commune": gettext_noop("Xã, phường"),
    "group": gettext_noop("Tổ TK&VV"),
}
_FIGURES = ("households", "asked", "corrected", "need", "last_year", "balance", "maturing")


@requires("credit_plan.view")
@require_GET
@refusing
def needs_page(request: PersonRequest, year: int) -> HttpResponse:
    """One level of the needs, by programme."""
    plan, on = plan_or_404(year), clock.today()
    level = request.GET.get("level", "commune")
    level = level if level in LEVELS else "commune"
    if seen_communes(request.user, on) is not None and level in ("province", "office"):
        level = "commune"
    asked = NeedsOf(year, book.book_day(on), on)
    rows = rolled_up(plan, asked, level)
    if level in ("commune", "group"):
        rows = within(request, rows, "commune")
    told = names_for(rows, on)
    told["group"] = key_names("group", rows["group"].drop_nulls().to_list(), on)
    offers = {name: choices(rows, told, name) for name in ("office", "commune", "programme")}
    rows = filtered(request, rows, ("office", "commune", "programme"))
    sums = {name: int(rows[name].sum() or 0) for name in _FIGURES}
    if request.GET.get("export") in FORMATS:
        return _export(request, rows, told, level, asked)
    page = Paginator(rows.rows(named=True), PAGE).get_page(request.GET.get("page"))
    may_all = request.user.may("credit_plan.change")
    context = framed(
        plan,
        "credit_plan:needs",
        shown_day=asked.day,
        level=level,
        levels=[(key, _(words)) for key, words in _LEVELS.items()],
        page=page,
        names=told,
        offers=offers,
        chosen={name: request.GET.get(name, "") for name in offers},
        sums=sums,
        notes=corrections(plan),
        writes=None if may_all else written_communes(request.user, on),
        may_correct=plan.state == plan.State.NEGOTIATING
        and level == "commune"
        and request.user.may("credit_plan.answer"),
        funds=carries(plan, on),
    )
    return render(request, "credit_plan/needs.html", context)


def _export(
    request: PersonRequest,
    rows: pl.DataFrame,
    told: dict[str, dict[Any, str]],
    level: str,
    asked: NeedsOf,
) -> HttpResponse:
    header = [
        _("Phòng giao dịch"), _("Xã, phường"), _("Tổ"), _("Chương trình"), _("Số hộ"),
        _("Nhu cầu khảo sát (đồng)"), _("Đã sửa (đồng)"), _("Nhu cầu tính (đồng)"),
        _("Cho vay năm trước (đồng)"), _("Dư nợ (đồng)"), _("Đến hạn trong năm (đồng)"),
    ]  # fmt: skip
    written = [
        (
            told["office"].get(row["office"], ""),
            told["area"].get(row["commune"], ""),
            told["group"].get(row["group"], "") if row["group"] is not None else "",
            told["programme"].get(row["programme"], row["programme"]),
            *(row[name] for name in _FIGURES),
        )
        for row in rows.iter_rows(named=True)
    ]
    title = _("Nhu cầu vốn năm %(year)d") % {"year": asked.year}
    around = paper(request, title, on=asked.day)
    return sheet(request.GET["export"], f"nhu-cau-{asked.year}-{level}", header, written, around)


@requires("credit_plan.answer")
@require_POST
@refusing
def correct(request: PersonRequest, year: int) -> HttpResponse:
    """A commune's need of a programme is said anew, with the reason."""
    plan = plan_or_404(year)
    said = planning.SaidNeed(
        parse_int(request.POST.get("area")),
        request.POST.get("programme", ""),
        money(request.POST.get("amount", ""), 1),
        request.POST.get("comment", ""),
    )
    planning.correct_need(
        plan=plan,
        need=said,
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi nhu cầu."))
    return back(request, reverse("credit_plan:needs", args=[year]))
