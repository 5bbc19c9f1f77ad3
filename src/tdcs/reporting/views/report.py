"""One unit's report: written section by section, submitted, read by the branch."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.letterheads import letterhead
from tdcs.plans.models import ReportState, UnitReport
from tdcs.plans.queries.in_force import reported_together
from tdcs.plans.queries.plans import is_closed
from tdcs.plans.views.paper import paper
from tdcs.plans.views.requested import (
    back,
    bound_to,
    file_name,
    official,
    parse_int,
    refusing,
    show_success,
)
from tdcs.reporting.composing.unit_report import document
from tdcs.reporting.forms import ReportSigningForm
from tdcs.reporting.queries.reports import (
    changes_of,
    completeness,
    day_of_names,
    days_left,
    report_sections,
    results_of,
    visible_reports,
    writes_for,
)
from tdcs.reporting.rules.changes import Change, changes, check_list, mark
from tdcs.reporting.rules.prefill import CLOSING
from tdcs.reporting.services import reports
from tdcs.reporting.views.credit import credit_panel
from tdcs.reporting.views.sections import saved, show_whether_saved


def _visible(request: PersonRequest, pk: int) -> UnitReport:
    return get_object_or_404(visible_reports(request.user), pk=pk)


def _mine(request: PersonRequest, pk: int) -> UnitReport:
    report = _visible(request, pk)
    if not writes_for(request.user, report.organisation_id):
        raise Http404(pk)
    return report


@requires("plans.view")
@require_GET
def report_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One report: its unit writes here, the branch reads and decides."""
    report = _visible(request, pk)
    results = results_of(report.plan, report.year, report.organisation_id)
    mine = writes_for(request.user, report.organisation_id)
    closed = is_closed(report.plan, report.year)
    editable = mine and report.state in (ReportState.DRAFT, ReportState.RETURNED) and not closed
    profile = profile_of(report.organisation_id, day_of_names(report.year))
    head = letterhead(report.organisation_id, clock.today())
    context = {
        "report": report,
        "plan": report.plan,
        "scope": bound_to(report.plan),
        "together": reported_together(report.plan)[1:],
        "year": report.year,
        "name": profile.name,
        "short_name": profile.short_name,
        "sections": report.sections.all(),
        "closing": CLOSING,
        "complete": completeness(report, results),
        "changes": changes(report.prefilled, results) if editable else [],
        "credit": credit_panel(report.figures.get("credit")),
        "results": results,
        "moves": report.moves.select_related("by"),
        "mine": mine,
        "may_accept": request.user.may("plans.accept_report"),
        "closed": closed,
        "editable": editable,
        "left": days_left(report.due_on, report.due_before),
        "signing": {
            "number": report.number,
            "signer": report.signer,
            "signer_title": report.signer_title or head.signer_title,
            "symbol": f"BC-{head.symbol}",
        },
    }
    return render(request, "plans/report.html", context)


@requires("plans.report")
@require_POST
def save_section(request: PersonRequest, pk: int) -> HttpResponse:
    """Save one section while typing; a refusal is told beside it and nothing is overwritten."""
    section = get_object_or_404(report_sections(), pk=pk)
    report = _mine(request, section.report_id)
    refusal = None
    try:
        section = reports.save_section(
            section=section,
            words=request.POST.get("words", ""),
            revision=parse_int(request.POST.get("revision")),
            by=request.user,
            on=clock.today(),
        )
    except Refusal as caught:
        refusal = caught
        section.refresh_from_db()
    if not request.headers.get("HX-Request"):
        return _plain_answer(request, refusal, f"{section.report_id}", f"s{pk}")
    results = results_of(report.plan, report.year, report.organisation_id)
    return saved(request, section, refusal, complete=completeness(report, results))


def _plain_answer(
    request: PersonRequest, refusal: Refusal | None, report: str, anchor: str
) -> HttpResponse:
    show_whether_saved(request, refusal)
    response = redirect("plans:report", pk=report)
    response["Location"] += f"#{anchor}"
    return response


