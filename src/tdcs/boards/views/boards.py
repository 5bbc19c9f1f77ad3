"""Boards: the list, one board with its members and meetings, who holds an office, the remuneration list."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.boards.forms import HolderForm
from tdcs.boards.models import BoardSeat
from tdcs.boards.queries import meetings as meeting_queries
from tdcs.boards.queries import members as queries
from tdcs.boards.services import offices
from tdcs.core import clock
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.core.errors import Refusal
from tdcs.core.typed import parse_year
from tdcs.documents.columns import Cell
from tdcs.http import refusing, sheet, show_error, show_success
from tdcs.organisations.queries import names_on, organisations_of


@requires("boards.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Every board in scope with its seats."""
    rows = queries.board_rows(request.user, clock.today())
    context = {"rows": rows, "vacant": sum(row.vacant for row in rows)}
    return render(request, "boards/list.html", context)


@requires("boards.view")
@require_GET
def board_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Who sits in a board today, and its meetings."""
    on = clock.today()
    board = get_object_or_404(queries.visible_boards(request.user, on), pk=pk)
    context = {
        "board": board,
        "name": names_on(on, {pk})[pk],
        "members": queries.members_of(board, on),
        "meetings": meeting_queries.meetings_of_board(board)[:40],
        "may_prepare": request.user.may("boards.prepare"),
        "year": on.year,
    }
    return render(request, "boards/board.html", context)


@requires("boards.prepare")
@require_POST
@refusing
def seat(request: PersonRequest, pk: int) -> HttpResponse:
    """The seats that the law names for the board's level."""
    on = clock.today()
    board = get_object_or_404(queries.visible_boards(request.user, on), pk=pk)
    count = offices.seat_board(board=board, by=request.user, on=on)
    show_success(request, _("Đã thêm %(n)d ghế theo quy định.") % {"n": count})
    return redirect("boards:board", pk=pk)


@requires("boards.prepare")
@require_http_methods(["GET", "POST"])
def holder_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Who takes an office of a unit from a day on; boards follow by themselves."""
    on = clock.today()
    unit = get_object_or_404(organisations_of([pk]))
    form = HolderForm(
        request.POST or None, initial={"since": on, "office": request.GET.get("office", "head")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            offices.appoint(organisation=unit, holder=form.holder(), by=request.user, on=on)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã ghi người giữ chức vụ; các ban đại diện theo đó mà đổi."))
            return redirect("boards:head", pk=pk)
    context = {"form": form, "unit": unit, "name": names_on(on, {pk})[pk]}
    return render(request, "boards/holder.html", context)


@requires("boards.view")
@require_GET
def remuneration(request: PersonRequest, pk: int) -> HttpResponse:
    """The list by which members are paid: meetings attended times the amount that was typed."""
    on = clock.today()
    board = get_object_or_404(queries.visible_boards(request.user, on), pk=pk)
    year = parse_year(request.GET.get("year"), on.year)
    head, member = (_amount(request.GET.get(name, "")) for name in ("head", "member"))
    roles = dict(BoardSeat.Role.choices)
    lines: list[tuple[Cell, ...]] = []
    paid = held = 0
    for name, title, role, count in meeting_queries.paid_meetings(pk, year):
        each = head if role == BoardSeat.Role.HEAD else member
        lines.append((name, title, roles[role], count, each, count * each))
        held, paid = held + count, paid + count * each
    lines.append(("Cộng", "", "", held, None, paid))
    header = (
        "Họ và tên",
        "Chức vụ",
        "Trong ban",
        "Số phiên dự",
        "Mức một phiên (đồng)",
        "Thành tiền (đồng)",
    )
    return sheet("xlsx", f"thu-lao-{board.code.replace('@', '-')}-{year}", header, lines)


def _amount(words: str) -> int:
    try:
        return dong(words)
    except NotAnAmount:
        return 0
