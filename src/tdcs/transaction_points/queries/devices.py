"""Devices, the packs they hold, the logs they handed in and what of them waits for a person."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.transaction_points.models import Device, LogLine, Pack
from tdcs.transaction_points.queries.scope import visible_sessions
from tdcs.transaction_points.queries.sessions import offices_of_sessions
from tdcs.transaction_points.states import LogState


def visible_devices(user: User) -> QuerySet[Device]:
    """The devices of the offices whose sessions a person sees."""
    offices = [key for key, _name in offices_of_sessions(user)]
    return Device.objects.filter(office__in=offices).select_related("registered_by", "revoked_by")


def devices_with_packs(user: User) -> list[tuple[Device, list[Pack]]]:
    """Each device, those in use first, with the packs that it holds: neither expired nor revoked."""
    devices = list(visible_devices(user).order_by("-revoked_on", "name", "pk"))
    held: dict[int, list[Pack]] = {one.pk: [] for one in devices}
    rows = Pack.objects.filter(device__in=devices, revoked_at=None, expires_at__gt=clock.now())
    for pack in rows.select_related("session__point", "made_by").order_by("-pk"):
        held[pack.device_id].append(pack)
    return [
        (one, held[one.pk])
        for one in sorted(devices, key=lambda d: (d.revoked_on is not None, d.name))
    ]


def cases_of(user: User) -> QuerySet[LogLine]:
    """Lines of logs that wait for a person, of the sessions in scope, the oldest first."""
    rows = LogLine.objects.filter(state=LogState.CASE, session__in=visible_sessions(user))
    return rows.select_related("session__point", "device", "by").order_by("pk")


def logs_of(session: int) -> list[tuple[Device, dict[str, int]]]:
    """The devices that handed in a log of a session, with how many lines are in which state."""
    counts: dict[int, dict[str, int]] = {}
    rows = LogLine.objects.filter(session=session).values("device_id", "state")
    for row in rows.annotate(n=Count("pk")):
        counts.setdefault(row["device_id"], {})[row["state"]] = row["n"]
    return [(one, counts[one.pk]) for one in Device.objects.filter(pk__in=counts).order_by("pk")]


def packs_in_scope(user: User) -> QuerySet[Pack]:
    """Packs of the sessions that a person sees."""
    return Pack.objects.filter(session__in=visible_sessions(user)).select_related("session__point")
