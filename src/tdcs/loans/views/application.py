"""One application: its steps, what the law says, the household's debts, the next step."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.forms import address_of, forms
from tdcs.documents.numbers import grouped
from tdcs.entrustment.queries.groups import profile_on
from tdcs.households.queries.finding import heads_and_places
from tdcs.http import show_success
from tdcs.loans.forms.applications import ApproveForm, DisburseForm, WordsForm, words_of
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.applications import (
    FORWARD,
    MARKS,
    days_late,
    loan_of,
    may_send_back,
    others_open,
    paid_out_of,
    steps_for,
    takers,
    takes,
    to_disburse,
)
from tdcs.loans.queries.eligibility import judge_household
from tdcs.loans.queries.offers import debts_of, limits_of
from tdcs.loans.queries.scope import people_for_step, visible_applications
from tdcs.loans.services.applications import advance
from tdcs.loans.services.lending import disburse
from tdcs.loans.states import ENDED_APPLICATIONS, MOVES, ApplicationState
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

_WAY: Final = ("appraise", "confirm", "check", "control", "approve", "sign", "disburse")
_REASONED: Final = ("return", "refuse", "forgo")
# Forms that exist only after the approval.
_AFTER_APPROVAL: Final = ("04/TD", "HĐTD")


@requires("loans.view")
@require_http_methods(["GET", "POST"])
def application_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The application's story and next step; a step that is refused stands on the page with its rule."""
    row = application_or_404(request, pk)
    if request.method == "GET":
        return render(request, "loans/application.html", story(request, row))
    verb = request.POST.get("verb", "")
    _require_mine(request, row, verb)
    form, refused = form_of(row, verb, request.POST), ""
    if form.is_valid():
        try:
            return _take(request, row, verb, form.cleaned_data)
        except Refusal as refusal:
            refused = words_of(refusal)
    row = application_or_404(request, pk)
    context = story(request, row, verb, form) | {"refused": refused}
    return render(request, "loans/application.html", context)


def application_or_404(request: PersonRequest, pk: int) -> LoanApplication:
    """An application in the person's scope."""
    rows = visible_applications(request.user)
    near = ("household", "borrower", "group", "office", "source", "made_by")
    return get_object_or_404(rows.select_related(*near), pk=pk)


def _require_mine(request: PersonRequest, row: LoanApplication, verb: str) -> None:
    """The step is one of the person's role and unit; whether its time has come is the service's to say."""
    if verb not in MOVES:
        raise Http404(verb)
    mine = takes(request.user, verb)
    if verb == "return" and row.state in MOVES[verb].sources:
        mine = may_send_back(request.user, row.state)
    if not mine:
        raise PermissionDenied(MOVES[verb].permission)


def form_of(row: LoanApplication, verb: str, sent: Any = None) -> Any:
    """The form of a step."""
    if verb == "disburse":
        rest = to_disburse(row)
        first = {"amount": grouped(rest), "key": f"disburse-{uuid4()}"}
        return DisburseForm(sent, rest=rest, initial=first, auto_id="disburse-%s")
    if verb == "approve":
        first = {"amount": grouped(row.amount)}
        return ApproveForm(sent, asked=row.amount, initial=first, auto_id="approve-%s")
    return WordsForm(sent, reason=verb in _REASONED, auto_id=f"{verb}-%s")


def _take(
    request: PersonRequest, row: LoanApplication, verb: str, data: dict[str, Any]
) -> HttpResponse:
    on = clock.today()
    if verb == "disburse":
        answer = disburse(
            application=row, amount=data["amount"], by=request.user, on=on, key=data["key"]
        )
        told = _("Đã giải ngân %(n)s đồng, khế ước %(k)s.")
        show_success(request, told % {"n": grouped(data["amount"]), "k": answer["number"]})
    else:
        advance(
            application=row,
            verb=verb,
            by=request.user,
            on=on,
            words=data["words"],
            approved_amount=data.get("amount"),
        )
        show_success(request, _("%(v)s: đã ghi.") % {"v": MOVES[verb].label})
    return redirect("loans:application", pk=row.pk)


def story(
    request: PersonRequest, row: LoanApplication, verb: str = "", form: Any = None
) -> dict[str, Any]:
    """What the page shows; ``form``: the form of the step just sent, with what is wrong in it."""
    on = clock.today()
    moves = list(row.moves.select_related("by").order_by("pk"))
    day = next((m.on for m in reversed(moves) if m.verb == "approve"), on)
    judged_on = day if row.approved_amount is not None else on
    steps = steps_for(request.user, row)
    loan = loan_of(row)
    forward = FORWARD.get(row.state, "")
    complete = next((m.on for m in reversed(moves) if m.verb == "confirm"), None)
    return {
        "row": row,
        "on": on,
        "mark": MARKS[row.state],
        "face": heads_and_places([row.household_id], on)[row.household_id],
        "programme": programmes().get(row.programme),
        "group_name": profile_on(row.group, on).name if row.group else "",
        "office": names_on(on, [row.office_id])[row.office_id],
        "moves": [(m, MOVES[m.verb].label if m.verb in MOVES else _("Lập hồ sơ")) for m in moves],
        "ahead": _ahead(row, loan),
        "next": MOVES[forward].label if forward and row.state != ApplicationState.DISBURSED else "",
        "waits_for": takers(forward) if forward else "",
        "people": people_for_step(row, forward, on) if forward else [],
        "waited": (on - moves[-1].on).days if moves else 0,
        "late": days_late(complete, on) if forward in ("check", "control", "approve") else 0,
        "steps": [(s, form if s.verb == verb else form_of(row, s.verb)) for s in steps],
        "sent": verb if form is not None else "",
        "main": next((s.verb for s in steps if s.verb == forward and not s.blocked), ""),
        "law": limits_of(row.household, row.programme, judged_on, row.target_group, but=row),
        "judged_on": judged_on,
        "verdict": judge_household(row.household, row.programme, on)
        if row.state not in (*ENDED_APPLICATIONS, ApplicationState.SIGNED)
        else None,
        "debts": debts_of(request.user, row.household, on),
        "others": others_open(row),
        "loan": loan,
        "parts": paid_out_of(loan) if loan else [],
        "rest": to_disburse(row),
        "papers": _papers(row),
        "may_unmask": request.user.may("households.unmask"),
    }


def _ahead(row: LoanApplication, loan: Loan | None) -> list[tuple[str, str, bool]]:
    """The steps still to come: label, who takes it, whether it is the next one."""
    forward = FORWARD.get(row.state)
    if forward is None or loan is not None:
        return []
    return [
        (MOVES[verb].label, takers(verb), verb == forward) for verb in _WAY[_WAY.index(forward) :]
    ]


def _papers(row: LoanApplication) -> list[tuple[str, str, str]]:
    """The forms of an application that exist in its state: number, title, address."""
    approved = row.approved_amount is not None
    return [
        (form.number, form.title.replace("\n", " "), address_of(form.number))
        for form in forms().values()
        if "application" in form.subjects and (approved or form.number not in _AFTER_APPROVAL)
    ]
