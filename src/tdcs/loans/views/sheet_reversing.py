"""Undoing a whole sheet: every line in the way is named at once; one reason; a second person confirms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import show_success
from tdcs.loans.errors import SheetNotReversible
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.changes import ReverseForm
from tdcs.loans.queries.sheets import Receipt, receipt_of, whole_in_scope
from tdcs.loans.services.sheet_undoing import ask_sheet_reversal, foresee_sheet_reversal


@requires("loans.reverse")
@require_http_methods(["GET", "POST"])
def reverse_sheet_page(request: PersonRequest, entry: int) -> HttpResponse:
    """A posted sheet of which every loan lies in the person's scope, and its undoing."""
    found = receipt_of(request.user, entry, Q())
    if found is None or not whole_in_scope(request.user, entry):
        raise Http404(entry)
    form = ReverseForm(request.POST or None, initial={"key": f"reverse-sheet-{uuid4()}"})
    if request.method == "POST" and form.is_valid():
        on = clock.today()
        try:
            ask_sheet_reversal(
                entry=found.entry, why=form.cleaned_data["why"], by=request.user, on=on
            )
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
        else:
            show_success(request, _("Đã gửi đề nghị đảo cả bảng kê; chờ người thứ hai duyệt."))
            return redirect("loans:reverse_sheet", entry=entry)
    return render(request, "loans/sheet_reverse.html", _context(found, form))


def _context(found: Receipt, form: ReverseForm) -> dict[str, Any]:
    refused: list[str] = []
    try:
        if found.asked is None and found.undone is None:
            foresee_sheet_reversal(entry=found.entry, on=clock.today())
    except SheetNotReversible as refusal:
        refused = [f"{name}: {words_of(why)}" for name, why in refusal.rows]
    except Refusal as refusal:
        refused = [words_of(refusal)]
    return {"found": found, "form": form, "refused": refused}
