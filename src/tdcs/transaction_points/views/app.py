"""The app that works with no network: its page, its service worker, who is signed in, this device."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from tdcs import __version__
from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.organisations.queries import organisation_of
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.queries.app import sessions_to_take
from tdcs.transaction_points.queries.devices import visible_devices
from tdcs.transaction_points.queries.sessions import plannable_office
from tdcs.transaction_points.services import keys, packs
from tdcs.transaction_points.views.devices import answering_json, body_of
from tdcs.transaction_points.views.offline_app import OfflineApp, known_devices
from tdcs.transaction_points.views.schedule import session_or_404

_APP: Final = OfflineApp(
    page="transaction_points/app.html",
    route="points:app",
    own=(
        "transaction_points/session.min.js",
        "transaction_points/session.css",
        "transaction_points/app.webmanifest",
    ),
)


@requires("points.hold")
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """The app's only page; it holds nobody's data and is the same for everybody."""
    return _APP.shown(request)


@requires("points.hold")
@require_GET
def of_session(request: PersonRequest, pk: int) -> HttpResponse:
    """From a session to the app."""
    session_or_404(request, pk)
    return redirect("points:app")


@requires("points.hold")
@require_GET
def worker(request: PersonRequest) -> HttpResponse:
    """The service worker: the built one after the list of the app's files, so that a changed file makes a new worker."""
    return _APP.worker()


@requires("points.hold")
@require_GET
def me(request: PersonRequest) -> HttpResponse:
    """Who is signed in, which devices the office has, which sessions' packs can be taken."""
    get_token(request)
    person = request.user
    return JsonResponse(
        {
            "user": {"id": person.pk, "name": person.full_name},
            "may_plan": person.may("points.plan") and bool(plannable_office(person)),
            "server_key": keys.public_key(),
            "program": __version__,
            "devices": known_devices(visible_devices(person)),
            "sessions": sessions_to_take(person, clock.today()),
        }
    )


@requires("points.plan")
@require_POST
@answering_json
def register(request: PersonRequest) -> HttpResponse:
    """This device, by the public halves of its keys."""
    body = body_of(request)
    office = organisation_of(plannable_office(request.user))
    if office is None:
        raise PointFieldWrong(field="phòng giao dịch", why="chưa chọn")
    made = packs.register_device(
        office=office,
        name=str(body["name"]),
        signing=str(body["signing"]),
        agreement=str(body["agreement"]),
        by=request.user,
        on=clock.today(),
    )
    return JsonResponse({"id": made.pk, "name": made.name})
