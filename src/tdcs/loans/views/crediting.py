"""What a loan that is paid off gets back of interest collected above a decree's rate."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import refusing, show_success
from tdcs.loans.services.crediting import refund_credit
from tdcs.loans.views.lookups import loan_or_404


@requires("loans.collect")
@require_POST
@refusing
def refund(request: PersonRequest, pk: int) -> HttpResponse:
    """Pay the rest of the credit out."""
    loan = loan_or_404(request, pk)
    key = f"page:{request.POST.get('key', '')}:refund"
    answer = refund_credit(loan=loan, by=request.user, on=clock.today(), key=key)
    show_success(
        request, _("Đã trả lại %(amount)s đồng lãi thu thừa.") % {"amount": answer["amount"]}
    )
    return redirect(reverse("loans:loan", args=[loan.pk]))
