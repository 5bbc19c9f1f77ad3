"""Engagements of auditors: opened by the branch; figures down to entries, loans and scans; samples; working papers."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.households.services.scans import hand_out
from tdcs.households.views.scans import download
from tdcs.http import attachment, parse_day, parse_int, refusing, sheet, show_error, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.queries import organisations_of
from tdcs.oversight.errors import OversightFieldWrong
from tdcs.oversight.models import AuditEngagement
from tdcs.oversight.queries import auditing as queries
from tdcs.oversight.queries.coverage import said_of
from tdcs.oversight.rules.settings import risks
from tdcs.oversight.services import auditing as service
from tdcs.oversight.services.auditing import EngagementDraft
from tdcs.oversight.services.programmes import SampleAsked
from tdcs.oversight.services.working_papers import export_papers


def engagement_or_404(request: PersonRequest, pk: int) -> AuditEngagement:
    """An engagement that the person reads today."""
    found: AuditEngagement = get_object_or_404(queries.visible_engagements(request.user), pk=pk)
    return found


@requires("oversight.audit_read")
@require_http_methods(["GET", "POST"])
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """The engagements that the person reads; the branch opens new ones here."""
    on, opens = clock.today(), request.user.may("oversight.engage")
    if request.method == "POST" and opens:
        made = service.open_engagement(
            draft=_draft(request), by=request.user, on=on, key=request.POST.get("key", "")
        )
        show_success(request, _("Đã mở cuộc kiểm toán."))
        return redirect("oversight:engagement", pk=made.pk)
    context = {
        "rows": [
            (one, queries.is_open(one, on)) for one in queries.visible_engagements(request.user)
        ],
        "opens": opens,
        "units": queries.offices_to_audit(on) if opens else [],
        "today": on,
        "key": f"engage-{form_key(request)}",
    }
    return render(request, "oversight/engagements.html", context)


def _day(request: HttpRequest, name: str, words: str) -> date:
    day = parse_day(request.POST.get(name))
    if day is None:
        raise OversightFieldWrong(field=words, why="chưa ghi")
    return day


def _draft(request: HttpRequest) -> EngagementDraft:
    keys = [parse_int(key) for key in request.POST.getlist("unit")]
    allowed = {key for key, _name in queries.offices_to_audit(clock.today())}
    units = list(organisations_of([key for key in keys if key in allowed]))
    return EngagementDraft(
        title=request.POST.get("title", ""),
        audit_body=request.POST.get("audit_body", ""),
        auditor=queries.auditor_called(request.POST.get("auditor", "")),
        units=units,
        period=(
            _day(request, "period_from", "thời kỳ kiểm toán"),
            _day(request, "period_to", "thời kỳ kiểm toán"),
        ),
        days=(
            _day(request, "starts_on", "ngày được đọc"),
            _day(request, "ends_on", "ngày được đọc"),
        ),
    )


@requires("oversight.audit_read")
@require_GET
@refusing
def engagement_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One engagement: what may be read until when, figures by unit, samples, queries, papers handed out."""
    row, on = engagement_or_404(request, pk), clock.today()
    audits = row.auditor_id == request.user.pk and queries.is_open(row, on)
    context = {
        "row": row,
        "open": queries.is_open(row, on),
        "units": queries.units_of(row, on),
        "samples": queries.samples_of(row),
        "queries": list(row.queries.select_related("unit").order_by("due_on", "pk")),
        "papers": list(row.papers.select_related("made_by").order_by("-pk")[:20]),
        "audits": audits and request.user.may("oversight.audit"),
        "may_close": request.user.may("oversight.engage") and row.closed_on is None,
        "today": on,
        "key": form_key(request),
    }
    return render(request, "oversight/engagement.html", context)


@requires("oversight.engage")
@require_POST
@refusing
def close_one(request: PersonRequest, pk: int) -> HttpResponse:
    """From today the auditor reads no more."""
    row, words = engagement_or_404(request, pk), request.POST.get("words", "")
    service.close_engagement(engagement=row, words=words, by=request.user, on=clock.today())
    show_success(request, _("Đã kết thúc cuộc kiểm toán."))
    return redirect("oversight:engagement", pk=pk)


