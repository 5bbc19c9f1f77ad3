"""The list of groups: what the room of groups knows of them beside what their loans owe."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import officers_to_choose
from tdcs.closing.queries.group_debts import GroupDebt, OnDay, debts_of_groups
from tdcs.documents import numbers
from tdcs.entrustment.forms import mass_types
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import GroupFilters, GroupSummary, faces_of, find_groups
from tdcs.entrustment.queries.scope import groups_in_ceased_communes, offices_of_visible_groups
from tdcs.entrustment.rules import GRADES, least_members
from tdcs.entrustment.views.requested import GRADE_MARKS, communes, offices, own_offices
from tdcs.households.views.requested import shown_day
from tdcs.http import paper, parse_int, sheet
from tdcs.http.table_columns import as_chosen

PAGE = 50
_HEADER = (
    "Mã tổ",
    "Tên tổ",
    "Tổ trưởng",
    "Xã, phường",
    "Ấp, khu phố",
    "Hội, đoàn thể",
    "Phòng giao dịch",
    "Cán bộ phụ trách",
    "Ngày giao dịch",
    "Tổ viên",
    "Tiền gửi (đồng)",
    "Khoản vay",
    "Dư nợ (đồng)",
    "Quá hạn (đồng)",
    "Quá hạn (%)",
    "Xếp loại",
    "Điểm",
    "Tháng",
)


@requires("entrustment.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Groups in scope on a day; filters are in the address."""
    on, kinds = shown_day(request), dict(mass_types())
    asked = request.GET
    filters = GroupFilters(
        words=asked.get("q", "").strip()[:100],
        office=parse_int(asked.get("office")),
        commune=parse_int(asked.get("commune")),
        mass=asked.get("mass", "") if asked.get("mass") in kinds else "",
        grade=asked.get("grade", "") if asked.get("grade") in (*GRADES, "none") else "",
        ended=asked.get("ended") == "1",
        officer=parse_int(asked.get("officer")),
    )
    rows = find_groups(request.user, filters, on)
    if asked.get("export"):
        return _export(request, rows, on)
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    keys = [row.pk for row in page]
    faces, debts = faces_of(keys, on), _debts(request, keys, on)
    lines = [(row, faces[row.pk], debts.found.get(row.pk, GroupDebt())) for row in page]
    context = {
        "page": page,
        "rows": lines,
        "sees_debts": request.user.may("loans.view"),
        "debts_on": debts.of,
        "sums": _sums([(face, debt) for _row, face, debt in lines]),
        "f": filters,
        "on": on,
        "shown_day": on,
        "communes": communes(request),
        "offices": offices(offices_of_visible_groups(request.user, on), on),
        "kinds": mass_types(),
        "officers": officers_to_choose(request.user, on),
        "grades": GRADES,
        "marks": GRADE_MARKS,
        "least": least_members(on),
        "gone": groups_in_ceased_communes(request.user, on)
        if request.user.may("entrustment.change")
        else 0,
        "may_found": request.user.may("entrustment.change") and bool(own_offices(request)),
    }
    return render(request, "entrustment/list.html", context)


def _debts(request: PersonRequest, groups: list[int], on: date) -> OnDay[GroupDebt]:
    """What the groups owe, for who may see loans."""
    return debts_of_groups(groups, on) if request.user.may("loans.view") else OnDay(None)


def _sums(rows: list[tuple[GroupSummary, GroupDebt]]) -> dict[str, int]:
    return {
        "members": sum(face.members for face, _debt in rows),
        "savings": sum(face.savings for face, _debt in rows),
        "loans": sum(debt.loans for _face, debt in rows),
        "balance": sum(debt.balance for _face, debt in rows),
        "overdue": sum(debt.overdue for _face, debt in rows),
    }


def _export(request: PersonRequest, rows: QuerySet[SavingsGroup], on: date) -> HttpResponse:
    groups = list(rows)
    keys = [row.pk for row in groups]
    faces, debts = faces_of(keys, on), _debts(request, keys, on)
    shown = [(faces[key], debts.found.get(key, GroupDebt())) for key in keys]
    pairs = zip(groups, shown, strict=True)
    lines = [
        _cells(row.code, face, debt, known=debts.of is not None) for row, (face, debt) in pairs
    ]
    sums = _sums(shown)
    total = GroupSummary(name=_("Cộng"), members=sums["members"], savings=sums["savings"])
    debt = GroupDebt(sums["loans"], sums["balance"], sums["overdue"])
    lines.append(_cells("", total, debt, known=debts.of is not None))
    around = paper(request, _("Danh sách Tổ TK&VV"), on=debts.of or on)
    return sheet(
        request.GET["export"], "to-tkvv", *as_chosen(request, "groups", _HEADER, lines), around
    )


def _cells(code: str, face: GroupSummary, debt: GroupDebt, *, known: bool) -> tuple[Any, ...]:
    owed = (
        (debt.loans, debt.balance, debt.overdue, numbers.share(debt.overdue, debt.balance))
        if known
        else (None, None, None, None)
    )
    return (
        code,
        face.name,
        face.leader,
        face.commune,
        face.hamlet,
        face.mass,
        face.office,
        face.officer,
        face.session_day or None,
        face.members,
        face.savings,
        *owed,
        GRADES.get(face.grade, ""),
        face.total,
        face.month,
    )
