"""Pages for what went wrong: what happened, why, what to do."""

from __future__ import annotations

import sys
from typing import Any, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from tdcs.access.gate import open_to_all
from tdcs.core.files import is_full

# Seconds after which a browser or a proxy may ask again.
RETRY_AFTER: Final = 15


@open_to_all
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@open_to_all
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@open_to_all
def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database does not answer or the disk is full; also when a middleware met it first.

    Neither page asks for the person or the unit: the database may be what failed.
    """
    error = sys.exc_info()[1]
    away = database_is_away(error) or is_full(error)
    with translation.override(_language(request)):
        page = render_to_string("503.html" if away else "500.html")
        response = HttpResponse(page, status=503 if away else 500)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def database_is_away(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that the database could not be asked."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
