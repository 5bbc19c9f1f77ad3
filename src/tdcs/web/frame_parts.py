"""The parts of the frame that tell what waits: the sidebar and the count by the notices."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.web.sidebar import nearest, sidebar_for
from tdcs.web.waiting import counts_for


def sidebar_html(request: HttpRequest, user: User) -> SafeString:
    """The links that the person's role may open, with what waits behind each."""
    holding = user.holding()
    if holding is None:
        return SafeString()
    counts = tuple(sorted(counts_for(user, clock.today()).items()))
    return _sidebar(holding.role, nearest(holding.role, request.path), counts, get_language() or "")


@lru_cache(maxsize=2048)
def _sidebar(
    role: str, here: str, counts: tuple[tuple[str, int], ...], language: str
) -> SafeString:
    groups = sidebar_for(role, here, dict(counts))
    return SafeString(render_to_string("web/_sidebar.html", {"sidebar": groups}))


def unread_html(user: User) -> SafeString:
    """How many notices the person has not read, nothing for none."""
    unread = counts_for(user, clock.today()).get("web:notices", 0)
    return format_html('<span class="count late">{}</span>', unread) if unread else SafeString()


def demo_buttons(accounts: Iterable[User], own: int | None) -> SafeString:
    """A button for each account of the demonstration; they stand on every page, so they are a string."""
    return _demo_buttons(tuple((one.pk, one.username, one.full_name) for one in accounts), own)


@lru_cache(maxsize=512)
def _demo_buttons(accounts: tuple[tuple[int, str, str], ...], own: int | None) -> SafeString:
    buttons = (_button(username, name, current=pk == own) for pk, username, name in accounts)
    return mark_safe("".join(buttons))  # noqa: S308  escaped below


def _button(username: str, name: str, *, current: bool) -> str:
    marked = ' aria-current="true"' if current else ""
    return (
        f'<button class="btn small" name="username" value="{escape(username)}"{marked} lang="vi">'
        f"{escape(name)}</button>\n"
    )


def now_words() -> str:
    """The minute at which the page was served, for the foot of paper."""
    return f"{clock.now():%H:%M %d/%m/%Y}"
