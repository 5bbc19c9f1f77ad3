"""The calendar of an office: planned, moved, teams named, shown; who may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from lending_cast import Bank, lend, make_household, person

from tdcs.audit.models import AuditLine
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import GroupAccount
from tdcs.organisations.models import Organisation, TransactionPoint
from tdcs.transaction_points.models import TeamMember, TransactionSession
from tdcs.transaction_points.services.schedule import (
    Team,
    hours_of,
    move_session,
    name_team,
    plan_sessions,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def december(bank: Bank, point: TransactionPoint) -> TransactionSession:
    """The point's session of 15/12."""
    [made] = plan_sessions(office=bank.office, month=DECEMBER, by=bank.director, on=TODAY)
    return TransactionSession.objects.get(pk=made.pk)


def team(bank: Bank) -> list[tuple[Any, str]]:
    return [(bank.officer, "leader"), (bank.head, "controller"), (bank.teller, "teller")]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


def test_a_month_is_planned_once(bank: Bank, december: TransactionSession) -> None:
    assert (december.due_on, december.held_on) == (date(2026, 12, 15), date(2026, 12, 15))
    assert (f"{december.starts_at}", f"{december.ends_at}") == ("08:00:00", "11:00:00")
    again = plan_sessions(office=bank.office, month=DECEMBER, by=bank.director, on=TODAY)
    assert again == []
    assert AuditLine.objects.filter(action="points.plan_sessions").count() == 1


def test_a_point_that_opens_later_or_is_closed_has_no_session(
    bank: Bank, make_point: Callable[..., TransactionPoint]
) -> None:
    open_, closed, later = make_point("TXN1"), make_point("TXN2"), make_point("TXN3")
    TransactionPoint.objects.filter(pk=closed.pk).update(ends_on=date(2026, 12, 15))
    later.profiles.update(starts_on=date(2026, 12, 16))
    made = plan_sessions(office=bank.office, month=DECEMBER, by=None, on=TODAY)
    assert [one.point_id for one in made] == [open_.pk]
    TransactionPoint.objects.filter(pk=closed.pk).update(ends_on=date(2026, 12, 16))
    later.profiles.update(starts_on=date(2026, 12, 15))
    made = plan_sessions(office=bank.office, month=DECEMBER, by=None, on=TODAY)
    assert [one.point_id for one in made] == [closed.pk, later.pk]


def test_another_office_plans_nothing_here(bank: Bank, point: TransactionPoint) -> None:
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)[0]
    stranger = person("la", "office_director", other)
    assert refused(
        lambda: plan_sessions(office=bank.office, month=DECEMBER, by=stranger, on=TODAY)
    ) == "point_out_of_scope"  # fmt: skip


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("8h00-11h30", ("08:00", "11:30")), ("08:00–11:00", ("08:00", "11:00")),
        ("7h-11h", ("07:00", "11:00")), ("sáng", None), ("11h-8h", None), ("25h-26h", None), ("", None),
    ],
)  # fmt: skip
def test_hours_as_clerks_write_them(words: str, hours: tuple[str, str] | None) -> None:
    found = hours_of(words)
    assert found == (None, None) if hours is None else [f"{t:%H:%M}" for t in found] == [*hours]  # type: ignore[union-attr]


def test_a_session_moves_for_a_reason(bank: Bank, december: TransactionSession) -> None:
    to = date(2026, 12, 16)
    moved = move_session(session=december, to=to, why="Mưa lũ", by=bank.head, on=TODAY)
    assert (moved.held_on, moved.due_on, moved.moved_why) == (to, date(2026, 12, 15), "Mưa lũ")
    back = move_session(session=december, to=december.due_on, why="Hết lũ", by=bank.head, on=TODAY)
    assert (back.held_on, back.moved_why) == (date(2026, 12, 15), "")
    assert [one.data["to"] for one in december.moves.order_by("pk")] == ["2026-12-16", "2026-12-15"]


