"""A board's meeting from the invitation to the obligation done; what it may not do."""

from __future__ import annotations

import io
from datetime import date, time
from typing import Any

import pytest
from docx import Document
from plans_cast import Cast

from tdcs.boards.composing.meetings import invitation, minutes
from tdcs.boards.errors import (
    AlreadyDecided,
    HolderDayWrong,
    HolderIncomplete,
    MeetingIncomplete,
    MeetingMoveRefused,
    NoBoard,
    NoPlanInForce,
    NoQuorum,
    NotOwnBoard,
    VotesWrong,
)
from tdcs.boards.models import BoardMeeting, BoardSeat, OfficeHolding
from tdcs.boards.queries.meetings import paid_meetings, quorum_of, resolutions_of
from tdcs.boards.queries.members import members_of
from tdcs.boards.rules import settings
from tdcs.boards.services import meetings, offices
from tdcs.boards.services.meetings import MeetingPlan, Motion, Seen
from tdcs.boards.services.offices import Holder
from tdcs.boards.states import MeetingState
from tdcs.core.errors import NoParametersOnDay
from tdcs.documents.official import to_docx
from tdcs.letters.models import About, RegisteredLetter
from tdcs.organisations.models import Organisation
from tdcs.plans.models import Obligation, ObligationState, Plan
from tdcs.plans.ports import RecordsAsked, evidence
from tdcs.plans.services import progress

TODAY = date(2026, 11, 23)
LATER = date(2026, 11, 30)


def planned(**other: Any) -> MeetingPlan:
    given: dict[str, Any] = {
        "held_on": TODAY,
        "starts_at": time(8),
        "place": "Hội trường UBND xã",
        "agenda": ("Kết quả tín dụng quý IV", "Kiện toàn tổ"),
    }
    return MeetingPlan(**(given | other))


@pytest.fixture
def meeting(board: Organisation, cast: Cast, plan: Plan) -> BoardMeeting:
    """Invited for today."""
    made = meetings.plan_meeting(board=board, plan=planned(), by=cast.planner, on=TODAY)
    return meetings.invite(meeting=made, number="05/GM-BĐD", by=cast.planner, on=TODAY)


def seated(meeting: BoardMeeting, present: int) -> dict[int, Seen]:
    """The first so many members are there."""
    keys = [m.seat.pk for m in members_of(meeting.board_id, meeting.held_on)]
    return {
        key: Seen("present") if at < present else Seen("excused", "Phó trưởng phòng")
        for at, key in enumerate(keys)
    }


def motion(*owners: Organisation, **other: Any) -> Motion:
    given: dict[str, Any] = {
        "title": "Kiện toàn hai tổ yếu ở ấp 3",
        "text": "Họp tổ, bầu lại ban quản lý.",
        "owners": tuple(one.pk for one in owners),
        "due_on": LATER,
    }
    return Motion(**(given | other))


@pytest.mark.parametrize(
    ("present", "seats", "decides"), [(2, 4, False), (3, 4, True), (2, 5, False), (3, 5, True)]
)
def test_more_than_half_of_the_seats_may_decide(present: int, seats: int, decides: bool) -> None:
    assert settings.has_quorum(present=present, seats=seats, day=TODAY) is decides
    assert (present >= settings.needed(seats=seats, day=TODAY)) is decides


def test_more_than_half_of_those_present_pass() -> None:
    assert not settings.passes(votes_for=2, present=4, day=TODAY)
    assert settings.passes(votes_for=3, present=4, day=TODAY)
    with pytest.raises(NoParametersOnDay):
        settings.has_quorum(present=3, seats=4, day=date(2026, 1, 9))
    assert len(settings.seats_of("commune", date(2026, 1, 10))) == 4
    with pytest.raises(NoParametersOnDay):
        settings.seats_of("commune", date(2026, 1, 9))
    with pytest.raises(NoParametersOnDay):
        settings.seats_of("district", TODAY)


