"""The year's coverage duties: by body and duty, by unit and commune, and what is still open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet
from tdcs.oversight.queries.coverage import (
    SHOWN,
    body_choices,
    body_of,
    by_body,
    by_unit,
    duty_choices,
    duty_of,
    open_rows,
    year_coverage,
)
from tdcs.oversight.rules.coverage import MISSED


@requires("oversight.view")
@require_GET
@refusing
def overview(request: PersonRequest) -> HttpResponse:
    """Coverage of the running year in scope."""
    on = clock.today()
    found = year_coverage(request.user, on)
    body, duty = body_of(request.GET.get("body", "")), duty_of(request.GET.get("duty", ""), on)
    lines = by_unit(found, body["code"], duty.code, on)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        header = [
            _("Đơn vị"), _("Xã, phường"), _("Tổng số"), _("Phải kiểm tra"), _("Đúng hạn"),
            _("Muộn"), _("Chưa đến hạn"), _("Quá hạn"),
        ]  # fmt: skip
        rows = [
            (one.name, one.place, one.total, one.needed, one.done, one.late, one.due, one.missed)
            for one in lines
        ]
        title = _("Diện phải kiểm tra năm %(year)s") % {"year": on.year}
        around = paper(request, title, on=on, signers=(_("Người lập biểu"),))
        return sheet(fmt, f"dien-kiem-tra-{on:%Y%m%d}", header, rows, around)
    context = {
        "on": on,
        "bodies": by_body(found, on),
        "lines": lines[:SHOWN],
        "body": body["code"],
        "duty": duty.code,
        "body_choices": body_choices(),
        "duty_choices": duty_choices(on),
    }
    return render(request, "oversight/overview.html", context)


@requires("oversight.view")
@require_GET
@refusing
def open_list(request: PersonRequest) -> HttpResponse:
    """The loans and groups that a duty still asks for, the first due first."""
    on = clock.today()
    body, duty = body_of(request.GET.get("body", "")), duty_of(request.GET.get("duty", ""), on)
    commune = parse_int(request.GET.get("commune"))
    rows = open_rows(request.user, body["code"], duty.code, on, commune=commune)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        header = [
            _("Người vay"),
            _("Số khế ước"),
            _("Tổ"),
            _("Xã, phường"),
            _("Hạn"),
            _("Trạng thái"),
        ]
        lines = [
            (
                one.loan.borrower.full_name if one.loan else "",
                one.loan.number if one.loan else "",
                one.group_name,
                one.commune,
                one.by_day,
                _("Quá hạn") if one.mark == MISSED else _("Chưa đến hạn"),
            )
            for one in rows
        ]
        title = _("Danh sách cần kiểm tra")
        around = paper(request, title, on=on, signers=(_("Người lập biểu"),))
        return sheet(fmt, f"can-kiem-tra-{on:%Y%m%d}", header, lines, around)
    context = {
        "rows": rows,
        "shown": SHOWN,
        "body": body["code"],
        "duty": duty.code,
        "body_choices": body_choices(),
        "duty_choices": duty_choices(on),
        "commune": commune,
    }
    return render(request, "oversight/open.html", context)
