"""The app of inspections with no network: its page and worker, who is signed in, packs, logs, photos of a device."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
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

_STATIC: Final = Path(__file__).resolve().parents[2]
_OWN: Final = (
    "oversight/inspect.min.js",
    "oversight/inspect.webmanifest",
    "transaction_points/session.css",
)
# What the app is drawn with; its service worker keeps these.
_FILES: Final = (
    *_OWN,
    "oversight/field.css",
    "tdcs/icon.svg",
    "tdcs/css/colours.css",
    "tdcs/css/fonts.css",
    "tdcs/fonts/be-vietnam-pro-latin-400-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-latin-600-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-vietnamese-400-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-vietnamese-600-normal.woff2",
)
_PAGE: Final = "oversight/app.html"


@requires("oversight.inspect")
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """The app's only page; it holds nobody's data and is the same for everybody."""
    get_token(request)
    with translation.override("vi"):
        return render(request, _PAGE)


@requires("oversight.inspect")
@require_GET
def worker(request: PersonRequest) -> HttpResponse:
    """The service worker: the built one of sessions, after the list of this app's files."""
    files = [static(name) for name in _FILES]
    kept = {
        "name": "inspection-app",
        "version": _version(files),
        "shell": reverse("oversight:app"),
        "files": files,
    }
    built = _file("transaction_points/session-worker.min.js").read_text(encoding="utf-8")
    words = f"self.APP = {json.dumps(kept)};\n{built}"
    answer = HttpResponse(words, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _file(name: str) -> Path:
    return _STATIC / name.split("/")[0] / "static" / name


def _version(files: list[str]) -> str:
    """What the app's files and its page come to."""
    with translation.override("vi"):
        words = [__version__, *files, render_to_string(_PAGE)]
    digest = hashlib.sha256("\n".join(words).encode())
    for name in (*_OWN, "oversight/field.css"):
        digest.update(_file(name).read_bytes())
    return digest.hexdigest()[:16]


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
            "devices": [
                {"id": one.pk, "name": one.name, "signing_key": one.signing_key}
                for one in devices_of(person)
                if one.revoked_on is None
            ],
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
    lines = body["lines"]
    if not isinstance(lines, list) or not all(isinstance(one, dict) for one in lines):
        raise TypeError("no lines")
    made = field_log.take_in(
        inspection=row,
        device=_device(request, body["device"]),
        lines=lines,
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse(made)
