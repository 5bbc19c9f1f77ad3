"""The gate: every route declares who may use it, and a test walks all routes to see that it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request behind the gate: the user is a signed-in person."""

    user: User


def requires(permission: str) -> Callable[[Callable[..., Any]], View]:
    """Only signed-in people whose role carries ``permission``; others see the sign-in page or 403."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def wrap(view: Callable[..., Any]) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.may(permission):
                raise PermissionDenied(permission)
            return cast(HttpResponse, view(request, *args, **kwargs))

        gated.permission = permission  # type: ignore[attr-defined]
        return gated

    return wrap


def open_to_all(view: Callable[..., Any]) -> View:
    """Declared public: sign-in, language, health."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def may_open(person: User, address: str) -> bool:
    """The gate's own word on the page at an address: nothing is offered that it would refuse."""
    return person.may(resolve(address).func.permission)  # type: ignore[attr-defined]
