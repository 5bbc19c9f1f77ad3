"""What groups and the organisations behind them earned in a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment import above
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import faces_of, groups_on
from tdcs.entrustment.queries.month import commission_of, fee_of
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.entrustment.rules import commission_terms, fee_terms
from tdcs.entrustment.services.groups import follow_areas
from tdcs.entrustment.views.requested import month_of
from tdcs.http import refusing, sheet, show_success
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules.lawbook import cite

PAGE = 100


@requires("entrustment.view")
@require_GET
def earnings_page(request: PersonRequest) -> HttpResponse:
    """Commission of each group in scope and the fee of each organisation, with the terms they come from."""
    month = month_of(request.GET.get("month"))
    groups = {row.pk: row for row in _groups(request, month)}
    earned = commission_of(list(groups), month).sort(
        "commission", "group", descending=[True, False]
    )
    fees = fee_of(list(groups), month)
    if request.GET.get("export"):
        return _export(request.GET["export"], earned.rows(named=True), groups, month)
    page = Paginator(earned.rows(named=True), PAGE).get_page(request.GET.get("page"))
    faces = faces_of([row["group"] for row in page], clock.today())
    names = names_on(clock.today(), fees["organisation"].to_list())
    terms = commission_terms(month)
    context = {
        "month": month,
        "page": page,
        "rows": [(row, groups[row["group"]], faces[row["group"]]) for row in page],
        "total": earned["commission"].sum(),
        "fees": [(row, names[row["organisation"]]) for row in fees.rows(named=True)],
        "fee_total": fees["fee"].sum(),
        "known": above.interest() is not None,
        "basis": "; ".join(dict.fromkeys((cite(terms.interest), cite(terms.savings)))),
        "fee_basis": fee_terms(month).basis,
        "unsure": not (terms.interest.verified and terms.savings.verified),
    }
    return render(request, "entrustment/earnings.html", context)


def _groups(request: PersonRequest, month: date) -> Any:
    seen = visible_groups(request.user, clock.today()).values("pk")
    return groups_on(month).filter(pk__in=seen)


def _export(
    fmt: str, rows: list[dict[str, Any]], groups: dict[int, SavingsGroup], month: date
) -> HttpResponse:
    faces = faces_of(list(groups), clock.today())
    header = ("Mã tổ", "Tên tổ", "Xã, phường", "Thu lãi (đồng)", "Tiền gửi (đồng)", "Cộng (đồng)")
    lines = [
        (
            groups[row["group"]].code,
            faces[row["group"]].name,
            faces[row["group"]].commune,
            row["for_interest"],
            row["for_savings"],
            row["commission"],
        )
        for row in rows
    ]
    return sheet("csv" if fmt == "csv" else "xlsx", f"hoa-hong-{month:%m-%Y}", header, lines)


@requires("entrustment.change")
@require_POST
@refusing
def follow(request: PersonRequest) -> HttpResponse:
    """Groups of the person's office follow their commune through a reorganisation."""
    carried = follow_areas(by=request.user, on=clock.today())
    count, left = len(carried.done), len(carried.unclear)
    words = ngettext("%(n)d tổ đã theo xã mới.", "%(n)d tổ đã theo xã mới.", count) % {"n": count}
    if left:
        words += " " + _("%(n)d tổ cần người chọn xã, phường.") % {"n": left}
    show_success(request, words)
    return redirect("entrustment:list")
