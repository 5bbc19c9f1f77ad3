"""A page on which a household's request is made or decided: once for a key, by who may, what is refused stands in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from tdcs.access.gate import PersonRequest
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import show_success
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.loans.forms.applications import words_of
from tdcs.loans.models import HeirRequest, MoveRequest


def asked_once(
    request: PersonRequest,
    form: forms.Form,
    household: int,
    make: Callable[[], MoveRequest | HeirRequest],
    *,
    action: str,
    success: str,
) -> int:
    """The request that ``make`` made for the form's key, now or before: a double click makes one."""

    def work(_operation: Operation) -> dict[str, Any]:
        return {"request": make().pk}

    typed = {name: str(value) for name, value in form.cleaned_data.items() if name != "key"}
    answer = idempotent(
        key=form.cleaned_data["key"],
        action=action,
        request={"household": household, **typed},
        by=request.user,
        on=clock.today(),
        work=work,
    )
    if not answer.get("again"):
        show_success(request, success)
    made: int = answer["request"]
    return made


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
