"""Reports of a month, a quarter, several years, and a commune's meeting: chosen, seen, taken as .docx or PDF."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.documents.official import OfficialDocument
from tdcs.households.queries.scope import communes_in_scope
from tdcs.http import official, parse_int, refusing
from tdcs.indicators import queries
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import letterhead
from tdcs.plans.views.paper import paper
from tdcs.reporting.composing.periodic import PeriodicContent, periodic
from tdcs.reporting.errors import NoDayOfPeriod
from tdcs.reporting.queries.periodic import days_of, filled, scope_for
from tdcs.reporting.rules.periodic import Period, ReportForm, period_of, report_forms


@requires("indicators.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The forms that the person may make, each with its period."""
    on, communes = clock.today(), communes_in_scope(request.user)
    forms = [
        (form, period_of(form.period, "", on))
        for form in report_forms().values()
        if _may(request, form, communes)
    ]
    context = {"forms": forms, "communes": communes, "today": on}
    return render(request, "plans/periodic.html", context)


def _may(request: PersonRequest, form: ReportForm, communes: list[tuple[int, str]]) -> bool:
    commune = communes[0][0] if communes else None
    return scope_for(request.user, form, commune, clock.today()) is not None


@requires("indicators.view")
@require_GET
@refusing
def preview(request: PersonRequest, code: str) -> HttpResponse:
    """The report as it would be printed."""
    form, period = _asked(request, code)
    document = _document(request, form, period)
    context = {
        "sheet": paper(document),
        "title": f"{form.name}: {period}",
        "form": form,
        "period": period,
        "query": request.GET.urlencode(),
    }
    return render(request, "plans/periodic_preview.html", context)


@requires("indicators.view")
@require_GET
@refusing
def file(request: PersonRequest, code: str, fmt: str) -> HttpResponse:
    """The report as .docx or PDF."""
    form, period = _asked(request, code)
    if fmt not in ("docx", "pdf"):
        raise Http404(fmt)
    name = f"{code}-{period.first:%Y-%m}-{period.last:%Y-%m}"
    return official(_document(request, form, period), fmt, name)


def _asked(request: PersonRequest, code: str) -> tuple[ReportForm, Period]:
    form = report_forms().get(code)
    if form is None:
        raise Http404(code)
    return form, period_of(form.period, request.GET.get("ky", ""), clock.today())


def _document(request: PersonRequest, form: ReportForm, period: Period) -> OfficialDocument:
    """Raises NoDayOfPeriod; 404 for a place outside the person's scope."""
    on, user = clock.today(), request.user
    place, name = _place(request, form)
    where = scope_for(user, form, place, on)
    unit = own_organisation(user)
    if where is None or unit is None:
        raise Http404(form.code)
    days = days_of(period, on)
    if days is None:
        raise NoDayOfPeriod(period=str(period))
    content = PeriodicContent(
        form=form,
        period=period,
        days=days,
        parts=filled(form, period, days, where, user),
        catalogue=queries.catalogue(),
        place=name,
    )
    return periodic(letterhead(unit, on), _unsigned(on), content)


def _unsigned(on: date) -> Signing:
    """Room for number, day and signer."""
    return Signing(year=on.year)


def _place(request: PersonRequest, form: ReportForm) -> tuple[int | None, str]:
    if form.scope != "commune":
        return None, ""
    known: dict[int, str] = dict(communes_in_scope(request.user))
    asked = parse_int(request.GET.get("xa")) or next(iter(known), None)
    if asked not in known:
        raise Http404("xa")
    return asked, known[asked]