def test_members_sit_by_their_office_and_follow_who_holds_it(
    board: Organisation, la_nga: Organisation
) -> None:
    before = members_of(board, TODAY)
    assert before[0].seat.role == BoardSeat.Role.HEAD
    assert len(before) == 4 and all(m.holder for m in before)
    # The law names each seat once.
    assert offices.seat_board(board=board, by=None, on=TODAY) == 0
    taken = Holder(full_name="Trần Thị Mới", title="Chủ tịch", since=date(2026, 12, 1))
    offices.appoint(organisation=la_nga, holder=taken, by=None, on=TODAY)
    assert members_of(board, date(2026, 11, 30))[0].holder == before[0].holder
    new = members_of(board, date(2026, 12, 1))[0].holder
    assert new is not None and new.full_name == "Trần Thị Mới"
    assert OfficeHolding.objects.get(pk=before[0].holder.pk).ends_on == date(2026, 12, 1)  # type: ignore[union-attr]


def test_an_office_passes_on_later_days_only(
    la_nga: Organisation, board: Organisation, cast: Cast
) -> None:
    deed = {"organisation": la_nga, "by": cast.planner, "on": TODAY}
    with pytest.raises(HolderDayWrong):
        holder = Holder(full_name="Lê Văn Sớm", title="Chủ tịch", since=date(2026, 1, 15))
        offices.appoint(holder=holder, **deed)
    with pytest.raises(HolderIncomplete, match="chức vụ"):
        offices.appoint(holder=Holder(full_name="Lê", title=" ", since=TODAY), **deed)
    with pytest.raises(NotOwnBoard):
        holder = Holder(full_name="Lê Văn Lạ", title="Chủ tịch", since=TODAY)
        offices.appoint(organisation=la_nga, holder=holder, by=cast.other_commune, on=TODAY)
    with pytest.raises(NoBoard):
        offices.seat_board(board=la_nga, by=None, on=TODAY)


def test_from_the_invitation_to_the_obligation_done(
    meeting: BoardMeeting, la_nga: Organisation, cast: Cast
) -> None:
    # The invitation stands in the registers of letters of the board and of each member's unit.
    sent = RegisteredLetter.objects.filter(about=About.BOARD, about_key=meeting.pk)
    assert sent.filter(direction="out").count() == 1
    assert sent.filter(direction="in", register=la_nga).exists()

    item = meetings.move(meeting=meeting, motion=motion(la_nga), by=cast.planner, on=TODAY)
    vote = {"resolution": item, "votes_for": 2, "votes_against": 0, "by": cast.planner, "on": TODAY}
    with pytest.raises(MeetingMoveRefused):
        meetings.decide(**vote)
    meetings.attend(meeting=meeting, seen=seated(meeting, 2), by=cast.planner, on=TODAY)
    with pytest.raises(NoQuorum) as refused:
        meetings.decide(**vote)
    assert refused.value.params == {"present": 2, "seats": 4, "needed": 3}
    assert not Obligation.objects.filter(directive__isnull=False).exists()

    # One more came; now the meeting may decide.
    meetings.attend(meeting=meeting, seen=seated(meeting, 3), by=cast.planner, on=TODAY)
    with pytest.raises(VotesWrong):
        meetings.decide(**(vote | {"votes_for": 3, "votes_against": 1}))
    assert meetings.decide(**vote).passed
    with pytest.raises(AlreadyDecided):
        meetings.decide(**vote)

    owed = Obligation.objects.get(directive__board_resolution=item)
    assert (owed.holder, owed.due_on) == (la_nga, LATER)
    progress.submit(obligation=owed, words="Đã bầu lại hai tổ.", by=cast.la_nga, on=TODAY)
    assert not resolutions_of(meeting)[0].done
    progress.accept(obligation=owed, by=cast.planner, on=TODAY)
    assert resolutions_of(meeting)[0].done
    assert resolutions_of(meeting)[0].obligations[0][2] == ObligationState.ACCEPTED

    closed = meetings.close(meeting=meeting, conclusions="Nhất trí.", by=cast.planner, on=TODAY)
    assert closed.state == MeetingState.CLOSED
    asked = RecordsAsked(date(2026, 1, 1), date(2027, 1, 1))
    rows = {
        code: kind.rows(asked)
        for code, kind in evidence.kinds().items()
        if code.startswith("boards")
    }
    assert rows["boards.meeting"]["unit"].to_list() == [meeting.board_id]
    assert rows["boards.chaired"]["unit"].to_list() == [la_nga.pk]
    assert rows["boards.head"].height == 3
    assert [count for *_, count in paid_meetings(meeting.board_id, 2026)] == [1, 1, 1]


