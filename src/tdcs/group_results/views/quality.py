"""Weak groups by office and commune: for how many months, what cost the points, whether a case is open."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.forms import mass_types
from tdcs.entrustment.queries.scope import offices_of_visible_groups
from tdcs.entrustment.rules import GRADES
from tdcs.entrustment.views.requested import GRADE_MARKS, communes, offices
from tdcs.group_results.queries.quality import (
    QualityFilters,
    QualityRow,
    last_rated,
    quality_rows,
)
from tdcs.group_results.rules.consolidating import ORDER
from tdcs.http import FORMATS, paper, parse_int, sheet

PAGE = 50


@requires("entrustment.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Groups rated at a grade or below, the longest first; filters are in the address."""
    on, kinds, asked = clock.today(), dict(mass_types()), request.GET
    grade = asked.get("grade", "")
    filters = QualityFilters(
        office=parse_int(asked.get("office")),
        commune=parse_int(asked.get("commune")),
        mass=asked.get("mass", "") if asked.get("mass") in kinds else "",
        grade=grade if grade in ORDER[1:] else "average",
        months=max(parse_int(asked.get("months"), 1), 1),
        weak_board=asked.get("weak") == "1",
    )
    rows = quality_rows(request.user, filters, on)
    if asked.get("export") in FORMATS:
        return _export(request, rows)
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "rows": [(row, GRADES[row.grade], GRADE_MARKS[row.grade]) for row in page],
        "f": filters,
        "month": last_rated(on),
        "grades": [(code, GRADES[code]) for code in reversed(ORDER[1:])],
        "marks": GRADE_MARKS,
        "names": GRADES,
        "offices": offices(offices_of_visible_groups(request.user, on), on),
        "communes": communes(request),
        "kinds": mass_types(),
        "weak": sum(row.ground is not None for row in rows),
    }
    return render(request, "group_results/quality.html", context)


def _export(request: PersonRequest, rows: list[QualityRow]) -> HttpResponse:
    header = (
        "Mã tổ", "Tên tổ", "Tổ trưởng", "Xã, phường", "Phòng giao dịch", "Hội, đoàn thể", "Điểm",
        "Xếp loại", "Số tháng liền", "Mất điểm nhiều nhất", "Điểm mất", "Đủ căn cứ kiện toàn",
        "Vụ việc kiện toàn",
    )  # fmt: skip
    lines = [
        (
            row.code, row.face.name, row.face.leader, row.face.commune, row.face.office,
            row.face.mass, row.total, GRADES[row.grade], row.months, row.worst, row.lost,
            "Có" if row.ground else "Không", row.case.get_state_display() if row.case else "",
        )
        for row in rows
    ]  # fmt: skip
    around = paper(
        request,
        _("Tổ TK&VV xếp loại thấp"),
        signers=(_("Người lập biểu"), _("Kiểm soát"), _("Giám đốc")),
    )
    return sheet(request.GET["export"], "to-xep-loai-thap", header, lines, around)
