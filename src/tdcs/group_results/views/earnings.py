"""What groups and the organisations behind them earned in a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import faces_of
from tdcs.group_results.queries.month import commission_of, fee_of
from tdcs.group_results.queries.ratings import groups_in_scope
from tdcs.group_results.rules.earnings import commission_terms, fee_terms
from tdcs.group_results.views.asked_month import month_of
from tdcs.http import paper, sheet
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules.lawbook import cite

PAGE = 100


@requires("entrustment.view")
@require_GET
def earnings_page(request: PersonRequest) -> HttpResponse:
    """Commission of each group in scope and the fee of each organisation, with the terms they come from."""
    month = month_of(request.GET.get("month"))
    groups = {row.pk: row for row in groups_in_scope(request.user, month)}
    earned = commission_of(list(groups), month).sort(
        "commission", "group", descending=[True, False]
    )
    fees = fee_of(list(groups), month)
    if request.GET.get("export"):
        return _export(request, earned.rows(named=True), groups, month)
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
        "basis": "; ".join(dict.fromkeys((cite(terms.interest), cite(terms.savings)))),
        "fee_basis": fee_terms(month).basis,
        "unsure": not (terms.interest.verified and terms.savings.verified),
    }
    return render(request, "group_results/earnings.html", context)


def _export(
    request: PersonRequest, rows: list[dict[str, Any]], groups: dict[int, SavingsGroup], month: date
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
    around = paper(
        request,
        _("Bảng tính hoa hồng trả Tổ TK&VV tháng %(month)s") % {"month": f"{month:%m/%Y}"},
        signers=(_("Người lập biểu"), _("Kiểm soát"), _("Giám đốc")),
    )
    name = f"hoa-hong-{month:%m-%Y}"
    return sheet(request.GET["export"], name, header, lines, around)
