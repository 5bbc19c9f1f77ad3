"""Meetings as a person may see them; who is present, what was decided, how far each resolution's work is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.boards.models import BoardMeeting, MeetingAttendance, Resolution
from tdcs.boards.queries.members import area_of_board, members_of, visible_boards
from tdcs.boards.rules import settings
from tdcs.boards.states import MeetingState, Presence
from tdcs.organisations.models import Kind, Level, Organisation, OrganisationProfile, living_on
from tdcs.organisations.queries import names_on
from tdcs.plans.models import Obligation, ObligationState, Plan
from tdcs.plans.queries.in_force import plans_in_force


def visible_meetings(user: User, on: date) -> QuerySet[BoardMeeting]:
    """Meetings of the boards in a person's scope, the latest first."""
    rows = BoardMeeting.objects.filter(board__in=visible_boards(user, on))
    return rows.select_related("board", "made_by")


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many seats are held, how many of them are present, and how many are needed to decide."""

    seats: int
    present: int
    needed: int

    @property
    def reached(self) -> bool:
        return self.present >= self.needed


def quorum_of(meeting: BoardMeeting) -> Quorum:
    """Counted by the attendance of the day; before it nobody is present."""
    rows = meeting.attendance.values_list("presence", flat=True)
    seats = len(rows) or sum(
        m.holder is not None for m in members_of(meeting.board_id, meeting.held_on)
    )
    present = sum(row == Presence.PRESENT for row in rows)
    return Quorum(seats, present, settings.needed(seats=seats, day=meeting.held_on))


def attendance_of(meeting: BoardMeeting) -> QuerySet[MeetingAttendance]:
    """Who was there, the head first."""
    return meeting.attendance.select_related("seat").order_by("seat__role", "pk")


@dataclass(frozen=True, slots=True)
class Owed:
    """A resolution, its owners, and how far their obligations are."""

    resolution: Resolution
    owners: tuple[str, ...]
    obligations: tuple[tuple[int, str, str], ...]
    done: bool


def resolutions_of(meeting: BoardMeeting) -> list[Owed]:
    """Every item of a meeting with what came of it."""
    rows = list(meeting.resolutions.prefetch_related("owners").order_by("position"))
    names = names_on(meeting.held_on, {one.pk for row in rows for one in row.owners.all()})
    owed: dict[int, list[Obligation]] = {}
    keys = [row.directive_id for row in rows if row.directive_id]
    for one in Obligation.objects.filter(directive__in=keys).order_by("pk"):
        owed.setdefault(one.directive_id or 0, []).append(one)
    made = []
    for row in rows:
        mine = owed.get(row.directive_id or 0, [])
        made.append(
            Owed(
                row,
                tuple(names[one.pk] for one in row.owners.all()),
                tuple((one.pk, names.get(one.holder_id, ""), one.state) for one in mine),
                bool(mine) and all(one.state == ObligationState.ACCEPTED for one in mine),
            )
        )
    return made


def plan_for(on: date) -> Plan | None:
    """The plan under which the work of a resolution is given: the first in force."""
    return next(iter(plans_in_force(on)), None)


def paid_meetings(board: int, year: int) -> list[tuple[str, str, str, int]]:
    """For the remuneration list: name, title, role in the board, and meetings of the year at which he was present."""
    rows = MeetingAttendance.objects.filter(
        meeting__board=board,
        meeting__year=year,
        meeting__state=MeetingState.CLOSED,
        presence=Presence.PRESENT,
    ).select_related("seat")
    found: dict[tuple[str, str, str], int] = {}
    for row in rows.order_by("seat__role", "pk"):
        key = (row.full_name, row.title, row.seat.role)
        found[key] = found.get(key, 0) + 1
    return [(*key, count) for key, count in found.items()]


def meetings_of_board(board: Organisation) -> QuerySet[BoardMeeting]:
    """Meetings of one board, the latest first."""
    return BoardMeeting.objects.filter(board=board).order_by("-held_on", "-pk")


def possible_owners(meeting: BoardMeeting, on: date) -> dict[int, str]:
    """Units that may be given the work of a resolution: those of the members, and of a commune's board those of its area."""
    units = {m.seat.organisation_id for m in members_of(meeting.board_id, meeting.held_on)}
    if meeting.board.level == Level.COMMUNE:
        area = area_of_board(meeting.board_id, on)
        here = OrganisationProfile.objects.filter(living_on(on), area=area).exclude(
            organisation__kind=Kind.SAVINGS_GROUP
        )
        units |= set(
            here.filter(living_on(on, "organisation__")).values_list("organisation_id", flat=True)
        )
    else:
        committees = Organisation.objects.on(on).filter(
            kind__in=(Kind.PEOPLE_COMMITTEE, Kind.TRANSACTION_OFFICE)
        )
        units |= set(committees.values_list("pk", flat=True))
    return names_on(on, units)
