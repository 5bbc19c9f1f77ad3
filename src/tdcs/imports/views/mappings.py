"""Files that do not say what they are: their columns named on a page, their day and office said, what was said in a list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import parse_day, refusing, show_success
from tdcs.imports.errors import DayNotPossible
from tdcs.imports.queries.imports import files_of, kinds
from tdcs.imports.queries.mappings import HeadAsked, headed, last_file, mappings_of
from tdcs.imports.queries.offices import office_to_choose
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.recognising import days_in
from tdcs.imports.services import forget_mapping, map_columns, say_of_file
from tdcs.imports.services.mapping import Place
from tdcs.imports.views.imports import file_or_404
from tdcs.organisations.queries import names_on


@requires("imports.load")
@require_GET
@refusing
def columns_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The first rows of a file, and for each column which of a kind's it is; the likeliest is proposed."""
    file = file_or_404(request, pk)
    asked = request.GET
    names = _kind_names()
    chosen = HeadAsked(
        sheet=asked.get("sheet", ""),
        row=_whole(asked.get("row")),
        deep=_deep(asked.get("deep")),
        kind=asked.get("kind", ""),
    )
    page = headed(file, chosen, request.user)
    layout = layout_of(page.kind)
    titles = {
        one.field: f"{one.title} *" if one.field in layout.needs else one.title
        for one in layout.columns
    }
    by_title = sorted(titles.items(), key=lambda one: one[1])
    context: dict[str, Any] = {
        "file": file,
        "page": page,
        "sheets": [(one, one) for one in page.sheets],
        "kinds": [(one, names[one]) for one in page.kinds],
        "rows": [(number, str(number)) for number, _cells in page.rows],
        "depths": [(1, _("1 dòng")), (2, _("2 dòng (ô gộp ở trên)"))],
        "needed": [layout.column(one).title for one in layout.needs],
        "columns": [(one, titles.get(one.field, "")) for one in page.columns],
        "options": format_html_join("", '<option value="{}">{}</option>', by_title),
    }
    return render(request, "imports/columns.html", context)


@requires("imports.load")
@require_POST
@refusing
def map_file(request: PersonRequest, pk: int) -> HttpResponse:
    """The columns are what the person says; the file is read again by it."""
    file = file_or_404(request, pk)
    sent = request.POST
    if sent.get("kind", "") not in _kind_names():
        raise Http404(sent.get("kind", ""))
    fields = {
        _whole(name[2:]): str(value)
        for name, value in sent.items()
        if name.startswith("c-") and value
    }
    map_columns(
        file=file,
        place=Place(sent.get("sheet", ""), _whole(sent.get("row")), _deep(sent.get("deep"))),
        kind=sent["kind"],
        fields=fields,
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi cách đọc; tệp sau có cùng tiêu đề tự đọc theo."))
    return redirect("imports:import", pk=file.imported_id)


@requires("imports.load")
@require_POST
@refusing
def say(request: PersonRequest, pk: int) -> HttpResponse:
    """The day or the office that a file does not say."""
    file = file_or_404(request, pk)
    words = request.POST.get("day", "").strip()
    day = parse_day(words) or next(iter(days_in(words)), None)
    if words and day is None:
        raise DayNotPossible(said=words)
    office = office_to_choose(request.user, _whole(request.POST.get("office")), clock.today())
    say_of_file(file=file, day=day, office=office, by=request.user, on=clock.today())
    show_success(request, _("Đã đọc lại tệp."))
    return redirect("imports:import", pk=file.imported_id)


@requires("imports.view")
@require_GET
def mappings_page(request: PersonRequest) -> HttpResponse:
    """What was said of headers, by whom."""
    rows = list(mappings_of(request.user))
    names, files = _kind_names(), files_of(request.user)
    units = names_on(clock.today(), {one.unit_id for one in rows if one.unit_id})
    may = request.user.may("imports.load")
    lines = [
        {
            "row": one,
            "kind": names.get(one.kind, one.kind),
            "unit": units.get(one.unit_id or 0, ""),
            "file": last_file(one, files) if may else None,
        }
        for one in rows
    ]
    return render(request, "imports/mappings.html", {"lines": lines, "may_load": may})


@requires("imports.load")
@require_POST
def forget(request: PersonRequest, pk: int) -> HttpResponse:
    """A header is not known any more."""
    row = get_object_or_404(mappings_of(request.user), pk=pk)
    forget_mapping(mapping=row, by=request.user, on=clock.today())
    show_success(request, _("Đã xóa cách đọc."))
    return redirect("imports:mappings")


def _kind_names() -> dict[str, str]:
    english = get_language() == "en"
    return {code: name_en if english else name for code, name, name_en in kinds()}


def _whole(words: str | None) -> int:
    """A whole number as a form sends it; 0 for anything else."""
    return int(words) if words and words.isascii() and words.isdigit() and len(words) < 8 else 0


def _deep(words: str | None) -> int:
    """Over how many rows a header goes."""
    return 2 if words == "2" else 1
