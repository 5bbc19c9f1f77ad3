"""A section of a report that is saved while it is typed: the same answer for a unit's and the consolidated report."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tdcs.access.gate import PersonRequest
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import mark_taken
from tdcs.plans.views.requested import show_error, show_success


def saved(
    request: PersonRequest,
    section: Model,
    refusal: Refusal | None,
    **more: Any,
) -> HttpResponse:
    """The part of the page that tells whether the words were kept; ``more``: what only one page shows.

    ``section``: a row with words and a revision.
    """
    language = get_language() or "vi"
    if refusal is None:
        mark_taken(request)
    context = {
        "section": section,
        "refusal": refusal.sentence(language) if refusal else "",
        "step": refusal.next_step(language) if refusal else "",
        "stale": refusal is not None and refusal.code == "stale",
        "kept_revision": request.POST.get("revision")
        if refusal
        else getattr(section, "revision", ""),
        "at": clock.now(),
        **more,
    }
    return render(request, "plans/_section_saved.html", context)


def show_whether_saved(request: PersonRequest, refusal: Refusal | None) -> None:
    """The same as a message, for a browser without scripts."""
    if refusal:
        show_error(request, refusal)
    else:
        show_success(request, _("Đã lưu."))
