"""An appraisal meeting is recorded as one: who was there, each case with its votes, and the applications go on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.numbers import dong
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import board_on, members_on
from tdcs.households.models import Person
from tdcs.loans.errors import (
    FieldWrong,
    MeetingHeld,
    MeetingInFuture,
    MeetingNotUndone,
    MeetingWithoutQuorum,
    NotAllowed,
    OwnCaseChaired,
    VotesAboveAttendance,
    WrongState,
)
from tdcs.loans.models import AppraisalCase, AppraisalMeeting, LoanApplication
from tdcs.loans.queries.meetings import may_hold
from tdcs.loans.rules.meetings import is_chosen, least_present
from tdcs.loans.services.applications import advance, move
from tdcs.loans.states import MOVES, ApplicationState


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """One application before the meeting, as it was voted on; ``amount`` counts only when it is chosen."""

    application: LoanApplication
    agree: int
    against: int
    amount: int
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingDraft:
    """What the minutes say; ``present``: keys of the memberships that were there."""

    group: SavingsGroup
    on: date
    chair: Person
    secretary: Person
    witness_post: str
    witness: str
    organisation_person: str
    present: Sequence[int]
    cases: Sequence[CaseDraft]


def hold_meeting(*, meeting: MeetingDraft, by: User, on: date) -> AppraisalMeeting:
    """Records a meeting; the chosen applications become appraised, the others stay drafts.

    Raises NotAllowed, MeetingInFuture, MeetingHeld, MeetingWithoutQuorum, OwnCaseChaired, VotesAboveAttendance, WrongState,
    FieldWrong.
    """
    _require_may(by, meeting.group, "Ghi biên bản họp bình xét")
    if meeting.on > on:
        raise MeetingInFuture(day=meeting.on)
    with transaction.atomic():
        SavingsGroup.objects.select_for_update().get(pk=meeting.group.pk)
        held = AppraisalMeeting.objects.filter(group=meeting.group, on=meeting.on, undone_on=None)
        if held.exists():
            raise MeetingHeld(day=meeting.on, group=meeting.group.code)
        members, present = _attendance(meeting)
        post = _board_post(meeting)
        _require_cases(meeting, len(present))
        made: AppraisalMeeting = AppraisalMeeting.objects.create(
            group=meeting.group,
            on=meeting.on,
            chair=meeting.chair,
            chair_post=post,
            secretary=meeting.secretary,
            witness_post=meeting.witness_post,
            witness=squash(meeting.witness)[:120],
            organisation_person=squash(meeting.organisation_person)[:120],
            present=present,
            members=members,
            made_by=by,
            made_at=clock.now(),
        )
        chosen = [_take(made, case, by=by, on=on) for case in meeting.cases]
        data = {
            "day": meeting.on,
            "present": len(present),
            "members": members,
            "cases": len(chosen),
            "chosen": sum(chosen),
        }
        trail.record(action="loans.hold_meeting", subject=made, by=by, on=on, data=data)
    return made


def _require_may(by: User, group: SavingsGroup, verb: str) -> None:
    if not may_hold(by, group):
        raise NotAllowed(verb=verb)


def _attendance(meeting: MeetingDraft) -> tuple[int, list[int]]:
    """How many members the group has on the day, and which of them were there. Raises MeetingWithoutQuorum, FieldWrong."""
    members = list(members_on(meeting.group, meeting.on))
    known = {member.pk for member in members}
    present = sorted(set(meeting.present))
    if not set(present) <= known:
        raise FieldWrong(field="có mặt", why="có người không phải tổ viên vào ngày họp")
    least = least_present(len(members), meeting.on)
    if len(present) < least or not present:
        raise MeetingWithoutQuorum(present=len(present), members=len(members), least=max(least, 1))
    there = {member.person_id for member in members if member.pk in present}
    for person, field in ((meeting.chair, "chủ trì"), (meeting.secretary, "thư ký")):
        if person.pk not in there:
            raise FieldWrong(field=field, why="không có mặt tại cuộc họp")
    if meeting.chair.pk == meeting.secretary.pk:
        raise FieldWrong(field="thư ký", why="phải là người khác với chủ trì")
    if meeting.witness_post not in AppraisalMeeting.Witness.values or not meeting.witness.strip():
        raise FieldWrong(field="người chứng kiến", why="chưa ghi")
    return len(members), present


def _board_post(meeting: MeetingDraft) -> str:
    """The chair's post on the board on the day. Raises FieldWrong."""
    post = board_on(meeting.group, meeting.on).filter(person=meeting.chair).first()
    if post is None:
        raise FieldWrong(field="chủ trì", why="không thuộc ban quản lý tổ vào ngày họp")
    return str(post.get_post_display())


