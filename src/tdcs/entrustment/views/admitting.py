"""A household joins a group: found by a name or the last digits of an identity number, never by a code typed from memory.

What is looked for is personal data: it is posted, and stands in no address.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.forms import AdmitForm, head_of
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.candidates import LEAST_DIGITS, find_candidates
from tdcs.entrustment.services import members
from tdcs.entrustment.views.requested import changeable_or_404, crumbs, kept_households, show_group
from tdcs.households.queries.scope import person_of
from tdcs.http import parse_day, parse_int


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def admit_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Look somebody up, see who may join and why others may not, admit one."""
    row, on, post = changeable_or_404(request, pk), clock.today(), request.POST
    words = post.get("words", "").strip()[:100]
    form = AdmitForm(
        post if "household" in post else None,
        visible=kept_households(request),
        initial={"since": post.get("since") or on},
    )
    if form.is_bound and form.is_valid():
        try:
            return _admit(request, row, form.cleaned_data)
        except (Refusal, ValidationError) as why:
            form.add_error(None, _words_of(why))
    context = {
        "row": row,
        "form": form,
        "faults": _faults(form),
        "words": words,
        "since": post.get("since") or f"{on:%Y-%m-%d}",
        "found": find_candidates(
            request.user, row, words, min(parse_day(post.get("since")) or on, on)
        ),
        "least": LEAST_DIGITS,
        "crumbs": crumbs(row),
    }
    return render(request, "entrustment/admit.html", context)


def _admit(request: PersonRequest, row: SavingsGroup, data: dict[str, Any]) -> HttpResponse:
    household = data["household"]
    chosen = person_of(household, parse_int(request.POST.get("person")))
    members.admit(
        group=row,
        household=household,
        person=chosen or head_of(household),
        since=data["since"],
        by=request.user,
        on=clock.today(),
    )
    return show_group(request, row, _("Đã kết nạp hộ %(code)s.") % {"code": household.code})


def _words_of(why: Refusal | ValidationError) -> str:
    if isinstance(why, ValidationError):
        return "; ".join(why.messages)
    language = get_language() or "vi"
    words = f"{why.sentence(language)} {why.next_step(language)}".strip()
    return f"{words} ({why.basis})" if why.basis else words


def _faults(form: forms.Form) -> list[str]:
    return [str(words) for errors in form.errors.values() for words in errors]
