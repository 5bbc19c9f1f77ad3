"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tdcs.access import queries as access
from tdcs.access.models import User
from tdcs.core import clock
from tdcs.organisations.queries import profile_of
from tdcs.plans.views.requested import scope_of
from tdcs.web.sidebar import sidebar_for
from tdcs.web.waiting import counts_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Rail, unit and day, role, notices, demo accounts."""
    user = getattr(request, "user", None)
    shown: dict[str, Any] = {"demo": settings.DEMO, "today": clock.today()}
    if settings.DEMO:
        shown["demo_accounts"] = access.demo_accounts()
    if isinstance(user, User) and (holding := user.holding()):
        counts = counts_for(user, clock.today())
        if user.may("plans.view"):
            shown["scope"] = scope_of(request)
        shown |= {
            "sidebar": sidebar_for(request, counts),
            "holding": holding,
            "unit_name": profile_of(holding.organisation_id, clock.today()).short_name,
            "unread": counts.get("web:notices", 0),
        }
    return shown
