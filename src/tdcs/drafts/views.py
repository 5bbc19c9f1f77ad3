"""Keeping and throwing away one's own draft, by a button or by the page's script."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.drafts import marking, services
from tdcs.http import back, show_success


@requires("web.home")
@require_POST
def keep(request: PersonRequest) -> HttpResponse:
    """What stands in the form now; the script gets the time, a browser without it the page again."""
    request.draft_settled = True  # type: ignore[attr-defined]
    done = marking.keep_sent(request, request.user)
    at = clock.now().astimezone(clock.ZONE)
    if request.headers.get("X-Draft") or not request.accepts("text/html"):
        return JsonResponse({"at": f"{at:%H:%M}"}, status=200 if done else 409)
    if done:
        show_success(request, _("Đã giữ bản nháp lúc %(at)s.") % {"at": f"{at:%H:%M}"})
    return back(request)


@requires("web.home")
@require_POST
def throw_away(request: PersonRequest) -> HttpResponse:
    """The person does not want it any more."""
    request.draft_settled = True  # type: ignore[attr-defined]
    services.throw_away(by=request.user, form=request.POST.get(marking.FORM, ""))
    show_success(request, _("Đã bỏ bản nháp."))
    return back(request)
