"""The ratings of a month, and making them."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.models import GroupRating
from tdcs.entrustment.queries.groups import faces_of
from tdcs.entrustment.rules import GRADES
from tdcs.entrustment.views.requested import GRADE_MARKS
from tdcs.group_results.queries.month import next_month
from tdcs.group_results.queries.ratings import groups_to_rate, ratings_in_scope
from tdcs.group_results.rules.rating import regime_of
from tdcs.group_results.services.rating import rate_month
from tdcs.group_results.views.asked_month import month_of
from tdcs.http import paper, refusing, sheet, show_success

PAGE = 100


@requires("entrustment.view")
@require_GET
def ratings_page(request: PersonRequest) -> HttpResponse:
    """How groups in scope were rated in a month."""
    month = month_of(request.GET.get("month"))
    grade = request.GET.get("grade", "")
    counts = Counter(ratings_in_scope(request.user, month).values_list("grade", flat=True))
    rows = ratings_in_scope(request.user, month, grade if grade in GRADES else "")
    if request.GET.get("export"):
        return _export(request, list(rows), month)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    faces = faces_of([row.group_id for row in page], clock.today())
    own = groups_to_rate(request.user, month)
    context = {
        "month": month,
        "page": page,
        "rows": [
            (row, faces[row.group_id], GRADES[row.grade], GRADE_MARKS[row.grade]) for row in page
        ],
        "counts": [(code, name, counts[code]) for code, name in GRADES.items()],
        "rated": counts.total(),
        "grade": grade,
        "criteria": [(one.code, one.name) for one in regime_of(month).criteria],
        "may_rate": request.user.may("entrustment.rate")
        and clock.today() >= next_month(month)
        and own.exists(),
        "own": own.count(),
    }
    return render(request, "group_results/ratings.html", context)


def _export(request: PersonRequest, rows: list[GroupRating], month: date) -> HttpResponse:
    faces = faces_of([row.group_id for row in rows], clock.today())
    criteria = regime_of(month).criteria
    header = ("Mã tổ", "Tên tổ", "Xã, phường", *(one.name for one in criteria), "Điểm", "Xếp loại")
    lines = [
        (
            row.group.code,
            faces[row.group_id].name,
            faces[row.group_id].commune,
            *(row.points.get(one.code, 0) for one in criteria),
            row.total,
            GRADES[row.grade],
        )
        for row in rows
    ]
    around = paper(
        request,
        _("Kết quả chấm điểm, xếp loại Tổ TK&VV tháng %(month)s") % {"month": f"{month:%m/%Y}"},
        signers=(_("Người lập biểu"), _("Kiểm soát"), _("Giám đốc")),
    )
    name = f"xep-loai-{month:%m-%Y}"
    return sheet(request.GET["export"], name, header, lines, around)


@requires("entrustment.rate")
@require_POST
@refusing
def rate(request: PersonRequest) -> HttpResponse:
    """Rate the month of every group that the person's office keeps."""
    month = month_of(request.POST.get("month"))
    grades = rate_month(month=month, by=request.user, on=clock.today())
    words = _("Đã chấm điểm %(n)d tổ tháng %(month)s.")
    show_success(request, words % {"n": grades.total(), "month": f"{month:%m/%Y}"})
    return redirect(f"{reverse('entrustment:ratings')}?month={month:%Y-%m}")
