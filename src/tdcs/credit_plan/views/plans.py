"""Plans by year; one plan: where it stands, who holds the pen, what does not add up yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.credit_plan.errors import NoBookYet
from tdcs.credit_plan.models import CreditPlan, OfficeRound, RoundState
from tdcs.credit_plan.queries.places import answering_office, of_branch
from tdcs.credit_plan.queries.plans import (
    carries,
    draft_rows,
    every_plan,
    fund_frame,
    office_names,
    plan_of,
    plan_rows,
    rounds_of,
    target_rows,
)
from tdcs.credit_plan.rules.figures import figures
from tdcs.credit_plan.services import approving, negotiating, planning
from tdcs.credit_plan.states import BRANCH_WRITES, ROUND_MOVES
from tdcs.credit_plan.views.frame import framed, plan_or_404
from tdcs.http import parse_int, refusing, show_success


@dataclass(frozen=True, slots=True)
class Turn:
    """An office's talk: its name, who holds the pen, and what this person may do now."""

    round: OfficeRound
    name: str
    pen: str
    verbs: list[tuple[str, str]]
    last: Any


@requires("credit_plan.view")
@require_GET
def plans_page(request: PersonRequest) -> HttpResponse:
    """Every year's plan."""
    on = clock.today()
    rows = [
        (plan, int(plan_rows(plan, on)["amount"].sum()), plan.rounds.count(), _agreed(plan))
        for plan in every_plan()
    ]
    years = [year for year in (on.year, on.year + 1) if plan_of(year) is None]
    context = {
        "rows": rows,
        "years": years,
        "may_open": bool(years) and request.user.may("credit_plan.change"),
        "due": figures().due(on.year + 1),
    }
    return render(request, "credit_plan/plans.html", context)


def _agreed(plan: CreditPlan) -> int:
    return sum(turn.state == RoundState.AGREED for turn in rounds_of(plan))


