"""How much one request may bring, and the page that says so: nothing of a body is read, or kept on the disk, beyond it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

_MIB: Final = 2**20
# A form with several scans of twenty megabytes; a month's extracts of all offices, each up to two hundred.
USUAL: Final = 64 * _MIB
OF_EXTRACTS: Final = 512 * _MIB
# Where a server that reads bodies itself (entry.py) says that it did not take this one, and why: a status of HTTP.
REFUSED: Final = "tdcs.body_refused"

_CODES: Final[dict[int, str]] = {
    HTTPStatus.BAD_REQUEST: "body_incomplete",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.REQUEST_TIMEOUT: "body_incomplete",
    HTTPStatus.SERVICE_UNAVAILABLE: "too_many_bodies",
}


def most_bytes(path: str) -> int:
    """What a request to an address may bring."""
    return OF_EXTRACTS if path == _of_extracts() else USUAL


@cache
def _of_extracts() -> str:
    return reverse("imports:upload")


class BoundedBodies:
    """Before anything reads the body: one that says it is too long gets a page, as one that a server did not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = request.META.get(REFUSED, 0)
        if not status and length_of(request.META) > most_bytes(request.path_info):
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return _page(request, status) if status else self.get_response(request)


def length_of(environ: Mapping[str, Any]) -> int:
    """What a request says of the length of its body; 0 when it says nothing, or no number."""
    words = environ.get("CONTENT_LENGTH") or ""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else 0


def _page(request: HttpRequest, status: int) -> HttpResponse:
    slow = (
        _("Đường truyền quá chậm hoặc bị ngắt"),
        _("Nội dung gửi lên chưa đến đủ. Hãy gửi lại khi đường truyền tốt hơn."),
    )
    title, words = {
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            _("Gửi lên quá lớn"),
            _(
                "Một lần gửi nhận tối đa %(n)d MB. Chia tệp ra nhiều lần gửi, hoặc giảm cỡ ảnh, bản quét."
            )
            % {"n": most_bytes(request.path_info) // _MIB},
        ),
        HTTPStatus.REQUEST_TIMEOUT: slow,
        HTTPStatus.BAD_REQUEST: slow,
        HTTPStatus.SERVICE_UNAVAILABLE: (
            _("Đang nhận nhiều tệp"),
            _("Hệ thống đang nhận nhiều tệp lớn cùng lúc. Hãy gửi lại sau ít phút."),
        ),
    }[HTTPStatus(status)]
    answer: HttpResponse
    if "text/html" in request.headers.get("Accept", ""):
        context = {"title": title, "words": words}
        answer = render(request, "body_refused.html", context, status=status)
    else:
        # An app on a device.
        answer = JsonResponse(
            {"code": _CODES[status], "message": f"{title}. {words}"}, status=status
        )
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = "60"
    return answer
