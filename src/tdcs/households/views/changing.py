"""Pages that change one record by one form: of a household, of a group. What they share is written here once.

A page is a function of the change under way that describes its form, its words and what is done. The record in scope, the
permission, the way back, a refusal in the form, the word of success: all follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Generic, TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.models import User
from tdcs.core import clock
from tdcs.households.views.requested import FormFrame, with_form
from tdcs.http import show_success

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Done:
    """What is said of a change that was made, and the address of the page on which it is said."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page: its form, what is done with the cleaned fields, what is ``said`` then on the record's own page, its words.

    A deed that leads to another page, or whose words need what was sent or made, returns ``Done``; else its answer is not read.
    """

    form: forms.Form
    deed: Callable[[dict[str, Any]], object]
    heading: str
    button: str
    said: str = ""
    lede: str = ""
    confirm: str = ""
    datalist: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Change(Generic[Row]):
    """The change under way: of which record, by whom, on which day."""

    request: PersonRequest
    row: Row
    on: date

    @property
    def by(self) -> User:
        """Who makes it."""
        return self.request.user

    @property
    def signed(self) -> dict[str, Any]:
        """The last arguments of every service: by whom, on which day."""
        return {"by": self.by, "on": self.on}

    def sent(self, **initial: Any) -> dict[str, Any]:
        """What a form is made of: what was sent, or its first values."""
        return {"data": self.request.POST or None, "initial": initial}


class ChangePages(Generic[Row]):
    """The pages of one kind of record; used as a decorator of each page's description."""

    def __init__(
        self,
        *,
        permission: str,
        find: Callable[[PersonRequest, int], Row],
        crumbs: Callable[[Row], Sequence[tuple[str, str]]],
        address: Callable[[Row], str],
    ) -> None:
        self.permission, self.find, self.crumbs, self.address = permission, find, crumbs, address

    def __call__(self, describe: Callable[..., FormPage]) -> Callable[..., HttpResponse]:
        """The view of a page."""

        @requires(self.permission)
        @require_http_methods(["GET", "POST"])
        @wraps(describe)
        def view(request: PersonRequest, pk: int, **given: Any) -> HttpResponse:
            row = self.find(request, pk)
            page = describe(Change(request, row, clock.today()), **given)

            def deed(data: dict[str, Any]) -> HttpResponse:
                answer = page.deed(data)
                made = answer if isinstance(answer, Done) else Done(page.said, self.address(row))
                show_success(request, made.words)
                return redirect(made.address)

            return with_form(
                request,
                page.form,
                deed,
                frame=FormFrame(
                    heading=page.heading,
                    button=page.button,
                    crumbs=self.crumbs(row),
                    lede=page.lede,
                    confirm=page.confirm,
                    datalist=page.datalist,
                ),
            )

        return view
