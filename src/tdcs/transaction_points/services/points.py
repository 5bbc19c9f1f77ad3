"""Which groups meet at a point, and a point that gets another day, hours or place; loans and sessions follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.months import month_end
from tdcs.core.text import squash
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.entrustment.services.groups import follow_point
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.loans.services.session_days import follow_session_day
from tdcs.organisations.models import TransactionPoint, TransactionPointProfile
from tdcs.organisations.services.points import restate_point
from tdcs.transaction_points.errors import (
    GroupOfAnotherOffice,
    MoveReasonMissing,
    PointClosed,
    PointFieldWrong,
    PointOutOfScope,
)
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
from tdcs.transaction_points.queries.points import groups_at
from tdcs.transaction_points.queries.scope import office_serving, plans_for, point_profile
from tdcs.transaction_points.rules.planning import Meeting, falls_on, plan_month
from tdcs.transaction_points.services.schedule import Step, hours_of, note_move
from tdcs.transaction_points.states import COMING


class Followed(TypedDict):
    """How many groups and loans follow the point."""

    groups: int
    loans: int


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """When and where a point meets from a day on."""

    day: int
    hours: str
    place: str
    since: date
    why: str


def place_groups(
    *,
    point: TransactionPoint,
    groups: Sequence[SavingsGroup],
    since: date,
    by: User,
    on: date,
    key: str,
) -> Followed:
    """Groups meet at a point from a day on; their sessions and their loans' due sessions follow its day of the month.

    Raises PointClosed, PointOutOfScope, GroupOfAnotherOffice, PointFieldWrong, and what entrustment and loans refuse.
    """

    def work(operation: Operation) -> Followed:
        face = _face(point, since, by, on)
        office = office_serving(face, since)
        profiles = profiles_on([group.pk for group in groups], since)
        for group in sorted(groups, key=lambda one: one.pk):
            if profiles[group.pk].office_id != office:
                raise GroupOfAnotherOffice(group=group.code, point=point.code)
            _place(group, point, since)
        keys = [group.pk for group in groups]
        found = _follow(keys, face.session_day, since, by, on, operation)
        trail.record(
            action="points.place_groups",
            subject=point,
            by=by,
            on=on,
            data={"since": since, "placed": [group.code for group in groups], **found},
        )
        return found

    asked = {"point": point.pk, "groups": sorted(g.pk for g in groups), "since": str(since)}
    return idempotent(key=key, action="points.place_groups", request=asked, by=by, on=on, work=work)


def _face(point: TransactionPoint, since: date, by: User, on: date) -> TransactionPointProfile:
    """The point as it is on a day, under lock, planned by the person. Raises PointClosed, PointOutOfScope."""
    TransactionPoint.objects.select_for_update().get(pk=point.pk)
    face = point_profile(point, since)
    if face is None:
        raise PointClosed(point=point.code, day=since)
    office = office_serving(face, since)
    if office is None or not plans_for(by, office, on):
        raise PointOutOfScope(point=point.code)
    return face


def _place(group: SavingsGroup, point: TransactionPoint, since: date) -> None:
    rows = GroupAtPoint.objects.select_for_update().filter(group=group)
    if rows.filter(starts_on__gt=since).exists():
        raise PointFieldWrong(field="từ ngày", why="tổ đã được xếp điểm khác sau ngày này")
    if rows.filter(point=point, ends_on=None).exists():
        return
    rows.filter(starts_on=since).delete()
    rows.filter(ends_on=None).update(ends_on=since)
    GroupAtPoint.objects.create(group=group, point=point, starts_on=since)


def _follow(
    groups: Sequence[int], day: int, since: date, by: User | None, on: date, operation: Operation
) -> Followed:
    """Groups get the point's day; loans of groups that had another get it too."""
    for group in SavingsGroup.objects.filter(pk__in=groups).order_by("pk"):
        follow_point(group=group, day=day, since=since, by=by, on=on)
    loans = follow_session_day(
        groups=groups, day=day, since=max(since, on), by=by, on=on, operation=operation
    )
    return {"groups": len(groups), "loans": loans}


def change_meeting(
    *, point: TransactionPoint, meeting: NewMeeting, by: User, on: date, key: str
) -> Followed:
    """Another day of the month, hours or place from a day on, which is not past: groups, loans and coming sessions follow.

    Raises MoveReasonMissing, PointFieldWrong, PointClosed, PointOutOfScope, and what entrustment and loans refuse.
    """
    _require_sound(meeting, on)

    def work(operation: Operation) -> Followed:
        face = _face(point, meeting.since, by, on)
        same_day = face.session_day == meeting.day
        made = restate_point(
            point,
            meeting.since,
            session_day=meeting.day,
            hours=squash(meeting.hours)[:11],
            place=squash(meeting.place)[:200],
        )
        keys = [group.pk for group in groups_at(point.pk, meeting.since)]
        found: Followed = {"groups": len(keys), "loans": 0}
        if not same_day:
            found = _follow(keys, meeting.day, meeting.since, by, on, operation)
        moved = _replan(made, meeting, by, on)
        trail.record(
            action="points.change_meeting",
            subject=point,
            by=by,
            on=on,
            why=squash(meeting.why),
            data={
                "since": meeting.since,
                "day": meeting.day,
                "was": face.session_day,
                "sessions": moved,
                **found,
            },
        )
        return found

    asked = {
        "point": point.pk,
        "day": meeting.day,
        "hours": meeting.hours,
        "place": meeting.place,
        "since": str(meeting.since),
    }
    return idempotent(
        key=key, action="points.change_meeting", request=asked, by=by, on=on, work=work
    )


def _require_sound(meeting: NewMeeting, on: date) -> None:
    if not meeting.why.strip():
        raise MoveReasonMissing
    if not 1 <= meeting.day <= 31:
        raise PointFieldWrong(field="ngày giao dịch", why="là ngày trong tháng, từ 1 đến 31")
    if meeting.since < on:
        raise PointFieldWrong(field="từ ngày", why="ngày đã qua")
    if meeting.hours.strip() and hours_of(meeting.hours) == (None, None):
        raise PointFieldWrong(field="giờ", why="ghi như 8h00-11h00")


def _replan(face: TransactionPointProfile, meeting: NewMeeting, by: User, on: date) -> int:
    """Sessions of the point that are still to come and fall on or after the day fall on its new day; how many moved."""
    rows = TransactionSession.objects.select_for_update().filter(
        point=face.point_id, state__in=COMING, due_on__gte=meeting.since
    )
    starts, ends = hours_of(face.hours)
    moved = 0
    for row in rows.order_by("due_on"):
        month = row.due_on.replace(day=1)
        due = falls_on(month, meeting.day)
        if due < meeting.since or due > month_end(month):
            continue
        before = row.held_on
        row.starts_at, row.ends_at, row.place = starts, ends, face.place
        if due != row.due_on:
            plan = plan_month([Meeting(face.point_id, row.office_id, meeting.day)], month)[0]
            row.due_on, row.held_on, row.moved_why = plan.due_on, plan.held_on, plan.why
            moved += 1
            days = {"from": f"{before}", "to": f"{row.held_on}"}
            note_move(row, Step("move", row.state, meeting.why, days), by=by, on=on)
        row.save()
    return moved
