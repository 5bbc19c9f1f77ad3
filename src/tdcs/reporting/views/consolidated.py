"""The branch's consolidated report of a year: figures, words, documents."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import branch, letterhead
from tdcs.plans.models import ConsolidatedReport, ConsolidatedSection, Plan
from tdcs.plans.queries.in_force import reported_together
from tdcs.plans.queries.plans import years_of
from tdcs.plans.views.paper import paper
from tdcs.plans.views.requested import (
    bound_to,
    file_name,
    official,
    one_plan_or_404,
    parse_int,
    refusing,
    scope_of,
    show_success,
    year_of_request,
)
from tdcs.reporting.composing.consolidated import document
from tdcs.reporting.forms import SigningForm, first_error
from tdcs.reporting.queries.consolidation import (
    consolidated_of,
    consolidated_sections,
    consolidations,
    records_of_year,
)
from tdcs.reporting.queries.reports import host_of, overview
from tdcs.reporting.rules.figures import mismatches, wrong_shares
from tdcs.reporting.services import consolidation
from tdcs.reporting.views.credit import credit_panel
from tdcs.reporting.views.sections import saved, show_whether_saved


@requires("plans.view_consolidated")
@require_GET
def consolidations_page(request: PersonRequest) -> HttpResponse:
    """To the year of today; of several plans first which of them."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    year = year_of_request(request, scope.plans)
    if scope.one:
        return _to(scope.one, year)
    context = {
        "scope": scope,
        "year": year,
        "years": years_of(scope.plans),
        "rows": consolidations(scope.plans, year),
    }
    return render(request, "plans/consolidations.html", context)


def _to(plan: Plan, year: int, anchor: str = "") -> HttpResponse:
    """The page of a plan's year: the plan stands in the address."""
    response = redirect("plans:consolidated", year=year)
    response["Location"] += f"?plan={plan.pk}{anchor}"
    return response


@requires("plans.view_consolidated")
@require_GET
def consolidated_page(request: PersonRequest, year: int) -> HttpResponse:
    """How far the year is and what the branch says about it."""
    scope = scope_of(request)
    if scope.one is None:
        return redirect("plans:consolidations")
    plan = host_of(scope.one)
    years = years_of(plan)
    if year not in {row.year for row in years}:
        raise Http404(year)
    report = consolidated_of(plan, year)
    may_write = request.user.may("plans.consolidate")
    editable = may_write and (report is None or report.state == ConsolidatedReport.State.DRAFT)
    head = letterhead(branch(plan, clock.today()), clock.today())
    context = {
        "plan": plan,
        "scope": scope,
        "together": reported_together(plan)[1:],
        "year": year,
        "years": years,
        "report": report,
        "behind": f"plan={plan.pk}&year={year}",
        "recorded": records_of_year(plan, year) if report else 0,
        "sections": report.sections.all() if report else (),
        "figures": report.figures if report else None,
        "credit": credit_panel(report.figures.get("credit")) if report else None,
        "wrong": mismatches(report.figures) if report else [],
        "doubtful": _doubtful(report) if report and editable else [],
        "seen": overview(reported_together(plan), year),
        "editable": editable,
        "aged": (clock.today() - report.taken_on).days if report and editable else 0,
        "signing": {"signer_title": head.signer_title, "symbol": f"BC-{head.symbol}"},
    }
    return render(request, "plans/consolidated.html", context)


def _doubtful(report: ConsolidatedReport) -> list[tuple[str, str]]:
    """Shares in the branch's own words that their parts do not give."""
    return [
        (section.title, words)
        for section in report.sections.all()
        for words in wrong_shares(section.words)
    ]


@requires("plans.consolidate")
@require_POST
@refusing
def consolidate(request: PersonRequest, year: int) -> HttpResponse:
    """Take today's figures and draft, or issue."""
    plan, on, by = host_of(one_plan_or_404(request)), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "draft":
        consolidation.draft(plan=plan, year=year, by=by, on=on)
        show_success(
            request, _("Đã lấy số liệu đến hôm nay; lời văn chi nhánh đã sửa được giữ nguyên.")
        )
    elif verb == "issue":
        report = get_object_or_404(ConsolidatedReport, plan=plan, year=year)
        form = SigningForm(request.POST)
        if not form.is_valid():
            from django.contrib import messages

            messages.error(request, first_error(form))
            return _to(plan, year)
        consolidation.issue(report=report, signing=Signing(**form.cleaned_data), by=by, on=on)
        show_success(request, _("Đã phát hành báo cáo tổng hợp năm %(year)d.") % {"year": year})
    else:
        raise Http404(verb)
    return _to(plan, year)


@requires("plans.consolidate")
@require_POST
def save_consolidated(request: PersonRequest, pk: int) -> HttpResponse:
    """Save a section while typing, or have it written anew from the figures."""
    section = get_object_or_404(consolidated_sections(), pk=pk)
    refusal = None
    try:
        if request.POST.get("verb") == "restore":
            consolidation.restore(section=section, by=request.user, on=clock.today())
            show_success(request, _("Đã viết lại mục từ số liệu."))
            return _to_section(section)
        section = consolidation.save_section(
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
        show_whether_saved(request, refusal)
        return _to_section(section)
    return saved(request, section, refusal, doubtful=wrong_shares(section.words))


def _to_section(section: ConsolidatedSection) -> HttpResponse:
    return _to(section.report.plan, section.report.year, f"#s{section.pk}")


@requires("plans.view_consolidated")
@require_GET
def consolidated_preview(request: PersonRequest, year: int) -> HttpResponse:
    """The report as it would be printed."""
    report = _report_or_404(request, year)
    context = {
        "scope": bound_to(report.plan),
        "sheet": paper(document(report)),
        "title": str(report),
        "consolidated": report,
    }
    return render(request, "plans/report_preview.html", context)


@requires("plans.view_consolidated")
@require_GET
def consolidated_file(request: PersonRequest, year: int, fmt: str) -> HttpResponse:
    """The consolidated report as .docx or PDF."""
    report = _report_or_404(request, year)
    return official(document(report), fmt, file_name(f"bao-cao-tong-hop-{year}", report.plan))


def _report_or_404(request: PersonRequest, year: int) -> ConsolidatedReport:
    plan = host_of(one_plan_or_404(request))
    return get_object_or_404(ConsolidatedReport, plan=plan, year=year)
