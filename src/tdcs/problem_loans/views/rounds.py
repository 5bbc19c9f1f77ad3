"""Rounds of risk handling: the list, one round with its cases, its steps, its paper."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.http import official, parse_day, parse_int, refusing, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.models import Kind
from tdcs.problem_loans.composing.papers import round_list
from tdcs.problem_loans.errors import DossierField
from tdcs.problem_loans.models import RiskCase, RiskRound
from tdcs.problem_loans.queries import rounds as queries
from tdcs.problem_loans.services import rounds as services
from tdcs.problem_loans.states import RoundState
from tdcs.problem_loans.views.typed import dong

MARKS: Final = {
    RoundState.OPEN: "open",
    RoundState.SUBMITTED: "soon",
    RoundState.DECIDED: "done",
}


@requires("problem_loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The rounds in scope, the newest first."""
    unit = own_organisation(request.user)
    context = {
        "rows": [(*line, MARKS[RoundState(line[0].state)])
                 for line in queries.round_lines(request.user, clock.today())],
        "may_open": request.user.may("problem_loans.work")
        and unit is not None
        and unit.kind in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH),
    }  # fmt: skip
    return render(request, "problem_loans/rounds.html", context)


@requires("problem_loans.work")
@require_POST
@refusing
def open_round(request: PersonRequest) -> HttpResponse:
    """The year's next round of the own office."""
    unit = own_organisation(request.user)
    if unit is None:
        raise Http404
    made = services.open_round(office=unit, by=request.user, on=clock.today())
    return redirect("problem_loans:round", pk=made.pk)


@requires("problem_loans.view")
@require_GET
def round_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One round: its cases with losses, and the next step."""
    row, on = _round(request, pk), clock.today()
    lines = queries.case_lines(row, on)
    context = {
        "row": row,
        "mark": MARKS[RoundState(row.state)],
        "lines": lines,
        "sums": queries.sums_of(lines),
        "may_list": row.state == RoundState.OPEN and request.user.may("problem_loans.work"),
        "may_decide": row.state == RoundState.SUBMITTED
        and request.user.may("problem_loans.decide"),
        "measures": RiskCase.Measure.choices,
        "key": f"round-{form_key(request)}",
        "today": on,
    }
    return render(request, "problem_loans/round.html", context)


def _round(request: PersonRequest, pk: int) -> RiskRound:
    return get_object_or_404(queries.visible_rounds(request.user, clock.today()), pk=pk)


@requires("problem_loans.work")
@require_POST
@refusing
def add_case(request: PersonRequest, pk: int) -> HttpResponse:
    """A debt with its loss is listed."""
    row, given, on = _round(request, pk), request.POST, clock.today()
    loan = queries.loan_to_list(request.user, given.get("number", ""), row, on)
    if loan is None:
        raise DossierField(field="số khế ước", why="không có trong phạm vi của phòng")
    draft = services.CaseDraft(
        loan=loan,
        measure=given.get("measure", ""),
        cause=given.get("cause", ""),
        capital=dong(given.get("capital"), "tổng vốn"),
        loss=dong(given.get("loss"), "giá trị thiệt hại"),
        minutes_on=parse_day(given.get("minutes_on")),
        until_on=parse_day(given.get("until_on")),
    )
    services.add_case(risk_round=row, case=draft, by=request.user, on=on)
    show_success(request, _("Đã đưa món nợ vào đợt."))
    return redirect("problem_loans:round", pk=pk)


@requires("problem_loans.work")
@require_POST
@refusing
def remove_case(request: PersonRequest, pk: int, case: int) -> HttpResponse:
    """A debt is taken out of an open round."""
    one = get_object_or_404(_round(request, pk).cases.select_related("loan", "round"), pk=case)
    services.remove_case(
        case=one, why=request.POST.get("why", ""), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã đưa món nợ ra khỏi đợt."))
    return redirect("problem_loans:round", pk=pk)


@requires("problem_loans.work")
@require_POST
@refusing
def submit(request: PersonRequest, pk: int) -> HttpResponse:
    """Every case becomes a request of its loan."""
    services.submit_round(risk_round=_round(request, pk), by=request.user, on=clock.today())
    show_success(request, _("Đã trình đợt xử lý."))
    return redirect("problem_loans:round", pk=pk)


@requires("problem_loans.decide")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """What was decided happens to the loans."""
    given = request.POST
    approved = frozenset(n for words in given.getlist("case") if (n := parse_int(words)))
    decision = services.RoundDecision(
        number=given.get("number", ""), approved=approved, words=given.get("words", "")
    )
    services.decide_round(
        risk_round=_round(request, pk),
        decision=decision,
        by=request.user,
        on=clock.today(),
        key=given.get("key", ""),
    )
    show_success(request, _("Đã ghi quyết định của đợt."))
    return redirect("problem_loans:round", pk=pk)


@requires("problem_loans.view")
@require_GET
def round_paper(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The list of a round."""
    row, on = _round(request, pk), clock.today()
    made = round_list(row, queries.case_lines(row, on), on)
    return official(made, fmt, f"dot-xu-ly-no-{row.year}-{row.number}")
