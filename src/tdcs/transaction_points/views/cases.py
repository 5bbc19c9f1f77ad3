"""Cases of logs: the list, one case with what stands against it, the decision."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet, show_success
from tdcs.transaction_points.models import LogLine
from tdcs.transaction_points.queries.cases import (
    CaseFilters,
    CaseRow,
    case_rows,
    cases_in_scope,
    happened_since,
    money_of,
    problems_in,
)
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.sessions import offices_of_sessions, point_names
from tdcs.transaction_points.services import cases
from tdcs.transaction_points.states import LogState

# What a case is called; others are named by their own words.
PROBLEMS: Final = {
    "settled_meanwhile": gettext_noop("Đã tất toán ở quầy"),
    "paid_meanwhile": gettext_noop("Đã thu ở quầy"),
    "pack_outdated": gettext_noop("Gói cũ hơn điều chỉnh"),
    "two_devices": gettext_noop("Hai thiết bị cùng thu"),
    "pack_void": gettext_noop("Gói đã thu hồi"),
    "approval_unproven": gettext_noop("Chữ ký duyệt không đúng"),
    "undo_unproven": gettext_noop("Hủy dòng không có người duyệt"),
    "savings_own_line": gettext_noop("Tiền gửi ghi sai dòng"),
    "book_at_counter": gettext_noop("Phải ghi ở quầy"),
}
_STATES: Final = (
    ("waiting", gettext_noop("Chờ xử lý")),
    ("decided", gettext_noop("Đã xử lý")),
)


@requires("points.hold")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """What waits for a person after a log was handed in, and what was decided."""
    asked = CaseFilters(
        office=parse_int(request.GET.get("office")),
        state=request.GET.get("state", "waiting"),
        problem=request.GET.get("problem", "")[:40],
        words=request.GET.get("q", "").strip()[:60],
    )
    rows = case_rows(request.user, asked)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _export(request, fmt, rows)
    context = {
        "rows": rows,
        "money": sum(row.amount for row in rows if row.line.state == LogState.CASE),
        "q": asked.words,
        "office": asked.office,
        "offices": offices_of_sessions(request.user),
        "state": asked.state,
        "states": [(code, _(words)) for code, words in _STATES],
        "problem": asked.problem,
        "problems": [(code, _(PROBLEMS.get(code, code))) for code in problems_in(request.user)],
        "names": {code: _(words) for code, words in PROBLEMS.items()},
    }
    return render(request, "transaction_points/cases.html", context)


def _export(request: PersonRequest, fmt: str, rows: list[CaseRow]) -> HttpResponse:
    header = [
        _("Phiên"), _("Ngày"), _("Thiết bị"), _("Dòng"), _("Người ghi"), _("Vướng mắc"),
        _("Số tiền chưa hạch toán"), _("Trạng thái"), _("Cách xử lý"), _("Người xử lý"), _("Xử lý ngày"),
    ]  # fmt: skip
    lines = [
        (
            row.name,
            row.line.session.held_on,
            row.line.device.name,
            row.line.seq,
            row.line.by.full_name,
            row.line.problem_words,
            row.amount,
            row.line.get_state_display(),
            row.line.resolved_words,
            row.line.resolved_by.full_name if row.line.resolved_by else "",
            row.line.resolved_on,
        )
        for row in rows
    ]
    around = paper(request, _("Vướng mắc sau đồng bộ phiên giao dịch"))
    return sheet(fmt, f"vuong-mac-{clock.today():%Y%m%d}", header, lines, around)


@requires("points.hold")
@require_GET
def case_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One case: what the device wrote, what the office did meanwhile, what may be decided."""
    line = _case(request, pk)
    waits = line.state == LogState.CASE
    context = {
        "line": line,
        "name": point_names([line.session])[line.session_id],
        "problem": _(PROBLEMS.get(line.problem, "Không hạch toán được")),
        "money": money_of(line),
        "happened": happened_since(line),
        "waits": waits,
        "may_decide": waits
        and request.user.may("points.plan")
        and plans_for(request.user, line.session.office_id),
    }
    answer = render(request, "transaction_points/case.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _case(request: PersonRequest, pk: int) -> LogLine:
    rows = cases_in_scope(request.user).select_related("pack", "session__point", "device", "by")
    return get_object_or_404(rows, pk=pk)


@requires("points.plan")
@require_POST
@refusing
def resolve(request: PersonRequest, pk: int) -> HttpResponse:
    """It is not booked from the log: what was done instead."""
    line, words = _case(request, pk), request.POST.get("words", "")
    cases.resolve_case(line=line, words=words, by=request.user, on=clock.today())
    show_success(request, _("Đã ghi cách xử lý."))
    return redirect("points:cases")


@requires("points.plan")
@require_POST
@refusing
def post_again(request: PersonRequest, pk: int) -> HttpResponse:
    """What is left of it is booked after all."""
    line, words = _case(request, pk), request.POST.get("words", "")
    cases.post_case(line=line, words=words, by=request.user, on=clock.today())
    show_success(request, _("Đã hạch toán lại."))
    return redirect("points:case", pk=pk)