def test_what_stands_against_a_move(bank: Bank, december: TransactionSession) -> None:
    def to(day: date, why: str = "Lý do") -> str:
        return refused(
            lambda: move_session(session=december, to=day, why=why, by=bank.head, on=TODAY)
        )

    assert to(date(2026, 12, 16), "  ") == "point_reason_missing"
    assert to(date(2026, 11, 22)) == "session_day"
    assert to(date(2027, 2, 6)) == "session_day"  # Tết
    TransactionSession.objects.update(state="open")
    assert to(date(2026, 12, 16)) == "session_not_movable"
    december.refresh_from_db()
    assert december.held_on == date(2026, 12, 15)


def test_the_database_wants_a_reason_too(december: TransactionSession) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TransactionSession.objects.update(held_on=date(2026, 12, 16))


def test_a_team_of_three_people(bank: Bank, december: TransactionSession) -> None:
    name_team(
        session=december, team=Team(team(bank), "60A-123.45", "Công an xã"), by=bank.head, on=TODAY
    )
    assert {(one.person_id, one.role) for one in december.team.all()} == {
        (who.pk, role) for who, role in team(bank)
    }
    # Named again, as a whole.
    name_team(session=december, team=Team(team(bank)[:1]), by=bank.head, on=TODAY)
    assert december.team.count() == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([("head", "leader"), ("head", "controller")], "one_person_two_roles"),
        ([("teller", "leader")], "not_fit_for_role"),
        ([("officer", "teller")], "not_fit_for_role"),
        ([("commune", "helper")], "not_fit_for_role"),
        ([("officer", "leader"), ("head", "leader")], "point_field_wrong"),
        ([("officer", "chief")], "point_field_wrong"),
    ],
)
def test_who_cannot_be_on_a_team(
    bank: Bank, december: TransactionSession, members: list[tuple[str, str]], code: str
) -> None:
    named = Team([(getattr(bank, who), role) for who, role in members])
    assert refused(
        lambda: name_team(session=december, team=named, by=bank.head, on=TODAY)
    ) == code  # fmt: skip
    assert december.team.count() == 0


def test_the_database_refuses_a_person_in_two_roles(
    bank: Bank, december: TransactionSession
) -> None:
    TeamMember.objects.create(session=december, person=bank.head, role="leader")
    for who, role in ((bank.head, "controller"), (bank.officer, "leader")):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMember.objects.create(session=december, person=who, role=role)


def test_the_calendar_shows_the_month_and_what_is_wrong(
    bank: Bank, december: TransactionSession, make_point: Callable[..., TransactionPoint],
    signed_in: Any,
) -> None:  # fmt: skip
    make_point("TXN2", 15, "10h00-12h00")
    plan_sessions(office=bank.office, month=DECEMBER, by=None, on=TODAY)
    for one in TransactionSession.objects.all():
        name_team(session=one, team=Team(team(bank), "60A-1"), by=bank.head, on=TODAY)
    client = signed_in(bank.officer)
    page = client.get(reverse("points:calendar") + "?month=2026-12").content.decode()
    assert "tháng 12/2026" in page and "Điểm La Ngà TXN1" in page and "Điểm La Ngà TXN2" in page
    assert "một người ở hai phiên cùng giờ" in page and "một xe ở hai phiên cùng giờ" in page
    # Months beside it, filters, files.
    assert "month=2026-11" in page and "month=2027-01" in page
    only = client.get(reverse("points:calendar") + "?month=2026-12&q=txn2").content.decode()
    assert "Điểm La Ngà TXN2" in only and "TXN1" not in only
    empty = client.get(reverse("points:calendar") + "?month=2026-12&state=open").content.decode()
    assert "Chưa có phiên nào" in empty
    file = client.get(reverse("points:calendar") + "?month=2026-12&format=csv")
    assert "Điểm La Ngà TXN1" in file.content.decode("utf-8-sig")


def test_people_of_other_places_see_no_session(
    bank: Bank, december: TransactionSession, signed_in: Any
) -> None:
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)[0]
    stranger = signed_in(person("la", "office_director", other))
    assert stranger.get(reverse("points:session", args=[december.pk])).status_code == 404
    assert "TXN1" not in stranger.get(reverse("points:list")).content.decode()
    at = reverse("points:move", args=[december.pk])
    assert stranger.post(at, {"to": "2026-12-20", "why": "x"}).status_code == 404
    # The commune sees its own.
    commune = signed_in(bank.commune)
    assert commune.get(reverse("points:session", args=[december.pk])).status_code == 200


