"""An heir takes over a dead borrower's debt: asked for with what would go over in view, decided by another, undone, printed."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.documents.forms import form_at
from tdcs.households.models import Household
from tdcs.households.queries.finding import heads_and_places
from tdcs.households.queries.scope import visible_households
from tdcs.http import printed, refusing, show_success
from tdcs.loans.composing.inheriting import agreement_of, debts_of_request
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.inheriting import AskHeirForm, UndoHeirForm
from tdcs.loans.forms.moving import DecideMoveForm
from tdcs.loans.models import HeirRequest
from tdcs.loans.queries.inheriting import members_on, owing_people, visible_heirs, waiting_heir_of
from tdcs.loans.queries.moves import loans_of_household
from tdcs.loans.services.inheriting import (
    ask_heir,
    decide_heir,
    foresee_heir,
    undo_heir,
    undo_hindrances,
)
from tdcs.loans.views.deciding import asked_once, decided

_MARKS: Final = {
    "asked": "submitted",
    "approved": "approved",
    "refused": "rejected",
    "undone": "withdrawn",
}
_AGREEMENT: Final = "NNTK"


@requires("loans.ask_heir")
@require_http_methods(["GET", "POST"])
def ask_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Who owes and who may take over; a double click makes one request."""
    row = get_object_or_404(visible_households(request.user), pk=pk)
    on = clock.today()
    members = members_on(row, on)
    form = AskHeirForm(
        request.POST or None,
        owing=owing_people(request.user, row),
        members=[(one.person_id, f"{one.person.full_name} ({one.relation})") for one in members],
        initial={"key": f"heir-{uuid4()}", "since": on, "agreed_on": on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, row, form)
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    context = {
        "row": row,
        "face": heads_and_places([row.pk], on)[row.pk],
        "form": form,
        "loans": [one for one in loans_of_household(request.user, row) if one.balance],
        "waiting": waiting_heir_of(row),
    }
    return render(request, "loans/heir_ask.html", context)


def _ask(request: PersonRequest, row: Household, form: AskHeirForm) -> HttpResponse:
    made = asked_once(
        request,
        form,
        row.pk,
        lambda: ask_heir(
            household=row, inheritance=form.inheritance(), by=request.user, on=clock.today()
        ),
        action="loans.ask_heir",
        success=_("Đã gửi đề nghị nhận nợ thừa kế; chờ người có thẩm quyền duyệt."),
    )
    return redirect("loans:heir", pk=made)


@requires("loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Requests in scope, those that wait first."""
    rows = list(visible_heirs(request.user).order_by("-pk")[:200])
    rows.sort(key=lambda row: row.state != HeirRequest.State.ASKED)
    return render(request, "loans/heirs.html", {"rows": [(r, _MARKS[r.state]) for r in rows]})


@requires("loans.view")
@require_http_methods(["GET", "POST"])
def heir_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A request with the debts it is about; the decision for whoever may take it."""
    row = get_object_or_404(visible_heirs(request.user), pk=pk)
    form = DecideMoveForm(request.POST or None, initial={"key": f"decide-heir-{uuid4()}"})
    answer = decided(request, form, "loans.decide_heir", lambda: _decide(request, row, form))
    return answer or render(request, "loans/heir.html", _context(request, row, form))


def _context(request: PersonRequest, row: HeirRequest, form: DecideMoveForm) -> dict[str, Any]:
    on, user = clock.today(), request.user
    waits = row.state == HeirRequest.State.ASKED
    own = waits and row.asked_by_id == user.pk
    undoable = row.state == HeirRequest.State.APPROVED and user.may("loans.decide_heir")
    return {
        "row": row,
        "mark": _MARKS[row.state],
        "debts": debts_of_request(row, on),
        "reasons": foresee_heir(request=row, by=user, on=on).reasons if waits else [],
        "own": own,
        "may_decide": waits and not own and user.may("loans.decide_heir"),
        "may_undo": undoable,
        "kept_by": undo_hindrances(row, on) if undoable else [],
        "undoing": UndoHeirForm(initial={"key": f"undo-heir-{uuid4()}"}) if undoable else None,
        "form": form,
    }


def _decide(request: PersonRequest, row: HeirRequest, form: DecideMoveForm) -> HttpResponse:
    approve = request.POST.get("verb") == "approve"
    decide_heir(
        request=row,
        approve=approve,
        by=request.user,
        on=clock.today(),
        key=form.cleaned_data["key"],
        words=form.cleaned_data["words"],
    )
    done = _("Đã ghi người thừa kế nhận nợ.") if approve else _("Đã từ chối đề nghị nhận nợ.")
    show_success(request, done)
    return redirect("loans:heir", pk=row.pk)


@requires("loans.decide_heir")
@require_http_methods(["POST"])
@refusing
def undo_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The dead member is the borrower again, with a reason."""
    row = get_object_or_404(visible_heirs(request.user), pk=pk)
    undo_heir(
        request=row,
        why=request.POST.get("why", ""),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", "")[:60] or f"undo-heir-{uuid4()}",
    )
    show_success(request, _("Đã hoàn tác: khoản vay trở lại tên người vay cũ từ hôm nay."))
    return redirect("loans:heir", pk=pk)


@requires("loans.view")
@require_GET
@refusing
def agreement(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The agreement by which the heir takes over the debt, to be signed by the heir, the household and the bank."""
    row = get_object_or_404(visible_heirs(request.user), pk=pk)
    form = form_at(_AGREEMENT)
    if form is None or fmt not in ("docx", "pdf"):
        raise Http404(fmt)
    answer = printed(form, agreement_of(row), fmt, f"nhan-no-thua-ke-{row.pk}")
    with transaction.atomic():
        trail.record(
            action="loans.print_form",
            subject=row,
            by=request.user,
            on=clock.today(),
            data={"form": form.number, "format": fmt, "identity_numbers": False},
        )
    return answer
