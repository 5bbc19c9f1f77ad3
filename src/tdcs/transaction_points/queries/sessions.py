"""Sessions of a month as a calendar and a list, their teams, what clashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import clock, workdays
from tdcs.core.months import month_end
from tdcs.core.text import fold
from tdcs.loans.rules.sessions import held_on
from tdcs.organisations.models import Kind, TransactionPointProfile
from tdcs.organisations.queries import names_on
from tdcs.transaction_points.models import SessionMove, TeamMember, TransactionSession
from tdcs.transaction_points.queries.scope import plans_for, visible_sessions
from tdcs.transaction_points.queries.teams import NEEDED
from tdcs.transaction_points.rules.planning import Clash, Held, clashes, list_from
from tdcs.transaction_points.states import COMING, SessionState

# The shape of a state on screen.
MARKS = {
    SessionState.PLANNED: "on_time",
    SessionState.PREPARED: "on_time",
    SessionState.OPEN: "soon",
    SessionState.COUNTED: "soon",
    SessionState.CLOSED: "done",
    SessionState.SETTLED: "done",
    SessionState.CANCELLED: "none",
}


@dataclass(slots=True)
class SessionRow:
    """A session as a calendar shows it. ``missing``: needed roles that nobody has; ``clashes``: what speaks against it."""

    session: TransactionSession
    name: str
    office: str
    team: list[TeamMember] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        there = {one.role for one in self.team}
        return [str(role.label) for role in NEEDED if role not in there]

    @property
    def mark(self) -> str:
        session = self.session
        late = session.state in COMING and session.held_on < clock.today()
        return "late" if late else MARKS[SessionState(session.state)]

    @property
    def moved(self) -> bool:
        return self.session.held_on != self.session.due_on


@dataclass(slots=True)
class CalendarDay:
    """A day with its sessions; ``inside`` the month that is shown."""

    on: date
    inside: bool
    today: bool
    working: bool
    holiday: str
    rows: list[SessionRow] = field(default_factory=list)

    @property
    def named(self) -> list[SessionRow]:
        return self.rows[:4]

    @property
    def more(self) -> int:
        return max(len(self.rows) - 4, 0)


@dataclass(frozen=True, slots=True)
class SessionFilters:
    """What a calendar is narrowed by; empty means all."""

    office: int = 0
    state: str = ""
    words: str = ""


def month_rows(user: User, first: date, filters: SessionFilters) -> list[SessionRow]:
    """The sessions in scope that are held in a month, by day, hour and name, with team and clashes."""
    rows = visible_sessions(user).filter(held_on__range=(first, month_end(first)))
    if filters.office:
        rows = rows.filter(office=filters.office)
    found = _rows(rows.order_by("held_on", "starts_at", "pk"))
    with_clashes(found)
    words = fold(filters.words).split()
    return [
        row
        for row in found
        if (not filters.state or _is(row, filters.state))
        and all(word in fold(row.name) for word in words)
    ]


def _is(row: SessionRow, asked: str) -> bool:
    if asked == "clash":
        return bool(row.clashes)
    if asked == "team":
        return bool(row.missing) and row.session.state in COMING
    if asked == "moved":
        return row.moved
    if asked == "lists":
        coming = row.session.state in COMING
        return coming and list_from(row.session.held_on) <= clock.today() <= row.session.held_on
    return row.session.state == asked


def _rows(rows: QuerySet[TransactionSession]) -> list[SessionRow]:
    sessions = list(rows.select_related("point").prefetch_related("team__person"))
    names = point_names(sessions)
    offices = names_on(clock.today(), {one.office_id for one in sessions})
    return [
        SessionRow(one, names[one.pk], offices.get(one.office_id, ""), sorted_team(one))
        for one in sessions
    ]


def sorted_team(session: TransactionSession) -> list[TeamMember]:
    """The team in the order of its roles."""
    order = list(TeamMember.Role.values)
    return sorted(session.team.all(), key=lambda one: (order.index(one.role), one.pk))


def point_names(sessions: Sequence[TransactionSession]) -> dict[int, str]:
    """What each session's point was called on its day."""
    faces: dict[int, list[TransactionPointProfile]] = defaultdict(list)
    points = {one.point_id for one in sessions}
    for face in TransactionPointProfile.objects.filter(point__in=points).order_by("starts_on"):
        faces[face.point_id].append(face)
    found = {}
    for one in sessions:
        there = [face for face in faces[one.point_id] if face.starts_on <= one.held_on]
        face = there[-1] if there else (faces[one.point_id] or [None])[0]  # type: ignore[list-item]
        found[one.pk] = face.name if face else one.point.code
    return found


