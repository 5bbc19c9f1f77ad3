"""Groups at a point, and a point that gets another day: groups, loans and coming sessions follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, key, lend, make_group, make_household

from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.entrustment.queries.groups import profile_on
from tdcs.loans.checks import CHECKS, position_view_is_the_fold, standing_is_the_fold
from tdcs.loans.models import Loan
from tdcs.loans.services.changing import reverse_event
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation, TransactionPoint
from tdcs.transaction_points.checks import groups_meet_on_their_points_day
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
from tdcs.transaction_points.queries.points import groups_at, point_of
from tdcs.transaction_points.services.points import NewMeeting, change_meeting, place_groups
from tdcs.transaction_points.services.schedule import plan_sessions

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def meeting(**other: Any) -> NewMeeting:
    given = {
        "day": 20, "hours": "8h00-11h00", "place": "Nhà văn hóa", "since": date(2026, 12, 1),
        "why": "Theo đề nghị của UBND xã", **other,
    }  # fmt: skip
    return NewMeeting(**given)


def change(bank: Bank, point: TransactionPoint, **other: Any) -> dict[str, int]:
    found = change_meeting(
        point=point, meeting=meeting(**other), by=bank.director, on=TODAY, key=key()
    )
    return {**found}


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


@pytest.fixture
def loan(bank: Bank, point: TransactionPoint) -> Loan:
    """20 million in two instalments: due 25/12/2026 and 25/6/2027, at the sessions of 15/12 and 15/6."""
    made = lend(
        bank,
        make_household(bank.group),
        on=date(2026, 6, 25),
        amount=20_000_000,
        term=12,
        spacing=6,
    )
    assert sessions(made) == [date(2026, 12, 15), date(2027, 6, 15)]
    return made


def sessions(loan: Loan) -> list[date]:
    return list(loan.instalments.order_by("number").values_list("session_on", flat=True))


def sound() -> list[str]:
    found = [*standing_is_the_fold(), *position_view_is_the_fold()]
    return found + [line for check in CHECKS.values() for line in check()]


def test_due_sessions_follow_the_point_from_its_day(
    bank: Bank, point: TransactionPoint, loan: Loan
) -> None:
    with clock.fixed_today(TODAY):
        assert change(bank, point) == {"groups": 1, "loans": 1}
        assert sessions(loan) == [date(2026, 12, 20), date(2027, 6, 20)]
        # The contract keeps its day, the event says the other; due days themselves stay.
        loan.refresh_from_db()
        assert (loan.session_day, loan.final_session_on) == (15, date(2027, 6, 20))
        [event] = loan.events.filter(kind="session_day")
        assert (event.amount, event.until_on) == (20, date(2026, 12, 1))
        assert sound() == []
        assert list(groups_meet_on_their_points_day()) == []
        # The group has its day until the first of December.
        assert profile_on(bank.group, date(2026, 11, 30)).session_day == 15
        assert profile_on(bank.group, date(2026, 12, 1)).session_day == 20


def test_a_session_before_the_day_stays(bank: Bank, point: TransactionPoint, loan: Loan) -> None:
    # From 16/12: the 20th of December comes after it, so due 25/12 follows; from 21/12 the session of 15/12 stays.
    assert change(bank, point, since=date(2026, 12, 21))["loans"] == 1
    assert sessions(loan) == [date(2026, 12, 15), date(2027, 6, 20)]


def test_what_is_overdue_stays_overdue(bank: Bank, point: TransactionPoint) -> None:
    loan = lend(
        bank,
        make_household(bank.group),
        on=date(2026, 5, 25),
        amount=20_000_000,
        term=12,
        spacing=6,
    )
    assert sessions(loan)[0] == date(2026, 11, 15)
    change(bank, point, day=24, since=TODAY)
    # Due 25/11: the 24th would be a session before it, but the 15th has passed.
    assert sessions(loan) == [date(2026, 11, 15), date(2027, 5, 24)]
    loan.refresh_from_db()
    assert loan.state == "overdue"


def test_payments_go_on_after_the_change(bank: Bank, point: TransactionPoint, loan: Loan) -> None:
    change(bank, point, since=TODAY)
    later = date(2026, 12, 20)
    with clock.fixed_today(later):
        collect_sheet(
            sheet=Sheet(key(), bank.office.pk, bank.group.pk, (Collection(loan.pk, principal=10_000_000),)),
            by=bank.teller, on=later,
        )  # fmt: skip
        loan.refresh_from_db()
        assert (loan.balance, loan.state) == (10_000_000, "in_time")
        assert sound() == []


def test_a_second_change_and_one_asked_twice(
    bank: Bank, point: TransactionPoint, loan: Loan
) -> None:
    once = key()
    first = {"point": point, "meeting": meeting(), "by": bank.director, "on": TODAY, "key": once}
    assert change_meeting(**first)["loans"] == 1
    assert change_meeting(**first) | {} == {"groups": 1, "loans": 1, "again": True}
    assert loan.events.filter(kind="session_day").count() == 1
    assert change(bank, point, day=5, since=date(2027, 1, 1))["loans"] == 1
    assert sessions(loan) == [date(2026, 12, 20), date(2027, 6, 5)]
    assert sound() == []


def test_another_place_alone_moves_no_debt(bank: Bank, point: TransactionPoint, loan: Loan) -> None:
    assert change(bank, point, day=15) == {"groups": 1, "loans": 0}
    assert not loan.events.filter(kind="session_day").exists()
    assert point.profiles.order_by("-starts_on")[0].place == "Nhà văn hóa"


def test_coming_sessions_follow_and_those_before_the_day_stay(
    bank: Bank, point: TransactionPoint
) -> None:
    for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 2, 1)):
        plan_sessions(office=bank.office, month=month, by=None, on=TODAY)
    change(bank, point, day=8)
    rows = TransactionSession.objects.order_by("due_on")
    # 8/2/2027 is in Tết (5/2 to 9/2): made up for on 11/2... the day on which debts due then count.
    assert [(one.due_on, one.place) for one in rows] == [
        (date(2026, 11, 15), "UBND xã La Ngà"),
        (date(2026, 12, 8), "Nhà văn hóa"),
        (date(2027, 2, 8), "Nhà văn hóa"),
    ]
    assert rows[2].held_on > date(2027, 2, 9) and rows[2].moved_why


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"why": " "}, "point_reason_missing"), ({"day": 0}, "point_field_wrong"),
        ({"day": 32}, "point_field_wrong"), ({"hours": "sáng"}, "point_field_wrong"),
        ({"since": date(2026, 11, 22)}, "point_field_wrong"),
    ],
)  # fmt: skip
def test_what_a_change_must_say(
    bank: Bank, point: TransactionPoint, other: dict[str, Any], code: str
) -> None:
    assert code_of(lambda: change(bank, point, **other)) == code
    assert point.profiles.count() == 1


def test_a_closed_point_and_a_stranger(bank: Bank, point: TransactionPoint) -> None:
    assert code_of(
        lambda: change_meeting(
            point=point, meeting=meeting(), by=bank.commune, on=TODAY, key=key()
        )
    ) == "point_out_of_scope"  # fmt: skip
    TransactionPoint.objects.update(ends_on=date(2026, 12, 1))
    assert code_of(lambda: change(bank, point)) == "point_closed"
    assert change(bank, point, since=date(2026, 11, 30))["groups"] == 1


def test_the_event_alone_is_not_reversed(bank: Bank, point: TransactionPoint, loan: Loan) -> None:
    change(bank, point)
    event = loan.events.get(kind="session_day")
    assert code_of(
        lambda: reverse_event(event=event, why="Nhầm", by=bank.accountant, on=TODAY, key=key())
    ) == "not_reversible"  # fmt: skip


def test_groups_are_placed_and_take_the_points_day(
    bank: Bank, make_point: Callable[..., TransactionPoint], loan: Loan
) -> None:
    other = make_point("TXN9", day=7)
    done = place_groups(
        point=other, groups=[bank.group], since=TODAY, by=bank.director, on=TODAY, key=key()
    )
    assert {**done} == {"groups": 1, "loans": 1}
    assert [one.code for one in groups_at(other.pk, TODAY)] == ["4606001"]
    # One point at a time: the day before it met at the other.
    before = point_of(bank.group.pk, date(2026, 11, 22))
    assert before is not None and before.point.code == "TXN1"
    assert GroupAtPoint.objects.filter(group=bank.group).count() == 2
    assert sessions(loan) == [date(2026, 12, 7), date(2027, 6, 7)]
    assert AuditLine.objects.get(action="points.place_groups").data["placed"] == ["4606001"]


def test_a_group_of_another_office_is_not_placed(bank: Bank, point: TransactionPoint) -> None:
    group = make_group(bank.office, "4606009")
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)[0]
    GroupProfile.objects.filter(group=group).update(office=other)
    assert code_of(
        lambda: place_groups(
            point=point, groups=[group], since=TODAY, by=bank.director, on=TODAY, key=key()
        )
    ) == "group_of_another_office"  # fmt: skip
    assert GroupAtPoint.objects.count() == 1


def test_the_pages_of_points(bank: Bank, point: TransactionPoint, signed_in: Any) -> None:
    free = make_group(bank.office, "4606008")
    client = signed_in(bank.director)
    page = client.get(reverse("points:list") + "?q=txn1").content.decode()
    assert "1 điểm đang hoạt động" in page and "UBND xã La Ngà" in page
    listed = client.get(reverse("points:list"), {"q": "txn1", "export": "csv"})
    [_head, line] = listed.content.decode("utf-8-sig").splitlines()
    assert line.startswith("TXN1,") and line.endswith(",1")
    address = reverse("points:point", args=["TXN1"])
    page = client.get(address).content.decode()
    assert "Tổ bà Hoa" in page and "4606008" in page and "Đổi ngày, giờ, nơi" in page
    client.post(reverse("points:place_groups", args=["TXN1"]), {"group": [free.pk], "key": "xep-1"})
    assert groups_at(point.pk, TODAY).count() == 2
    client.post(
        reverse("points:change_point", args=["TXN1"]),
        {
            "day": "18",
            "hours": "7h30-10h30",
            "place": "UBND",
            "since": "2026-12-01",
            "why": "x",
            "key": "doi-1",
        },
    )
    assert profile_on(SavingsGroup.objects.get(code="4606008"), date(2026, 12, 1)).session_day == 18
    assert "Đổi ngày, giờ, nơi" not in signed_in(bank.officer).get(address).content.decode()
    assert client.get(reverse("points:point", args=["TXN404"])).status_code == 404
