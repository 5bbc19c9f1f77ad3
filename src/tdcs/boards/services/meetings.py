"""A meeting from its plan to its minutes: invitation, attendance, resolutions, conclusions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.boards.errors import (
    AlreadyDecided,
    MeetingIncomplete,
    MeetingMoveRefused,
    NoPlanInForce,
    NoQuorum,
    NotOwnBoard,
    VotesWrong,
)
from tdcs.boards.models import BoardMeeting, MeetingAttendance, Resolution
from tdcs.boards.queries.figures import papers_of, where_of
from tdcs.boards.queries.meetings import plan_for, quorum_of
from tdcs.boards.queries.members import members_of, visible_boards
from tdcs.boards.rules import settings
from tdcs.boards.states import MEETING_MOVES, MeetingState, Presence
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent, take_back
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.plans.services import directives
from tdcs.plans.services.directives import DirectiveDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlan:
    """When and where a board meets, about what."""

    held_on: date | None
    starts_at: time | None
    place: str
    agenda: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What a meeting is asked to decide: what, by whom, by when."""

    title: str
    text: str
    owners: tuple[int, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """How a member was seen: there, excused, absent; who came in his place."""

    presence: str
    substitute: str = ""


def plan_meeting(*, board: Organisation, plan: MeetingPlan, by: User, on: date) -> BoardMeeting:
    """A new meeting of a board. Raises NotOwnBoard, MeetingIncomplete."""
    if not visible_boards(by, on).filter(pk=board.pk).exists():
        raise NotOwnBoard(unit=names_on(on, {board.pk})[board.pk])
    agenda = [squash(line)[:300] for line in plan.agenda if squash(line)]
    needed = (
        (plan.held_on, "ngày họp"),
        (plan.starts_at, "giờ họp"),
        (squash(plan.place), "nơi họp"),
        (agenda, "nội dung họp"),
        (plan.held_on is None or plan.held_on >= on, "ngày họp không trước hôm nay"),
        (any(m.holder for m in members_of(board, on)), "thành viên đang giữ chức vụ"),
    )
    missing = [words for value, words in needed if not value]
    if missing or plan.held_on is None or plan.starts_at is None:
        raise MeetingIncomplete(what=", ".join(missing))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=board.pk)
        year = plan.held_on.year
        last = BoardMeeting.objects.filter(board=board, year=year).aggregate(n=Max("sequence"))
        made = BoardMeeting.objects.create(
            board=board,
            year=year,
            sequence=(last["n"] or 0) + 1,
            held_on=plan.held_on,
            starts_at=plan.starts_at,
            place=nfc(squash(plan.place))[:200],
            agenda=[nfc(line) for line in agenda],
            made_by=by,
        )
        trail.record(action="boards.plan_meeting", subject=made, by=by, on=on)
    return made


def invite(*, meeting: BoardMeeting, number: str, by: User, on: date) -> BoardMeeting:
    """The invitation goes to the units of all members, with papers as the figures stand. Raises MeetingMoveRefused, …"""
    if not squash(number):
        raise MeetingIncomplete(what="số giấy mời")
    with transaction.atomic():
        row = _moved(meeting, "invite")
        members = [m for m in members_of(row.board_id, row.held_on) if m.holder]
        row.invited_on, row.letter_number = on, squash(number)[:60]
        row.figures = papers_of(where_of(row.board, on), on)
        row.save()
        enter_sent(
            letter=Sent(
                kind="Giấy mời",
                number=row.letter_number,
                dated_on=on,
                subject=f"Họp Ban đại diện lần {row.sequence} năm {row.year}",
                about=About.BOARD,
                about_key=row.pk,
                origin=f"boards.meeting:{row.pk}",
            ),
            sender=row.board_id,
            recipients=[m.seat.organisation_id for m in members],
            by=by,
            on=on,
        )
        trail.record(
            action="boards.invite", subject=row, by=by, on=on, data={"members": len(members)}
        )
    return row


def attend(*, meeting: BoardMeeting, seen: Mapping[int, Seen], by: User, on: date) -> BoardMeeting:
    """Who is there, by seat; a seat that is not named is absent. Not before the day of the meeting."""
    with transaction.atomic():
        row = _moved(meeting, "attend")
        if on < row.held_on:
            raise MeetingIncomplete(what=f"chưa đến ngày họp {row.held_on:%d/%m/%Y}")
        if row.resolutions.exclude(passed=None).exists():
            raise MeetingIncomplete(what="đã biểu quyết, không sửa điểm danh")
        row.attendance.all().delete()
        MeetingAttendance.objects.bulk_create(
            MeetingAttendance(
                meeting=row,
                seat=member.seat,
                full_name=member.holder.full_name,
                title=member.holder.title,
                presence=one.presence if one.presence in Presence.values else Presence.ABSENT,
                substitute=squash(one.substitute)[:120],
            )
            for member in members_of(row.board_id, row.held_on)
            if member.holder is not None
            for one in [seen.get(member.seat.pk, Seen(Presence.ABSENT))]
        )
        row.save(update_fields=["state"])
        trail.record(
            action="boards.attend",
            subject=row,
            by=by,
            on=on,
            data={"present": quorum_of(row).present},
        )
    return row


