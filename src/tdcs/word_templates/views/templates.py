"""The list of templates, the tags of a kind, one template with its versions."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.households.queries.scope import communes_in_scope
from tdcs.http import DOCX, attachment, refusing
from tdcs.http.kept import form_key
from tdcs.loans.states import LoanState
from tdcs.programmes.rules import programmes
from tdcs.word_templates.filling.sandbox import FILTERS, shown
from tdcs.word_templates.filling.tags import Tag
from tdcs.word_templates.models import TemplateKind, WordTemplate
from tdcs.word_templates.queries.records import find
from tdcs.word_templates.queries.templates import (
    file_of,
    find_tags,
    kinds_for,
    template_for,
    templates_for,
    uses_secrets,
    version_in_use,
    version_of,
    versions_of,
)
from tdcs.word_templates.services.filling import MOST_IN_ZIP, MOST_JOINED
from tdcs.word_templates.services.shipping import shipped_missing
from tdcs.word_templates.states import TemplateState

# What each type of tag may be written with, for the list of tags.
_SUITS: Final = {
    "money": ("bang_chu", "trieu"),
    "number": ("so_chu",),
    "date": ("ngay_chu", "thang", "nam"),
}


@requires("word_templates.use")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The templates in use of the kinds that the person may read; the branch also sees withdrawn ones."""
    asked = request.GET
    manages = request.user.may("word_templates.manage")
    kinds = kinds_for(request.user)
    kind = asked.get("kind", "") if asked.get("kind") in dict(kinds) else ""
    context = {
        "rows": templates_for(
            request.user, kind=kind, words=asked.get("q", "")[:100], withdrawn=manages
        ),
        "kinds": kinds,
        "kind": kind,
        "words": asked.get("q", ""),
        "manages": manages,
        "missing": shipped_missing() if manages else 0,
        "withdrawn": TemplateState.WITHDRAWN,
    }
    return render(request, "word_templates/list.html", context)


@requires("word_templates.use")
@require_GET
def tags_page(request: PersonRequest, kind: str) -> HttpResponse:
    """The tags that a template of a kind may use, with an example each."""
    if kind not in TemplateKind.values:
        raise Http404(kind)
    words = request.GET.get("q", "")[:100]
    context = {
        "kind": kind,
        "kinds": TemplateKind.choices,
        "label": TemplateKind(kind).label,
        "words": words,
        "tags": [_row(tag) for tag in find_tags(kind, words)],
        "filters": ", ".join(FILTERS),
    }
    return render(request, "word_templates/tags.html", context)


def _row(tag: Tag, before: str = "") -> dict[str, Any]:
    """A tag as the list shows it: what to write, what it means, an example, and the same with its filters."""
    said = tag.en if get_language() == "en" else tag.vi
    written = f"{before}{tag.name}"
    if tag.type == "list":
        first = next(iter(name for name in tag.columns if name != "stt"))
        code = f"{{% for k in {tag.name} %}}{{{{ k.{first} }}}}{{% endfor %}}"
    else:
        code = f"{{{{ {written} }}}}"
    more = [
        (f"{{{{ {written}|{name} }}}}", FILTERS[name][2](tag.example))
        for name in _SUITS.get(tag.type, ())
        if tag.example not in (None, "")
    ]
    return {
        "name": written,
        "code": code,
        "said": said,
        "example": "" if tag.type == "list" else shown(tag.example),
        "more": more,
        "columns": [_row(one, "k.") for one in tag.columns.values()],
        "secret": tag.secret,
        "list": tag.type == "list",
    }


@requires("word_templates.use")
@require_GET
def template_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One template: fill it in from a record, or from a whole list; its versions; what the branch may do with it."""
    row = template_or_404(request, pk)
    on, user = clock.today(), request.user
    words = request.GET.get("q", "").strip()[:100]
    version = version_in_use(row)
    context = {
        "row": row,
        "version": version,
        "versions": versions_of(row),
        "words": words,
        "choices": find(user, row.kind, words, on),
        "manages": user.may("word_templates.manage"),
        "may_full": user.may("households.unmask") and uses_secrets(row.kind, version.used),
        "in_use": row.state == TemplateState.IN_USE,
        "key": form_key(request),
        "is_loan": row.kind == TemplateKind.LOAN,
        "is_group": row.kind == TemplateKind.GROUP,
        "communes": communes_in_scope(user, on),
        "programmes": [(code, one.short) for code, one in programmes().items()],
        "states": LoanState.choices,
        "most_zip": MOST_IN_ZIP,
        "most_joined": MOST_JOINED,
    }
    return render(request, "word_templates/template.html", context)


@requires("word_templates.use")
@require_GET
@refusing
def file(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """The .docx of a version, as it was brought."""
    row = template_or_404(request, pk)
    version = version_of(row, number)
    if version is None:
        raise Http404(str(number))
    return attachment(file_of(version), DOCX, f"mau-{row.pk}-{version.number}.docx")


def template_or_404(request: PersonRequest, pk: int) -> WordTemplate:
    """A template of a kind that the person may read."""
    row = template_for(request.user, pk)
    if row is None:
        raise Http404(str(pk))
    return row
