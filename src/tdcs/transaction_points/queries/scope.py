"""Whose points and sessions a person sees: a group leader's, an office's, a commune's own; branch and province all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.core import clock
from tdcs.households.queries.scope import is_group_leader, seen_communes
from tdcs.loans.queries.scope import led_groups
from tdcs.organisations.models import (
    Kind,
    Level,
    ServedArea,
    TransactionPoint,
    TransactionPointProfile,
    living_on,
)
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession


def visible_points(user: User, on: date | None = None) -> QuerySet[TransactionPointProfile]:
    """The points in scope as they are on a day, by code."""
    day = on or clock.today()
    rows = TransactionPointProfile.objects.filter(living_on(day), living_on(day, "point__"))
    rows = rows.select_related("point").order_by("point__code")
    unit = own_organisation(user)
    if unit is None:
        return rows.none()
    if is_group_leader(user):
        there = GroupAtPoint.objects.filter(living_on(day), group__in=led_groups(user, day))
        return rows.filter(point__in=there.values("point_id"))
    if sees_all(user) or unit.level == Level.PROVINCE:
        return rows
    if unit.kind == Kind.TRANSACTION_OFFICE:
        seen = visible_organisations(user, day)
        return rows if seen is None else rows.filter(area__in=areas_of(seen, day))
    communes = seen_communes(user, day)
    return rows if communes is None else rows.filter(area__in=communes)


def visible_sessions(user: User, on: date | None = None) -> QuerySet[TransactionSession]:
    """The sessions in scope: of the points that one sees, and of one's own office whatever became of the point."""
    unit = own_organisation(user)
    rows = TransactionSession.objects.all()
    if unit is None:
        return rows.none()
    leads = is_group_leader(user)
    if not leads and (sees_all(user) or unit.level == Level.PROVINCE):
        return rows
    if not leads and unit.kind == Kind.TRANSACTION_OFFICE:
        seen = visible_organisations(user, on or clock.today())
        return rows if seen is None else rows.filter(office__in=seen)
    return rows.filter(point__in=visible_points(user, on).order_by().values("point_id"))


def areas_of(offices: Iterable[int], on: date) -> list[int]:
    """The communes that offices serve on a day."""
    rows = ServedArea.objects.filter(living_on(on), office__in=offices)
    return list(rows.values_list("area_id", flat=True))


def office_serving(point: TransactionPointProfile, on: date) -> int | None:
    """The office that serves a point's commune on a day; None for a commune that none serves."""
    return offices_serving([point], on).get(point.point_id)


def offices_serving(points: Iterable[TransactionPointProfile], on: date) -> dict[int, int]:
    """Point → the office that serves its commune on a day."""
    rows = list(points)
    served = ServedArea.objects.filter(living_on(on), area__in={row.area_id for row in rows})
    by_area = dict(served.values_list("area_id", "office_id"))
    return {row.point_id: by_area[row.area_id] for row in rows if row.area_id in by_area}


def point_profile(point: TransactionPoint | int, on: date) -> TransactionPointProfile | None:
    """What a point is on a day; before its first profile or after its last None."""
    key = point if isinstance(point, int) else point.pk
    rows = TransactionPointProfile.objects.filter(living_on(on), living_on(on, "point__"))
    return rows.filter(point_id=key).select_related("point", "area").first()


def plans_for(user: User, office: int, on: date | None = None) -> bool:
    """Whether a person's unit plans the sessions of an office: the office itself, or who sees all."""
    seen = visible_organisations(user, on or clock.today())
    unit = own_organisation(user)
    if unit is None or unit.kind not in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH):
        return False
    return seen is None or office in seen
