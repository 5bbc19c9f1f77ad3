"""The calendar of sessions: a month is planned by rule, a session is moved, its team is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.core import clock, trail
from tdcs.core.months import month_end
from tdcs.core.text import squash
from tdcs.organisations.models import Organisation, TransactionPointProfile
from tdcs.transaction_points.errors import (
    MoveReasonMissing,
    NotFitForRole,
    OnePersonTwoRoles,
    PointFieldWrong,
    PointOutOfScope,
    SessionDay,
    SessionNotMovable,
)
from tdcs.transaction_points.models import SessionMove, TeamMember, TransactionSession
from tdcs.transaction_points.queries.scope import areas_of, plans_for
from tdcs.transaction_points.queries.teams import OFFICE_ROLES
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.planning import Meeting, Planned, falls_on, plan_month
from tdcs.transaction_points.states import COMING, SessionState

_HOURS: Final = re.compile(r"(\d{1,2})(?:[:hg](\d{2}))?\D+(\d{1,2})(?:[:hg](\d{2}))?")


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes, in which role, by which vehicle, with whose protection."""

    members: Sequence[tuple[User, str]]
    vehicle: str = ""
    escort: str = ""


def plan_sessions(
    *, office: Organisation, month: date, by: User | None, on: date
) -> list[TransactionSession]:
    """The sessions of an office's points in a month; those that are there stay as they are. Can be run again.

    Raises PointOutOfScope for another office's planner.
    """
    if by is not None and not plans_for(by, office.pk, on):
        raise PointOutOfScope(point=office.code)
    first = month.replace(day=1)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=office.pk)
        made = _missing(office.pk, first)
        TransactionSession.objects.bulk_create(made)
        if made:
            trail.record(
                action="points.plan_sessions",
                subject=office,
                by=by,
                on=on,
                data={
                    "month": f"{first:%Y-%m}",
                    "sessions": len(made),
                    "moved": sum(one.held_on != one.due_on for one in made),
                },
            )
    return made


def _missing(office: int, first: date) -> list[TransactionSession]:
    """Sessions of the month that are not there yet, as the rule plans them beside those that are."""
    last = month_end(first)
    faces = _faces(office, first)
    there = TransactionSession.objects.filter(office=office, held_on__range=(first, last))
    known = [
        Planned(row.point_id, row.office_id, row.due_on, row.held_on)
        for row in there.exclude(state=SessionState.CANCELLED)
    ]
    due = TransactionSession.objects.filter(
        point__in=[face.point_id for face in faces], due_on__range=(first, last)
    )
    planned = set(due.values_list("point_id", flat=True))
    faces = [face for face in faces if face.point_id not in planned]
    by_point = {face.point_id: face for face in faces}
    meetings = [Meeting(face.point_id, office, face.session_day) for face in faces]
    found = []
    for one in plan_month(meetings, first, known):
        face = by_point[one.point]
        starts, ends = hours_of(face.hours)
        found.append(
            TransactionSession(
                point_id=one.point,
                office_id=office,
                due_on=one.due_on,
                held_on=one.held_on,
                moved_why=one.why,
                starts_at=starts,
                ends_at=ends,
                place=face.place,
            )
        )
    return found


def _faces(office: int, first: date) -> list[TransactionPointProfile]:
    """The points of an office's communes with the day that holds when it falls: the day may change within the month."""
    found = []
    rows = TransactionPointProfile.objects.filter(area__in=areas_of([office], first))
    for row in rows.select_related("point").order_by("point_id", "starts_on"):
        day = falls_on(first, row.session_day)
        lives = row.starts_on <= day and (row.ends_on is None or day < row.ends_on)
        if lives and (row.point.ends_on is None or day < row.point.ends_on):
            found.append(row)
    return list({row.point_id: row for row in found}.values())


def hours_of(words: str) -> tuple[time | None, time | None]:
    """The hours that a point's profile names: "8h00-11h30", "08:00–11:30"; (None, None) when it names none."""
    found = _HOURS.search(words)
    if found is None:
        return None, None
    h1, m1, h2, m2 = (int(part or 0) for part in found.groups())
    if h1 > 23 or h2 > 23 or m1 > 59 or m2 > 59 or (h1, m1) >= (h2, m2):
        return None, None
    return time(h1, m1), time(h2, m2)


