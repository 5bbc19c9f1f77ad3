"""Moves between communes that the pace suggests, and adjustments: proposed, decided, kept by date."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.credit_plan.models import Adjustment, CreditPlan
from tdcs.credit_plan.queries.execution import moves_now, until_of
from tdcs.credit_plan.queries.places import of_branch, seen_communes
from tdcs.credit_plan.queries.plans import adjustments_of, fund_choices, source_names
from tdcs.credit_plan.rules.figures import figures
from tdcs.credit_plan.rules.moving import Move
from tdcs.credit_plan.services import adjusting
from tdcs.credit_plan.services.adjusting import Change
from tdcs.credit_plan.views.frame import framed, money, plan_or_404, programme_names
from tdcs.documents.numbers import whole
from tdcs.households.queries.scope import area_names
from tdcs.http import parse_day, parse_int, refusing, show_success
from tdcs.organisations.queries import communes_by_name


def _moves(plan: CreditPlan) -> list[Move]:
    on = clock.today()
    running = plan.state == plan.State.APPROVED and on.year == plan.year
    return moves_now(plan, on) if running else []


def _why(move: Move, names: dict[int, str]) -> str:
    """What a move rests on, in one sentence."""
    return _(
        "%(giver)s theo nhịp cho vay còn thừa %(unused)s đồng đến cuối năm; %(taker)s còn nhu cầu chưa đáp ứng %(wanted)s đồng."
    ) % {
        "giver": names.get(move.giver, ""),
        "taker": names.get(move.taker, ""),
        "unused": whole(move.unused),
        "wanted": whole(move.wanted),
    }


@requires("credit_plan.view")
@require_GET
@refusing
def moves_page(request: PersonRequest, year: int) -> HttpResponse:
    """Proposed moves, and the adjustments of the plan."""
    plan, on = plan_or_404(year), clock.today()
    seen = seen_communes(request.user, on)
    moves = _moves(plan)
    rows = adjustments_of(plan)
    told = [(row, list(row.lines.all())) for row in rows]
    areas = {move.giver for move in moves} | {move.taker for move in moves}
    areas |= {line.allotment.area_id for _row, lines in told for line in lines}
    names = area_names(areas, on)
    shown = [
        (at, move, _why(move, names))
        for at, move in enumerate(moves)
        if seen is None or {move.giver, move.taker} & seen
    ]
    context = framed(
        plan,
        "credit_plan:moves",
        moves=shown,
        adjustments=told,
        names=names,
        programmes=programme_names(),
        source_words=source_names({move.source for move in moves}),
        sources=fund_choices(on),
        communes=communes_by_name(on),
        least=figures().least_move,
        today=on,
        until=until_of(plan, on),
        may_change=request.user.may("credit_plan.change"),
        may_decide=request.user.may("credit_plan.approve") and of_branch(request.user),
    )
    return render(request, "credit_plan/moves.html", context)


@requires("credit_plan.change")
@require_POST
@refusing
def accept(request: PersonRequest, year: int) -> HttpResponse:
    """The moves that a person ticked become an adjustment, if they are still what the book says."""
    plan, on = plan_or_404(year), clock.today()
    ticked = set(request.POST.getlist("move"))
    moves = [move for move in _moves(plan) if _key(move) in ticked]
    names = area_names({area for move in moves for area in (move.giver, move.taker)}, on)
    made = adjusting.accept_moves(
        plan=plan,
        moves=[(move, _why(move, names)) for move in moves],
        starts_on=parse_day(request.POST.get("starts_on")) or on,
        by=request.user,
        on=on,
    )
    show_success(request, _("Đã lập điều chỉnh số %(n)d, chờ phê duyệt.") % {"n": made.number})
    return redirect("credit_plan:moves", year=year)


def _key(move: Move) -> str:
    return f"{move.programme}-{move.source}-{move.giver}-{move.taker}-{move.amount}"


@requires("credit_plan.change")
@require_POST
@refusing
def propose(request: PersonRequest, year: int) -> HttpResponse:
    """One line of the plan is to have another amount."""
    plan, on = plan_or_404(year), clock.today()
    change = Change(
        parse_int(request.POST.get("area")),
        request.POST.get("programme", ""),
        parse_int(request.POST.get("source")),
        money(request.POST.get("amount", ""), plan.unit),
    )
    made = adjusting.propose(
        plan=plan,
        changes=[change],
        starts_on=parse_day(request.POST.get("starts_on")) or on,
        reason=request.POST.get("reason", ""),
        by=request.user,
        on=on,
    )
    show_success(request, _("Đã lập điều chỉnh số %(n)d, chờ phê duyệt.") % {"n": made.number})
    return redirect("credit_plan:moves", year=year)


@requires("credit_plan.approve")
@require_POST
@refusing
def decide(request: PersonRequest, year: int) -> HttpResponse:
    """The director approves an adjustment or not."""
    row = get_object_or_404(
        Adjustment, plan=plan_or_404(year), number=parse_int(request.POST.get("number"))
    )
    words, on = request.POST.get("decision", ""), clock.today()
    if request.POST.get("verb") == "approve":
        adjusting.approve_adjustment(adjustment=row, decision=words, by=request.user, on=on)
        show_success(request, _("Đã phê duyệt điều chỉnh số %(n)d.") % {"n": row.number})
    else:
        adjusting.refuse_adjustment(adjustment=row, decision=words, by=request.user, on=on)
        show_success(request, _("Đã ghi không phê duyệt điều chỉnh số %(n)d.") % {"n": row.number})
    return redirect("credit_plan:moves", year=year)
