"""Boards in the demonstration: heads of units, seats of every board, meetings with what came of them, reviews."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Final

from tdcs.access.models import User
from tdcs.boards.models import BoardMeeting, BoardSeat, Office, Resolution
from tdcs.boards.queries.figures import asked_once
from tdcs.boards.queries.members import boards_on, members_of
from tdcs.boards.services import meetings, offices, reviews
from tdcs.boards.services.meetings import MeetingPlan, Motion, Seen
from tdcs.boards.services.offices import Holder
from tdcs.boards.states import Presence
from tdcs.core import clock
from tdcs.demo import people
from tdcs.demo.cast import cast
from tdcs.organisations.models import Kind, Level, Organisation
from tdcs.plans.composing.letterheads import letterhead
from tdcs.plans.models import Obligation
from tdcs.plans.services import progress
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.states import HELD

# The decree's first day; boards are seated in the week after it.
_SEATED: Final = date(2026, 1, 16)
_SINCE: Final = date(2025, 7, 1)
_QUARTERS: Final = ((1, 28), (4, 22), (7, 22), (10, 21))
_COMMUNES: Final = 12
_SHEETS: Final = 24
_REVIEWS: Final = 20
_AGENDA: Final = (
    "Kết quả tín dụng chính sách từ đầu năm",
    "Kiểm tra, giám sát và củng cố tổ tiết kiệm và vay vốn",
    "Nhiệm vụ quý tới",
)
_DECISIONS: Final = (
    "Rà soát, củng cố các tổ có nợ quá hạn",
    "Bổ sung vốn ủy thác theo kế hoạch",
    "Bố trí lại giờ, địa điểm điểm giao dịch",
    "Đối chiếu hộ vay đi khỏi địa phương",
)


def write(*, on: date, seed: int, by: User) -> None:
    """All of it, through the services; a demonstration before the decree has no boards."""
    if on < _SEATED:
        return
    luck = Random(f"{seed}:boards")
    _seat(on)
    _heads(luck, on)
    with asked_once():
        _meet(luck, by, on)
        _reviews(by, on)
        _sheets(by, on)


def _seat(on: date) -> None:
    day = min(on, _SEATED)
    with clock.fixed_today(day):
        for board in boards_on(day):
            offices.seat_board(board=board, by=None, on=day)


def _heads(luck: Random, on: date) -> None:
    """A head for each unit of which something is asked, and whoever else has a seat."""
    kinds = (Kind.PEOPLE_COMMITTEE, Kind.DEPARTMENT, Kind.VBSP_BRANCH, Kind.TRANSACTION_OFFICE)
    units = {row.pk: row for row in Organisation.objects.on(on).filter(kind__in=kinds)}
    wanted = {(key, Office.HEAD.value) for key in units}
    wanted |= set(BoardSeat.objects.values_list("organisation_id", "office"))
    missing = {key for key, _ in wanted} - set(units)
    units |= {row.pk: row for row in Organisation.objects.filter(pk__in=missing)}
    for key, office in sorted(wanted):
        unit = units[key]
        head = (
            letterhead(unit, on).signer_title if office == Office.HEAD else "Trưởng phòng Kinh tế"
        )
        holder = Holder(
            full_name=people.name_of(luck),
            title=head,
            since=max(unit.starts_on, _SINCE),
            office=office,
            basis=f"{luck.randint(100, 900)}/QĐ-UBND",
        )
        offices.appoint(organisation=unit, holder=holder, by=None, on=on)


def _meet(luck: Random, by: User, on: date) -> None:
    """The province's board each quarter, some communes' twice a year; the last one is invited and still to come."""
    boards = list(boards_on(on).order_by("pk"))
    own = Organisation.objects.filter(code=f"ban-dai-dien@{cast().commune}").first()
    communes = [row for row in boards if row.level == Level.COMMUNE and row != own][:_COMMUNES]
    for board in [row for row in boards if row.level == Level.PROVINCE]:
        for month, day in _QUARTERS:
            _hold(board, date(on.year, month, day), luck, by, on)
    for at, board in enumerate([*([own] if own else []), *communes]):
        for month in (3, 9):
            _hold(board, date(on.year, month, 5 + at), luck, by, on)
    if own is not None:
        _plan(own, on + timedelta(days=7), by, on)


def _plan(board: Organisation, held_on: date, by: User, on: date) -> BoardMeeting:
    plan = MeetingPlan(held_on=held_on, starts_at=time(8), place="Phòng họp UBND", agenda=_AGENDA)
    made = meetings.plan_meeting(board=board, plan=plan, by=by, on=on)
    number = f"{made.sequence:02d}/GM-BĐD"
    return meetings.invite(meeting=made, number=number, by=by, on=on)


def _hold(board: Organisation, day: date, luck: Random, by: User, until: date) -> None:
    if day >= until or day < _SEATED:
        return
    before = day - timedelta(days=7)
    with clock.fixed_today(before):
        made = _plan(board, day, by, before)
    with clock.fixed_today(day):
        members = [m for m in members_of(board, day) if m.holder]
        # The last member is away now and then: the meeting decides all the same.
        seen = {
            m.seat.pk: Seen(Presence.EXCUSED, "Phó trưởng phòng")
            if m is members[-1] and luck.random() < 0.3
            else Seen(Presence.PRESENT)
            for m in members
        }
        there = sum(one.presence == Presence.PRESENT for one in seen.values())
        meetings.attend(meeting=made, seen=seen, by=by, on=day)
        motion = Motion(
            title=luck.choice(_DECISIONS),
            text="Thực hiện và báo cáo Thường trực Ban đại diện.",
            owners=(members[0].seat.organisation_id,),
            due_on=day + timedelta(days=30),
        )
        item = meetings.move(meeting=made, motion=motion, by=by, on=day)
        item = meetings.decide(resolution=item, votes_for=there, votes_against=0, by=by, on=day)
        meetings.close(
            meeting=made, conclusions="Ban đại diện nhất trí các nội dung trình họp.", by=by, on=day
        )
    _answer(item, luck, by, until)


def _answer(item: Resolution, luck: Random, by: User, until: date) -> None:
    """Most owners reported in time and were accepted; a few still owe it."""
    day = item.due_on - timedelta(days=luck.randint(1, 9))
    if day >= until or luck.random() < 0.15:
        return
    with clock.fixed_today(day):
        for row in Obligation.objects.filter(directive=item.directive).order_by("pk"):
            progress.submit(obligation=row, words="Đã thực hiện theo nghị quyết.", by=None, on=day)
            progress.accept(obligation=row, by=by, on=day)


def _reviews(by: User, on: date) -> None:
    """Last year's reviews, issued in January; the cast's commune is writing this year's."""
    own = Organisation.objects.get(code=cast().committee)
    units = list(
        Organisation.objects.on(on)
        .filter(kind__in=(Kind.PEOPLE_COMMITTEE, Kind.DEPARTMENT))
        .exclude(pk=own.pk)
        .order_by("pk")[:_REVIEWS]
    )
    day = date(on.year, 1, 25)
    with clock.fixed_today(day):
        for at, unit in enumerate([own, *units]):
            if unit.starts_on > day:
                continue
            made = reviews.open_review(organisation=unit, year=on.year - 1, by=None, on=day)
            words = reviews.Words(
                results=made.results,
                findings=made.findings,
                followed=made.followed,
                causes="Phân công chưa rõ ở một số việc; theo dõi chưa thường xuyên.",
                measures="Giao từng việc cho một người; giao ban hằng tháng sau phiên giao dịch.",
            )
            made = reviews.save_review(
                review=made, words=words, revision=made.revision, by=None, on=day
            )
            reviews.issue_review(review=made, number=f"{at + 11}/BC", by=None, on=day)
    reviews.open_review(organisation=own, year=on.year, by=None, on=on)


def _sheets(by: User, on: date) -> None:
    """Conclusions of the latest sessions that were held."""
    rows = TransactionSession.objects.filter(state__in=HELD, held_on__lt=on)
    for session in rows.order_by("-held_on", "pk")[:_SHEETS]:
        with clock.fixed_today(session.held_on):
            reviews.draw_sheet(
                session=session,
                present="Phòng giao dịch, các hội nhận ủy thác, tổ trưởng, trưởng ấp",
                conclusions="Đôn đốc hộ chậm lãi; chuẩn bị hồ sơ các hộ đến hạn tháng tới.",
                by=by,
                on=session.held_on,
            )
