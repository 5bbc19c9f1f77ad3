"""What stands before every page: a second factor where the role demands it, no identity number in an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.access.permissions import MFA_ROLES
from tdcs.core import law

Handler = Callable[[HttpRequest], HttpResponse]
# Where a person without a second factor may still go: the own account, and what pages are drawn with.
_OPEN: Final = ("/tai-khoan/", settings.STATIC_URL)
_KEPT: Final = "second_factor"
_IDENTITY: Final = re.compile(r"\D*(?:\d[\s.\-]*){12}\D*", re.ASCII)


class SecondFactor:
    """Who moves money, sees identity numbers or administers sets up a second factor before anything else (TDCS_MFA)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TDCS_MFA and request.user.is_authenticated and _lacks_factor(request):
            messages.warning(
                request,
                _(
                    "Vai trò của bạn phải có xác thực hai bước. Cài đặt xong mới làm việc tiếp được."
                ),
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)


# Where the administrator goes before a province is set up: its page, and the job that sets it up.
_SETTING_UP: Final = (*_OPEN, "/thiet-lap/", "/viec-dang-chay/", "/suc-khoe/")


class ProvinceFirst:
    """Before a province is set up every page leads the administrator there; others are told to come back later."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or law.chosen_province() or request.path.startswith(_OPEN):
            return self.get_response(request)
        if not user.may("organisations.set_up"):
            return render(request, "web/no_province.html", status=503)
        if request.path.startswith(_SETTING_UP) and not request.path.startswith(
            "/thiet-lap/phong-giao-dich/"
        ):
            return self.get_response(request)
        return redirect("setup:first_run")


def _lacks_factor(request: HttpRequest) -> bool:
    if request.path.startswith(_OPEN):
        # The factor may be taken off here: it is asked for anew afterwards.
        request.session.pop(_KEPT, None)
        return False
    if request.session.get(_KEPT):
        return False
    user = request.user
    holding = user.holding() if isinstance(user, User) else None
    founds = isinstance(user, User) and user.sets_up
    if not founds and (holding is None or holding.role not in MFA_ROLES):
        return False
    if is_mfa_enabled(user):
        request.session[_KEPT] = True
        return False
    return True


class IdentityNotInAddress:
    """An address is kept in histories and logs: twelve digits in one are taken out, and the person is told where to look."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not any(_is_identity(word) for key in request.GET for word in request.GET.getlist(key)):
            return self.get_response(request)
        kept = request.GET.copy()
        for key in list(kept):
            kept.setlist(key, [word for word in kept.getlist(key) if not _is_identity(word)])
        messages.error(
            request,
            _("Số định danh không được nằm trong địa chỉ trang. Gõ vào ô tìm kiếm ở đầu trang."),
        )
        query = kept.urlencode()
        return HttpResponseRedirect(f"{request.path}{'?' if query else ''}{query}")


def _is_identity(words: str) -> bool:
    return _IDENTITY.fullmatch(words) is not None
