"""Undoing an event: what moves back is shown first, the reason is asked for, a counter-event does it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import show_success
from tdcs.ledger.models import Account
from tdcs.ledger.queries import accounts_by_code
from tdcs.ledger.rules import Line
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.changes import ReverseForm
from tdcs.loans.models import LoanEvent
from tdcs.loans.queries.changes import effects
from tdcs.loans.queries.events import booked_together, visible_events
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services.changing import foresee_reversal
from tdcs.loans.services.undoing import ask_reversal


@requires("loans.reverse")
@require_http_methods(["GET", "POST"])
def reverse_page(request: PersonRequest, pk: int) -> HttpResponse:
    """An event of a loan in scope and its undoing."""
    near = ("loan__borrower", "loan__source", "loan__household", "entry", "by")
    event = get_object_or_404(visible_events(request.user).select_related(*near), pk=pk)
    form = ReverseForm(request.POST or None, initial={"key": f"reverse-{uuid4()}"})
    if request.method == "POST" and form.is_valid():
        try:
            return _reverse(request, event, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    return render(request, "loans/reverse.html", _context(event, form, clock.today()))


def _reverse(request: PersonRequest, event: LoanEvent, data: dict[str, Any]) -> HttpResponse:
    ask_reversal(event=event, why=data["why"], by=request.user, on=clock.today())
    show_success(request, _("Đã gửi đề nghị đảo; chờ người thứ hai duyệt."))
    return redirect("loans:loan", pk=event.loan_id)


def _context(event: LoanEvent, form: ReverseForm, on: date) -> dict[str, Any]:
    now = balances_on([event.loan], on)[event.loan_id]
    refused, found, lines = "", [], []
    try:
        after, posted = foresee_reversal(event=event, on=on)
        found, lines = effects(now, after), _lines(posted)
    except Refusal as refusal:
        refused = words_of(refusal)
    return {
        "event": event,
        "loan": event.loan,
        "form": form,
        "on": on,
        "refused": refused,
        "effects": found,
        "lines": lines,
        "together": booked_together(event),
    }


def _lines(posted: list[Line]) -> list[tuple[Account, int, int]]:
    """The counter-entry with the accounts' names."""
    accounts = accounts_by_code({line[0] for line in posted})
    return [(accounts[code], debit, credit) for code, debit, credit, _subject in posted]
