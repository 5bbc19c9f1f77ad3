"""One scheme: what people wrote, what the system says today, and what changed since the last version."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import parse_int, refusing, show_success
from tdcs.reporting.views.sections import saved, show_whether_saved
from tdcs.scheme import services
from tdcs.scheme.models import Scheme, SchemeVersion
from tdcs.scheme.queries import schemes as queries
from tdcs.scheme.queries.figures import content_of, scenario_of
from tdcs.scheme.rules.changes import NAMED, changes
from tdcs.scheme.rules.figures import Content, SchemeFigures, of_year, sums_of
from tdcs.scheme.rules.sections import TITLES, missing

# The lines of the table by year.
_LINES: Final = (
    ("opening", gettext_noop("Dư nợ đầu năm"), "dong"),
    ("lent", gettext_noop("Cho vay"), "dong"),
    ("repaid", gettext_noop("Thu nợ"), "dong"),
    ("closing", gettext_noop("Dư nợ cuối năm"), "dong"),
    ("growth", gettext_noop("Tăng trưởng"), "ppm"),
    ("central", gettext_noop("Vốn trung ương"), "dong"),
    ("province", gettext_noop("Vốn ngân sách cấp tỉnh"), "dong"),
    ("communes", gettext_noop("Vốn ngân sách cấp xã"), "dong"),
    ("local_share", gettext_noop("Tỷ trọng vốn địa phương"), "ppm"),
    ("central_added", gettext_noop("Vốn trung ương thêm"), "dong"),
    ("province_added", gettext_noop("Ngân sách cấp tỉnh bổ sung"), "dong"),
    ("communes_added", gettext_noop("Ngân sách cấp xã bổ sung"), "dong"),
    ("local_of_growth", gettext_noop("Vốn địa phương trong mức tăng"), "ppm"),
    ("overdue_share", gettext_noop("Tỷ lệ nợ quá hạn"), "ppm"),
)


@requires("scheme.view")
@require_GET
def scheme_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Texts to write, tables and charts as they stand today, versions."""
    scheme = get_object_or_404(queries.schemes(), pk=pk)
    last = queries.latest(scheme)
    content, refused = _content(scheme)
    language = get_language() or "vi"
    texts = list(scheme.texts.all())
    context = {
        "scheme": scheme,
        "texts": texts,
        "versions": list(scheme.versions.all()),
        "last": last,
        "may_write": request.user.may("scheme.write"),
        "refusal": refused.sentence(language) if refused else "",
        "step": refused.next_step(language) if refused else "",
        "missing": missing({one.path: one.words for one in texts}, scheme.bases),
        **(_shown(content["figures"]) if content else {}),
        **_changed(last, content),
        "scenario_name": _scenario_name(scheme, language),
    }
    return render(request, "scheme/scheme.html", context)


def _content(scheme: Scheme) -> tuple[Content | None, Refusal | None]:
    try:
        return content_of(scheme, clock.today()), None
    except Refusal as refusal:
        return None, refusal


def _scenario_name(scheme: Scheme, language: str) -> str:
    try:
        return scenario_of(scheme.scenario).said(language)
    except Refusal as refusal:
        return refusal.sentence(language)


def _shown(figures: SchemeFigures) -> dict[str, Any]:
    """The figures as the page lays them out."""
    years = figures["years"]
    bars = [
        SimpleNamespace(
            year=year["year"],
            closing=year["closing"],
            central=year["central"],
            local=year["province"] + year["communes"],
        )
        for year in years
    ]
    return {
        "figures": figures,
        "shown_day": date.fromisoformat(figures["base"]),
        "last_year": years[-1],
        "local_at_end": years[-1]["province"] + years[-1]["communes"],
        "sums": sums_of(figures),
        "bars": bars,
        "lines": [
            (_(words), unit, [of_year(year, name) for year in years])
            for name, words, unit in _LINES
        ],
        "programmes": figures["programmes"],
    }


def _changed(last: SchemeVersion | None, content: Content | None) -> dict[str, Any]:
    """What is another than in the last version: figures by name, of programmes and communes how many, texts by title."""
    if last is None or content is None:
        return {"changes": [], "other_changes": 0, "text_changes": []}
    found = changes(last.content["figures"], content["figures"])
    named = [one for one in found if one.kind in NAMED]
    before = last.content["texts"]
    texts = [
        TITLES.get(path, path)
        for path, words in content["texts"].items()
        if words != before.get(path, "")
    ]
    if content["bases"] != last.content["bases"]:
        texts.append(_("Căn cứ pháp lý"))
    return {
        "changes": named,
        "other_changes": len(found) - len(named),
        "text_changes": texts,
    }


@requires("scheme.write")
@require_POST
@refusing
def compose(request: PersonRequest, pk: int) -> HttpResponse:
    """Today's figures and texts as a version."""
    scheme = get_object_or_404(queries.schemes(), pk=pk)
    before = queries.latest(scheme)
    made = services.compose(scheme=scheme, by=request.user, on=clock.today())
    words = (
        _("Không có gì thay đổi so với bản số %(n)d.")
        if before and before.pk == made.pk
        else _("Đã lập bản số %(n)d.")
    )
    show_success(request, words % {"n": made.sequence})
    return redirect("scheme:version", pk=made.pk)


@requires("scheme.write")
@require_POST
def save_text(request: PersonRequest, pk: int) -> HttpResponse:
    """Save one section while it is typed; a refusal is told beside it and nothing is overwritten."""
    text = get_object_or_404(queries.texts(), pk=pk)
    refused: Refusal | None = None
    try:
        text = services.save_text(
            text=text,
            words=request.POST.get("words", ""),
            revision=parse_int(request.POST.get("revision")),
            by=request.user,
            on=clock.today(),
        )
    except Refusal as refusal:
        refused = refusal
        text.refresh_from_db()
    if request.headers.get("HX-Request"):
        return saved(request, text, refused)
    show_whether_saved(request, refused)
    answer = redirect("scheme:scheme", pk=text.scheme_id)
    answer["Location"] += f"#s{pk}"
    return answer
