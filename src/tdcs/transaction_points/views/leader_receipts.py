"""Group leaders' receipts of a session: the table read, the differences, what was found out."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.documents.xlsx_blank import BlankColumn, BlankSheet, blank_workbook
from tdcs.http import (
    FORMATS,
    XLSX,
    attachment,
    back,
    paper,
    parse_int,
    refusing,
    sheet,
    show_success,
)
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.queries.leader_receipts import (
    ReceiptFilters,
    ReceiptRow,
    households_of,
    receipt_rows,
)
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.sessions import offices_of_sessions
from tdcs.transaction_points.rules.tables import HELP_SIGN
from tdcs.transaction_points.services import leader_receipts
from tdcs.transaction_points.views.schedule import session_or_404

_STATES: Final = (
    ("unnoted", gettext_noop("Chưa xác minh")),
    ("noted", gettext_noop("Đã xác minh")),
)


@requires("points.hold")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Where receipts and what was handed in differ."""
    asked = ReceiptFilters(
        office=parse_int(request.GET.get("office")),
        session=parse_int(request.GET.get("session")),
        show=request.GET.get("state", "unnoted"),
        words=request.GET.get("q", "").strip()[:60],
    )
    rows = receipt_rows(request.user, asked)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _export(request, fmt, rows)
    session = session_or_404(request, asked.session) if asked.session else None
    plans = request.user.may("points.plan")
    context = {
        "rows": [(row, plans and plans_for(request.user, row.session.office_id)) for row in rows],
        "difference": sum(row.difference for row in rows),
        "session": session,
        "q": asked.words,
        "office": asked.office,
        "offices": offices_of_sessions(request.user),
        "state": asked.show,
        "states": [(code, _(words)) for code, words in _STATES],
        "may_read": session is not None and plans_for(request.user, session.office_id),
    }
    answer = render(request, "transaction_points/leader_receipts.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _export(request: PersonRequest, fmt: str, rows: list[ReceiptRow]) -> HttpResponse:
    header = [
        _("Phiên"), _("Ngày"), _("Tổ"), _("Mã hộ"), _("Hộ"), _("Lãi theo biên lai"), _("Lãi đã nộp"),
        _("Tiền gửi theo biên lai"), _("Tiền gửi đã nộp"), _("Chênh lệch"), _("Kết quả xác minh"),
    ]  # fmt: skip
    lines = [
        (
            row.point, row.session.held_on, row.group, row.code, row.name, row.interest,
            row.booked_interest, row.savings, row.booked_savings, row.difference,
            row.note.words if row.note else "",
        )
        for row in rows
    ]  # fmt: skip
    around = paper(request, _("Biên lai của tổ trưởng khác số đã nộp"))
    return sheet(fmt, f"bien-lai-to-truong-{clock.today():%Y%m%d}", header, lines, around)


@requires("points.hold")
@require_GET
def template(request: PersonRequest) -> HttpResponse:
    """The columns of the table, empty."""
    columns = [
        BlankColumn(name, f"{HELP_SIGN}{name.lower()}", 24, required=at < 4)
        for at, name in enumerate(leader_receipts.COLUMNS)
    ]
    made = blank_workbook([BlankSheet("Biên lai", "BIÊN LAI CỦA TỔ TRƯỞNG", columns)])
    return attachment(made, XLSX, "bien-lai-to-truong-mau.xlsx")


@requires("points.hold")
@require_POST
@refusing
def read(request: PersonRequest, pk: int) -> HttpResponse:
    """A session's receipts as a file."""
    session, file = session_or_404(request, pk), request.FILES.get("file")
    if file is None:
        raise PointFieldWrong(field="tệp biên lai", why="chưa chọn")
    found, new = leader_receipts.read_receipts(
        session=session, rows=read_rows_guarded(file.read()), by=request.user, on=clock.today()
    )
    show_success(request, _("%(n)s biên lai, %(new)s mới.") % {"n": found, "new": new})
    return redirect(f"{reverse('points:leader_receipts')}?session={pk}")


@requires("points.plan")
@require_POST
@refusing
def note(request: PersonRequest, pk: int, household: int) -> HttpResponse:
    """What was found out about a household's difference."""
    session = session_or_404(request, pk)
    leader_receipts.note_difference(
        session=session,
        household=get_object_or_404(households_of(session), pk=household),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi kết quả xác minh."))
    return back(request, reverse("points:leader_receipts"))