@requires("oversight.audit_read")
@require_GET
@refusing
def figures_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The accounts of each unit over the period; each leads to its entries."""
    row = engagement_or_404(request, pk)
    figures = queries.figures_of(row, clock.today())
    if fmt := request.GET.get("format"):
        header = [
            _("Đơn vị"),
            _("Tài khoản"),
            _("Tên"),
            _("Dư đầu kỳ"),
            _("Nợ"),
            _("Có"),
            _("Dư cuối kỳ"),
        ]
        lines = [
            (unit.name, one.code, one.name, one.opening, one.debit, one.credit, one.closing)
            for unit in figures
            for one in unit.rows
        ]
        return sheet(fmt, f"so-lieu-{row.number}".lower(), header, lines)
    return render(request, "oversight/audit_figures.html", {"row": row, "figures": figures})


@requires("oversight.audit_read")
@require_GET
@refusing
def entries_page(request: PersonRequest, pk: int, unit: int, code: str) -> HttpResponse:
    """The entries behind a figure."""
    row = engagement_or_404(request, pk)
    found = queries.entries_behind(row, unit, code, parse_int(request.GET.get("page")) or 1)
    if found is None:
        raise Http404(code)
    account, statement = found
    name = dict(queries.units_of(row, clock.today())).get(unit, "")
    context = {"row": row, "account": account, "statement": statement, "unit": unit, "name": name}
    return render(request, "oversight/audit_entries.html", context)


@requires("oversight.audit_read")
@require_GET
@refusing
def entry_page(request: PersonRequest, pk: int, entry: int) -> HttpResponse:
    """An entry: its postings, who booked it, the loans behind it."""
    row = engagement_or_404(request, pk)
    found = queries.entry_in(row, entry)
    if found is None:
        raise Http404(str(entry))
    context = {
        "row": row,
        "entry": found,
        "postings": queries.postings_of(found),
        "loans": queries.loans_behind(found),
        "unit": found.book.organisation_id,
        **_ask_form(request, row),
    }
    return render(request, "oversight/audit_entry.html", context)


def _ask_form(request: PersonRequest, row: AuditEngagement) -> dict[str, object]:
    """What the form that asks a unit needs."""
    audits = row.auditor_id == request.user.pk and request.user.may("oversight.audit")
    return {"audits": audits, "today": clock.today(), "key": form_key(request)}


@requires("oversight.audit_read")
@require_GET
@refusing
def loan_page(request: PersonRequest, pk: int, loan: int) -> HttpResponse:
    """A loan of the engagement: what happened, by which entries, which papers were scanned."""
    row = engagement_or_404(request, pk)
    found = queries.loan_in(row, loan)
    if found is None:
        raise Http404(str(loan))
    context = {
        "row": row,
        "loan": found,
        "events": queries.events_of(found, row),
        "scans": queries.scans_of(found),
        "unit": found.office_id,
        **_ask_form(request, row),
    }
    return render(request, "oversight/audit_loan.html", context)


@requires("oversight.audit")
@require_POST
def scan_file(request: PersonRequest, pk: int, loan: int, scan: int) -> HttpResponse | FileResponse:
    """A scanned paper; asked by POST, for each reading leaves a line in the trail."""
    row = engagement_or_404(request, pk)
    found = queries.loan_in(row, loan)
    paper = queries.scan_in(found, scan) if found else None
    if found is None or paper is None:
        raise Http404(str(scan))
    try:
        service.require_auditor(row, request.user, clock.today())
        return download(
            hand_out(paper, owner=found, room="loans", by=request.user, on=clock.today())
        )
    except Refusal as refusal:
        show_error(request, refusal)
    return redirect("oversight:audit_loan", pk=pk, loan=loan)


@requires("oversight.audit")
@require_POST
@refusing
def sample(request: PersonRequest, pk: int) -> HttpResponse:
    """A sample is drawn."""
    row = engagement_or_404(request, pk)
    asked = SampleAsked(
        purpose=request.POST.get("purpose", ""),
        seed=parse_int(request.POST.get("seed"), -1),
        size=parse_int(request.POST.get("size")),
    )
    made = service.draw_audit_sample(
        engagement=row,
        asked=asked,
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    return redirect("oversight:audit_sample", pk=pk, sample=made.pk)


@requires("oversight.audit_read")
@require_GET
@refusing
def sample_page(request: PersonRequest, pk: int, sample: int) -> HttpResponse:
    """The loans of a sample; each leads to its entries and scans."""
    row = engagement_or_404(request, pk)
    found = queries.sample_in(row, sample)
    if found is None:
        raise Http404(str(sample))
    words = {one["code"]: said_of(one["vi"], one["en"]) for one in risks()}
    rows = [(loan, words.get(risk, risk)) for loan, risk in queries.loans_of_sample(found)]
    context = {"row": row, "sample": found, "rows": rows}
    return render(request, "oversight/audit_sample.html", context)


@requires("oversight.audit")
@require_POST
@refusing
def papers(request: PersonRequest, pk: int) -> HttpResponse:
    """The working papers with their manifest; asked by POST, for they are kept by their digests."""
    row = engagement_or_404(request, pk)
    made = export_papers(engagement=row, by=request.user, on=clock.today())
    answer = attachment(made, "application/zip", f"ho-so-{row.number}.zip".lower())
    answer["Cache-Control"] = "no-store"
    return answer