def test_a_motion_that_fails_is_owed_by_nobody(
    meeting: BoardMeeting, la_nga: Organisation, cast: Cast
) -> None:
    item = meetings.move(meeting=meeting, motion=motion(la_nga), by=cast.planner, on=TODAY)
    meetings.attend(meeting=meeting, seen=seated(meeting, 4), by=cast.planner, on=TODAY)
    with pytest.raises(MeetingIncomplete, match="biểu quyết"):
        meetings.close(meeting=meeting, conclusions="Xong.", by=cast.planner, on=TODAY)
    made = meetings.decide(resolution=item, votes_for=2, votes_against=2, by=cast.planner, on=TODAY)
    assert made.passed is False and made.directive is None
    # Whoever voted was there: the attendance stands.
    with pytest.raises(MeetingIncomplete, match="điểm danh"):
        meetings.attend(meeting=meeting, seen=seated(meeting, 3), by=cast.planner, on=TODAY)
    with pytest.raises(MeetingIncomplete, match="kết luận"):
        meetings.close(meeting=meeting, conclusions=" ", by=cast.planner, on=TODAY)


def test_what_a_meeting_may_not(
    board: Organisation, meeting: BoardMeeting, la_nga: Organisation, cast: Cast
) -> None:
    with pytest.raises(MeetingIncomplete, match="nơi họp"):
        meetings.plan_meeting(board=board, plan=planned(place=""), by=cast.planner, on=TODAY)
    with pytest.raises(MeetingIncomplete, match="trước hôm nay"):
        past = planned(held_on=date(2026, 11, 22))
        meetings.plan_meeting(board=board, plan=past, by=cast.planner, on=TODAY)
    with pytest.raises(NotOwnBoard):
        meetings.plan_meeting(board=board, plan=planned(), by=cast.other_commune, on=TODAY)
    second = meetings.plan_meeting(
        board=board, plan=planned(held_on=LATER), by=cast.planner, on=TODAY
    )
    assert second.sequence == 2
    with pytest.raises(MeetingMoveRefused):
        meetings.attend(meeting=second, seen={}, by=cast.planner, on=TODAY)
    meetings.invite(meeting=second, number="06/GM", by=cast.planner, on=TODAY)
    with pytest.raises(MeetingIncomplete, match="chưa đến ngày họp"):
        meetings.attend(meeting=second, seen={}, by=cast.planner, on=TODAY)
    with pytest.raises(MeetingIncomplete, match="hạn không trước"):
        early = motion(la_nga, due_on=date(2026, 11, 22))
        meetings.move(meeting=meeting, motion=early, by=cast.planner, on=TODAY)
    meetings.cancel(meeting=second, why="Bão lụt", by=cast.planner, on=TODAY)
    out = RegisteredLetter.objects.get(origin=f"boards.meeting:{second.pk}", direction="out")
    assert out.withdrawn_on == TODAY
    with pytest.raises(MeetingMoveRefused):
        meetings.cancel(meeting=second, why="Lần nữa", by=cast.planner, on=TODAY)


def test_without_a_plan_nothing_can_be_given(
    board: Organisation, la_nga: Organisation, cast: Cast
) -> None:
    made = meetings.plan_meeting(board=board, plan=planned(), by=cast.planner, on=TODAY)
    made = meetings.invite(meeting=made, number="01/GM", by=cast.planner, on=TODAY)
    item = meetings.move(meeting=made, motion=motion(la_nga), by=cast.planner, on=TODAY)
    meetings.attend(meeting=made, seen=seated(made, 4), by=cast.planner, on=TODAY)
    with pytest.raises(NoPlanInForce):
        meetings.decide(resolution=item, votes_for=4, votes_against=0, by=cast.planner, on=TODAY)
    item.refresh_from_db()
    assert item.decided_on is None


