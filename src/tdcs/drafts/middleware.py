"""Nothing typed is lost: a form that was refused, or whose second button worked, is shown again as it was."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tdcs.drafts import marking


class KeepTyped:
    """Keeps or throws away the draft of the form that a request carried."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # 403 is no refusal of words but of a person or a stale page's token: nothing of it is kept.
        settled = getattr(request, "draft_settled", False)
        if request.method == "POST" and response.status_code != 403 and not settled:
            marking.settle(request, redirected=300 <= response.status_code < 400)
        return response
