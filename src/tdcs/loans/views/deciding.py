"""A page on which a request is decided: who may not is refused, what the rules refuse stands in the form."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from tdcs.access.gate import PersonRequest
from tdcs.core.errors import Refusal
from tdcs.loans.forms.applications import words_of


def decided(
    request: PersonRequest, form: forms.Form, permission: str, decide: Callable[[], HttpResponse]
) -> HttpResponse | None:
    """The answer of a decision that was sent; None where the page is to be shown (again)."""
    if request.method != "POST":
        return None
    if not request.user.may(permission):
        raise PermissionDenied(permission)
    if form.is_valid():
        try:
            return decide()
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    return None