@requires("credit_plan.change")
@require_POST
@refusing
def open_page(request: PersonRequest) -> HttpResponse:
    """A year's plan is opened."""
    made = planning.open_plan(
        year=parse_int(request.POST.get("year")), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã mở kế hoạch năm %(year)d.") % {"year": made.year})
    return redirect("credit_plan:needs", year=made.year)


@requires("credit_plan.view")
@require_GET
def plan_page(request: PersonRequest, year: int) -> HttpResponse:
    """The plan's state, the talks, the funds, and every line that does not add up."""
    plan, on = plan_or_404(year), clock.today()
    turns = _turns(request, plan, on)
    faults: list[str] = []
    funds = []
    try:
        funds = carries(plan, on)
        faults = _faults(plan, on)
    except NoBookYet:
        pass
    lines = plan_rows(plan, on)
    context = framed(
        plan,
        "credit_plan:plan",
        turns=turns,
        funds=funds,
        faults=faults,
        planned=int(lines["amount"].sum()),
        targeted=int(target_rows(plan)["amount"].sum()),
        communes=lines["area"].n_unique(),
        agreed=sum(turn.round.state == RoundState.AGREED for turn in turns),
        may_change=request.user.may("credit_plan.change"),
        may_decide=request.user.may("credit_plan.approve") and of_branch(request.user),
        drafts=sum(turn.round.state in BRANCH_WRITES for turn in turns),
    )
    return render(request, "credit_plan/plan.html", context)


def _faults(plan: CreditPlan, on: date) -> list[str]:
    """What does not add up, in the reader's language."""
    found = approving.plan_faults(target_rows(plan), draft_rows(plan), fund_frame(plan, on))
    english = (get_language() or "vi").startswith("en")
    return [one.en if english else one.vi for one in found]


def _turns(request: PersonRequest, plan: CreditPlan, on: date) -> list[Turn]:
    rows = rounds_of(plan)
    names = office_names({row.office_id for row in rows}, on)
    own = answering_office(request.user)
    may = {"credit_plan.change": request.user.may("credit_plan.change")}
    may_answer = request.user.may("credit_plan.answer")
    found = []
    for row in rows:
        may["credit_plan.answer"] = may_answer and own == row.office_id
        open_ = [(v, m) for v, m in ROUND_MOVES.items() if row.state in m.sources]
        verbs = [(verb, move.label) for verb, move in open_ if may[move.permission]]
        last = next(reversed(list(row.moves.all())), None)
        found.append(Turn(row, names.get(row.office_id, ""), _pen(row, names), verbs, last))
    return found


def _pen(row: OfficeRound, names: dict[int, str]) -> str:
    if row.state == RoundState.AGREED:
        return _("không ai, đã thống nhất")
    return _("Chi nhánh") if row.state in BRANCH_WRITES else names.get(row.office_id, "")


@requires("credit_plan.change")
@require_POST
@refusing
def submit(request: PersonRequest, year: int) -> HttpResponse:
    """The plan goes to the director."""
    plan = approving.submit(plan=plan_or_404(year), by=request.user, on=clock.today())
    show_success(request, _("Đã trình kế hoạch năm %(year)d.") % {"year": plan.year})
    return redirect("credit_plan:plan", year=year)


@requires("credit_plan.approve")
@require_POST
@refusing
def decide(request: PersonRequest, year: int) -> HttpResponse:
    """The director approves the plan or sends it back."""
    plan, words = plan_or_404(year), request.POST.get("decision", "")
    if request.POST.get("verb") == "approve":
        approving.approve(plan=plan, decision=words, by=request.user, on=clock.today())
        show_success(request, _("Đã phê duyệt kế hoạch năm %(year)d.") % {"year": year})
    else:
        approving.send_back(plan=plan, why=words, by=request.user, on=clock.today())
        show_success(request, _("Đã trả lại kế hoạch năm %(year)d.") % {"year": year})
    return redirect("credit_plan:plan", year=year)


def _round(plan: CreditPlan, request: PersonRequest) -> OfficeRound:
    office = parse_int(request.POST.get("office"))
    return get_object_or_404(OfficeRound, plan=plan, office_id=office)


@requires("credit_plan.change")
@require_POST
@refusing
def branch_turn(request: PersonRequest, year: int) -> HttpResponse:
    """The branch sends, accepts or reopens."""
    plan, by, on = plan_or_404(year), request.user, clock.today()
    verb, words = request.POST.get("verb"), request.POST.get("comment", "").strip()
    if verb == "send_all":
        count = negotiating.send_all(plan=plan, comment=words, by=by, on=on)
        show_success(request, _("Đã gửi %(n)d phòng giao dịch.") % {"n": count})
        return redirect("credit_plan:plan", year=year)
    office = _round(plan, request).office_id
    if verb == "send":
        negotiating.send(plan=plan, office=office, comment=words, by=by, on=on)
    elif verb == "accept":
        negotiating.accept(plan=plan, office=office, comment=words, by=by, on=on)
    elif verb == "reopen":
        negotiating.reopen(plan=plan, office=office, comment=words, by=by, on=on)
    else:
        raise Http404(verb)
    show_success(request, _("Đã ghi bước “%(move)s”.") % {"move": ROUND_MOVES[verb].label})
    return redirect("credit_plan:plan", year=year)


@requires("credit_plan.answer")
@require_POST
@refusing
def office_turn(request: PersonRequest, year: int) -> HttpResponse:
    """The office agrees, or returns the round with its opinion."""
    plan, by, on = plan_or_404(year), request.user, clock.today()
    office, words = _round(plan, request).office_id, request.POST.get("comment", "")
    if request.POST.get("verb") == "agree":
        negotiating.agree(plan=plan, office=office, by=by, on=on)
        show_success(request, _("Đã thống nhất phân bổ."))
    else:
        negotiating.return_round(plan=plan, office=office, comment=words, by=by, on=on)
        show_success(request, _("Đã trả lại chi nhánh kèm ý kiến."))
    return redirect("credit_plan:plan", year=year)
