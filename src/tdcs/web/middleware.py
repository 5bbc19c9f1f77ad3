"""What every request passes: the time it took, the content policy, where the change comes from."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator
from gzip import GzipFile
from io import BytesIO
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.errors import Refusal
from tdcs.http import show_error
from tdcs.http.shown_tables import SHOWN, asked_format, shown_as_file
from tdcs.web import waiting

Handler = Callable[[HttpRequest], HttpResponse]

# Bytes from which compression is worth its time: a packet of the network.
_LEAST: Final = 1400
_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

# No request leaves the server, no script runs that was not shipped with it.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)


class ServerTiming:
    """Says in a header how long the server took, and whether it served a kept page; for benchmarks and for the curious."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        kept = ", kept" if getattr(request, "served_kept", False) else ""
        response["Server-Timing"] = f"app;dur={(time.perf_counter() - start) * 1000:.1f}{kept}"
        return response


class Language:
    """Vietnamese unless the person chose otherwise: officials' browsers often ask for English unasked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        request.LANGUAGE_CODE = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
            response.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response


class Readable:
    """What no text of ours holds is refused as a bad request before a page reads it: PostgreSQL keeps no NUL."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not all(map(_readable, _texts(request))):
            raise BadRequest("NUL")
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from values
    for _name, files in request.FILES.lists():
        for file in files:
            yield file.name or ""


def _readable(words: str) -> bool:
    return "\x00" not in words and not any("\ud800" <= sign <= "\udfff" for sign in words)


class RefusedExports:
    """A list that cannot leave in the way asked says so above itself: the same page with its filters."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal) or not asked_format(request):
            return None
        return _said_above(request, exception)


def _said_above(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    show_error(request, refusal)
    params = request.GET.copy()
    for name in ("export", SHOWN, "table"):
        params.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{params.urlencode()}")


class ShownTables:
    """A page that makes no file of its own gives the table it shows as one: workbook, CSV, A4 (http/shown_tables.py)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = self.get_response(request)
        if request.method != "GET" or page.streaming or not asked_format(request):
            return page
        try:
            return shown_as_file(request, page) or page
        except Refusal as refusal:
            return _said_above(request, refusal)


class Compression:
    """Pages leave compressed, quickly rather than as small as they could be: level 1 takes a quarter of the time of level 6.

    A name of random length goes in with the page, so that its size tells nothing of what stands in it (as Django does it).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        if len(response.content) < _LEAST:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not _GZIP.search(request.headers.get("Accept-Encoding", "")):
            return response
        made = BytesIO()
        name = "a" * secrets.randbelow(100)
        with GzipFile(name, "wb", compresslevel=1, fileobj=made, mtime=0) as packed:
            packed.write(response.content)
        if made.tell() < len(response.content):
            response.content = made.getvalue()
            response["Content-Encoding"] = "gzip"
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


class ContentPolicy:
    """The Content-Security-Policy of every page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        return response


class Frame:
    """Tells the trail where changes come from; keeps private pages out of shared caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trail.come_from(str(request.META.get("REMOTE_ADDR", "")))
        response = self.get_response(request)
        if request.user.is_authenticated and not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "private, no-store")
        return response


class FreshCounts:
    """What a person has just done no longer waits: the sidebar counts anew after each change."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if request.method == "POST" and isinstance(user, User):
            waiting.forget(user)
        return response
