"""Pages of the legal library: every text, and what of ours rests on one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.http import FORMATS, paper, parse_day, sheet
from tdcs.programmes.rules import library
from tdcs.programmes.rules.lawbook import Document, documents
from tdcs.programmes.rules.library import Validity
from tdcs.programmes.rules.showing import CERTAINTY_WORDS

PAGE: Final = 30
STANDINGS: Final = {
    Validity.IN_FORCE: ("done", gettext_noop("Đang có hiệu lực")),
    Validity.UPCOMING: ("soon", gettext_noop("Chưa có hiệu lực")),
    Validity.ENDED: ("gone", gettext_noop("Hết hiệu lực")),
    Validity.UNKNOWN: ("open", gettext_noop("Chưa rõ ngày hiệu lực")),
}
KINDS: Final = {
    "target": gettext_noop("Chỉ tiêu"),
    "figure": gettext_noop("Tham số cho vay"),
    "kind": gettext_noop("Đối tượng"),
    "line": gettext_noop("Chuẩn nghèo"),
    "indicator": gettext_noop("Cách tính chỉ tiêu"),
}


@requires("programmes.view")
@require_GET
def library_page(request: PersonRequest) -> HttpResponse:
    """Every text that is cited; the search ignores accents."""
    on, words = _day(request), request.GET.get("q", "").strip()[:100]
    chosen = request.GET.get("standing", "")
    key = fold(words)
    rows = [
        _line(one, on)
        for one in sorted(documents().values(), key=_newest)
        if key in fold(f"{one.number} {one.title} {one.code}")
    ]
    if chosen in Validity.__members__.values():
        rows = [row for row in rows if row["standing"] == chosen]
    if request.GET.get("export") in FORMATS:
        return _export(request, rows, on)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "on": on,
        "q": words,
        "chosen": chosen,
        "standings": [(code.value, _(said)) for code, (_mark, said) in STANDINGS.items()],
        "unverified": sum(row["one"].certainty == "unverified" for row in rows),
    }
    return render(request, "programmes/library.html", context)


@requires("programmes.view")
@require_GET
def document_page(request: PersonRequest, code: str) -> HttpResponse:
    """One text: its days, what changed it, the articles that are cited and the figures that rest on it."""
    one = documents().get(code)
    if one is None:
        raise Http404(code)
    on = _day(request)
    held = library.resting().get(code, ())
    context = {
        **_line(one, on),
        "on": on,
        "ends_on": library.ends_on(code),
        "changes": documents().get(one.amends),
        "replaces": documents().get(one.replaces),
        "amended_by": library.amended_by(code),
        "replaced_by": library.replaced_by(code),
        "rules": sorted(library.rules_on().get(code, {}).items()),
        "groups": [
            (_(title), [(row, _(CERTAINTY_WORDS[row.certainty])) for row in _of(held, kind, on)])
            for kind, title in KINDS.items()
            if any(row.kind == kind for row in held)
        ],
    }
    return render(request, "programmes/document.html", context)


def _of(held: Sequence[library.Resting], kind: str, on: date) -> list[library.Resting]:
    """What counts on the day first, then by name and first day."""
    found = [row for row in held if row.kind == kind]
    return sorted(found, key=lambda row: (not row.holds_on(on), row.name, row.starts_on or date.min))  # fmt: skip


def _day(request: PersonRequest) -> date:
    return parse_day(request.GET.get("on")) or clock.today()


def _newest(one: Document) -> tuple[int, str]:
    return (-(one.issued_on or one.in_force_on or date(1900, 1, 1)).toordinal(), one.code)


def _line(one: Document, on: date) -> dict[str, Any]:
    found = library.validity(one.code, on)
    mark, words = STANDINGS[found]
    return {
        "one": one,
        "standing": found.value,
        "mark": mark,
        "standing_words": _(words),
        "certainty": _(CERTAINTY_WORDS[one.certainty]),
        "resting": len(library.resting().get(one.code, ())),
    }


def _export(request: PersonRequest, rows: Sequence[dict[str, Any]], on: date) -> HttpResponse:
    header = (
        _("Số, ký hiệu"), _("Về việc"), _("Ngày ban hành"), _("Hiệu lực từ"), _("Tình trạng"), _("Độ chắc chắn"),
        _("Nguồn"),
    )  # fmt: skip
    lines = [
        (
            row["one"].number,
            row["one"].title,
            row["one"].issued_on,
            row["one"].in_force_on,
            row["standing_words"],
            row["certainty"],
            row["one"].source,
        )
        for row in rows
    ]
    around = paper(request, _("Danh mục văn bản được viện dẫn"), on=on)
    return sheet(request.GET["export"], "van-ban", header, lines, around)
