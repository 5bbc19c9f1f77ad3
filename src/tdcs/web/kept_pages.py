"""Serves kept pages (http/kept.py): a page is made once for a person and served until data that it shows has changed.

What differs each time stands in a kept page as a mark: the token and key of its forms, the sidebar with its counts. Every
guard before the page (sign-in, second factor, permission) is passed each time; only the page itself is spared.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from uuid import uuid4

from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from tdcs.access.models import User
from tdcs.audit.versions import moment, version_since
from tdcs.core import clock
from tdcs.http import kept
from tdcs.web import waiting
from tdcs.web.frame_parts import sidebar_html, unread_html

Handler = Callable[[HttpRequest], HttpResponse]

# Every page shows the person's name, role and unit, whether or not its own queries ask for them.
_ALWAYS: Final = (
    "access_roleholding",
    "access_user",
    "organisations_organisation",
    "organisations_organisationprofile",
    "organisations_organisationsuccession",
)
# Headers by which a browser asks for a part of a page.
_ASKED_BY: Final = ("HX-Request", "HX-Target", "HX-Boosted")
_MARKED: Final = re.compile(f"({'|'.join(kept.MARKS)})".encode())
# Bytes of pages that a worker keeps at the most.
_ROOM: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Page:
    """A page with marks, what it was made of, and the version of that."""

    areas: tuple[str, ...]
    version: int
    # Text and marks in turn.
    parts: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


class Store:
    """The pages of this worker; those asked for least lately go first."""

    def __init__(self, room: int = _ROOM) -> None:
        self._pages: OrderedDict[Any, Page] = OrderedDict()
        self._lock, self._room, self._size = Lock(), room, 0

    def get(self, key: Any) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Any, page: Page) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._room:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: Any) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._size -= page.size


store: Final = Store()


class KeptPages:
    """The innermost of the frame: nothing that guards a page is behind it but the gate, which it asks itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tables: set[str] = set()
        with kept.noting(tables) if request.method == "GET" else nullcontext():
            request.noted = tables  # type: ignore[attr-defined]
            response = self.get_response(request)
        making = kept.making_of(request)
        return response if making is None else _finished(request, response, making)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """A kept page that is still true, or None: then the page is made."""
        settled = getattr(view, "kept", None)
        user = request.user
        if settled is None or request.method != "GET" or not isinstance(user, User):
            return None
        # What a transaction has not committed has no version yet; messages are shown once.
        if connection.in_atomic_block or not user.may(view.permission) or get_messages(request):
            return None
        request.key = _key(request, user)  # type: ignore[attr-defined]
        page = store.get(request.key)  # type: ignore[attr-defined]
        if page is not None and waiting.up_to_date(user, clock.today(), page.areas, page.version):
            return _served(request, user, page)
        request.since = moment()  # type: ignore[attr-defined]
        request.noted.clear()  # type: ignore[attr-defined]
        request.making = kept.Making(settled, request.noted)  # type: ignore[attr-defined]
        return None


def _key(request: HttpRequest, user: User) -> tuple[Any, ...]:
    holding = user.holding()
    return (
        user.pk,
        holding and holding.pk,
        request.get_host(),
        request.is_secure(),
        request.get_full_path(),
        request.LANGUAGE_CODE,
        clock.today(),
        tuple(request.headers.get(name) for name in _ASKED_BY),
    )


def _finished(request: HttpRequest, response: HttpResponse, making: kept.Making) -> HttpResponse:
    """The page as it goes out; kept when nothing it was made of has changed meanwhile."""
    if response.streaming:
        return response
    user, areas = request.user, making.areas()
    assert isinstance(user, User)
    page = Page(
        areas=(*(areas or ()), *_ALWAYS),
        version=0,
        parts=tuple(_MARKED.split(response.content)),
        headers=tuple(response.headers.items()),
    )
    plain = (
        response.status_code == 200
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.cookies
        and areas is not None
    )
    if plain and not get_messages(request):
        version = version_since(page.areas, request.since)  # type: ignore[attr-defined]
        if version is not None:
            store.put(request.key, Page(page.areas, version, page.parts, page.headers))  # type: ignore[attr-defined]
    response.content = _filled(request, user, page)
    return response


def _served(request: HttpRequest, user: User, page: Page) -> HttpResponse:
    return HttpResponse(_filled(request, user, page), headers=dict(page.headers))


def _filled(request: HttpRequest, user: User, page: Page) -> bytes:
    """The page with what belongs to this moment."""
    if len(page.parts) == 1:
        return page.parts[0]
    made: dict[bytes, bytes] = {}
    for mark in set(page.parts[1::2]):
        made[mark] = _value(request, user, mark.decode()).encode()
    return b"".join(made.get(part, part) for part in page.parts)


def _value(request: HttpRequest, user: User, mark: str) -> str:
    if mark == kept.CSRF:
        return get_token(request)
    if mark == kept.KEY:
        return str(uuid4())
    if mark == kept.SIDEBAR:
        return sidebar_html(request, user)
    return unread_html(user)
