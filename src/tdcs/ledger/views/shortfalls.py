"""Cases of cash below zero: what was paid out and entered late, office by office, until the cash is there again."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import refusing, show_success
from tdcs.ledger import cash, queries
from tdcs.ledger.models import CashShortfall
from tdcs.organisations.queries import names_on


@requires("ledger.view")
@require_GET
def shortfalls_page(request: PersonRequest) -> HttpResponse:
    """The cases of the books in scope, the open ones first."""
    books = queries.visible_books(request.user)
    near = ("book", "account", "entry", "resolved_by")
    found = list(queries.shortfalls(books).select_related(*near))
    names = names_on(clock.today(), {case.book.organisation_id for case in found})
    context = {
        "rows": [(case, names[case.book.organisation_id]) for case in found],
        "open": sum(case.resolved_on is None for case in found),
        "may_settle": request.user.may("ledger.close"),
    }
    return render(request, "ledger/shortfalls.html", context)


@requires("ledger.close")
@require_POST
@refusing
def settle_shortfall(request: PersonRequest, pk: int) -> HttpResponse:
    """The director says how the cash came back; refused while a day is still below zero."""
    case = queries.shortfalls(queries.visible_books(request.user)).filter(pk=pk).first()
    if not isinstance(case, CashShortfall):
        raise Http404(pk)
    cash.settle(case=case, note=request.POST.get("note", ""), by=request.user, on=clock.today())
    show_success(request, _("Đã kết thúc vụ việc thiếu tiền mặt."))
    return redirect("ledger:shortfalls")