def _words(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_invitation_and_minutes_are_papers_of_the_board(
    meeting: BoardMeeting, la_nga: Organisation, cast: Cast
) -> None:
    called = _words(to_docx(invitation(meeting)))
    assert "Hội trường UBND xã" in called and "Kiện toàn tổ" in called
    item = meetings.move(meeting=meeting, motion=motion(la_nga), by=cast.planner, on=TODAY)
    meetings.attend(meeting=meeting, seen=seated(meeting, 3), by=cast.planner, on=TODAY)
    meetings.decide(resolution=item, votes_for=3, votes_against=0, by=cast.planner, on=TODAY)
    meetings.close(meeting=meeting, conclusions="Nhất trí.", by=cast.planner, on=TODAY)
    meeting.refresh_from_db()
    said = _words(to_docx(minutes(meeting)))
    assert "Có mặt 3/4 thành viên" in said and "Phó trưởng phòng" in said
    assert "Kiện toàn hai tổ yếu ở ấp 3" in said and "thông qua" in said and "Nhất trí." in said
    assert quorum_of(meeting).reached


def test_pages_of_a_board(
    board: Organisation, la_nga: Organisation, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    assert "La Ngà" in client.get("/ban-dai-dien/").content.decode()
    assert "Nguyễn Văn A" in client.get(f"/ban-dai-dien/{board.pk}/").content.decode()
    sent = {
        "held_on": "2026-11-23",
        "starts_at": "08:00",
        "place": "UBND xã",
        "agenda": "Việc một\nViệc hai",
    }
    assert client.post(f"/ban-dai-dien/{board.pk}/hop/", sent).status_code == 302
    made = BoardMeeting.objects.get()
    assert made.agenda == ["Việc một", "Việc hai"]
    at = f"/ban-dai-dien/hop/{made.pk}/"
    assert client.get("/ban-dai-dien/hop/").status_code == 200
    listed = client.get("/ban-dai-dien/hop/", {"export": "csv"}).content.decode("utf-8-sig")
    assert listed.splitlines()[0] == "Phiên họp,Ban đại diện,Ngày họp,Tình trạng"
    assert "2026-11-23" in listed
    client.post(f"{at}chuan-bi/", {"verb": "invite", "number": "05/GM"})
    item = {"verb": "move", "title": "Kiện toàn tổ", "owners": [la_nga.pk], "due_on": "2026-11-30"}
    client.post(f"{at}chuan-bi/", item)
    seats = [m.seat.pk for m in members_of(board, TODAY)]
    client.post(f"{at}chuan-bi/", {"verb": "attend", f"seat-{seats[0]}": "present"})
    vote = {"resolution": made.resolutions.get().pk, "for": "1", "against": "0"}
    refused = client.post(f"{at}bieu-quyet/", vote, follow=True).content.decode()
    assert "chưa đủ thành viên" in refused
    client.post(f"{at}chuan-bi/", {"verb": "attend", **{f"seat-{key}": "present" for key in seats}})
    client.post(f"{at}bieu-quyet/", vote | {"for": "4"})
    client.post(f"{at}bieu-quyet/", {"verb": "close", "conclusions": "Thống nhất"})
    page = client.get(at).content.decode()
    assert "Thống nhất" in page and "đã thông qua" in page
    for kind in ("giay-moi", "bien-ban"):
        assert client.get(f"{at}{kind}/docx/").content[:2] == b"PK"
    pay = client.get(f"/ban-dai-dien/{board.pk}/thu-lao/", {"head": "300.000", "member": "200.000"})
    assert pay.content[:2] == b"PK"
    # A clerk of the commune reads; another commune does not see it; nobody without the permission writes.
    assert signed_in(cast.la_nga).get(at).status_code == 200
    assert signed_in(cast.other_commune).get(at).status_code == 404
    assert signed_in(cast.la_nga).post(f"{at}chuan-bi/", item).status_code == 403
    assert signed_in(cast.auditor).post(f"{at}bieu-quyet/", vote).status_code == 403
    assert signed_in(cast.la_nga).get(f"/ban-dai-dien/{board.pk}/hop/").status_code == 403
    assert signed_in(cast.admin).get("/ban-dai-dien/").status_code == 403
