"""Reports of units, consolidation, units' own plans, amendment proposals."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.organisations.queries import names_on
from tdcs.plans.composing.consolidated import consolidated_document
from tdcs.plans.composing.unit_report import report_document
from tdcs.plans.models import ConsolidatedReport, ConsolidatedSection, ReportSection, UnitReport
from tdcs.plans.queries.obligations import GROUPS
from tdcs.plans.queries.plans import is_closed, years_of
from tdcs.plans.queries.reports import overview
from tdcs.plans.services import consolidation, reports
from tdcs.plans.views.answering import (
    back,
    day,
    done,
    official,
    plan_or_404,
    refusing,
    sheet,
    whole,
    year_of_request,
)


@requires("plans.view")
@require_GET
def reports_page(request: PersonRequest) -> HttpResponse:
    """Who has reported, who is late, who has not begun."""
    plan = plan_or_404()
    year = year_of_request(request, plan)
    seen = overview(plan, year, request.user)
    get = request.GET
    state, group, words = get.get("state", ""), get.get("group", ""), fold(get.get("q", ""))
    rows = [
        row
        for row in seen.rows
        if (
            not state
            or row.state == state
            or (state == "late" and (row.days_late or row.overdue_days))
        )
        and (not group or row.group == group)
        and words in fold(row.name)
    ]
    if fmt := get.get("export"):
        header = (
            "Đơn vị",
            "Khối",
            "Trạng thái",
            "Hạn",
            "Ngày nộp",
            "Chậm (ngày)",
            "Chậm (ngày làm việc)",
        )
        out = [
            (
                r.name,
                r.group_title,
                r.state,
                r.due_on,
                r.submitted_on,
                r.days_late or r.overdue_days,
                r.working_days_late,
            )
            for r in rows
        ]
        return sheet(fmt, f"bao-cao-{year}", header, out)
    unit = own_organisation(request.user)
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "seen": seen,
        "rows": rows,
        "groups": [(code, title) for code, title, *_ in GROUPS],
        "state": state,
        "group": group,
        "words": get.get("q", ""),
        "days_left": (seen.due_on - clock.today()).days if seen.due_on else None,
        "mine": next((r for r in seen.rows if unit and r.organisation == unit.pk), None),
        "closed": is_closed(plan, year),
    }
    return render(request, "plans/reports.html", context)


@requires("plans.report")
@require_POST
@refusing
def open_report(request: PersonRequest) -> HttpResponse:
    """Begin my unit's report, prefilled."""
    plan = plan_or_404()
    unit = own_organisation(request.user)
    if unit is None:
        raise Http404("no unit")
    year = year_of_request(request, plan)
    report = reports.open_report(
        plan=plan, year=year, organisation=unit, by=request.user, on=clock.today()
    )
    return redirect("plans:report", pk=report.pk)


def _visible(request: PersonRequest) -> QuerySet[UnitReport]:
    rows = UnitReport.objects.select_related("plan", "organisation")
    visible = visible_organisations(request.user)
    return rows if visible is None else rows.filter(organisation_id__in=visible)


def _mine(request: PersonRequest, pk: int) -> UnitReport:
    report = get_object_or_404(_visible(request), pk=pk)
    unit = own_organisation(request.user)
    if unit is None or report.organisation_id != unit.pk:
        raise Http404(pk)
    return report


