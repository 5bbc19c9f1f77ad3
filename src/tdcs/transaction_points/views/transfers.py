"""What came in by transfer: the account, the bank's list beside what sessions collected, the code to pay by."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.documents.qr import svg
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.documents.xlsx_blank import BlankColumn, BlankSheet, blank_workbook
from tdcs.http import (
    FORMATS,
    XLSX,
    attachment,
    paper,
    parse_int,
    refusing,
    sheet,
    show_success,
)
from tdcs.loans.queries.scope import visible_loans
from tdcs.organisations.queries import organisation_of
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.sessions import offices_of_sessions, own_office
from tdcs.transaction_points.queries.transfers import (
    CreditFilters,
    CreditRow,
    account_row,
    credit_rows,
)
from tdcs.transaction_points.rules.vietqr import payload, words_of
from tdcs.transaction_points.services import transfers
from tdcs.transaction_points.states import CreditState
from tdcs.transaction_points.views.schedule import session_or_404

# The shape of a state on screen.
MARKS: Final = {
    CreditState.BOOKED: "done",
    CreditState.HANDLED: "done",
    CreditState.MATCHED: "late",
    CreditState.DIFFERS: "late",
    CreditState.UNPAID: "soon",
    CreditState.UNKNOWN: "late",
}
_OPEN: Final = ("look", gettext_noop("Cần xem"))
_HELP: Final = {
    "Ngày": "Ngày tiền vào, ví dụ 15/11/2026",
    "Số tiền": "Số đồng, ví dụ 150.000",
    "Nội dung": "Nội dung chuyển khoản như ngân hàng ghi",
}


@requires("points.settle")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """The bank's lines; by default those that a person must look at."""
    asked = CreditFilters(
        office=parse_int(request.GET.get("office")),
        show=request.GET.get("state", "look"),
        words=request.GET.get("q", "").strip()[:60],
    )
    rows = credit_rows(request.user, asked)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _export(request, fmt, rows)
    office = own_office(request.user)
    context = {
        "rows": [(row, MARKS[row.state], _(row.state.label)) for row in rows],
        "total": sum(row.credit.amount for row in rows),
        "q": asked.words,
        "office": asked.office,
        "offices": offices_of_sessions(request.user),
        "state": asked.show,
        "states": [(_OPEN[0], _(_OPEN[1])), *CreditState.choices],
        "account": account_row(office, clock.today()) if office else None,
        "may_write": bool(office) and plans_for(request.user, office),
    }
    return render(request, "transaction_points/credits.html", context)


def _export(request: PersonRequest, fmt: str, rows: list[CreditRow]) -> HttpResponse:
    header = [
        _("Ngày"), _("Số tiền"), _("Nội dung"), _("Phiên"), _("Khế ước"), _("Đã ghi trên bảng kê"),
        _("Kết quả"), _("Cách xử lý"), _("Người xử lý"), _("Bút toán"),
    ]  # fmt: skip
    lines = [
        (
            row.credit.on,
            row.credit.amount,
            row.credit.content,
            row.credit.session.point.code if row.credit.session else "",
            row.credit.loan.number if row.credit.loan else "",
            row.booked,
            _(row.state.label),
            row.credit.handled_words,
            _who(row),
            row.credit.entry.number if row.credit.entry else "",
        )
        for row in rows
    ]
    return sheet(
        fmt,
        f"bao-co-{clock.today():%Y%m%d}",
        header,
        lines,
        paper(request, _("Đối chiếu chuyển khoản của phiên giao dịch")),
    )


def _who(row: CreditRow) -> str:
    who = row.credit.handled_by or row.credit.booked_by
    return who.full_name if who else ""


@requires("points.settle")
@require_GET
def template(request: PersonRequest) -> HttpResponse:
    """The three columns of the bank's list, empty."""
    columns = [BlankColumn(name, _HELP[name], 24, required=True) for name in transfers.COLUMNS]
    made = blank_workbook([BlankSheet("Báo có", "DANH SÁCH BÁO CÓ", columns)])
    return attachment(made, XLSX, "bao-co-mau.xlsx")


@requires("points.settle")
@require_POST
@refusing
def read(request: PersonRequest) -> HttpResponse:
    """The bank's list as a file."""
    office, file = organisation_of(own_office(request.user)), request.FILES.get("file")
    if office is None or file is None:
        raise PointFieldWrong(field="tệp danh sách báo có", why="chưa chọn")
    done = transfers.read_credits(
        office=office, rows=read_rows_guarded(file.read()), by=request.user, on=clock.today()
    )
    show_success(
        request,
        _("%(n)s dòng, %(new)s dòng mới; %(unknown)s dòng mới không nhận ra nội dung.")
        % {"n": done.lines, "new": done.new, "unknown": done.unknown},
    )
    return redirect("points:credits")


@requires("points.settle")
@require_POST
@refusing
def account(request: PersonRequest) -> HttpResponse:
    """The account to which payers transfer."""
    bank_bin, number = (request.POST.get(name, "") for name in ("bank_bin", "number"))
    office = organisation_of(own_office(request.user))
    if office is None:
        raise PointFieldWrong(field="phòng giao dịch", why="chưa chọn")
    by, on = request.user, clock.today()
    transfers.set_account(office=office, bank_bin=bank_bin, number=number, by=by, on=on)
    show_success(request, _("Đã ghi tài khoản nhận chuyển khoản."))
    return redirect("points:credits")


@requires("points.hold")
@require_GET
def code(request: PersonRequest, pk: int, loan: int) -> HttpResponse:
    """The VietQR code by which a payer transfers what his loan owes at a session; an amount may be named."""
    session = session_or_404(request, pk)
    found = get_object_or_404(visible_loans(request.user), pk=loan, office=session.office_id)
    there = account_row(session.office_id, session.held_on)
    if there is None:
        raise Http404("account")
    amount = min(max(parse_int(request.GET.get("amount")), 0), 10**12)
    text = payload(
        bank_bin=there.bank_bin,
        account=there.number,
        amount=amount,
        words=words_of(session.pk, found.number),
    )
    answer = HttpResponse(svg(text), content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
