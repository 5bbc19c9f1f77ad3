"""Transaction points of the invented province: the year's sessions, every office's teams; today one to be held, one handed in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.demo import people, session_log
from tdcs.demo.cast import cast
from tdcs.demo.province.build import Province
from tdcs.demo.province.places import MERGED, Point
from tdcs.organisations.models import Organisation, TransactionPoint, TransactionPointProfile
from tdcs.organisations.queries import coordinates_of
from tdcs.transaction_points.models import (
    GroupAtPoint,
    SessionMove,
    TeamMember,
    TransactionSession,
)
from tdcs.transaction_points.rules.planning import Meeting, plan_month
from tdcs.transaction_points.services.schedule import hours_of
from tdcs.transaction_points.states import SessionState

_HOURS: Final = ("7h30-11h00", "13h30-16h30")
_STAFF: Final = (
    ("leader", Role.LOAN_OFFICER),
    ("controller", Role.CREDIT_HEAD),
    ("teller", Role.TELLER),
)
_CAST: Final = {
    "leader": "demo-tindung",
    "controller": "demo-kiemsoat",
    "teller": "demo-giaodich",
}
# Who has the office's cash: not on the team.
_KEEPER: Final = "demo-ketoan"
# Of today's two sessions the one that is still to be held is in the afternoon.
_PARTS: Final = ((time(13, 30), time(16, 30)), (time(7, 30), time(11)))
_BATCH: Final = 2_000


def write(drawn: Province) -> None:
    """Points, the groups at them, the sessions of the running year with their teams."""
    on, points = drawn.frame.on, drawn.points
    made = _points(points)
    rows = [
        GroupAtPoint(group_id=at, point=made[place], starts_on=MERGED)
        for at, place in enumerate(drawn.groups.point.tolist(), 1)
    ]
    GroupAtPoint.objects.bulk_create(rows, batch_size=_BATCH)
    staff = _staff(sorted({one.office for one in points}), drawn.frame.seed)
    sessions = _sessions(points, made, on)
    TransactionSession.objects.bulk_create(sessions, batch_size=_BATCH)
    _teams(sessions, staff, on)
    busy = set(drawn.groups.point.tolist())
    _today(
        [one for one, place in zip(made, points, strict=True) if places_cast(place)], made, busy, on
    )


def places_cast(place: Point) -> bool:
    """Whether a point is served by the office of the demonstration's own people."""
    return place.office == _cast_office()


def _cast_office() -> int:
    return int(Organisation.objects.values_list("pk", flat=True).get(code=cast().office))


def _points(points: Sequence[Point]) -> list[TransactionPoint]:
    where = coordinates_of([one.new for one in points])
    made = TransactionPoint.objects.bulk_create(
        TransactionPoint(code=f"TXN{at:04d}", starts_on=MERGED) for at in range(1, len(points) + 1)
    )
    seen: Counter[int] = Counter()
    faces = []
    for row, one in zip(made, points, strict=True):
        seen[one.office] += 1
        latitude, longitude = where.get(one.new, (None, None))
        faces.append(
            TransactionPointProfile(
                point=row,
                name=f"Điểm giao dịch {one.name}",
                area_id=one.new,
                session_day=one.session_day,
                hours=_HOURS[seen[one.office] % 2],
                place=f"Trụ sở UBND {one.name} (cũ)",
                latitude=round(latitude, 6) if latitude is not None else None,
                longitude=round(longitude, 6) if longitude is not None else None,
                starts_on=MERGED,
            )
        )
    TransactionPointProfile.objects.bulk_create(faces)
    return made


def _staff(offices: Sequence[int], seed: int) -> dict[int, dict[str, User]]:
    """Three people of each office; the cast's office has its own."""
    luck, found = Random(f"{seed}:sessions"), {}
    cast_office = _cast_office()
    for office in offices:
        if office == cast_office:
            found[office] = {role: User.objects.get(username=name) for role, name in _CAST.items()}
            continue
        team = {}
        for role, duty in _STAFF:
            person = User(username=f"phien.{office}.{role}", full_name=people.name_of(luck))
            person.set_unusable_password()
            person.save()
            RoleHolding.objects.create(
                user=person, role=duty, organisation_id=office, starts_on=MERGED
            )
            team[role] = person
        found[office] = team
    return found


