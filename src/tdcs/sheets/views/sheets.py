"""The list of standard sheets; one sheet: unit, day, filters, then the file, at once or by a job."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import attachment, refusing
from tdcs.jobs.exports import AT_ONCE
from tdcs.jobs.services import ask
from tdcs.programmes.rules import programmes
from tdcs.sheets.errors import UnknownSheet
from tdcs.sheets.providers import CODE
from tdcs.sheets.queries.book import Book
from tdcs.sheets.queries.requesting import (
    Words,
    asked_of,
    kept_days,
    may_read,
    may_unmask,
    sheet_of,
    sheets_for,
    units_for,
)
from tdcs.sheets.rules.definitions import SheetSpec
from tdcs.sheets.services import make

_FIELDS: Final = ("day", "before", "unit", "programme", "group")


@requires("sheets.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The sheets that the person may have, by section."""
    language = get_language() or "vi"
    found = [
        (section, [(one, one.named(language), one.sentence(language)) for one in of_section])
        for section, of_section in groupby(
            sheets_for(request.user), lambda one: one.heading(language)
        )
    ]
    context = {"sections": found, "days": kept_days()[:1]}
    return render(request, "sheets/list.html", context)


@requires("sheets.view")
@require_GET
def sheet_page(request: PersonRequest, code: str) -> HttpResponse:
    """What a sheet holds, and what may be chosen."""
    sheet = _sheet_or_404(request, code)
    language = get_language() or "vi"
    days = kept_days()
    day = request.GET.get("day", "")
    context = {
        "sheet": sheet,
        "name": sheet.named(language),
        "about": sheet.sentence(language),
        "days": [(one.isoformat(), f"{one:%d/%m/%Y}") for one in days],
        "units": units_for(request.user, days[0]) if days else [],
        "programmes": [(one.code, one.short) for one in programmes().values()],
        "may_unmask": sheet.identity and may_unmask(request.user),
        "chosen": {name: request.GET.get(name, "") for name in _FIELDS} | {"day": day},
        "tabs": [(tab.title, ", ".join(one.title for one in tab.columns)) for tab in sheet.tabs],
    }
    return render(request, "sheets/sheet.html", context)


@requires("sheets.view")
@require_POST
@refusing
def make_sheet(request: PersonRequest, code: str) -> HttpResponse:
    """The file of a small sheet; a large one is made by a job."""
    sheet = _sheet_or_404(request, code)
    words = _words(request, sheet)
    asked = asked_of(sheet, words, request.user)
    on = clock.today()
    if len(Book(asked).rows) <= AT_ONCE:
        made = make(asked=asked, by=request.user, on=on)
        answer = attachment(made.content, made.content_type, made.name)
        answer["Cache-Control"] = "no-store"
        return answer
    told = asdict(words) | {"day": asked.day.isoformat()}
    job = ask(
        kind=CODE,
        title=_("%(sheet)s, ngày %(day)s") % {"sheet": sheet.title, "day": f"{asked.day:%d/%m/%Y}"},
        request=({"sheet": sheet.code, "words": told}, b""),
        by=request.user,
        on=on,
        key=f"sheet {sheet.code} {sorted(told.items())}",
    )
    return redirect("jobs:job", pk=job.pk)


def _sheet_or_404(request: PersonRequest, code: str) -> SheetSpec:
    try:
        sheet = sheet_of(code)
    except UnknownSheet:
        raise Http404(code) from None
    if not may_read(request.user, sheet):
        raise PermissionDenied(code)
    return sheet


def _words(request: HttpRequest, sheet: SheetSpec) -> Words:
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    full = bool(request.POST.get("identity")) and sheet.identity
    if full and not may_unmask(request.user):  # type: ignore[arg-type]
        raise PermissionDenied("households.unmask")
    return Words(**given, identity=full)
