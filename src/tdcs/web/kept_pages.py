"""Serves kept pages (http/kept.py): a page is made once for a person and served until data that it shows has changed.

What differs each time stands in a kept page as a mark: the token and key of its forms, the sidebar with its counts. Every
guard before the page (sign-in, second factor, permission) is passed each time; only the page itself is spared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from tdcs.access.models import User
from tdcs.core import clock, law, remembered
from tdcs.http import kept, reading
from tdcs.plans.views.requested import REMEMBERED
from tdcs.web import waiting
from tdcs.web.frame_parts import now_words, sidebar_html, unread_html
from tdcs.web.page_store import Page, share, store, unpacked

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
# A mark as it lies in the store: which one it is.
_NUMBERS: Final = {mark.encode(): str(at).encode() for at, mark in enumerate(kept.MARKS)}


def _program() -> str:
    """What is installed: another program, law or setting makes other pages."""
    marks = [settings.DEMO, settings.TDCS_PROVINCE]
    for root in (Path(__file__).parents[1], law.root()):
        for file in sorted(root.rglob("*")):
            if file.suffix != ".pyc" and file.is_file():
                status = file.stat()
                marks.append((str(file), status.st_mtime_ns, status.st_size))
    return sha256(repr(marks).encode()).hexdigest()


_PROGRAM: Final = _program()


class KeptPages:
    """The innermost of the frame: nothing that guards a page is behind it but the gate, which it asks itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tables: set[str] = set()
        with remembered.during(None):
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
        # An address that chooses another plan is remembered by the page that it leads to.
        if request.GET.get("plan", _plan_of(request)) != _plan_of(request):
            return None
        # What a transaction has not committed has no version yet; messages are shown once.
        if connection.in_atomic_block or not user.may(view.permission) or get_messages(request):
            return None
        request.key = _key(request, user)  # type: ignore[attr-defined]
        page = _still_true(request.key, user)  # type: ignore[attr-defined]
        if page is not None:
            request.served_kept = True  # type: ignore[attr-defined]
            return HttpResponse(_filled(request, user, page), headers=dict(page.headers))
        request.noted.clear()  # type: ignore[attr-defined]
        request.making = kept.Making(settled, request.noted)  # type: ignore[attr-defined]
        return None


def _plan_of(request: HttpRequest) -> str:
    """The plan that the person chose last: pages of the plan show it without saying so in their address."""
    return str(request.session.get(REMEMBERED, ""))


def _key(request: HttpRequest, user: User) -> str:
    """Whom and what a page is for; two that differ in anything never meet."""
    holding = user.holding()
    words = (
        user.pk,
        holding and (holding.pk, holding.role, holding.organisation_id),
        user.acting and user.acting.pk,
        _plan_of(request),
        request.get_host(),
        request.is_secure(),
        request.get_full_path(),
        request.LANGUAGE_CODE,
        str(clock.today()),
        [request.headers.get(name) for name in _ASKED_BY],
        _PROGRAM,
    )
    return sha256(json.dumps(words).encode()).hexdigest()


def _still_true(key: str, user: User) -> Page | None:
    """The page of this worker or of another, if nothing that it shows has changed. None begins the reading for a new one."""
    page = store.get(key)
    if page is not None and waiting.up_to_date(user, clock.today(), page.areas, page.version):
        return page
    now = reading.begin(waiting.of_person(user), page=key)
    other = None if now.shared is None else unpacked(now.shared)
    if other is not None and other.version != (page and page.version):
        version = now.version(other.areas)
        same = (
            waiting.up_to_date(user, clock.today(), other.areas, other.version)
            if version is None
            else version == other.version
        )
        if same:
            store.put(key, other)
            return other
    remembered.begin(now)
    return None


def _finished(request: HttpRequest, response: HttpResponse, making: kept.Making) -> HttpResponse:
    """The page as it goes out; kept when nothing it was made of has changed meanwhile."""
    if response.streaming:
        return response
    user, areas = request.user, making.areas()
    assert isinstance(user, User)
    texts = [_NUMBERS.get(part, part) for part in _MARKED.split(response.content)]
    page = Page((*(areas or ()), *_ALWAYS), 0, tuple(texts), tuple(response.headers.items()))
    plain = (
        response.status_code == 200
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.cookies
        and areas is not None
    )
    now = reading.current()
    if plain and now is not None and not get_messages(request):
        version = share(request.key, page, now.since)  # type: ignore[attr-defined]
        if version is not None:
            page = replace(page, version=version)
            store.put(request.key, page)  # type: ignore[attr-defined]
    response.content = _filled(request, user, page)
    return response


def _filled(request: HttpRequest, user: User, page: Page) -> bytes:
    """The page with what belongs to this moment."""
    made = {
        number: _value(request, user, kept.MARKS[int(number)]).encode()
        for number in set(page.parts[1::2])
    }
    return b"".join(made[part] if at % 2 else part for at, part in enumerate(page.parts))


def _value(request: HttpRequest, user: User, mark: str) -> str:
    if mark == kept.CSRF:
        return get_token(request)
    if mark == kept.KEY:
        return str(uuid4())
    if mark == kept.SIDEBAR:
        return sidebar_html(request, user)
    if mark == kept.NOW:
        return now_words()
    return unread_html(user)
