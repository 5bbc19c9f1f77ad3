"""Taking money on a debt that was written off, from the loan's page."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.forms import Amount
from tdcs.http import refusing, show_success
from tdcs.loans.errors import FieldWrong
from tdcs.loans.queries.events import visible_recoveries
from tdcs.loans.services.recovering import recover
from tdcs.loans.services.undoing import ask_taking_back
from tdcs.loans.views.lookups import loan_or_404


@requires("loans.collect")
@require_POST
@refusing
def recover_debt(request: PersonRequest, pk: int) -> HttpResponse:
    """What the borrower pays now, at the counter."""
    loan = loan_or_404(request, pk)
    try:
        amount = Amount().clean(request.POST.get("amount", "")) or 0
    except ValidationError as wrong:
        raise FieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0") from wrong
    recover(
        loan=loan, amount=amount, by=request.user, on=clock.today(), key=request.POST.get("key", "")
    )
    show_success(request, _("Đã thu nợ đã xóa."))
    return redirect("loans:loan", pk=loan.pk)


@requires("loans.reverse")
@require_POST
@refusing
def take_back_recovery(request: PersonRequest, pk: int) -> HttpResponse:
    """The counter-entry of a recovery booked wrongly is asked for."""
    recovery = get_object_or_404(visible_recoveries(request.user), pk=pk)
    why = request.POST.get("why", "")
    ask_taking_back(recovery=recovery, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã gửi đề nghị đảo; chờ người thứ hai duyệt."))
    return redirect("loans:loan", pk=recovery.loan_id)
