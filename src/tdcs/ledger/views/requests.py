"""Requests for entries by hand and reversals: what waits for a second person, and that person's word."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.http import refusing, show_success
from tdcs.http.shown_tables import page_of
from tdcs.ledger import queries, requesting
from tdcs.ledger.errors import AmountWrong
from tdcs.ledger.models import EntryRequest
from tdcs.ledger.views.books import name_of
from tdcs.organisations.queries import names_on


def _or_404(request: PersonRequest, pk: int) -> EntryRequest:
    row = queries.visible_request(request.user, pk)
    if row is None:
        raise Http404(pk)
    return row


@requires("ledger.view")
@require_GET
def requests_page(request: PersonRequest) -> HttpResponse:
    """The requests of the books in scope, those that wait first."""
    page = page_of(request, queries.visible_requests(request.user), 50)
    names = names_on(clock.today(), {row.book.organisation_id for row in page})
    context = {
        "page": page,
        "rows": [(row, names[row.book.organisation_id]) for row in page],
        "open": queries.open_requests(request.user),
    }
    return render(request, "ledger/requests.html", context)


@requires("ledger.view")
@require_GET
def request_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What would be posted, who asked, and the second person's form."""
    row = _or_404(request, pk)
    names = queries.accounts_of({line[0] for line in row.lines})
    mine = row.asked_by_id == request.user.pk
    waits = row.state == EntryRequest.State.ASKED
    may = request.user.may("ledger.confirm")
    context = {
        "asked": row,
        "office": name_of(row.book),
        "lines": [(names.get(ln[0], ln[0]), ln[1], ln[2], ln[3]) for ln in row.lines],
        "large": requesting.is_large(row.amount),
        "mine": mine,
        "may_confirm": waits and may and not mine,
        "may_refuse": waits and (may or mine),
    }
    return render(request, "ledger/request.html", context)


@requires("ledger.confirm")
@require_POST
@refusing
def confirm_request(request: PersonRequest, pk: int) -> HttpResponse:
    """The second person agrees; a large sum is typed once more."""
    row = _or_404(request, pk)
    words = request.POST.get("typed", "").strip()
    try:
        typed = dong(words) if words else None
    except NotAnAmount:
        raise AmountWrong from None
    note = request.POST.get("note", "")
    requesting.confirm(request=row, by=request.user, on=clock.today(), typed=typed, note=note)
    show_success(request, _("Đã duyệt và hạch toán."))
    return redirect("ledger:request", pk)


@requires("ledger.view")
@require_POST
@refusing
def refuse_request(request: PersonRequest, pk: int) -> HttpResponse:
    """The second person does not agree, or who asked takes the request back; the reason is asked for."""
    row = _or_404(request, pk)
    note = request.POST.get("note", "")
    requesting.refuse(request=row, by=request.user, on=clock.today(), note=note)
    show_success(request, _("Đề nghị đã được đóng, không hạch toán."))
    return redirect("ledger:request", pk)
