"""A unit's form: downloaded, filled in on paper or screen, read back with its signed scan."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.accepting import MAX_BYTES
from tdcs.drafts.services import keep
from tdcs.http import DOCX, XLSX, attachment, show_error, show_success
from tdcs.plans.models import UnitReport
from tdcs.reporting.errors import FormRowsWrong
from tdcs.reporting.queries.reports import proofs_of_report, visible_reports, writes_for
from tdcs.reporting.services.by_form import ReadBack, document_of, form_of, read_back


def _readable(request: PersonRequest, pk: int) -> UnitReport:
    """A report that the person writes, or, at the branch, receives by mail."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    user = request.user
    if not (writes_for(user, report.organisation_id) or user.may("plans.accept_report")):
        raise Http404(pk)
    return report


@requires("plans.report")
@require_GET
def form_file(request: PersonRequest, pk: int, fmt: str = "xlsx") -> HttpResponse:
    """The unit's form as a workbook or as a Word document."""
    report = _readable(request, pk)
    name = f"phieu-{report.year}-{report.pk}.{fmt}"
    if fmt == "docx":
        return attachment(document_of(report), DOCX, name)
    if fmt == "xlsx":
        return attachment(form_of(report), XLSX, name)
    raise Http404(fmt)


@requires("plans.report")
@require_http_methods(["GET", "POST"])
def form_page(request: PersonRequest, pk: int) -> HttpResponse:
    """How to report by form, the upload, and every wrong row of it."""
    report = _readable(request, pk)
    wrong: FormRowsWrong | None = None
    if request.method == "POST":
        try:
            done = _read(request, report)
        except FormRowsWrong as refusal:
            wrong = refusal
            show_error(request, refusal)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            _say(request, report, done)
            return redirect("plans:report", pk=pk)
    context = {
        "report": report,
        "wrong": wrong,
        "readings": report.read_forms.select_related("by"),
        "proofs": proofs_of_report(report),
    }
    return render(request, "plans/report_form.html", context)


def _read(request: PersonRequest, report: UnitReport) -> ReadBack:
    form, scan = request.FILES.get("form"), request.FILES.get("scan")
    return read_back(
        report=report,
        content=form.read(MAX_BYTES + 1) if form else b"",
        scan=(scan.name or "", scan.read(MAX_BYTES + 1)) if scan else None,
        by=request.user,
        on=clock.today(),
    )


def _say(request: PersonRequest, report: UnitReport, done: ReadBack) -> None:
    if done.again and done.scan:
        show_success(request, _("Phiếu này đã được đọc trước đó; đã lưu bản quét đã ký."))
        return
    if done.again:
        show_success(request, _("Phiếu này đã được đọc trước đó; không có gì thay đổi."))
        return
    if any(done.signing.values()):
        # Number and signer stand ready in the form that hands the report in.
        fields = {name: [words] for name, words in done.signing.items() if words}
        keep(by=request.user, form=f"report.signing:{report.pk}", fields=fields, seen="*")
    told = ngettext(
        "Đã đọc phiếu: cập nhật %(n)d việc. Xem lại rồi nộp báo cáo.",
        "Đã đọc phiếu: cập nhật %(n)d việc. Xem lại rồi nộp báo cáo.",
        done.changed,
    )
    show_success(request, told % {"n": done.changed})