@requires("plans.view")
@require_GET
def report_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One report: written by its unit, read by the branch."""
    report = get_object_or_404(_visible(request), pk=pk)
    unit = own_organisation(request.user)
    sections = list(report.sections.select_related("task"))
    mine = (
        unit is not None and unit.pk == report.organisation_id and request.user.may("plans.report")
    )
    closed = is_closed(report.plan, report.year)
    context = {
        "report": report,
        "plan": report.plan,
        "name": names_on(clock.today(), [report.organisation_id])[report.organisation_id],
        "sections": sections,
        "empty": sum(1 for s in sections if s.task_id and not s.words),
        "filled": sum(1 for s in sections if s.words),
        "moves": report.moves.select_related("by"),
        "editable": mine and report.state in ("draft", "returned") and not closed,
        "mine": mine,
        "closed": closed,
        "days_left": (report.due_on - clock.today()).days,
    }
    return render(request, "plans/report.html", context)


@requires("plans.report")
@require_POST
def save_section(request: PersonRequest, pk: int) -> HttpResponse:
    """Save one section while typing; answers with the new revision or the refusal."""
    section = get_object_or_404(ReportSection.objects.select_related("report"), pk=pk)
    _mine(request, section.report_id)
    try:
        report = reports.save_section(
            section=section,
            words=request.POST.get("words", ""),
            revision=whole(request.POST.get("revision")),
            by=request.user,
            on=clock.today(),
        )
    except Refusal as refusal:
        return JsonResponse({"error": refusal.sentence(get_language() or "vi")}, status=409)
    return JsonResponse({"revision": report.revision})


@requires("plans.report")
@require_POST
@refusing
def report_act(request: PersonRequest, pk: int) -> HttpResponse:
    """Submit, recall or refresh my report; sections typed in the same form are saved first."""
    report, on, by = _mine(request, pk), clock.today(), request.user
    post = request.POST
    revision = whole(post.get("revision"))
    for section in report.sections.all() if post.get("verb") in ("submit", "save") else []:
        words = post.get(f"words{section.pk}")
        if words is not None and words.replace("\r\n", "\n").strip() != section.words.strip():
            saved = reports.save_section(
                section=section, words=words.replace("\r\n", "\n"), revision=revision, by=by, on=on
            )
            revision = saved.revision
    if post.get("verb") == "submit":
        row = reports.submit(
            report=report,
            number=post.get("number", ""),
            signer=post.get("signer", ""),
            signer_title=post.get("signer_title", ""),
            by=by,
            on=on,
        )
        late = _(", quá hạn %(n)d ngày") % {"n": row.days_late} if row.days_late else ""
        done(request, _("Đã nộp báo cáo năm %(year)d") % {"year": row.year} + late + ".")
    elif post.get("verb") == "recall":
        reports.recall(report=report, by=by, on=on)
        done(request, _("Đã rút lại báo cáo."))
    elif post.get("verb") == "refresh":
        reports.refresh(report=report, by=by, on=on)
        done(request, _("Đã cập nhật các mục còn trống từ tiến độ."))
    else:
        done(request, _("Đã lưu."))
    return redirect("plans:report", pk=pk)


@requires("plans.accept_report")
@require_POST
@refusing
def report_review(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept a report or return it with a reason."""
    report = get_object_or_404(_visible(request), pk=pk)
    if request.POST.get("verb") == "return":
        reports.send_back(
            report=report, why=request.POST.get("why", ""), by=request.user, on=clock.today()
        )
        done(request, _("Đã trả lại để bổ sung."))
    else:
        reports.accept(report=report, by=request.user, on=clock.today())
        done(request, _("Đã tiếp nhận báo cáo."))
    return back(request)


@requires("plans.view")
@require_GET
def report_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A unit's report as .docx or PDF."""
    report = get_object_or_404(_visible(request), pk=pk)
    return official(report_document(report), fmt, f"bao-cao-{report.year}-{report.pk}")


@requires("plans.view_consolidated")
@require_GET
def consolidations_page(request: PersonRequest) -> HttpResponse:
    """The year of today."""
    plan = plan_or_404()
    return redirect("plans:consolidated", year=year_of_request(request, plan))


@requires("plans.view_consolidated")
@require_GET
def consolidated_page(request: PersonRequest, year: int) -> HttpResponse:
    """The branch's report of a year: figures, text, documents."""
    plan = plan_or_404()
    report = ConsolidatedReport.objects.filter(plan=plan, year=year).first()
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "report": report,
        "sections": report.sections.all() if report else [],
        "seen": overview(plan, year),
        "editable": request.user.may("plans.consolidate")
        and (report is None or report.state == "draft"),
    }
    return render(request, "plans/consolidated.html", context)


@requires("plans.consolidate")
@require_POST
@refusing
def consolidate(request: PersonRequest, year: int) -> HttpResponse:
    """Take figures and draft, save sections, or issue."""
    plan, post, on, by = plan_or_404(), request.POST, clock.today(), request.user
    if post.get("verb") == "draft":
        consolidation.draft(plan=plan, year=year, by=by, on=on)
        done(request, _("Đã lấy số liệu đến hôm nay và soạn báo cáo."))
        return redirect("plans:consolidated", year=year)
    report = get_object_or_404(ConsolidatedReport, plan=plan, year=year)
    revision = whole(post.get("revision"))
    for section in ConsolidatedSection.objects.filter(report=report):
        words = post.get(f"words{section.pk}")
        if words is not None and words.replace("\r\n", "\n").strip() != section.words.strip():
            saved = consolidation.save_section(
                section=section, words=words.replace("\r\n", "\n"), revision=revision, by=by, on=on
            )
            revision = saved.revision
    if post.get("verb") == "issue":
        consolidation.issue(
            report=report,
            number=post.get("number", ""),
            signer=post.get("signer", ""),
            signer_title=post.get("signer_title", ""),
            issued_on=day(post.get("issued_on")) or on,
            by=by,
            on=on,
        )
    done(request, _("Đã lưu."))
    return redirect("plans:consolidated", year=year)


@requires("plans.view_consolidated")
@require_GET
def consolidated_file(request: PersonRequest, year: int, fmt: str) -> HttpResponse:
    """The consolidated report as .docx or PDF."""
    report = get_object_or_404(ConsolidatedReport, plan=plan_or_404(), year=year)
    return official(consolidated_document(report), fmt, f"bao-cao-tong-hop-{year}")
