"""Scanned papers of a household: sent in, handed out as a download, taken back."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.accepting import MAX_BYTES
from tdcs.documents.errors import FileRefused
from tdcs.households.models import Household, HouseholdScan
from tdcs.households.queries.scans import scans_of
from tdcs.households.services import scans
from tdcs.households.services.scans import HandedOut, Paper
from tdcs.households.views.requested import changeable_or_404, household_or_404
from tdcs.http import parse_day, show_error, show_success


def scans_block(request: PersonRequest, row: Household, may_add: bool) -> dict[str, Any]:
    """What a household's page shows of its papers; ``may_add``: the household can still be changed."""
    user = request.user
    return {
        "scans": scans_of(row),
        "scan_kinds": HouseholdScan.Kind.choices,
        "may_scan": may_add and user.may("households.scan"),
        "may_read_scan": user.may("households.read_scan"),
        "add_scan_url": reverse("households:add_scan", args=[row.pk]),
        "scan_urls": "households",
    }


@requires("households.scan")
@require_POST
def add_scan(request: PersonRequest, pk: int) -> HttpResponse:
    """A paper comes in."""
    row = changeable_or_404(request, pk)
    try:
        paper = paper_of(request)
        scans.add_scan(household=row, paper=paper, by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
    else:
        show_success(request, _("Đã lưu giấy tờ."))
    return redirect(reverse("households:household", args=[row.pk]) + "#giay-to")


@requires("households.read_scan")
@require_POST
def read_scan(request: PersonRequest, pk: int, scan: int) -> HttpResponse | FileResponse:
    """The file itself; asked by POST, for each reading leaves a line in the trail."""
    row = household_or_404(request, pk)
    found = get_object_or_404(HouseholdScan, pk=scan, household=row)
    try:
        return download(scans.read_scan(scan=found, by=request.user, on=clock.today()))
    except Refusal as refusal:
        show_error(request, refusal)
    return redirect(reverse("households:household", args=[row.pk]) + "#giay-to")


@requires("households.scan")
@require_POST
def take_scan_back(request: PersonRequest, pk: int, scan: int) -> HttpResponse:
    """A paper is taken back, with a reason."""
    row = changeable_or_404(request, pk)
    found = get_object_or_404(HouseholdScan, pk=scan, household=row)
    why = request.POST.get("why", "")
    try:
        scans.take_scan_back(scan=found, why=why, by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
    else:
        show_success(request, _("Đã gỡ giấy tờ."))
    return redirect(reverse("households:household", args=[row.pk]) + "#giay-to")


def paper_of(request: HttpRequest) -> Paper:
    """What the form sent. Raises FileRefused without a file, or with one too large to read into memory."""
    upload = request.FILES.get("file")
    if upload is None:
        raise FileRefused(why=_("chưa chọn tệp"))
    if (upload.size or 0) > MAX_BYTES:
        raise FileRefused(why=_("tệp quá 20 MB"))
    return Paper(
        kind=request.POST.get("kind", ""),
        title=request.POST.get("title", ""),
        dated_on=parse_day(request.POST.get("dated_on")) or clock.today(),
        filename=upload.name or "",
        content=upload.read(),
    )


def download(file: HandedOut) -> FileResponse:
    """Always a download, never shown inside the site, kept by no cache."""
    answer = FileResponse(io.BytesIO(file.content), as_attachment=True, filename=file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
