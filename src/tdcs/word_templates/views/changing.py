"""Templates added, changed, brought back to an earlier version, withdrawn; a faulty file shows all its faults."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import parse_int, refusing, show_success
from tdcs.http.kept import form_key
from tdcs.word_templates.errors import AtPlace, TemplateFaulty
from tdcs.word_templates.filling.places import Place
from tdcs.word_templates.models import TemplateKind
from tdcs.word_templates.queries.templates import version_of
from tdcs.word_templates.services.changing import (
    GivenFile,
    NewTemplate,
    add_template,
    add_version,
    bring_back,
    go_back,
    withdraw,
)
from tdcs.word_templates.services.shipping import add_shipped
from tdcs.word_templates.views.templates import template_or_404


@requires("word_templates.manage")
@require_http_methods(["GET", "POST"])
@refusing
def add(request: PersonRequest) -> HttpResponse:
    """A new template; what is wrong with the file is listed, and nothing is kept."""
    if request.method == "GET":
        return _add_page(request, {})
    sent = request.POST
    try:
        made = add_template(
            new=NewTemplate(sent.get("title", ""), sent.get("kind", "")),
            file=_file(request),
            by=request.user,
            on=clock.today(),
            key=sent.get("key", ""),
        )
    except TemplateFaulty as faulty:
        return _add_page(request, _listed(faulty))
    show_success(request, _("Đã thêm mẫu “%(title)s”.") % {"title": made.title})
    return redirect("word_templates:template", pk=made.pk)


def _add_page(request: PersonRequest, told: dict[str, Any]) -> HttpResponse:
    context = {
        "kinds": TemplateKind.choices,
        "kind": request.POST.get("kind") or request.GET.get("kind", TemplateKind.LOAN),
        "title": request.POST.get("title", ""),
        "key": f"word-{form_key(request)}",
        **told,
    }
    return render(request, "word_templates/add.html", context)


def _listed(faulty: TemplateFaulty) -> dict[str, Any]:
    """Every fault as a row: where, what, what to do."""
    language = get_language() or "vi"
    english = language.startswith("en")
    rows = []
    for one in faulty.problems:
        place = one.params.get("place")
        words = place.words(english) if isinstance(place, Place) else ""
        fixable = one.params.get("nearest", "") if isinstance(one, AtPlace) else ""
        rows.append((words, one.sentence(language), one.next_step(language), fixable))
    return {"faults": rows}


@requires("word_templates.manage")
@require_http_methods(["GET", "POST"])
@refusing
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """A new version of a template."""
    row = template_or_404(request, pk)
    told: dict[str, Any] = {}
    if request.method == "POST":
        try:
            made = add_version(
                template=row,
                file=_file(request),
                why=request.POST.get("why", ""),
                by=request.user,
                on=clock.today(),
                key=request.POST.get("key", ""),
            )
        except TemplateFaulty as faulty:
            told = _listed(faulty)
        else:
            show_success(request, _("Đã lưu phiên bản %(n)d.") % {"n": made.number})
            return redirect("word_templates:template", pk=row.pk)
    context = {
        "row": row,
        "why": request.POST.get("why", ""),
        "key": f"word-{form_key(request)}",
        **told,
    }
    return render(request, "word_templates/change.html", context)


@requires("word_templates.manage")
@require_POST
@refusing
def return_to(request: PersonRequest, pk: int) -> HttpResponse:
    """An earlier version is in use again, as a new one."""
    row = template_or_404(request, pk)
    version = version_of(row, parse_int(request.POST.get("version")))
    if version is None:
        raise Http404("version")
    made = go_back(
        template=row,
        version=version,
        why=request.POST.get("why", ""),
        by=request.user,
        on=clock.today(),
        key=f"word-back-{request.POST.get('key', '')}",
    )
    words = _("Phiên bản %(old)d dùng lại thành phiên bản %(n)d.")
    show_success(request, words % {"old": version.number, "n": made.number})
    return redirect("word_templates:template", pk=row.pk)


@requires("word_templates.manage")
@require_POST
@refusing
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """The template is filled in no more."""
    row = template_or_404(request, pk)
    withdraw(template=row, why=request.POST.get("why", ""), by=request.user, on=clock.today())
    show_success(request, _("Đã rút mẫu “%(title)s”.") % {"title": row.title})
    return redirect("word_templates:template", pk=row.pk)


@requires("word_templates.manage")
@require_POST
@refusing
def use_again(request: PersonRequest, pk: int) -> HttpResponse:
    """A withdrawn template is in use again."""
    row = template_or_404(request, pk)
    bring_back(template=row, why=request.POST.get("why", ""), by=request.user, on=clock.today())
    show_success(request, _("Mẫu “%(title)s” dùng lại được.") % {"title": row.title})
    return redirect("word_templates:template", pk=row.pk)


@requires("word_templates.manage")
@require_POST
@refusing
def add_set(request: PersonRequest) -> HttpResponse:
    """The set that ships, as far as it is not there."""
    count = len(add_shipped(by=request.user, on=clock.today()))
    words = ngettext("Đã thêm %(n)d mẫu có sẵn.", "Đã thêm %(n)d mẫu có sẵn.", count)
    show_success(request, words % {"n": count})
    return redirect("word_templates:list")


def _file(request: PersonRequest) -> GivenFile:
    given = request.FILES.get("file")
    if given is None:
        return GivenFile("", b"")
    return GivenFile(given.name or "", given.read())
