"""Points and the groups that meet at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.households.queries.scope import area_names
from tdcs.organisations.models import TransactionPointProfile, living_on
from tdcs.organisations.queries import names_on
from tdcs.transaction_points.models import GroupAtPoint
from tdcs.transaction_points.queries.scope import offices_serving, visible_points


def groups_at(point: int, on: date) -> QuerySet[SavingsGroup]:
    """The living groups that meet at a point on a day, by code."""
    there = GroupAtPoint.objects.filter(living_on(on), point=point)
    return SavingsGroup.objects.filter(living_on(on), pk__in=there.values("group_id")).order_by(
        "code"
    )


def point_of(group: int, on: date) -> TransactionPointProfile | None:
    """Where a group meets on a day."""
    row = GroupAtPoint.objects.filter(living_on(on), group=group).first()
    if row is None:
        return None
    faces = TransactionPointProfile.objects.filter(living_on(on), point=row.point_id)
    return faces.select_related("point").first()


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point as the list shows it."""

    face: TransactionPointProfile
    commune: str
    office: int
    office_name: str
    groups: int


def point_rows(user: User, on: date, *, words: str = "", office: int = 0) -> list[PointLine]:
    """The points in scope with their commune, office and number of groups, by office and day of the month."""
    faces = list(visible_points(user, on))
    serving = offices_serving(faces, on)
    communes = area_names({face.area_id for face in faces}, on)
    names = names_on(on, set(serving.values()))
    counts = _counts([face.point_id for face in faces], on)
    rows = [
        PointLine(
            face,
            communes.get(face.area_id, ""),
            serving.get(face.point_id, 0),
            names.get(serving.get(face.point_id, 0), ""),
            counts.get(face.point_id, 0),
        )
        for face in faces
    ]
    asked = fold(words).split()
    found = [
        row
        for row in rows
        if (not office or row.office == office)
        and all(
            one in fold(f"{row.face.name} {row.face.point.code} {row.commune}") for one in asked
        )
    ]
    return sorted(found, key=lambda row: (row.office_name, row.face.session_day, row.face.name))


def _counts(points: Collection[int], on: date) -> dict[int, int]:
    rows = GroupAtPoint.objects.filter(living_on(on), living_on(on, "group__"), point__in=points)
    counted = rows.values("point_id").annotate(n=Count("pk"))
    return dict(counted.values_list("point_id", "n"))


def groups_without_point(office: int, on: date) -> list[GroupProfile]:
    """The office's living groups that are placed at no point, by name."""
    placed = GroupAtPoint.objects.filter(living_on(on)).values("group_id")
    rows = GroupProfile.objects.filter(living_on(on), living_on(on, "group__"), office=office)
    return list(rows.exclude(group__in=placed).select_related("group").order_by("name", "pk"))
