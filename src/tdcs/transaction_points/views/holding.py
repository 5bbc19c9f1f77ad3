"""The steps of a session, its cash, its figures."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import amounts, clock
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.transaction_points.errors import CountWrong, PointFieldWrong
from tdcs.transaction_points.queries.sessions import session_row
from tdcs.transaction_points.queries.summary import figures_of, group_lines
from tdcs.transaction_points.queries.teams import staff_of
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.scoring import score
from tdcs.transaction_points.services import holding
from tdcs.transaction_points.services.holding import CashPassed, Count
from tdcs.transaction_points.states import SESSION_MOVES
from tdcs.transaction_points.views.schedule import session_or_404


@requires("points.view")
@require_POST
@refusing
def step(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """One step of a session."""
    session, on, by = session_or_404(request, pk), clock.today(), request.user
    if verb not in SESSION_MOVES:
        raise Http404(verb)
    if not by.may(SESSION_MOVES[verb].permission):
        raise PermissionDenied(verb)
    if verb == "prepare":
        holding.prepare(session=session, by=by, on=on)
    elif verb == "open":
        holding.open_session(session=session, by=by, on=on)
    elif verb == "count":
        holding.count_cash(session=session, count=_count(request), by=by, on=on)
    elif verb == "close":
        words = request.POST.get("conclusions", "")
        holding.close_session(session=session, conclusions=words, by=by, on=on)
    elif verb == "settle":
        holding.settle(session=session, by=by, on=on, key=request.POST.get("key", ""))
    else:
        holding.cancel(session=session, why=request.POST.get("why", ""), by=by, on=on)
    show_success(request, _("Đã ghi: %(step)s.") % {"step": _(SESSION_MOVES[verb].label)})
    return redirect("points:session", pk=pk)


def _count(request: PersonRequest) -> Count:
    """The notes that were typed. Raises CountWrong."""
    notes = {}
    for value in settings.denominations():
        words = request.POST.get(f"notes-{value}", "").strip()
        if words and not words.isdecimal():
            raise CountWrong(denomination=f"{value}", why="số tờ không hợp lệ")
        notes[value] = int(words[:9] or 0)
    return Count(notes, request.POST.get("why", ""))


@requires("points.hold")
@require_POST
@refusing
def cash(request: PersonRequest, pk: int) -> HttpResponse:
    """Cash that passed between two people, one of whom writes it down."""
    session = session_or_404(request, pk)
    people = {one.pk: one for one in staff_of(session.office_id, session.held_on)}
    other = people.get(parse_int(request.POST.get("other")))
    if other is None:
        raise PointFieldWrong(field="người giao, người nhận", why="chưa chọn")
    try:
        amount = amounts.dong(request.POST.get("amount", ""))
    except amounts.NotAnAmount:
        amount = 0
    mine = request.POST.get("direction") == "give"
    giver, taker = (request.user, other) if mine else (other, request.user)
    holding.pass_cash(
        session=session,
        passed=CashPassed(giver, taker, amount, request.POST.get("words", "")),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã ghi giao nhận tiền mặt."))
    return redirect("points:session", pk=pk)


@requires("loans.view")
@require_GET
@refusing
def summary_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A session in figures: by group, as a whole, its score."""
    session = session_or_404(request, pk)
    lines, figures = group_lines(session), figures_of(session)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        header = [
            _("Mã tổ"), _("Tổ"), _("Tổ trưởng"), _("Khoản vay"), _("Lãi phải thu"), _("Gốc đến hạn"),
            _("Thu lãi"), _("Thu gốc"), _("Thu tiền gửi"), _("Giải ngân"),
        ]  # fmt: skip
        rows = [
            (
                one.code, one.name, one.leader, one.loans, one.interest_due, one.principal_due,
                one.interest, one.principal, one.savings, one.disbursed,
            )
            for one in lines
        ]  # fmt: skip
        title = _("Phiên giao dịch ngày %(day)s") % {"day": f"{session.held_on:%d/%m/%Y}"}
        around = paper(request, title, on=session.held_on, signers=(_("Tổ trưởng tổ giao dịch"),))
        return sheet(fmt, f"phien-{session.held_on:%Y%m%d}-{pk}", header, rows, around)
    context = {
        "session": session,
        "row": session_row(session),
        "lines": lines,
        # Who reads figures only opens no group's sheet.
        "opened": set(
            visible_lending_groups(request.user, session.held_on).values_list("pk", flat=True)
        ),
        "figures": figures,
        "scored": score(figures),
        "points": sum(one.points for one in score(figures)),
        "key": f"session-{form_key(request)}",
    }
    return render(request, "transaction_points/summary.html", context)
