"""The forms of lending as files, filled from an application, a loan, a request or a group."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, trail
from tdcs.documents.forms import Form, address_of, form_at
from tdcs.households.services.unmasking import require_below_limit
from tdcs.http import parse_day, printed, refusing
from tdcs.loans.composing.forms import Subject, context_for, day_of_paper
from tdcs.loans.errors import LoanMonitored
from tdcs.loans.queries.scope import (
    visible_applications,
    visible_loans,
    visible_requests,
)
from tdcs.loans.views.lookups import group_or_404

_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2100, 1, 1)
# A loan and an application with all that their forms read in one go.
_NEAR: Final = ("household", "borrower", "group", "office", "source")


@requires("loans.view")
@require_GET
@refusing
def application_form(request: PersonRequest, pk: int, form: str, fmt: str) -> HttpResponse:
    """01/TD, 01/UQ, 03/TD, 04/TD, 10C/TD or the contract of an application."""
    rows = visible_applications(request.user).select_related(*_NEAR)
    return _answer(request, get_object_or_404(rows, pk=pk), "application", form, fmt)


@requires("loans.view")
@require_GET
@refusing
def loan_form(request: PersonRequest, pk: int, form: str, fmt: str) -> HttpResponse:
    """The contract, the loan book's page, 08/TD, 09/TD, 14/TD, 01/XLN or 02/XLN of a loan."""
    rows = visible_loans(request.user).select_related(*_NEAR, "application")
    loan = get_object_or_404(rows, pk=pk)
    if loan.reported_on(clock.today()):
        raise LoanMonitored(number=loan.number)
    return _answer(request, loan, "loan", form, fmt)


@requires("loans.view")
@require_GET
@refusing
def request_form(request: PersonRequest, pk: int, form: str, fmt: str) -> HttpResponse:
    """08/TD, 09/TD or 01/XLN to 05/XLN of a request to change a loan."""
    near = [f"loan__{name}" for name in (*_NEAR, "application")]
    rows = visible_requests(request.user).select_related(*near, "asked_by", "decided_by")
    return _answer(request, get_object_or_404(rows, pk=pk), "request", form, fmt)


@requires("loans.view")
@require_GET
@refusing
def group_sheet(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """13/TD of a group on a day (``ngay``, today when it is not named)."""
    group = group_or_404(request, pk)
    return _answer(request, group, "group", "13-TD", fmt)


def _answer(
    request: PersonRequest, subject: Subject, kind: str, slug: str, fmt: str
) -> HttpResponse:
    form = form_at(slug)
    if form is None or kind not in form.subjects or fmt not in ("docx", "pdf"):
        raise Http404(slug)
    on = parse_day(request.GET.get("ngay")) or day_of_paper(form.number, subject, clock.today())
    if not _FIRST <= on < _LAST:
        raise Http404(str(on))
    full = request.GET.get("du-so") == "1"
    if full and not request.user.may("households.unmask"):
        raise PermissionDenied("households.unmask")
    if full:
        require_below_limit(request.user, clock.today())
    context = context_for(form.number, subject, on, full=full)
    answer = printed(form, context, fmt, f"{address_of(form.number)}-{subject.pk}")
    _leave_trail(request, form, subject, fmt, full=full)
    return answer


def _leave_trail(
    request: PersonRequest, form: Form, subject: Subject, fmt: str, *, full: bool
) -> None:
    """Who printed which form of what, and whether identity numbers stood on it; never the numbers."""
    with transaction.atomic():
        trail.record(
            action="loans.print_form",
            subject=subject,
            by=request.user,
            on=clock.today(),
            data={"form": form.number, "format": fmt, "identity_numbers": full},
        )
