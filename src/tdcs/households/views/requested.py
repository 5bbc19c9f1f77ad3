"""How pages of this room answer: the household in scope, a form and its deed, the day shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from tdcs.access.gate import PersonRequest
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.households.models import Household
from tdcs.households.queries.scope import (
    changeable_households,
    communes_in_scope,
    decided_communes,
    kept_communes,
    visible_households,
)
from tdcs.http import parse_day


def household_or_404(request: PersonRequest, pk: int) -> Household:
    """A household in the person's scope."""
    return get_object_or_404(visible_households(request.user), pk=pk)


def changeable_or_404(request: PersonRequest, pk: int) -> Household:
    """A household that the person may change."""
    return get_object_or_404(changeable_households(request.user), pk=pk)


def shown_day(request: PersonRequest) -> date:
    """The day in the address, never after today."""
    return min(parse_day(request.GET.get("day")) or clock.today(), clock.today())


def kept_choices(request: PersonRequest) -> list[tuple[int, str]]:
    """Communes whose households the person may change."""
    kept = kept_communes(request.user)
    rows = communes_in_scope(request.user)
    return rows if kept is None else [row for row in rows if row[0] in kept]


def decided_choices(request: PersonRequest) -> list[tuple[int, str]]:
    """Communes whose lists the person's office makes."""
    own = decided_communes(request.user)
    return [row for row in communes_in_scope(request.user) if row[0] in own]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFrame:
    """What stands around a form."""

    heading: str
    button: str
    crumbs: Sequence[tuple[str, str]]
    lede: str = ""
    confirm: str = ""
    datalist: Sequence[str] = ()


def with_form(
    request: PersonRequest,
    form: forms.Form,
    deed: Callable[[dict[str, Any]], HttpResponse],
    *,
    frame: FormFrame,
) -> HttpResponse:
    """The form's page, or the deed when it is sent and right; a refusal stands in the form, nothing is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            return deed(form.cleaned_data)
        except Refusal as refusal:
            language = get_language() or "vi"
            words = f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()
            form.add_error(None, f"{words} ({refusal.basis})" if refusal.basis else words)
    context = {
        "form": form,
        "heading": frame.heading,
        "button": frame.button,
        "crumbs": frame.crumbs,
        "lede": frame.lede,
        "confirm": frame.confirm,
        "datalist": frame.datalist,
    }
    return render(request, "households/form.html", context)