@requires("plans.report")
@require_POST
@refusing
def report_act(request: PersonRequest, pk: int) -> HttpResponse:
    """Submit, recall or refresh my unit's report."""
    report, on, by = _mine(request, pk), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "submit":
        form = ReportSigningForm(request.POST)
        form.is_valid()
        moved = changes_of(report)
        if request.POST.get("confirmed") != mark(moved):
            return _confirm(request, report, form, moved)
        row = reports.submit(
            report=report,
            number=form.cleaned_data.get("number", ""),
            signer=form.cleaned_data.get("signer", ""),
            signer_title=form.cleaned_data.get("signer_title", ""),
            by=by,
            on=on,
        )
        show_success(request, _submitted(row))
    elif verb == "recall":
        reports.recall(report=report, by=by, on=on)
        show_success(request, _("Đã rút lại báo cáo; đơn vị sửa rồi nộp lại."))
    elif verb == "refresh":
        changed = reports.refresh(report=report, by=by, on=on)
        show_success(
            request,
            _("Đã cập nhật %(n)d mục từ tiến độ; các mục đã sửa được giữ nguyên.") % {"n": changed}
            if changed
            else _("Không có gì mới: các mục chưa sửa đã khớp với tiến độ."),
        )
    else:
        raise Http404(verb)
    return redirect("plans:report", pk=pk)


def _confirm(
    request: PersonRequest, report: UnitReport, form: ReportSigningForm, moved: list[Change]
) -> HttpResponse:
    """What moved since the words were made and what is thin, before the report leaves; what was typed stays."""
    results = results_of(report.plan, report.year, report.organisation_id)
    context = {
        "report": report,
        "plan": report.plan,
        "scope": bound_to(report.plan),
        "year": report.year,
        "changes": moved,
        "mark": mark(moved),
        "list": check_list(results),
        "complete": completeness(report, results),
        "signing": {name: form.data.get(name, "") for name in form.fields},
    }
    return render(request, "plans/report_submit.html", context)


def _submitted(row: UnitReport) -> str:
    if not row.days_late:
        return _("Đã nộp báo cáo năm %(year)d, đúng hạn.") % {"year": row.year}
    return _("Đã nộp báo cáo năm %(year)d, chậm %(n)d ngày (%(w)d ngày làm việc).") % {
        "year": row.year,
        "n": row.days_late,
        "w": row.working_days_late,
    }


@requires("plans.accept_report")
@require_POST
@refusing
def report_review(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept a report, return it with a reason, or open an accepted one again."""
    report, by, on = _visible(request, pk), request.user, clock.today()
    verb, why = request.POST.get("verb"), request.POST.get("why", "")
    if verb == "return":
        reports.send_back(report=report, why=why, by=by, on=on)
        show_success(request, _("Đã trả lại để bổ sung; đơn vị đã được thông báo."))
    elif verb == "reopen":
        reports.reopen(report=report, why=why, by=by, on=on)
        show_success(request, _("Đã mở lại báo cáo; đơn vị đã được thông báo."))
    elif verb == "accept":
        reports.accept(report=report, by=by, on=on)
        show_success(request, _("Đã tiếp nhận báo cáo và duyệt các kết quả đã báo cáo trong năm."))
    else:
        raise Http404(verb)
    return back(request)


@requires("plans.view")
@require_GET
def report_preview(request: PersonRequest, pk: int) -> HttpResponse:
    """The report as it would be printed."""
    report = _visible(request, pk)
    context = {
        "sheet": paper(document(report)),
        "title": str(report),
        "back_to": ("plans:report", pk),
        "report": report,
    }
    return render(request, "plans/report_preview.html", context)


@requires("plans.view")
@require_GET
def report_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A unit's report as .docx or PDF."""
    report = _visible(request, pk)
    return official(
        document(report), fmt, file_name(f"bao-cao-{report.year}-{report.pk}", report.plan)
    )
