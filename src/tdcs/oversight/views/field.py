"""The app of inspections with no network: its page and worker, who is signed in, packs, logs, photos of a device."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from tdcs import __version__
from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.documents.errors import FileRefused
from tdcs.oversight.queries.field import devices_of, inspections_to_take
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.services import field_log, field_packs
from tdcs.oversight.views.found import inspection_or_404
from tdcs.transaction_points.models import Device
from tdcs.transaction_points.services import keys
from tdcs.transaction_points.views.devices import answering_json, body_of
from tdcs.transaction_points.views.offline_app import OfflineApp, known_devices, lines_of

_APP: Final = OfflineApp(
    page="oversight/app.html",
    route="oversight:app",
    own=(
        "oversight/inspect.min.js",
        "oversight/inspect.webmanifest",
        "transaction_points/session.css",
        "oversight/field.css",
    ),
    name="inspection-app",
)


@requires("oversight.inspect")
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """The app's only page; it holds nobody's data and is the same for everybody."""
    return _APP.shown(request)


@requires("oversight.inspect")
@require_GET
def worker(request: PersonRequest) -> HttpResponse:
    """The service worker: the built one of sessions, after the list of this app's files."""
    return _APP.worker()


@requires("oversight.inspect")
@require_GET
def me(request: PersonRequest) -> HttpResponse:
    """Who is signed in, which devices the unit has, which inspections' packs can be taken."""
    get_token(request)
    person = request.user
    unit = own_organisation(person)
    plans = person.may("oversight.plan") and unit is not None and acts_for(person, unit)
    return JsonResponse(
        {
            "user": {"id": person.pk, "name": person.full_name},
            "may_plan": plans,
            "server_key": keys.public_key(),
            "program": __version__,
            "devices": known_devices(devices_of(person)),
            "sessions": inspections_to_take(person, clock.today()),
        }
    )


@requires("oversight.plan")
@require_POST
@answering_json
def register(request: PersonRequest) -> HttpResponse:
    """This device, by the public halves of its keys."""
    body = body_of(request)
    made = field_packs.register_device(
        name=str(body["name"]),
        signing=str(body["signing"]),
        agreement=str(body["agreement"]),
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse({"id": made.pk, "name": made.name})


def _device(request: PersonRequest, key: object) -> Device:
    return get_object_or_404(devices_of(request.user), pk=key if type(key) is int else 0)


@requires("oversight.inspect")
@require_POST
@answering_json
def pack(request: PersonRequest, pk: int) -> HttpResponse:
    """The inspection's pack for a device."""
    row, device = inspection_or_404(request, pk), _device(request, body_of(request)["device"])
    made = field_packs.take_pack(inspection=row, device=device, by=request.user, on=clock.today())
    answer = JsonResponse(made)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("oversight.inspect")
@require_POST
@answering_json
def photo_bytes(request: PersonRequest, pk: int) -> HttpResponse:
    """A photo that the device shrank, ahead of the line that names it: its bytes are the request's body."""
    row = inspection_or_404(request, pk)
    device = _device(request, int(request.GET.get("device", "0")))
    length = int(request.headers.get("Content-Length") or 0)
    if length > field_log.MOST_BYTES:
        # Before anything of it is read.
        raise FileRefused(why=f"ảnh {-(-length // 2**20)} MB, thiết bị phải thu nhỏ dưới 2 MB")
    made = field_log.take_photo(
        inspection=row, device=device, content=request.body, by=request.user, on=clock.today()
    )
    return JsonResponse({"sha256": made.sha256})


@requires("oversight.inspect")
@require_POST
@answering_json
def log_piece(request: PersonRequest, pk: int) -> HttpResponse:
    """A piece of a device's log; the answer proves what the server has."""
    row, body = inspection_or_404(request, pk), body_of(request)
    made = field_log.take_in(
        inspection=row,
        device=_device(request, body["device"]),
        lines=lines_of(body),
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse(made)
