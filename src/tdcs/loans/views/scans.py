"""Scanned papers of a loan: sent in, handed out as a download, taken back."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.households.views.scans import download, paper_of
from tdcs.http import show_error, show_success
from tdcs.loans.models import Loan, LoanScan
from tdcs.loans.services import scans
from tdcs.loans.views.lookups import loan_or_404


def _back(loan: Loan) -> HttpResponse:
    return redirect(reverse("loans:loan", args=[loan.pk]) + "#giay-to")


@requires("loans.scan")
@require_POST
def add_scan(request: PersonRequest, pk: int) -> HttpResponse:
    """A paper comes in."""
    loan = loan_or_404(request, pk)
    try:
        scans.add_scan(loan=loan, paper=paper_of(request), by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
    else:
        show_success(request, _("Đã lưu giấy tờ."))
    return _back(loan)


@requires("loans.read_scan")
@require_POST
def read_scan(request: PersonRequest, pk: int, scan: int) -> HttpResponse | FileResponse:
    """The file itself; asked by POST, for each reading leaves a line in the trail."""
    loan = loan_or_404(request, pk)
    found = get_object_or_404(LoanScan, pk=scan, loan=loan)
    try:
        return download(scans.read_scan(scan=found, by=request.user, on=clock.today()))
    except Refusal as refusal:
        show_error(request, refusal)
    return _back(loan)


@requires("loans.scan")
@require_POST
def take_scan_back(request: PersonRequest, pk: int, scan: int) -> HttpResponse:
    """A paper is taken back, with a reason."""
    loan = loan_or_404(request, pk)
    found = get_object_or_404(LoanScan, pk=scan, loan=loan)
    why = request.POST.get("why", "")
    try:
        scans.take_scan_back(scan=found, why=why, by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
    else:
        show_success(request, _("Đã gỡ giấy tờ."))
    return _back(loan)
