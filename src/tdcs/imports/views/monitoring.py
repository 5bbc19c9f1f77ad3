"""Books that follow extracts, and what the extracts leave unexplained, loan by loan."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import paper, sheet
from tdcs.imports.models import Unexplained
from tdcs.imports.queries.monitoring import REASONS, books_of, counts_of, unexplained_of
from tdcs.organisations.queries import names_on

PAGE: Final = 100
_HEADER: Final = ("Ngày số liệu", "Mã PGD", "Số khế ước", "Nội dung", "Sao kê trước", "Sao kê này")


@requires("imports.view")
@require_GET
def monitoring_page(request: PersonRequest) -> HttpResponse:
    """The books with their last extracts; with ``code`` the loans of one kind of doubt."""
    code = request.GET.get("code", "")
    if code and code not in REASONS:
        raise Http404(code)
    rows = unexplained_of(request.user, code)
    if request.GET.get("export"):
        around = paper(request, _("Điểm chưa giải thích được của sao kê"))
        return sheet(
            request.GET["export"], "chua-giai-thich", _HEADER, [_cells(one) for one in rows], around
        )
    books = books_of(request.user)
    names = names_on(clock.today(), [book.organisation_id for book, _ in books])
    counts = counts_of(request.user)
    context = {
        "books": [(names.get(book.organisation_id, ""), book, last) for book, last in books],
        "kinds": [(one, _words(one), counts[one]) for one in REASONS if one in counts],
        "code": code,
        "words": _words(code) if code else "",
        "count": sum(counts.values()),
        "page": Paginator(list(rows) if code else [], PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "imports/monitoring.html", context)


def _words(code: str) -> str:
    vi, en = REASONS[code]
    return en if get_language() == "en" else vi


def _cells(one: Unexplained) -> tuple[str | date, ...]:
    return (
        one.extract.day,
        one.extract.office_code,
        one.contract,
        _words(one.code),
        one.before,
        one.after,
    )
