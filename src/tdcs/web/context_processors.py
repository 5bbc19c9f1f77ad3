"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString

from tdcs.access import queries as access
from tdcs.access.models import User
from tdcs.core import clock
from tdcs.http import kept
from tdcs.organisations.queries import profile_of
from tdcs.plans.views.requested import scope_of
from tdcs.web.frame_parts import demo_buttons, now_words, sidebar_html, unread_html


def frame(request: HttpRequest) -> dict[str, Any]:
    """Rail, unit and day, role, notices, demo accounts: once for a page, of however many templates it is made."""
    if request.method != "GET":
        return _frame(request)
    shown: dict[str, Any] | None = getattr(request, "frame", None)
    if shown is None:
        shown = request.frame = _frame(request)  # type: ignore[attr-defined]
    return shown


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    shown: dict[str, Any] = {"demo": settings.DEMO, "today": clock.today()}
    if settings.DEMO:
        shown["demo_accounts"] = access.demo_accounts()
        shown["demo_buttons"] = demo_buttons(shown["demo_accounts"], user and user.pk)
    if isinstance(user, User) and (holding := user.holding()):
        if user.may("plans.view"):
            shown["scope"] = scope_of(request)
        shown |= {
            "holding": holding,
            "unit_name": profile_of(holding.organisation_id, clock.today()).short_name,
            "acting": user.acting,
        }
        if kept.making_of(request) is None:
            shown |= {
                "sidebar": sidebar_html(request, user),
                "unread": unread_html(user),
                "served_at": now_words(),
            }
        else:
            # The page will be served again: these are filled in each time (web/kept_pages.py).
            shown |= {
                "sidebar": SafeString(kept.SIDEBAR),
                "unread": SafeString(kept.UNREAD),
                "served_at": kept.NOW,
                "csrf_token": kept.CSRF,
            }
    return shown
