"""The registers: overview, one register, one line, a new line, a table from a workbook."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.text import by_name
from tdcs.core.typed import parse_year
from tdcs.documents.accepting import download_name
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.http import (
    XLSX,
    attachment,
    parse_day,
    parse_int,
    refusing,
    sheet,
    show_error,
    show_success,
)
from tdcs.organisations.queries import names_on, organisations_of
from tdcs.outreach.errors import RegisterRowsRefused, SheetUnreadable
from tdcs.outreach.forms import RecordForm, initial_of
from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.queries import records as queries
from tdcs.outreach.queries.records import RecordFilters
from tdcs.outreach.rules.registers import Register, registers
from tdcs.outreach.services import importing, records
from tdcs.plans.queries.serving_tasks import tasks_by_lineage
from tdcs.plans.views.kept_files import KeptFile, hand_out

PAGE: Final = 50


def register_or_404(code: str) -> Register:
    """The register of an address."""
    found = registers().get(code)
    if found is None:
        raise Http404(code)
    return found


@requires("outreach.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """Every register with what stands in it of a year."""
    year = parse_year(request.GET.get("year"), clock.today().year)
    context = {
        "year": year,
        "years": range(clock.today().year, clock.today().year - 4, -1),
        "groups": queries.kept_of_year(request.user, year),
    }
    return render(request, "outreach/overview.html", context)


@requires("outreach.view")
@require_GET
def register_page(request: PersonRequest, code: str) -> HttpResponse:
    """Lines of one register that fit the filters, its sums; or the same as a workbook."""
    register, on = register_or_404(code), clock.today()
    asked = RecordFilters(
        words=request.GET.get("q", "").strip()[:100],
        unit=parse_int(request.GET.get("unit")),
        since=parse_day(request.GET.get("since")),
        until=parse_day(request.GET.get("until")),
        open_only=request.GET.get("open") == "1",
    )
    rows = queries.find_records(request.user, register, asked)
    if request.GET.get("export") in ("xlsx", "csv"):
        lines = queries.sheet_rows(register, rows, on)
        return sheet(request.GET["export"], f"so-{code}", queries.header(register), lines)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = names_on(on, {row.organisation_id for row in page})
    home = own_organisation(request.user)
    context = {
        "register": register,
        "page": page,
        "lines": [
            (
                row,
                names.get(row.organisation_id, ""),
                [(f.name, queries.shown(register, row, f.code)) for f in register.fields[:4]],
            )
            for row in page
        ],
        "asked": asked,
        "units": queries.units_of(request.user, register, on),
        "sums": queries.sums(register, rows),
        "on": on,
        "may_write": request.user.may("outreach.write")
        and bool(home is not None and (register.kept_by(home.kind) or _writes_for_all(request))),
    }
    return render(request, "outreach/register.html", context)


def _writes_for_all(request: PersonRequest) -> bool:
    return queries.writable_units(request.user, clock.today()) is None


@requires("outreach.view")
@require_GET
def record_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One line: everything it says, its proof, the loans behind it."""
    row = get_object_or_404(queries.visible_records(request.user), pk=pk)
    register = register_or_404(row.register)
    drafts = dict(queries.drafts())
    told = [
        (
            field,
            queries.shown(register, row, field.code),
            drafts.get(row.values.get(field.code)) if field.type == "draft" else "",
            row.values[field.code],
        )
        for field in register.fields
        if row.values.get(field.code) not in (None, "", [])
    ]
    units = queries.writable_units(request.user, clock.today())
    context = {
        "row": row,
        "register": register,
        "unit": names_on(clock.today(), {row.organisation_id})[row.organisation_id],
        "told": told,
        "loans": queries.loans_behind(request.user, row),
        "task": dict(tasks_by_lineage()).get(str(row.task or ""), ""),
        "may_write": request.user.may("outreach.write")
        and not row.withdrawn_on
        and (units is None or row.organisation_id in units),
        "reads_drafts": request.user.may("policy_lab.view"),
    }
    return render(request, "outreach/record.html", context)


