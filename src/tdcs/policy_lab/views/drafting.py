"""A draft is typed into the table of the law's values, or sent as a file; then it is tried."""

from __future__ import annotations

from typing import Any

import yaml
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import attachment, parse_int, refusing, show_success
from tdcs.jobs.models import Job
from tdcs.policy_lab.errors import OverlayFaulty
from tdcs.policy_lab.forms import given_of, kind_codes, overlay_of, typed_rows
from tdcs.policy_lab.models import Comparison
from tdcs.policy_lab.queries.book import book_day
from tdcs.policy_lab.queries.comparisons import kept_comparisons
from tdcs.policy_lab.rules.catalogue import Entry, changeable, kind_name
from tdcs.policy_lab.rules.reading import MOST_BYTES
from tdcs.policy_lab.services import compare_soon


@requires("policy_lab.change")
@require_http_methods(["GET", "POST"])
@refusing
def draft(request: PersonRequest) -> HttpResponse:
    """The form; sent, the draft is tried and its comparison shown, or the job that tries it."""
    today = clock.today()
    entries = changeable(book_day(today))
    given: dict[str, str] = {}
    refusal: Refusal | None = None
    if request.method == "POST":
        given = {name: str(value) for name, value in request.POST.items()}
        file = request.FILES.get("file")
        text = file.read(MOST_BYTES + 1) if file else overlay_of(entries, given)
        try:
            made = compare_soon(text=text, by=request.user, on=today)
        except Refusal as refused:
            refusal = refused
        else:
            return _gone_on(request, made)
    elif key := request.GET.get("from", ""):
        kept = get_object_or_404(Comparison, pk=parse_int(key))
        given = given_of(yaml.safe_load(kept.overlay))
    return render(request, "policy_lab/draft.html", _context(entries, given, refusal))


@requires("policy_lab.view")
@require_GET
def overlay_file(request: PersonRequest, key: int) -> HttpResponse:
    """The draft as it was typed."""
    kept = get_object_or_404(Comparison, pk=key, ended_on=None)
    return attachment(kept.overlay.encode(), "application/yaml", f"du-thao-{key}.yaml")


def _gone_on(request: PersonRequest, made: Comparison | Job) -> HttpResponse:
    if isinstance(made, Job):
        return redirect("jobs:job", pk=made.pk)
    show_success(request, _("Đã thử dự thảo “%(name)s”.") % {"name": made.name})
    return redirect("policy_lab:show", key=made.pk)


def _context(
    entries: dict[str, Entry], given: dict[str, str], refusal: Refusal | None
) -> dict[str, Any]:
    language = get_language() or "vi"
    faults = refusal.faults if isinstance(refusal, OverlayFaulty) else ()
    return {
        "rows": typed_rows(entries, given),
        "given": given,
        "kept": kept_comparisons()[:50],
        "kinds": [(code, kind_name(code)) for code in kind_codes()],
        "refusal": refusal.sentence(language) if refusal and not faults else "",
        "next_step": refusal.next_step(language) if refusal else "",
        "faults": [one.en if language.startswith("en") else one.vi for one in faults],
    }
