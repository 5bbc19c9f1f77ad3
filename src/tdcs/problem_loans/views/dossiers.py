"""Households in difficulty: the list by officer, the dossier with contacts and promises, freezes that end soon."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import (
    FORMATS,
    official,
    paper,
    parse_day,
    parse_decimal,
    parse_int,
    refusing,
    sheet,
    show_error,
    show_success,
)
from tdcs.problem_loans.composing.papers import contact_minutes
from tdcs.problem_loans.models import DossierContact, ProblemDossier
from tdcs.problem_loans.queries import dossiers as queries
from tdcs.problem_loans.queries.warnings import head_names
from tdcs.problem_loans.services import dossiers as services
from tdcs.problem_loans.views.typed import dong

PAGE: Final = 50
MARKS: Final = {
    "kept": ("done", _("Đã giữ lời")),
    "broken": ("late", _("Không giữ lời")),
    "waiting": ("open", _("Chưa đến hạn")),
}
_MILLION: Final = 1_000_000


@requires("problem_loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Households in difficulty by officer; what is due first stands first."""
    on, stage = clock.today(), request.GET.get("stage", "")
    officer = parse_int(request.GET.get("officer")) or 0
    found = queries.found_dossiers(request.user, on, stage, officer)
    if request.GET.get("export") in FORMATS:
        return _export(request, queries.dossier_lines(list(found), on))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.dossier_lines(list(page), on),
        "stage": stage,
        "officer": officer,
        "officers": queries.officers_with_dossiers(request.user, on),
        "stages": [
            (queries.MINE, _("Tôi phụ trách")),
            (queries.DUE, _("Đến ngày hẹn")),
            (queries.QUIET, _("Lâu chưa làm việc")),
            (queries.CLOSED, _("Đã đóng")),
        ],
    }
    return render(request, "problem_loans/dossiers.html", context)


def _export(request: PersonRequest, rows: list[queries.DossierLine]) -> HttpResponse:
    header = (_("Hộ"), _("Phòng giao dịch"), _("Nguyên nhân"), _("Dư nợ"), _("Người phụ trách"),
              _("Làm việc gần nhất"), _("Lần hứa không giữ"), _("Việc tiếp theo"), _("Ngày hẹn"))  # fmt: skip
    lines = [
        (one.name, one.office, one.dossier.get_cause_display(), one.owed,
         one.dossier.responsible.full_name, one.last_on, one.broken, one.dossier.next_step,
         one.dossier.next_on)
        for one in rows
    ]  # fmt: skip
    around = paper(request, _("Danh sách hộ nợ có vấn đề"))
    return sheet(request.GET["export"], "ho-no-co-van-de", header, lines, around)


@requires("problem_loans.work")
@require_http_methods(["GET", "POST"])
def open_page(request: PersonRequest, household: int) -> HttpResponse:
    """A household in difficulty gets its dossier."""
    on = clock.today()
    row = queries.household_to_open(request.user, household, on)
    if row is None:
        raise Http404(household)
    officers = queries.officers_of(queries.office_keeping(row), on)
    if request.method == "POST":
        given = request.POST
        person = next(
            (one for one in officers if one.pk == parse_int(given.get("responsible"))), request.user
        )
        draft = services.DossierDraft(
            household=row,
            cause=given.get("cause", ""),
            situation=given.get("situation", ""),
            responsible=person,
            next_step=given.get("next_step", ""),
            next_on=parse_day(given.get("next_on")),
        )
        try:
            made = services.open_dossier(draft=draft, by=request.user, on=on)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã mở hồ sơ."))
            return redirect("problem_loans:dossier", pk=made.pk)
    context = {
        "household": row,
        "name": head_names([row.pk], on).get(row.pk, ""),
        "causes": ProblemDossier.Cause.choices,
        "officers": officers,
        "today": on,
        "given": request.POST,
    }
    return render(request, "problem_loans/open.html", context)


