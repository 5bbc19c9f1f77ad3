"""The private calendar address: the page where it is made and taken away, and the file itself."""

from __future__ import annotations

import hashlib
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tdcs.access import limits
from tdcs.access.gate import PersonRequest, open_to_all, requires
from tdcs.core import clock
from tdcs.plans.composing.ical import calendar_of
from tdcs.plans.queries.feeds import deadlines_of, digest_of, feed_of, reader_of
from tdcs.plans.services.feeds import make_feed, revoke_feed
from tdcs.plans.views.requested import show_success

# A calendar asks every few hours; somebody has it on several devices.
_MOST_READ: Final = 60
# Addresses that do not exist, by one client: nobody types one sixty times.
_MOST_WRONG: Final = 60
_WHILE: Final = 3600


@requires("plans.work")
@require_http_methods(["GET", "POST"])
@never_cache
def feed_page(request: PersonRequest) -> HttpResponse:
    """My calendar address: make it (shown this once), renew it, take it away."""
    address = ""
    if request.method == "POST":
        if request.POST.get("verb") == "revoke":
            if revoke_feed(by=request.user, on=clock.today()):
                show_success(request, _("Đã thu hồi địa chỉ lịch; lịch đã nối không đọc được nữa."))
            return redirect("plans:feed")
        token = make_feed(by=request.user, on=clock.today())
        address = request.build_absolute_uri(reverse("plans:feed_file", args=[token]))
    return render(request, "plans/feed.html", {"feed": feed_of(request.user), "address": address})


@open_to_all
@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines of the person whose address it is; nothing else can be read with it, nothing written."""
    client = str(request.META.get("REMOTE_ADDR", ""))
    person = reader_of(token)
    if person is None:
        # Calendars of others behind the same address are not held up by one that was revoked.
        if not limits.within(what="feed-wrong", who=client, most=_MOST_WRONG, seconds=_WHILE):
            return _too_often()
        raise Http404("feed")
    who = digest_of(token)
    if not limits.within(what="feed", who=who, most=_MOST_READ, seconds=_WHILE):
        return _too_often()
    found = deadlines_of(person, clock.today())
    body = calendar_of(
        found,
        name="Hạn việc kế hoạch",
        host=request.get_host().partition(":")[0],
        url=lambda key: request.build_absolute_uri(reverse("plans:obligation", args=[key])),
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="han-viec.ics"'
    changed = int(max((one.changed_at.timestamp() for one in found), default=0))
    if changed:
        answer["Last-Modified"] = http_date(changed)
    return (
        get_conditional_response(request, etag=etag, last_modified=changed or None, response=answer)
        or answer
    )


def _too_often() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(_WHILE)})
