"""Devices and their packs; a session's pack for a device; a device's log; what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db import DataError
from django.http import HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import refusing, show_success
from tdcs.organisations.queries import organisation_of
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.models import Device
from tdcs.transaction_points.queries.devices import (
    cases_of,
    devices_with_packs,
    packs_in_scope,
    visible_devices,
)
from tdcs.transaction_points.queries.sessions import plannable_office
from tdcs.transaction_points.services import approvals, keys, log, packs
from tdcs.transaction_points.views.offline_app import lines_of
from tdcs.transaction_points.views.schedule import session_or_404

# What a body that is none, or not what it should be, ends in: brackets in brackets too deep to read are one.
_NO_BODY: Final = (
    ValueError,
    DataError,
    KeyError,
    TypeError,
    AttributeError,
    RawPostDataException,
    RecursionError,
)


def answering_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A handler for a device: refusals are JSON with their code, 409; a body that is no JSON object is 400."""

    @wraps(view)
    def answered(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return JsonResponse(refusal.as_json(), status=409)
        except _NO_BODY:
            return JsonResponse({"code": "bad_json"}, status=400)

    return answered


def body_of(request: PersonRequest) -> dict[str, Any]:
    """The JSON object that a device sent."""
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _device(request: PersonRequest, key: object) -> Device:
    return get_object_or_404(visible_devices(request.user), pk=key if type(key) is int else 0)


@requires("points.hold")
@require_POST
@answering_json
def pack(request: PersonRequest, pk: int) -> HttpResponse:
    """The session's pack for a device."""
    session, device = session_or_404(request, pk), _device(request, body_of(request)["device"])
    made = packs.take_pack(session=session, device=device, by=request.user, on=clock.today())
    answer = JsonResponse(made)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("points.hold")
@require_POST
@answering_json
def member_key(request: PersonRequest, pk: int) -> HttpResponse:
    """The key by which the person signed in approves on a device, certified for the pack that it holds."""
    session, body = session_or_404(request, pk), body_of(request)
    made = approvals.certify(
        held=approvals.pack_of(session, _device(request, body["device"]), str(body["pack"])),
        key=str(body["key"]),
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse(made)


@requires("points.hold")
@require_POST
@answering_json
def log_piece(request: PersonRequest, pk: int) -> HttpResponse:
    """A piece of a device's log; the answer proves what the server has."""
    session, body = session_or_404(request, pk), body_of(request)
    made = log.take_in(
        session=session,
        device=_device(request, body["device"]),
        lines=lines_of(body),
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse(made)


@requires("points.view")
@require_GET
def devices_page(request: PersonRequest) -> HttpResponse:
    """Which devices there are, which packs they hold, how many of their logs' lines wait for a person."""
    plans = request.user.may("points.plan") and bool(plannable_office(request.user))
    context = {
        "rows": devices_with_packs(request.user),
        "waiting": cases_of(request.user).count() if request.user.may("points.hold") else None,
        "may_plan": plans,
        "server_key": keys.public_key(),
    }
    return render(request, "transaction_points/devices.html", context)


@requires("points.plan")
@require_POST
@refusing
def register(request: PersonRequest) -> HttpResponse:
    """A device of the person's office by its public keys."""
    office = organisation_of(plannable_office(request.user))
    if office is None:
        raise PointFieldWrong(field="phòng giao dịch", why="chưa chọn")
    packs.register_device(
        office=office,
        name=request.POST.get("name", ""),
        signing=request.POST.get("signing", ""),
        agreement=request.POST.get("agreement", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã đăng ký thiết bị."))
    return redirect("points:devices")


@requires("points.plan")
@require_POST
@refusing
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """The device takes no pack any more."""
    device = get_object_or_404(visible_devices(request.user), pk=pk)
    why = request.POST.get("why", "")
    packs.revoke_device(device=device, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã thu hồi thiết bị và các gói đang giữ."))
    return redirect("points:devices")


@requires("points.plan")
@require_POST
@refusing
def revoke_pack(request: PersonRequest, pk: int) -> HttpResponse:
    """One pack is void."""
    held = get_object_or_404(packs_in_scope(request.user), pk=pk)
    why = request.POST.get("why", "")
    packs.revoke_pack(pack=held, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã thu hồi gói phiên."))
    return redirect("points:devices")
