"""The matrix and the list, a new import, one import with what it would change, its wrong rows as a workbook."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import XLSX, attachment, refusing
from tdcs.http.kept import form_key
from tdcs.imports.composing import with_reasons
from tdcs.imports.models import ExtractFile, ExtractImport
from tdcs.imports.providers import CODE
from tdcs.imports.queries.imports import (
    FIRST_KIND,
    bytes_to_read,
    changes_of,
    file_of,
    imports_of,
    kinds,
    matrix,
    missing_offices,
    months_to,
    notes_of,
    sums_of,
)
from tdcs.imports.queries.lists import list_changes
from tdcs.imports.queries.monitoring import is_booked, offers_monitor
from tdcs.imports.queries.offices import offices_to_choose
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.services import read, receive
from tdcs.imports.states import HARMLESS, MAPPABLE, SAYABLE, FileState, ImportState
from tdcs.jobs.services import ask

PAGE: Final = 20
# More than this is read in the background.
_AT_ONCE: Final = 2 * 2**20


@requires("imports.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """Which extract of which office and month is there, and the imports so far."""
    on = clock.today()
    offered = kinds()
    kind = request.GET.get("kind", FIRST_KIND)
    if kind not in {one[0] for one in offered}:
        raise Http404(kind)
    lines, months = matrix(request.user, kind, on), months_to(on)
    english = get_language() == "en"
    context = {
        "kind": kind,
        "kinds": [(code, name_en if english else name) for code, name, name_en in offered],
        "months": months,
        "lines": [(line, list(zip(months, line.cells, strict=True))) for line in lines],
        "missing": sum(line.cells[-1] is None for line in lines),
        "page": Paginator(imports_of(request.user), PAGE).get_page(request.GET.get("page")),
        "key": f"import-{form_key(request)}",
        "may_load": request.user.may("imports.load"),
    }
    return render(request, "imports/overview.html", context)


@requires("imports.load")
@require_POST
@refusing
def upload(request: PersonRequest) -> HttpResponse:
    """Files come in; few are read at once, many in the background."""
    on = clock.today()
    given = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
    made = receive(files=given, by=request.user, on=on, key=request.POST.get("key", ""))
    size = bytes_to_read(made)
    if size > _AT_ONCE:
        job = ask(
            kind=CODE,
            title=_("Đọc sao kê, lượt nhập số %(n)d") % {"n": made.pk},
            request=({"import": made.pk, "language": get_language() or "vi"}, b""),
            by=request.user,
            on=on,
            key=f"imports.read {made.pk}",
        )
        return redirect("jobs:job", pk=job.pk)
    if size:
        read(imported=made, by=request.user, on=on)
    return redirect("imports:import", pk=made.pk)


@requires("imports.view")
@require_GET
def import_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One import: its files, what is wrong with them, what it changes."""
    row = import_or_404(request, pk)
    files = list(row.files.order_by("name"))
    changes = changes_of(row)
    language = get_language() or "vi"
    context = {
        "row": row,
        "files": [(file, _words_of(file, language)) for file in files],
        "changes": changes,
        "sums": sums_of(changes),
        "lists": list_changes(row),
        "english": language == "en",
        "failed": sum(file.state not in HARMLESS for file in files),
        "waiting": any(file.state == FileState.WAITING for file in files),
        "may_load": request.user.may("imports.load"),
        "lacking": missing_offices(request.user, changes),
        "offices": offices_to_choose(request.user, row.made_on),
        "mappable": MAPPABLE,
        "sayable": SAYABLE,
        "is_open": row.state == ImportState.OPEN,
        "is_committed": row.state == ImportState.COMMITTED,
        "offers_monitor": offers_monitor(row),
        "is_booked": is_booked(row),
        "key": f"import-{form_key(request)}",
    }
    return render(request, "imports/import.html", context)


def _words_of(file: ExtractFile, language: str) -> dict[str, object]:
    """What is said of a file in the reader's language."""
    tail = "en" if language == "en" else "vi"
    layout = layout_of(file.kind) if file.kind else None
    name = (layout.name_en if tail == "en" else layout.name) if layout else ""
    return {
        "kind": name,
        "refusal": file.refusal.get(tail, ""),
        "next": file.refusal.get(f"next_{tail}", ""),
        "notes": notes_of(file, tail),
    }


@requires("imports.view")
@require_GET
@refusing
def faults(request: PersonRequest, pk: int) -> HttpResponse:
    """The wrong rows of a file with the reason behind each."""
    file = file_or_404(request, pk)
    if not file.faults_digest:
        raise Http404(str(pk))
    content = with_reasons(file, get_language() or "vi", request.user)
    return attachment(content, XLSX, f"dong-sai-{file.pk}.xlsx")


def import_or_404(request: PersonRequest, pk: int) -> ExtractImport:
    """An import in the person's scope."""
    return get_object_or_404(imports_of(request.user), pk=pk)


def file_or_404(request: PersonRequest, pk: int) -> ExtractFile:
    """A file of an import in the person's scope."""
    file = file_of(request.user, pk)
    if file is None:
        raise Http404(str(pk))
    return file