@requires("problem_loans.view")
@require_GET
def dossier_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One household: what it owes, every contact, every promise as the ledger judges it, the next step."""
    on, row = clock.today(), _dossier(request, pk)
    (line,) = queries.dossier_lines([row], on)
    works = row.closed_on is None and queries.works_on(request.user, row, on)
    context = {
        "row": row,
        "line": line,
        "loans": queries.loans_owing(row),
        "contacts": row.contacts.select_related("by").order_by("-on", "-pk"),
        "promises": [(one, *MARKS[one.verdict]) for one in queries.promises_of(row, on)],
        "cases": row.cases.select_related("round", "loan").order_by("-pk"),
        "works": works,
        "officers": queries.officers_of(row.office_id, on) if works else [],
        "ways": DossierContact.Way.choices,
        "today": on,
    }
    return render(request, "problem_loans/dossier.html", context)


def _dossier(request: PersonRequest, pk: int) -> ProblemDossier:
    rows = queries.visible_dossiers(request.user, clock.today()).select_related("responsible")
    return get_object_or_404(rows, pk=pk)


@requires("problem_loans.work")
@require_POST
@refusing
def contact(request: PersonRequest, pk: int) -> HttpResponse:
    """What came of a visit, a call or a meeting."""
    row, given = _dossier(request, pk), request.POST
    draft = services.ContactDraft(
        way=given.get("way", ""),
        met=given.get("met", ""),
        words=given.get("words", ""),
        next_step=given.get("next_step", ""),
        next_on=parse_day(given.get("next_on")),
        latitude=_place(given.get("latitude")),
        longitude=_place(given.get("longitude")),
        promised=dong(given.get("promised"), "số tiền"),
        promised_on=parse_day(given.get("promised_on")),
    )
    services.record_contact(dossier=row, contact=draft, by=request.user, on=clock.today())
    show_success(request, _("Đã ghi lần làm việc."))
    return redirect("problem_loans:dossier", pk=pk)


def _place(words: str | None) -> int | None:
    """10,953271 as millionths of a degree; None when empty or no figure."""
    found = parse_decimal((words or "").replace(".", ","))
    return None if found is None else int(found * _MILLION)


@requires("problem_loans.work")
@require_POST
@refusing
def act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """Another officer is responsible, or the dossier is closed."""
    row, why, on = _dossier(request, pk), request.POST.get("why", ""), clock.today()
    if verb == "giao":
        officers = queries.officers_of(row.office_id, on)
        wanted = parse_int(request.POST.get("to"))
        person = next((one for one in officers if one.pk == wanted), request.user)
        services.hand_dossier(dossier=row, to=person, why=why, by=request.user, on=on)
        show_success(request, _("Đã giao người phụ trách."))
    elif verb == "dong":
        services.close_dossier(dossier=row, why=why, by=request.user, on=on)
        show_success(request, _("Đã đóng hồ sơ."))
    else:
        raise Http404(verb)
    return redirect("problem_loans:dossier", pk=pk)


@requires("problem_loans.view")
@require_GET
def minutes(request: PersonRequest, pk: int, contact: int, fmt: str) -> HttpResponse:
    """The minutes of one contact."""
    on, row = clock.today(), _dossier(request, pk)
    one = get_object_or_404(row.contacts.select_related("by"), pk=contact)
    (line,) = queries.dossier_lines([row], on)
    promises = queries.promises_of(row, on)
    made = contact_minutes(row, one, (line.name, line.owed), promises, on)
    return official(made, fmt, f"bien-ban-lam-viec-{one.pk}")


@requires("problem_loans.view")
@require_GET
def freezes(request: PersonRequest) -> HttpResponse:
    """Frozen loans whose freeze ends soon."""
    on = clock.today()
    rows = queries.ending_freezes(request.user, on)
    if request.GET.get("export") in FORMATS:
        header = (_("Số khế ước"), _("Người vay"), _("Dư nợ"), _("Khoanh từ ngày"), _("Đến ngày"))
        lines = [
            (one.number, one.borrower.full_name, one.balance, one.frozen_from, one.frozen_to)
            for one in rows
        ]
        around = paper(request, _("Nợ khoanh sắp hết hạn"))
        return sheet(request.GET["export"], "no-khoanh-sap-het-han", header, lines, around)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "today": on}
    return render(request, "problem_loans/freezes.html", context)