def _require_cases(meeting: MeetingDraft, present: int) -> None:
    """Every case may be decided by this meeting. Raises OwnCaseChaired, VotesAboveAttendance, WrongState, FieldWrong."""
    keys = [case.application.pk for case in meeting.cases]
    if not keys or len(keys) != len(set(keys)):
        raise FieldWrong(field="hồ sơ", why="chưa chọn, hoặc chọn hai lần")
    rows = LoanApplication.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    kept = {row.pk: row for row in rows.select_related("household", "borrower")}
    homes = set(
        meeting.chair.memberships.filter(ends_on=None).values_list("household_id", flat=True)
    )
    for case in meeting.cases:
        row = kept[case.application.pk]
        if row.group_id != meeting.group.pk:
            raise FieldWrong(field="hồ sơ", why="không thuộc tổ này")
        if row.state not in MOVES["appraise"].sources:
            raise WrongState(
                number=row.number,
                state=row.get_state_display(),
                verb=MOVES["appraise"].label,
            )
        if row.borrower_id == meeting.chair.pk or row.household_id in homes:
            raise OwnCaseChaired(name=meeting.chair.full_name, number=row.number)
        _require_votes(case, row, present, meeting.on)


def _require_votes(case: CaseDraft, row: LoanApplication, present: int, on: date) -> None:
    if case.agree < 0 or case.against < 0:
        raise FieldWrong(field="biểu quyết", why="số phiếu không được âm")
    votes = case.agree + case.against
    if votes > present:
        raise VotesAboveAttendance(number=row.number, votes=votes, present=present)
    if is_chosen(case.agree, present, on) and not 0 < case.amount <= row.amount:
        raise FieldWrong(field="số tiền tổ đồng ý", why="phải lớn hơn 0, không quá số đề nghị")


def _take(meeting: AppraisalMeeting, case: CaseDraft, *, by: User, on: date) -> bool:
    """Keeps one case; a chosen application takes its step by the service of every step."""
    present = len(meeting.present)
    chosen = is_chosen(case.agree, present, meeting.on)
    AppraisalCase.objects.create(
        meeting=meeting,
        application=case.application,
        agree=case.agree,
        against=case.against,
        chosen=chosen,
        amount=case.amount if chosen else None,
        words=squash(case.words)[:300],
    )
    if chosen:
        words = (
            f"Họp tổ ngày {meeting.on:%d/%m/%Y}: {case.agree} đồng ý, {case.against} không đồng ý,"
            f" {present} có mặt; tổ đồng ý {dong(case.amount)} đồng. {squash(case.words)}"
        )
        advance(application=case.application, verb="appraise", by=by, on=on, words=words.strip())
    return chosen


def undo_meeting(*, meeting: AppraisalMeeting, why: str, by: User, on: date) -> AppraisalMeeting:
    """Takes a meeting back as a whole while the commune has confirmed nothing of it; its applications are drafts again.

    Raises NotAllowed, FieldWrong, MeetingNotUndone.
    """
    _require_may(by, meeting.group, "Hủy biên bản họp bình xét")
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")
    with transaction.atomic():
        kept = AppraisalMeeting.objects.select_for_update().get(pk=meeting.pk)
        if kept.undone_on is not None:
            raise FieldWrong(field="biên bản", why="đã hủy rồi")
        keys = kept.cases.filter(chosen=True).values_list("application_id", flat=True)
        locked = LoanApplication.objects.select_for_update().filter(pk__in=list(keys))
        rows = list(locked.order_by("pk"))
        for row in rows:
            if row.state != ApplicationState.APPRAISED:
                raise MeetingNotUndone(number=row.number, state=row.get_state_display())
        for row in rows:
            move(row, "undo_appraisal", by=by, on=on, words=why)
        kept.undone_on, kept.undone_by, kept.undone_why = on, by, squash(why)[:300]
        kept.save(update_fields=["undone_on", "undone_by", "undone_why"])
        trail.record(action="loans.undo_meeting", subject=kept, by=by, on=on, why=squash(why))
    return kept