def test_a_group_leader_sees_the_groups_point_alone(
    bank: Bank, december: TransactionSession, make_point: Callable[..., TransactionPoint],
    signed_in: Any,
) -> None:  # fmt: skip
    make_point("TXN2")
    client = signed_in(bank.leader)
    assert client.get(reverse("points:session", args=[december.pk])).status_code == 404
    GroupAccount.objects.create(group=bank.group, user=bank.leader, starts_on=date(2024, 1, 1))
    assert client.get(reverse("points:session", args=[december.pk])).status_code == 200
    page = client.get(reverse("points:list")).content.decode()
    assert "TXN1" in page and "TXN2" not in page


def test_roles_that_may_not_plan_are_refused(
    bank: Bank, december: TransactionSession, signed_in: Any
) -> None:
    for who in (bank.teller, bank.commune, bank.auditor, bank.leader):
        client = signed_in(who)
        for route, args in (("plan", []), ("move", [december.pk]), ("team", [december.pk])):
            assert client.post(reverse(f"points:{route}", args=args)).status_code == 403, route
        assert client.post(reverse("points:change_point", args=["TXN1"])).status_code == 403
        assert client.post(reverse("points:place_groups", args=["TXN1"])).status_code == 403
    admin = signed_in(person("qt", "system_admin", bank.office))
    assert admin.get(reverse("points:calendar")).status_code == 403


def test_planning_moving_and_naming_on_the_pages(
    bank: Bank, point: TransactionPoint, signed_in: Any
) -> None:
    client = signed_in(bank.head)
    page = client.get(reverse("points:calendar") + "?month=2027-01").content.decode()
    assert "Lập lịch tháng" in page
    client.post(reverse("points:plan"), {"month": "2027-01"})
    made = TransactionSession.objects.get()
    address = reverse("points:session", args=[made.pk])
    page = client.get(address).content.decode()
    assert "chưa phân công" in page and "Hòm thư góp ý" in page
    client.post(
        reverse("points:team", args=[made.pk]),
        {
            "leader-0": bank.officer.pk,
            "controller-0": bank.head.pk,
            "teller-0": bank.teller.pk,
            "vehicle": "60A-1",
        },
    )
    assert made.team.count() == 3
    client.post(reverse("points:move", args=[made.pk]), {"to": "2027-01-16", "why": "Bão"})
    page = client.get(address).content.decode()
    assert "16/01/2027" in page and "Bão" in page and "chưa phân công" not in page
    # A slip is said, nothing is changed.
    answer = client.post(reverse("points:move", args=[made.pk]), {"to": "x"}, follow=True)
    assert "chưa ghi" in answer.content.decode()


def words_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [c.text for t in paper.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def test_notice_posting_list_and_due_list(
    bank: Bank, december: TransactionSession, signed_in: Any
) -> None:
    home = make_household(bank.group)
    loan = lend(bank, home, on=date(2024, 12, 20), amount=30_000_000, term=24)
    client = signed_in(bank.officer)
    name_team(session=december, team=Team(team(bank)), by=bank.head, on=TODAY)
    move_session(session=december, to=date(2026, 12, 14), why="Bão", by=bank.head, on=TODAY)
    notice = client.get(reverse("points:notice", args=[december.pk, "docx"]))
    said = words_of(notice.content)
    assert (
        "thứ Hai, ngày 14/12/2026, từ 08 giờ 00" in said
        and "tổ chức bù" in said
        and "4606001" in said
    )
    posting = words_of(client.get(reverse("points:posting", args=[december.pk, "docx"])).content)
    assert "Lãi suất cho vay" in posting
    at = reverse("points:due_list", args=[december.pk, bank.group.pk, "docx"])
    due = words_of(client.get(at).content)
    # The last instalment (due 20/12) is triggered by the session of 15/12, not yet on the 14th.
    assert loan.number in due and "30.000.000" in due
    line = AuditLine.objects.get(action="points.print_due_list")
    assert line.data["loans"] == 1
    # A group of another point, another person, another format.
    assert client.get(at.replace("docx", "odt")).status_code == 404
    assert signed_in(bank.teller).get(at).status_code == 200
    assert (
        client.get(reverse("points:due_list", args=[december.pk, 999999, "docx"])).status_code
        == 404
    )