@requires("outreach.view")
@require_GET
def record_file(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """The proof itself, always as a download."""
    row = get_object_or_404(queries.visible_records(request.user), pk=pk)
    if not row.file:
        raise Http404(pk)
    ending = "." + (row.file.name or "").rpartition(".")[2]
    name = download_name(row.title, ending, "minh-chung")
    kept = KeptFile(file=row.file, sha256=row.sha256, title=row.title, filename=name)
    return hand_out(request, kept=kept, subject=row, on=clock.today())


def _form(request: PersonRequest, register: Register, record: RegisterRecord | None) -> RecordForm:
    on, home = clock.today(), own_organisation(request.user)
    units = queries.writable_units(request.user, on)
    keys = queries.keeping_units(register, units, on)
    names = names_on(on, keys)
    choices = sorted(names.items(), key=lambda one: by_name(one[1]))
    initial = initial_of(record) if record else {"on": on, "unit": home.pk if home else None}
    return RecordForm(
        request.POST or None,
        request.FILES or None,
        register=register,
        units=choices,
        tasks=tasks_by_lineage(),
        drafts=queries.drafts(),
        initial=initial,
    )


@requires("outreach.write")
@require_http_methods(["GET", "POST"])
def add_page(request: PersonRequest, code: str) -> HttpResponse:
    """A new line."""
    register = register_or_404(code)
    form = _form(request, register, None)
    if request.method == "POST" and form.is_valid():
        unit = get_object_or_404(organisations_of([form.cleaned_data["unit"]]))
        try:
            made = records.add_record(
                register=register,
                organisation=unit,
                typed=form.typed(),
                by=request.user,
                on=clock.today(),
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã ghi vào sổ."))
            return redirect("outreach:record", pk=made.pk)
    return render(request, "outreach/record_form.html", {"form": form, "register": register})


@requires("outreach.write")
@require_http_methods(["GET", "POST"])
def change_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A line said anew."""
    row = get_object_or_404(queries.visible_records(request.user), pk=pk)
    register = register_or_404(row.register)
    form = _form(request, register, row)
    if request.method == "POST" and form.is_valid():
        try:
            records.change_record(
                record=row,
                typed=form.typed(),
                revision=parse_int(request.POST.get("revision")),
                by=request.user,
                on=clock.today(),
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã sửa dòng trong sổ."))
            return redirect("outreach:record", pk=pk)
    context = {"form": form, "register": register, "row": row}
    return render(request, "outreach/record_form.html", context)


@requires("outreach.write")
@require_POST
@refusing
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """The line no longer counts; it stays with the reason."""
    row = get_object_or_404(queries.visible_records(request.user), pk=pk)
    why = request.POST.get("why", "")
    records.withdraw_record(record=row, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã gỡ dòng khỏi sổ."))
    return redirect("outreach:register", code=row.register)


@requires("outreach.write")
@require_http_methods(["GET", "POST"])
def import_page(request: PersonRequest, code: str) -> HttpResponse:
    """A table from a workbook: every bad row is named, nothing half is saved."""
    register = register_or_404(code)
    wrong: RegisterRowsRefused | None = None
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            if upload is None:
                raise SheetUnreadable(why="chưa chọn tệp")
            count = importing.import_records(
                register=register,
                rows=read_rows_guarded(upload.read()),
                by=request.user,
                on=clock.today(),
            )
        except RegisterRowsRefused as refusal:
            wrong = refusal
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã ghi %(n)d dòng vào sổ.") % {"n": count})
            return redirect("outreach:register", code=code)
    context = {"register": register, "wrong": wrong}
    status = 422 if wrong else 200
    return render(request, "outreach/import.html", context, status=status)


@requires("outreach.write")
@require_GET
def template_file(request: PersonRequest, code: str) -> HttpResponse:
    """The workbook to fill in."""
    register = register_or_404(code)
    return attachment(importing.template(register), XLSX, f"mau-so-{code}.xlsx")
