"""The first run: the province is chosen, then its offices and points come from a workbook."""

from __future__ import annotations

import base64
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, law
from tdcs.core.errors import Refusal
from tdcs.documents.errors import EmptyFile, FileTooLarge
from tdcs.http import XLSX, attachment, refusing, show_error, show_success
from tdcs.organisations import packaged
from tdcs.organisations.errors import WorkbookFaults
from tdcs.organisations.queries import assumed_offices, transaction_offices
from tdcs.organisations.services.offices import plan_offices, save_offices
from tdcs.web import office_workbook, setting_up

# The file goes along with the form between the preview and the saving; nothing is kept before.
_LARGEST: Final = 2**20
# Seconds between two looks at the work under way.
_REFRESH: Final = 2


@requires("organisations.set_up")
@require_GET
def first_run(request: PersonRequest) -> HttpResponse:
    """Which province this installation is of: search, see what it brings, confirm."""
    job = setting_up.last_asked(request.user, request.LANGUAGE_CODE)
    # The home says which province it is a moment before its units and the administrator's role are committed.
    if law.chosen_province() and not (job and job.is_open):
        return redirect("setup:offices")
    today = clock.today()
    rows = setting_up.found(request.GET.get("q", ""), today)
    slug = request.GET.get("tinh", "")
    chosen = next((one for one in packaged.provinces(today) if one.slug == slug), None)
    context = {
        "rows": rows,
        "words": request.GET.get("q", ""),
        "chosen": chosen,
        "brings": setting_up.brings(chosen, today) if chosen else [],
        "since": packaged.MERGER,
        "job": job,
    }
    answer = render(request, "setup/first_run.html", context)
    if job is not None and job.is_open:
        answer["Refresh"] = str(_REFRESH)
    return answer


@requires("organisations.set_up")
@require_POST
@refusing
def create(request: PersonRequest) -> HttpResponse:
    """The chosen province is set up beside the pages."""
    if law.chosen_province():
        return redirect("setup:offices")
    setting_up.ask_to_set_up(slug=request.POST.get("tinh", ""), by=request.user, on=clock.today())
    return redirect("setup:first_run")


@requires("organisations.change")
@require_http_methods(["GET", "HEAD", "POST"])
def offices(request: PersonRequest) -> HttpResponse:
    """Upload the workbook: every fault of it, or what it would change."""
    today = clock.today()
    context: dict[str, Any] = {
        "offices": len(transaction_offices(today)),
        "assumed": len(assumed_offices(today)),
        "province": law.province_name(today),
    }
    if request.method == "POST":
        context |= _previewed(request)
    return render(request, "setup/offices.html", context, status=context.pop("status", 200))


def _previewed(request: PersonRequest) -> dict[str, Any]:
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise EmptyFile
        if (upload.size or 0) > _LARGEST:
            raise FileTooLarge(size=-(-(upload.size or 0) // 2**20), limit=_LARGEST // 2**20)
        content = upload.read()
        planned = plan_offices(book=office_workbook.read(content), on=clock.today())
    except WorkbookFaults as refusal:
        language = request.LANGUAGE_CODE
        faults = [(one, one.where(language), one.sentence(language)) for one in refusal.faults]
        return {"faults": faults, "status": 422}
    except Refusal as refusal:
        show_error(request, refusal)
        return {"status": 422}
    return {"planned": planned, "content": base64.b64encode(content).decode()}


@requires("organisations.change")
@require_GET
def template(request: PersonRequest) -> HttpResponse:
    """The workbook to fill in, with the offices and points that are known."""
    return attachment(office_workbook.template(clock.today()), XLSX, office_workbook.FILE_NAME)


@requires("organisations.change")
@require_POST
@refusing
def save(request: PersonRequest) -> HttpResponse:
    """Save what was previewed; the file is read anew."""
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except ValueError as wrong:  # binascii.Error, or letters beyond ASCII
        raise EmptyFile from wrong
    made = save_offices(book=office_workbook.read(content), by=request.user, on=clock.today())
    show_success(request, _("Đã lưu: %(count)s thay đổi.") % {"count": made.changes})
    return redirect("setup:offices")
