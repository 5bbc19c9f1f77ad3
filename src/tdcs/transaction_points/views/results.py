"""A month's sessions as a result: by office, session by session; evidence for the plan's work at transaction points."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet
from tdcs.transaction_points.queries.results import OfficeResult, office_results
from tdcs.transaction_points.queries.sessions import offices_of_sessions
from tdcs.transaction_points.views.schedule import month_asked, month_step


@requires("loans.view")
@require_GET
@refusing
def results_page(request: PersonRequest) -> HttpResponse:
    """Sessions held as announced, the share of money at the points, cash counts, cases of a month."""
    first, office = month_asked(request), parse_int(request.GET.get("office"))
    rows = office_results(request.user, first, office)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _export(request, fmt, first, rows)
    whole = OfficeResult(0, "")
    for row in rows:
        whole.sessions += row.sessions
        whole.all_collected += row.all_collected
        whole.all_disbursed += row.all_disbursed
    context = {
        "first": first,
        "before": month_step(first, -1),
        "after": month_step(first, 1),
        "now": clock.today().replace(day=1),
        "rows": rows,
        "whole": whole,
        "office": office,
        "offices": offices_of_sessions(request.user),
        "sessions": rows[0].sessions if len(rows) == 1 else [],
    }
    return render(request, "transaction_points/results.html", context)


def _export(
    request: PersonRequest, fmt: str, first: date, rows: list[OfficeResult]
) -> HttpResponse:
    header = [
        _("Phòng giao dịch"), _("Điểm giao dịch"), _("Ngày cố định"), _("Ngày tổ chức"), _("Trạng thái"),
        _("Đúng lịch"), _("Tổ"), _("Tổ giao dịch"), _("Thu nợ, thu lãi"), _("Giải ngân"), _("Điểm"),
        _("Chênh lệch quỹ"), _("Bút toán ghi muộn"), _("Việc chờ xử lý"),
    ]  # fmt: skip
    lines = [
        (
            row.name, one.name, one.session.due_on, one.session.held_on, one.session.get_state_display(),
            _("có") if one.on_time else _("không"), one.groups, one.came, one.collected, one.disbursed,
            one.points, one.difference, one.late, one.waiting,
        )
        for row in rows
        for one in row.sessions
    ]  # fmt: skip
    title = _("Kết quả phiên giao dịch xã tháng %(month)s") % {"month": f"{first:%m/%Y}"}
    around = paper(request, title, signers=(_("Người lập biểu"), _("Giám đốc")))
    return sheet(fmt, f"ket-qua-phien-{first:%Y-%m}", header, lines, around)
