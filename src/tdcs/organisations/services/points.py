"""Transaction points by the branch's workbook: compared, then written by day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from tdcs.organisations.errors import PointInUse
from tdcs.organisations.models import TransactionPoint, TransactionPointProfile, living_on
from tdcs.organisations.office_book.columns import POINTS
from tdcs.organisations.office_book.reading import Book, PointRow, key_of

_FIELDS = ("name", "session_day", "hours", "place", "latitude", "longitude")
# Cells that were left empty keep what is known.
_MAY_BE_EMPTY = ("hours", "place", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class PointChange:
    """What a row does. ``point``: None for one that is new; ``changed``: the fields that differ."""

    row: PointRow
    point: int | None
    area: int
    commune: str
    on: date
    changed: tuple[str, ...]

    @property
    def effect(self) -> str:
        """ "new", "changed" or "as_it_is"."""
        if self.point is None:
            return "new"
        return "changed" if self.changed else "as_it_is"


def plan_points(
    book: Book,
    commune: Callable[[int, str, str], tuple[int, str, date] | None],
    on: date,
) -> list[PointChange]:
    """Each row beside what is there; faults go into the book."""
    there = {key_of(point.code): point for point in TransactionPoint.objects.all()}
    held = {
        row.point_id: row
        for row in TransactionPointProfile.objects.order_by("point_id", "starts_on")
    }
    found = []
    for row in book.points:
        area = commune(row.row, row.commune, POINTS.title)
        point = there.get(key_of(row.code))
        if point is not None and point.ends_on is not None:
            at = book.faults.at(POINTS.title, row.row)
            at("code", "ended", words=row.code, what=f"{point.ends_on:%d/%m/%Y}")
        elif area is not None:
            profile = held[point.pk] if point else None
            found.append(_change(row, profile, area, on))
    return found


def _change(
    row: PointRow, held: TransactionPointProfile | None, area: tuple[int, str, date], on: date
) -> PointChange:
    key, full, made = area
    if held is None:
        return PointChange(row, None, key, full, max(row.starts_on or on, made), ())
    later = row.starts_on if row.starts_on and row.starts_on > held.starts_on else on
    changed = [
        name
        for name in _FIELDS
        if getattr(held, name) != getattr(row, name)
        and not (name in _MAY_BE_EMPTY and getattr(row, name) in ("", None))
    ]
    if held.area_id != key:
        changed.append("area")
    return PointChange(
        row, held.point_id, key, full, max(later, held.starts_on, made), tuple(changed)
    )


def write_points(changes: Sequence[PointChange]) -> None:
    """In the caller's transaction and with its line of the trail."""
    for one in changes:
        if one.effect == "as_it_is":
            continue
        fields = {name: getattr(one.row, name) for name in _FIELDS}
        if one.point is None:
            point = TransactionPoint.objects.create(code=one.row.code, starts_on=one.on)
        else:
            point = TransactionPoint.objects.select_for_update().get(pk=one.point)
            held = TransactionPointProfile.objects.filter(point=point).order_by("-starts_on")[0]
            fields |= {
                name: getattr(held, name) for name in _MAY_BE_EMPTY if fields[name] in ("", None)
            }
            if held.starts_on == one.on:
                held.delete()
            else:
                held.ends_on = one.on
                held.save(update_fields=["ends_on"])
        TransactionPointProfile.objects.create(
            point=point, area_id=one.area, starts_on=one.on, **fields
        )


def restate_point(
    point: TransactionPoint, since: date, *, session_day: int, hours: str, place: str
) -> TransactionPointProfile:
    """The point's profile of a day with another meeting from that day on; in the caller's transaction and trail.

    A profile that begins later stays, the new one ends where it begins. Raises DoesNotExist where the point has no profile.
    """
    rows = TransactionPointProfile.objects.select_for_update().filter(point=point)
    held = rows.get(living_on(since))
    ends_on = held.ends_on
    fields = {
        "name": held.name,
        "area_id": held.area_id,
        "latitude": held.latitude,
        "longitude": held.longitude,
    }
    if held.starts_on == since:
        held.delete()
    else:
        held.ends_on = since
        held.save(update_fields=["ends_on"])
    made: TransactionPointProfile = TransactionPointProfile.objects.create(
        point=point,
        starts_on=since,
        ends_on=ends_on,
        session_day=session_day,
        hours=hours,
        place=place,
        **fields,
    )
    return made


def open_point(code: str, since: date, name: str, area: int, session_day: int) -> TransactionPoint:
    """A new point that meets on a day of the month; in the caller's transaction and trail."""
    point: TransactionPoint = TransactionPoint.objects.create(code=code, starts_on=since)
    TransactionPointProfile.objects.create(
        point=point, name=name or code, area_id=area, session_day=session_day, starts_on=since
    )
    return point


def remove_points(points: Collection[int]) -> None:
    """Points that were never there, while nothing has happened at them. In the caller's transaction. Raises PointInUse."""
    for point in TransactionPoint.objects.select_for_update().filter(pk__in=points).order_by("pk"):
        try:
            with transaction.atomic():
                point.profiles.all().delete()
                point.delete()
        except models.ProtectedError as used:
            raise PointInUse(code=point.code) from used
