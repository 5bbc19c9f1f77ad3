"""Classes: who is called, no two classes at one hour, checking in by a code, what people think, who is trained."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from plan_fixtures import BRANCH
from plans_cast import Cast

from tdcs.core import clock
from tdcs.organisations.models import Organisation
from tdcs.outreach.errors import (
    CheckInRefused,
    ClassClash,
    ClassIncomplete,
    NotOwnUnit,
    WhyMissing,
)
from tdcs.outreach.models import Attendee, CheckIn, TrainingClass
from tdcs.outreach.queries.classes import attendance, session_by_code, trained_by_audience
from tdcs.outreach.rules.training import CODE_LENGTH, Hours, audiences, code_of, meet, trained_since
from tdcs.outreach.services import classes
from tdcs.outreach.services.classes import Called, ClassPlan, Sitting
from tdcs.plans.ports import RecordsAsked, evidence

TODAY = date(2026, 11, 23)


def sitting(start: int = 8, end: int = 11, on: date = TODAY, **other: Any) -> Sitting:
    given: dict[str, Any] = {"place": "Hội trường", "topic": "Quy trình ủy thác"}
    return Sitting(on=on, starts_at=time(start), ends_at=time(end), **(given | other))


def planned(*sittings: Sitting, **other: Any) -> ClassPlan:
    given: dict[str, Any] = {
        "title": "Tập huấn trưởng ấp",
        "audience": "hamlet_heads",
        "programme": "Vai trò của trưởng ấp.",
    }
    return ClassPlan(sittings=sittings, **(given | other))


@pytest.fixture
def branch(cast: Cast) -> Organisation:
    return Organisation.objects.get(code=BRANCH)


@pytest.fixture
def lesson(branch: Organisation, cast: Cast) -> TrainingClass:
    return classes.set_up_class(
        organisation=branch, plan=planned(sitting()), by=cast.planner, on=TODAY
    )


@pytest.fixture
def head(la_nga: Organisation) -> Called:
    return Called("Nguyễn Văn Bảy", "Trưởng ấp 2", la_nga.pk)


@pytest.mark.parametrize(
    ("start", "end", "clash"), [(6, 8, False), (7, 9, True), (10, 12, True), (11, 13, False)]
)
def test_two_sittings_meet_when_their_hours_overlap(start: int, end: int, clash: bool) -> None:
    morning = Hours(TODAY, time(8), time(11))
    assert meet(morning, Hours(TODAY, time(start), time(end))) is clash
    assert not meet(morning, Hours(date(2026, 11, 24), time(start), time(end)))


def test_how_long_training_holds_is_data() -> None:
    assert trained_since(audiences()["group_boards"], TODAY) == date(2024, 11, 23)
    # 29 February has no day two years on: the month's last.
    assert trained_since(audiences()["group_boards"], date(2026, 2, 28)) == date(2024, 2, 28)
    assert trained_since(audiences()["bank_staff"], date(2024, 2, 29)) == date(2023, 2, 28)
    assert len(code_of(lambda letters: letters[0])) == CODE_LENGTH


def test_a_person_of_another_class_at_the_same_hour_is_refused_by_name(
    lesson: TrainingClass, branch: Organisation, head: Called, la_nga: Organisation, cast: Cast
) -> None:
    assert classes.call(training_class=lesson, people=[head, head], by=cast.planner, on=TODAY) == 1
    other = classes.set_up_class(
        organisation=branch,
        plan=planned(sitting(10, 12), title="Lớp khác"),
        by=cast.planner,
        on=TODAY,
    )
    free = Called("Trần Thị Sáu", "Trưởng ấp 5", la_nga.pk)
    same = Called("NGUYỄN VĂN BẢY", "Trưởng ấp", la_nga.pk)
    with pytest.raises(ClassClash, match=r"NGUYỄN VĂN BẢY \(lớp “Tập huấn trưởng ấp”\)"):
        classes.call(training_class=other, people=[free, same], by=cast.planner, on=TODAY)
    assert not other.attendees.exists()
    # A namesake of another unit is somebody else; after the class was cancelled nobody is bound by it.
    namesake = Called("Nguyễn Văn Bảy", "Trưởng ấp", branch.pk)
    assert classes.call(training_class=other, people=[namesake], by=cast.planner, on=TODAY) == 1
    with pytest.raises(WhyMissing):
        classes.cancel_class(training_class=lesson, why="", by=cast.planner, on=TODAY)
    classes.cancel_class(training_class=lesson, why="Mưa bão", by=cast.planner, on=TODAY)
    assert classes.call(training_class=other, people=[same], by=cast.planner, on=TODAY) == 1


def test_a_later_hour_is_no_clash(
    lesson: TrainingClass, branch: Organisation, head: Called, cast: Cast
) -> None:
    classes.call(training_class=lesson, people=[head], by=cast.planner, on=TODAY)
    later = classes.set_up_class(
        organisation=branch, plan=planned(sitting(11, 12)), by=cast.planner, on=TODAY
    )
    assert classes.call(training_class=later, people=[head], by=cast.planner, on=TODAY) == 1


@pytest.mark.parametrize(
    ("plan", "missing"),
    [
        (planned(), "buổi học"),
        (planned(sitting(11, 8)), "buổi 1"),
        (planned(sitting(topic=" ")), "chuyên đề"),
        (planned(sitting(), audience="everybody"), "đối tượng"),
        (planned(sitting(), programme=" "), "chương trình"),
    ],
)
def test_a_class_that_is_not_whole_is_refused(
    plan: ClassPlan, missing: str, branch: Organisation, cast: Cast
) -> None:
    with pytest.raises(ClassIncomplete, match=missing):
        classes.set_up_class(organisation=branch, plan=plan, by=cast.planner, on=TODAY)
    assert not TrainingClass.objects.exists()


def test_only_the_own_unit_holds_classes(branch: Organisation, cast: Cast) -> None:
    with pytest.raises(NotOwnUnit):
        classes.set_up_class(organisation=branch, plan=planned(sitting()), by=cast.la_nga, on=TODAY)


def test_who_checked_in_was_there_and_counts_as_trained(
    lesson: TrainingClass, head: Called, cast: Cast
) -> None:
    classes.call(training_class=lesson, people=[head], by=cast.planner, on=TODAY)
    one, session = Attendee.objects.get(), lesson.sessions.get()
    assert session_by_code(session.code.lower()) == session
    deed = {"session": session, "by": cast.la_nga, "on": TODAY}
    with pytest.raises(CheckInRefused, match="mã riêng"):
        classes.check_in(code="XXXXXX", **deed)
    with pytest.raises(CheckInRefused, match="23/11/2026"):
        classes.check_in(code=one.code, **(deed | {"on": date(2026, 11, 24)}))
    with pytest.raises(ClassIncomplete):
        classes.evaluate(attendee=one, grade=5, remark="", by=cast.planner, on=TODAY)
    classes.check_in(code=one.code.lower(), **deed)
    classes.check_in(code=one.code, **deed)
    assert CheckIn.objects.count() == 1
    assert attendance(lesson) == [(one, [True])]
    counts = {audience.code: count for audience, count in trained_by_audience(TODAY)}
    assert counts["hamlet_heads"] == 1 and counts["group_boards"] == 0
    later = {audience.code: count for audience, count in trained_by_audience(date(2029, 1, 1))}
    assert later == dict.fromkeys(audiences(), 0)
    with pytest.raises(ClassIncomplete):
        classes.evaluate(attendee=one, grade=6, remark="", by=cast.planner, on=TODAY)
    assert (
        classes.evaluate(attendee=one, grade=5, remark="Dễ hiểu", by=cast.planner, on=TODAY).grade
        == 5
    )
    with pytest.raises(ClassIncomplete, match="có người dự"):
        classes.cancel_class(training_class=lesson, why="x", by=cast.planner, on=TODAY)
    kind = evidence.kinds()["outreach.class"]
    rows = kind.rows(RecordsAsked(date(2026, 1, 1), date(2027, 1, 1)))
    assert rows["unit"].to_list() == [lesson.organisation_id]


def test_pages_of_a_class(cast: Cast, la_nga: Organisation, signed_in: Any) -> None:
    client = signed_in(cast.planner)
    sent = {
        "title": "Tập huấn cán bộ hội",
        "audience": "mass_staff",
        "programme": "Sáu việc ủy thác",
        "on": "2026-11-23",
        "starts_at": "08:00",
        "ends_at": "11:00",
        "place": "Hội trường",
        "topics": "Buổi một\nBuổi hai",
    }
    assert client.post("/phong-trao/lop/moi/", sent).status_code == 302
    row = TrainingClass.objects.get()
    first = row.sessions.order_by("on").first()
    assert first is not None
    assert [one.on for one in row.sessions.all()] == [TODAY, date(2026, 11, 24)]
    at = f"/phong-trao/lop/{row.pk}/"
    client.post(f"{at}lam/", {"verb": "call", "people": "Lê Thị Tám, Chi hội trưởng\nVõ Văn Chín"})
    one = Attendee.objects.get(full_name="Lê Thị Tám")
    assert one.role == "Chi hội trưởng"
    assert client.get(at).status_code == 200
    assert client.get(f"/phong-trao/lop/buoi/{first.pk}/").status_code == 200
    picture = client.get(f"/phong-trao/lop/buoi/{first.pk}/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml" and b"<svg" in picture.content
    # Whoever is signed in checks in with the two codes; a wrong one is said.
    guest = signed_in(cast.other_commune)
    page = guest.get("/phong-trao/lop/diem-danh/", {"ma": first.code}).content.decode()
    assert "Buổi một" in page
    wrong = guest.post("/phong-trao/lop/diem-danh/", {"ma": first.code, "own": "SAI"})
    assert "mã riêng" in wrong.content.decode()
    unknown = guest.post("/phong-trao/lop/diem-danh/", {"ma": "ABC", "own": one.code})
    assert "mã buổi học" in unknown.content.decode()
    answer = guest.post("/phong-trao/lop/diem-danh/", {"ma": first.code, "own": one.code})
    assert answer.status_code == 302 and CheckIn.objects.count() == 1
    client = signed_in(cast.planner)
    client.post(f"{at}lam/", {"verb": "evaluate", "attendee": one.pk, "grade": "4"})
    assert client.get(f"{at}diem-danh/").content[:2] == b"PK"
    assert "Tập huấn cán bộ hội" in client.get("/phong-trao/lop/").content.decode()
    # A clerk may not set up classes nor see codes; an administrator does not see classes.
    assert signed_in(cast.la_nga).post("/phong-trao/lop/moi/", sent).status_code == 403
    assert signed_in(cast.la_nga).get(f"/phong-trao/lop/buoi/{first.pk}/").status_code == 403
    assert signed_in(cast.la_nga).get(at).status_code == 404
    assert signed_in(cast.admin).get("/phong-trao/lop/").status_code == 403
    assert clock.today() == TODAY