def with_clashes(rows: Sequence[SessionRow]) -> None:
    """Each row told what speaks against it; sessions that are over or not held clash with nothing."""
    by_key = {row.session.pk: row for row in rows if row.session.state in COMING}
    held = [
        Held(
            session=key,
            point=row.session.point_id,
            on=row.session.held_on,
            starts=row.session.starts_at,
            ends=row.session.ends_at,
            people=tuple(one.person_id for one in row.team),
            vehicle=row.session.vehicle,
            counts_on=max(held_on(row.session.due_on), row.session.due_on),
        )
        for key, row in by_key.items()
    ]
    for clash in clashes(held):
        for key in {clash.first, clash.second}:
            by_key[key].clashes.append(clash)


def calendar_weeks(first: date, rows: Iterable[SessionRow]) -> list[list[CalendarDay]]:
    """Whole weeks from Monday with the sessions of each day."""
    by_day: dict[date, list[SessionRow]] = defaultdict(list)
    for row in rows:
        by_day[row.session.held_on].append(row)
    last, today = month_end(first), clock.today()
    day = first - timedelta(days=first.weekday())
    weeks: list[list[CalendarDay]] = []
    while day <= last:
        week = []
        for _number in range(7):
            week.append(
                CalendarDay(
                    on=day,
                    inside=first <= day <= last,
                    today=day == today,
                    working=workdays.is_working_day(day),
                    holiday=workdays.holiday_name(day) or "",
                    rows=by_day[day] if first <= day <= last else [],
                )
            )
            day += timedelta(days=1)
        weeks.append(week)
    return weeks


def offices_of_sessions(user: User) -> list[tuple[int, str]]:
    """Offices with sessions in scope, by name."""
    keys = set(visible_sessions(user).order_by().values_list("office_id", flat=True).distinct())
    names = names_on(clock.today(), keys)
    return sorted(((key, names.get(key, "")) for key in keys), key=lambda pair: pair[1])


def session_row(session: TransactionSession) -> SessionRow:
    """One session with its team, and what speaks against it among its office's sessions of the day."""
    day = TransactionSession.objects.filter(office=session.office_id, held_on=session.held_on)
    rows = _rows(day.order_by("pk"))
    with_clashes(rows)
    return next(row for row in rows if row.session.pk == session.pk)


def moves_of(session: TransactionSession) -> list[SessionMove]:
    """The session's steps, the newest first."""
    return list(session.moves.select_related("by").order_by("-pk"))


def plannable_office(user: User) -> int:
    """The office whose sessions a person plans; 0 for none, or for who plans several."""
    unit = own_organisation(user)
    if unit is None or unit.kind != Kind.TRANSACTION_OFFICE or not user.may("points.plan"):
        return 0
    return unit.pk if plans_for(user, unit.pk) else 0


def own_office(user: User) -> int:
    """The transaction office for which a person works; 0 for another unit."""
    unit = own_organisation(user)
    return unit.pk if unit is not None and unit.kind == Kind.TRANSACTION_OFFICE else 0


def sessions_of_point(point: int, on: date) -> list[TransactionSession]:
    """The point's last twelve sessions up to a day and those to come, the newest first."""
    rows = TransactionSession.objects.filter(point=point)
    coming = list(rows.filter(held_on__gt=on).order_by("-held_on")[:12])
    return [*coming, *rows.filter(held_on__lte=on).order_by("-held_on")[:12]]