def _sessions(
    points: Sequence[Point], made: Sequence[TransactionPoint], on: date
) -> list[TransactionSession]:
    """The year's sessions by the rule; those before today were held."""
    by_point = {row.pk: (row, one) for row, one in zip(made, points, strict=True)}
    meetings = [Meeting(row.pk, one.office, one.session_day) for row, one in by_point.values()]
    hours = dict(TransactionPointProfile.objects.values_list("point_id", "hours"))
    found = []
    for month in range(1, 13):
        for planned in plan_month(meetings, date(on.year, month, 1)):
            starts, ends = hours_of(hours[planned.point])
            found.append(
                TransactionSession(
                    point=by_point[planned.point][0],
                    office_id=planned.office,
                    due_on=planned.due_on,
                    held_on=planned.held_on,
                    moved_why=planned.why,
                    starts_at=starts,
                    ends_at=ends,
                    place=f"Trụ sở UBND {by_point[planned.point][1].name} (cũ)",
                    vehicle=f"60A-{planned.office:05d}",
                    escort="Công an xã",
                    state=SessionState.SETTLED if planned.held_on < on else SessionState.PLANNED,
                )
            )
    return found


def _teams(
    sessions: Sequence[TransactionSession], staff: dict[int, dict[str, User]], on: date
) -> None:
    """Teams of the sessions up to next month's; each that was held was opened on its day."""
    until = on + timedelta(days=14)
    team = [
        TeamMember(session=one, person=person, role=role)
        for one in sessions
        if one.held_on <= until
        for role, person in staff[one.office_id].items()
    ]
    TeamMember.objects.bulk_create(team, batch_size=_BATCH)
    opened = [
        SessionMove(
            session=one,
            verb="open",
            source=SessionState.PREPARED,
            target=SessionState.OPEN,
            on=one.held_on,
            recorded_at=datetime.combine(one.held_on, one.starts_at or time(8), clock.ZONE),
            by=staff[one.office_id]["leader"],
        )
        for one in sessions
        if one.state == SessionState.SETTLED
    ]
    SessionMove.objects.bulk_create(opened, batch_size=_BATCH)


def _today(
    ours: Sequence[TransactionPoint], made: Sequence[TransactionPoint], busy: set[int], on: date
) -> None:
    """Two sessions of the cast's office are today: one was held in the morning, one is ready for the afternoon."""
    places = {row.pk: at for at, row in enumerate(made)}
    rows = TransactionSession.objects.filter(
        point__in=[one.pk for one in ours], held_on__gte=on, state=SessionState.PLANNED
    ).order_by("held_on", "pk")
    by_groups: dict[bool, list[TransactionSession]] = defaultdict(list)
    for one in rows:
        by_groups[places[one.point_id] in busy].append(one)
    team = {role: User.objects.get(username=name) for role, name in _CAST.items()}
    ready: dict[int, TransactionSession] = {}
    for one in [*by_groups[True], *by_groups[False]]:
        # A point has two sessions that are to come; only one of them is today.
        if one.point_id not in ready and len(ready) < len(_PARTS):
            ready[one.point_id] = one
    # The first is the one to be held; without another there is none that was.
    for chosen, (starts, ends) in zip(ready.values(), _PARTS, strict=False):
        _prepare(chosen, team, on)
        chosen.starts_at, chosen.ends_at = starts, ends
        chosen.state = SessionState.PREPARED
        chosen.save()
    for chosen in list(ready.values())[1:]:
        session_log.hold(chosen, team, User.objects.get(username=_KEEPER), on)


def _prepare(session: TransactionSession, team: dict[str, User], on: date) -> None:
    if session.held_on != on:
        session.held_on, session.moved_why = on, "Trùng ngày họp của Hội đồng nhân dân xã"
    session.team.all().delete()
    TeamMember.objects.bulk_create(
        TeamMember(session=session, person=person, role=role) for role, person in team.items()
    )