def move(*, meeting: BoardMeeting, motion: Motion, by: User, on: date) -> Resolution:
    """An item to be decided. Raises MeetingIncomplete, MeetingMoveRefused when the meeting is over."""
    owners = list(Organisation.objects.filter(pk__in=motion.owners).order_by("pk"))
    needed = (
        (squash(motion.title), "tên việc"),
        (owners, "đơn vị thực hiện"),
        (motion.due_on, "hạn"),
    )
    missing = [words for value, words in needed if not value]
    if missing or motion.due_on is None:
        raise MeetingIncomplete(what=", ".join(missing))
    with transaction.atomic():
        row = _locked(meeting)
        if row.state in (MeetingState.CLOSED, MeetingState.CANCELLED):
            raise MeetingMoveRefused(verb="Thêm nội dung biểu quyết", state=row.get_state_display())
        if motion.due_on < row.held_on:
            raise MeetingIncomplete(what="hạn không trước ngày họp")
        made = Resolution.objects.create(
            meeting=row,
            position=row.resolutions.count() + 1,
            title=nfc(squash(motion.title))[:200],
            text=nfc(motion.text.strip()),
            due_on=motion.due_on,
        )
        made.owners.set(owners)
        trail.record(action="boards.move", subject=made, by=by, on=on)
    return made


def decide(
    *, resolution: Resolution, votes_for: int, votes_against: int, by: User, on: date
) -> Resolution:
    """The vote. Passed, its owners owe it from today on (plans); without quorum nothing is decided.

    Raises NoQuorum, VotesWrong, AlreadyDecided, NoPlanInForce, MeetingMoveRefused.
    """
    with transaction.atomic():
        meeting = _locked(resolution.meeting)
        row = Resolution.objects.select_for_update().get(pk=resolution.pk)
        if row.decided_on is not None:
            raise AlreadyDecided(title=row.title, day=row.decided_on)
        if meeting.state != MeetingState.HELD:
            raise MeetingMoveRefused(verb="Biểu quyết", state=meeting.get_state_display())
        quorum = quorum_of(meeting)
        if not settings.has_quorum(present=quorum.present, seats=quorum.seats, day=meeting.held_on):
            raise NoQuorum(present=quorum.present, seats=quorum.seats, needed=quorum.needed)
        votes = votes_for + votes_against
        if votes_for < 0 or votes_against < 0 or votes > quorum.present:
            raise VotesWrong(votes=votes, present=quorum.present)
        row.votes_for, row.votes_against, row.decided_on = votes_for, votes_against, on
        row.passed = settings.passes(
            votes_for=votes_for, present=quorum.present, day=meeting.held_on
        )
        if row.passed:
            _give_to_owners(row, meeting, by, on)
        row.save()
        trail.record(
            action="boards.decide",
            subject=row,
            by=by,
            on=on,
            data={"for": votes_for, "against": votes_against, "passed": row.passed},
        )
    return row


def close(*, meeting: BoardMeeting, conclusions: str, by: User, on: date) -> BoardMeeting:
    """The minutes stand. Raises MeetingIncomplete without conclusions or with an item still open."""
    with transaction.atomic():
        row = _moved(meeting, "close")
        missing = []
        if not conclusions.strip():
            missing.append("kết luận")
        if row.resolutions.filter(passed=None).exists():
            missing.append("biểu quyết của mọi nội dung")
        if missing:
            raise MeetingIncomplete(what=", ".join(missing))
        row.conclusions, row.closed_on = nfc(conclusions.strip()), on
        row.save()
        trail.record(action="boards.close", subject=row, by=by, on=on)
    return row


def cancel(*, meeting: BoardMeeting, why: str, by: User, on: date) -> BoardMeeting:
    """The meeting is not held; an invitation that went out is taken back. Raises MeetingIncomplete without a reason."""
    if not why.strip():
        raise MeetingIncomplete(what="lý do")
    with transaction.atomic():
        row = _moved(meeting, "cancel")
        row.cancelled_why = squash(why)[:300]
        row.save()
        take_back(origin=f"boards.meeting:{row.pk}", by=by, on=on)
        trail.record(action="boards.cancel", subject=row, by=by, on=on, why=row.cancelled_why)
    return row


def _give_to_owners(row: Resolution, meeting: BoardMeeting, by: User, on: date) -> None:
    plan = plan_for(on)
    if plan is None:
        raise NoPlanInForce
    board = names_on(on, {meeting.board_id})[meeting.board_id]
    row.directive = directives.assign(
        plan=plan,
        draft=DirectiveDraft(
            title=row.title,
            text=f"{row.text}\n\n{board}, {str(meeting).lower()} ngày {meeting.held_on:%d/%m/%Y}.".strip(),
            period="day",
            period_start=on,
            due_on=row.due_on,
        ),
        organisations=_units(row.owners.all()),
        by=by,
        on=on,
    )


def _units(rows: Iterable[Organisation]) -> list[Organisation]:
    return sorted(rows, key=lambda row: row.pk)


def _locked(meeting: BoardMeeting) -> BoardMeeting:
    rows = BoardMeeting.objects.select_for_update(of=("self",)).select_related("board")
    return rows.get(pk=meeting.pk)


def _moved(meeting: BoardMeeting, verb: str) -> BoardMeeting:
    """The row under lock in its next state, which the caller saves."""
    row, wanted = _locked(meeting), MEETING_MOVES[verb]
    if row.state not in wanted.sources:
        raise MeetingMoveRefused(verb=wanted.label, state=row.get_state_display())
    row.state = wanted.target
    return row
