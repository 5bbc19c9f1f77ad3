"""Programmes of a year: opened, filled, submitted, decided; samples."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.queries import names_on, organisation_of
from tdcs.oversight.errors import NoInspectingBody
from tdcs.oversight.models import DrawnSample
from tdcs.oversight.queries.coverage import said_of
from tdcs.oversight.queries.inspections import (
    groups_to_inspect,
    loans_of_sample,
    own_bodies,
    points_to_inspect,
    programmes_seen,
    sample_in,
    samples_of,
)
from tdcs.oversight.queries.inspections import (
    planned_of as planned_rows,
)
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.rules.settings import checklists, risks
from tdcs.oversight.services import programmes as service
from tdcs.oversight.states import ProgrammeState
from tdcs.oversight.views.found import planned_of, programme_or_404


@requires("oversight.view")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Programmes in scope, and the own body for which one may be opened."""
    on = clock.today()
    context = {
        "rows": programmes_seen(request.user, on),
        "bodies": own_bodies(request.user, on) if request.user.may("oversight.plan") else [],
        "years": (on.year, on.year + 1),
    }
    return render(request, "oversight/programmes.html", context)


@requires("oversight.plan")
@require_POST
@refusing
def open_new(request: PersonRequest) -> HttpResponse:
    """A programme of the own body."""
    body = organisation_of(parse_int(request.POST.get("body")))
    if body is None:
        raise NoInspectingBody(unit="–")
    made = service.open_programme(
        body=body,
        year=parse_int(request.POST.get("year")),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã mở chương trình kiểm tra."))
    return redirect("oversight:programme", pk=made.pk)


@requires("oversight.view")
@require_GET
@refusing
def programme_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One programme: its inspections by month, its samples, what may be done."""
    row, on = programme_or_404(request, pk), clock.today()
    acts = acts_for(request.user, row.body_id)
    plans = acts and request.user.may("oversight.plan")
    context = {
        "programme": row,
        "name": names_on(on, [row.body_id]).get(row.body_id, ""),
        "rows": planned_rows(row, on),
        "samples": samples_of(row),
        "checklists": [(one.code, f"{one.number} {said_of(one.vi, one.en)}") for one in checklists().values()],
        "names": {one.code: one.number for one in checklists().values()},
        "may_plan": plans,
        "draft": row.state == ProgrammeState.DRAFT,
        "may_submit": plans and row.state == ProgrammeState.DRAFT,
        "may_decide": acts and request.user.may("oversight.approve") and row.state == ProgrammeState.SUBMITTED,
        "may_prepare": acts and request.user.may("oversight.inspect") and row.state == ProgrammeState.APPROVED,
        "groups": groups_to_inspect(request.user, on) if plans else [],
        "points": points_to_inspect(request.user, on) if plans else [],
        "months": range(1, 13),
        "key": f"sample-{form_key(request)}" if plans else "",
    }  # fmt: skip
    return render(request, "oversight/programme.html", context)


@requires("oversight.plan")
@require_POST
@refusing
def add(request: PersonRequest, pk: int) -> HttpResponse:
    """One inspection more."""
    row = programme_or_404(request, pk)
    planned = planned_of(request, parse_int(request.POST.get("month")))
    service.plan_inspection(programme=row, planned=planned, by=request.user, on=clock.today())
    show_success(request, _("Đã thêm cuộc kiểm tra."))
    return redirect("oversight:programme", pk=pk)


@requires("oversight.plan")
@require_POST
@refusing
def submit_one(request: PersonRequest, pk: int) -> HttpResponse:
    """To be approved."""
    service.submit(programme=programme_or_404(request, pk), by=request.user, on=clock.today())
    show_success(request, _("Đã trình chương trình."))
    return redirect("oversight:programme", pk=pk)


@requires("oversight.approve")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Approved or sent back."""
    row, on, words = programme_or_404(request, pk), clock.today(), request.POST.get("words", "")
    if not acts_for(request.user, row.body_id):
        raise PermissionDenied
    verb = service.send_back if request.POST.get("verb") == "return" else service.approve
    verb(programme=row, words=words, by=request.user, on=on)
    show_success(request, _("Đã ghi ý kiến."))
    return redirect("oversight:programme", pk=pk)


@requires("oversight.plan")
@require_POST
@refusing
def sample(request: PersonRequest, pk: int) -> HttpResponse:
    """A sample by risk and seed."""
    asked = service.SampleAsked(
        request.POST.get("purpose", ""),
        parse_int(request.POST.get("seed"), -1),
        parse_int(request.POST.get("size")),
    )
    made = service.draw_sample(
        programme=programme_or_404(request, pk),
        asked=asked,
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã chọn mẫu."))
    return redirect("oversight:sample_page", pk=made.pk)


@requires("oversight.view")
@require_GET
@refusing
def sample_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The loans of a sample with their kind of risk."""
    made: DrawnSample | None = sample_in(request.user, pk)
    if made is None:
        raise Http404(str(pk))
    words = {risk["code"]: said_of(risk["vi"], risk["en"]) for risk in risks()}
    rows = [(loan, words.get(risk, risk)) for loan, risk in loans_of_sample(made)]
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        header = [_("Người vay"), _("Số khế ước"), _("Tổ"), _("Dư nợ"), _("Rủi ro")]
        lines = [
            (loan.borrower.full_name, loan.number, loan.group.code if loan.group else "", loan.balance, risk)
            for loan, risk in rows
        ]  # fmt: skip
        around = paper(request, made.purpose, on=made.drawn_on, signers=(_("Người lập biểu"),))
        return sheet(fmt, f"mau-kiem-tra-{pk}", header, lines, around)
    context = {"sample": made, "rows": rows[:500], "count": len(rows)}
    return render(request, "oversight/sample.html", context)