def move_session(
    *, session: TransactionSession, to: date, why: str, by: User, on: date
) -> TransactionSession:
    """Another day for a session that has not opened.

    Raises PointOutOfScope, SessionNotMovable, MoveReasonMissing, SessionDay.
    """
    if not why.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = changeable(session, by, on)
        if to < on:
            raise SessionDay(day=to, why="ngày đã qua")
        rest = settings.rest_of(to)
        if rest:
            raise SessionDay(day=to, why=rest.lower())
        before = row.held_on
        row.held_on, row.moved_why = to, "" if to == row.due_on else squash(why)[:200]
        row.save(update_fields=["held_on", "moved_why"])
        days = {"from": f"{before}", "to": f"{to}"}
        note_move(row, Step("move", row.state, why, days), by=by, on=on)
        trail.record(
            action="points.move_session",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"from": before, "to": to},
        )
    return row


def changeable(session: TransactionSession, by: User, on: date) -> TransactionSession:
    """The session, locked, when it may still get another day or team. Raises PointOutOfScope, SessionNotMovable."""
    row = TransactionSession.objects.select_for_update().get(pk=session.pk)
    if not plans_for(by, row.office_id, on):
        raise PointOutOfScope(point=row.point.code)
    if row.state not in COMING:
        raise SessionNotMovable(day=row.held_on, state=row.get_state_display())
    return row


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a session as its history tells it."""

    verb: str
    source: str
    words: str = ""
    data: Mapping[str, object] | None = None


def note_move(row: TransactionSession, step: Step, *, by: User | None, on: date) -> SessionMove:
    """One step in the session's history; in the caller's transaction."""
    return SessionMove.objects.create(
        session=row,
        verb=step.verb,
        source=step.source,
        target=row.state,
        on=on,
        recorded_at=clock.now(),
        by=by,
        words=squash(step.words)[:300],
        data=dict(step.data or {}),
    )


def name_team(*, session: TransactionSession, team: Team, by: User, on: date) -> TransactionSession:
    """The team of a session that has not opened, as a whole; an incomplete one is kept and cannot be prepared.

    Raises PointOutOfScope, SessionNotMovable, OnePersonTwoRoles, NotFitForRole, PointFieldWrong.
    """
    with transaction.atomic():
        row = changeable(session, by, on)
        _require_fit(row, team)
        row.team.all().delete()
        TeamMember.objects.bulk_create(
            TeamMember(session=row, person=person, role=role) for person, role in team.members
        )
        row.vehicle, row.escort = squash(team.vehicle)[:60], squash(team.escort)[:120]
        row.save(update_fields=["vehicle", "escort"])
        trail.record(
            action="points.name_team",
            subject=row,
            by=by,
            on=on,
            data={
                "team": {role: person.username for person, role in team.members},
                "vehicle": row.vehicle,
            },
        )
    return row


def _require_fit(row: TransactionSession, team: Team) -> None:
    seen: set[int] = set()
    single: set[str] = set()
    for person, role in team.members:
        if person.pk in seen:
            raise OnePersonTwoRoles(person=person.full_name)
        seen.add(person.pk)
        if role not in TeamMember.Role.values:
            raise PointFieldWrong(field="vai trò", why="không có trong danh mục")
        label = str(TeamMember.Role(role).label).lower()
        if role in (TeamMember.Role.LEADER, TeamMember.Role.CONTROLLER):
            if role in single:
                raise PointFieldWrong(field=label, why="chỉ một người")
            single.add(role)
        holding = person.holding(row.held_on)
        if not person.is_active or holding is None or holding.organisation_id != row.office_id:
            raise NotFitForRole(
                person=person.full_name, role=label, why="không công tác tại phòng giao dịch này"
            )
        allowed = OFFICE_ROLES.get(role)
        if allowed is not None and holding.role not in allowed:
            raise NotFitForRole(
                person=person.full_name,
                role=label,
                why=f"đang là {str(Role(holding.role).label).lower()}",
            )
