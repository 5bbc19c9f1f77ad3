"""A session from prepared to settled: who takes which step, cash from hand to hand, the count, the figures, the minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from lending_cast import Bank, key, lend, make_household, savings_of
from test_schedule import words_of

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.core.errors import Refusal
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import TransactionPoint
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.summary import cash_expected, figures_of, group_lines
from tdcs.transaction_points.services.holding import (
    CashPassed,
    Count,
    cancel,
    close_session,
    count_cash,
    open_session,
    pass_cash,
    prepare,
    settle,
)
from tdcs.transaction_points.services.schedule import Team, name_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def session(bank: Bank, point: TransactionPoint) -> TransactionSession:
    """Today's session, its team named."""
    point.profiles.update(session_day=23)
    made = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=TODAY, held_on=TODAY
    )
    members = [(bank.officer, "leader"), (bank.head, "controller"), (bank.teller, "teller")]
    return name_team(session=made, team=Team(members), by=bank.head, on=TODAY)


@pytest.fixture
def loan(bank: Bank, point: TransactionPoint) -> Loan:
    return lend(bank, make_household(bank.group), on=date(2026, 6, 23), amount=20_000_000)


@pytest.fixture
def opened(bank: Bank, session: TransactionSession) -> TransactionSession:
    """Open, the teller with 1,000,000 from the accountant."""
    prepare(session=session, by=bank.head, on=TODAY)
    hand(bank, session, bank.accountant, bank.teller, 1_000_000)
    return open_session(session=session, by=bank.officer, on=TODAY)


def hand(
    bank: Bank, session: TransactionSession, giver: User, taker: User, amount: int
) -> dict[str, int]:
    passed = CashPassed(giver, taker, amount)
    return pass_cash(session=session, passed=passed, by=taker, on=TODAY, key=key())


def pay(bank: Bank, loan: Loan, interest: int, principal: int = 0) -> None:
    line = Collection(loan.pk, interest=interest, principal=principal)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


def test_a_day_from_the_vault_and_back(bank: Bank, opened: TransactionSession, loan: Loan) -> None:
    pay(bank, loan, 200_000, 100_000)
    assert cash_expected(opened) == 1_300_000
    count = Count({500_000: 2, 100_000: 3})
    counted = count_cash(session=opened, count=count, by=bank.teller, on=TODAY)
    assert (counted.cash_expected, counted.cash_counted, counted.state) == (
        1_300_000,
        1_300_000,
        "counted",
    )
    closed = close_session(session=opened, conclusions="Đôn đốc lãi tồn", by=bank.officer, on=TODAY)
    assert closed.figures["interest"] == 200_000
    done = settle(session=opened, by=bank.accountant, on=TODAY, key=key())
    assert done["amount"] == 1_300_000
    row = TransactionSession.objects.get(pk=opened.pk)
    assert row.state == "settled"
    assert [one.verb for one in row.moves.order_by("pk")] == [
        "prepare",
        "open",
        "count",
        "close",
        "settle",
    ]
    assert [(one.giver_id, one.taker_id, one.amount) for one in row.handovers.order_by("pk")] == [
        (bank.accountant.pk, bank.teller.pk, 1_000_000), (bank.teller.pk, bank.accountant.pk, 1_300_000),
    ]  # fmt: skip
    assert AuditLine.objects.filter(action="points.close").count() == 1


def test_steps_out_of_their_order(bank: Bank, session: TransactionSession) -> None:
    assert (
        code_of(lambda: open_session(session=session, by=bank.officer, on=TODAY)) == "session_step"
    )
    assert code_of(
        lambda: close_session(session=session, conclusions="", by=bank.officer, on=TODAY)
    ) == "session_step"  # fmt: skip
    assert code_of(
        lambda: settle(session=session, by=bank.accountant, on=TODAY, key=key())
    ) == "session_step"  # fmt: skip


def test_a_team_of_two_is_not_prepared(bank: Bank, session: TransactionSession) -> None:
    session.team.filter(role="controller").delete()
    with pytest.raises(Refusal, match="kiểm soát viên") as said:
        prepare(session=session, by=bank.head, on=TODAY)
    assert said.value.code == "team_incomplete"


def test_only_on_its_day_and_only_by_its_leader(bank: Bank, session: TransactionSession) -> None:
    prepare(session=session, by=bank.head, on=TODAY)
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        assert (
            code_of(lambda d=day: open_session(session=session, by=bank.officer, on=d))
            == "session_today"
        )  # type: ignore[misc]
    for who in (bank.head, bank.teller, bank.director):
        assert (
            code_of(lambda w=who: open_session(session=session, by=w, on=TODAY))
            == "not_on_the_team"
        )  # type: ignore[misc]
    assert open_session(session=session, by=bank.officer, on=TODAY).state == "open"


def test_a_difference_of_one_note_needs_a_reason(bank: Bank, opened: TransactionSession) -> None:
    short = {500_000: 1, 100_000: 4, 50_000: 1, 20_000: 2, 5_000: 1, 2_000: 2, 500: 1}
    count = Count(short)
    assert code_of(
        lambda: count_cash(session=opened, count=count, by=bank.teller, on=TODAY)
    ) == "difference_unexplained"  # fmt: skip
    assert opened.counts.count() == 0
    why = Count(short, "Thiếu, đang xác minh")
    row = count_cash(session=opened, count=why, by=bank.teller, on=TODAY)
    assert (row.cash_counted, row.difference_why) == (999_500, "Thiếu, đang xác minh")
    # Counted again: found.
    row = count_cash(session=opened, count=Count({500_000: 2}, "x"), by=bank.teller, on=TODAY)
    assert (row.cash_counted, row.difference_why, row.counts.count()) == (1_000_000, "", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransactionSession.objects.filter(pk=row.pk).update(cash_counted=1)


@pytest.mark.parametrize("notes", [{3_000: 1}, {500_000: -1}, {500_000: 10**6 + 1}])
def test_notes_that_are_none(bank: Bank, opened: TransactionSession, notes: dict[int, int]) -> None:
    assert code_of(
        lambda: count_cash(session=opened, count=Count(notes, "x"), by=bank.teller, on=TODAY)
    ) == "count_wrong"  # fmt: skip


def test_money_after_the_count_keeps_the_session_open(
    bank: Bank, opened: TransactionSession, loan: Loan
) -> None:
    count_cash(session=opened, count=Count({500_000: 2}), by=bank.teller, on=TODAY)
    pay(bank, loan, 100_000)
    assert code_of(
        lambda: close_session(session=opened, conclusions="x", by=bank.officer, on=TODAY)
    ) == "difference_unexplained"  # fmt: skip


def test_what_the_counter_takes_is_not_the_sessions(
    bank: Bank, opened: TransactionSession, loan: Loan
) -> None:
    from lending_cast import person

    other = person("quay", "teller", bank.office)
    line = Collection(loan.pk, interest=100_000)
    sheet = Sheet(key(), bank.office.pk, None, (line,))
    collect_sheet(sheet=sheet, by=other, on=TODAY)
    assert cash_expected(opened) == 1_000_000


def test_cash_needs_two_people_of_whom_one_writes(bank: Bank, opened: TransactionSession) -> None:
    def passed(giver: User, taker: User, amount: int, by: User) -> str:
        return code_of(
            lambda: pass_cash(
                session=opened, passed=CashPassed(giver, taker, amount), by=by, on=TODAY, key=key()
            )
        )

    assert passed(bank.teller, bank.accountant, 1000, bank.head) == "point_field_wrong"
    assert passed(bank.teller, bank.teller, 1000, bank.teller) == "point_field_wrong"
    assert passed(bank.teller, bank.accountant, 0, bank.teller) == "point_field_wrong"
    assert passed(bank.director, bank.accountant, 1000, bank.director) == "not_on_the_team"
    once = key()
    for _again in range(2):
        pass_cash(
            session=opened, passed=CashPassed(bank.teller, bank.accountant, 400_000),
            by=bank.teller, on=TODAY, key=once,
        )  # fmt: skip
    assert (opened.handovers.count(), cash_expected(opened)) == (2, 600_000)


def test_who_was_on_the_team_does_not_take_the_cash_over(
    bank: Bank, opened: TransactionSession
) -> None:
    count_cash(session=opened, count=Count({500_000: 2}), by=bank.teller, on=TODAY)
    close_session(session=opened, conclusions="x", by=bank.officer, on=TODAY)
    opened.team.filter(role="controller").update(person=bank.accountant)
    assert code_of(
        lambda: settle(session=opened, by=bank.accountant, on=TODAY, key=key())
    ) == "not_on_the_team"  # fmt: skip
    assert settle(session=opened, by=bank.director, on=TODAY, key=key())["amount"] == 1_000_000


def test_a_session_that_is_not_held_says_why(bank: Bank, session: TransactionSession) -> None:
    assert code_of(
        lambda: cancel(session=session, why="", by=bank.head, on=TODAY)
    ) == "point_reason_missing"  # fmt: skip
    assert cancel(session=session, why="Bão", by=bank.head, on=TODAY).state == "cancelled"
    assert code_of(lambda: prepare(session=session, by=bank.head, on=TODAY)) == "session_step"


def test_figures_by_group_stay_as_the_session_left_them(
    bank: Bank, opened: TransactionSession, loan: Loan
) -> None:
    account = savings_of(loan.household, bank)
    [line] = group_lines(opened)
    due = line.interest_due
    assert (line.loans, line.came) == (1, False)
    assert due > 200_000
    sheet = Sheet(
        key(), bank.office.pk, bank.group.pk,
        (Collection(loan.pk, interest=200_000, savings=50_000, savings_account=account.pk),),
    )  # fmt: skip
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    [line] = group_lines(opened)
    assert (line.interest_due, line.interest, line.savings, line.came) == (
        due,
        200_000,
        50_000,
        True,
    )
    count_cash(session=opened, count=Count({500_000: 2, 50_000: 5}), by=bank.teller, on=TODAY)
    close_session(session=opened, conclusions="Kết luận", by=bank.officer, on=TODAY)
    opened.refresh_from_db()
    figures = figures_of(opened)
    assert (figures.groups, figures.groups_came, figures.loans_paid, figures.interest_due) == (
        1,
        1,
        1,
        due,
    )
    assert figures.on_time and figures.full_team and figures.cash_agrees and figures.meeting
    pay(bank, loan, 1)
    assert figures_of(opened) == figures


def test_the_day_on_the_pages(
    bank: Bank, session: TransactionSession, loan: Loan, signed_in: Any
) -> None:
    at = reverse("points:session", args=[session.pk])

    def do(who: User, verb: str, **given: str) -> str:
        client = signed_in(who)
        answer = client.post(
            reverse("points:step", args=[session.pk, verb]),
            given,
            follow=True,
            headers={"referer": at},
        )
        return str(answer.content.decode())

    do(bank.head, "prepare")
    signed_in(bank.teller).post(
        reverse("points:cash", args=[session.pk]),
        {"direction": "take", "other": bank.accountant.pk, "amount": "1.000.000", "key": "tien-1"},
    )
    assert "Mở phiên giao dịch" in signed_in(bank.officer).get(at).content.decode()
    assert "Mở phiên giao dịch" not in signed_in(bank.head).get(at).content.decode()
    do(bank.officer, "open")
    page = signed_in(bank.teller).get(at).content.decode()
    assert "Tiền mặt phải có: 1.000.000 đồng" in page
    said = do(bank.teller, "count", **{"notes-500000": "1"})
    assert "500.000 đồng chưa có lý do" in said
    assert "số tờ không hợp lệ" in do(bank.teller, "count", **{"notes-500000": "hai"})
    do(bank.teller, "count", **{"notes-500000": "2"})
    do(bank.officer, "close", conclusions="Tổ bà Hoa thu đủ lãi")
    do(bank.accountant, "settle", key="nop-1")
    session.refresh_from_db()
    assert session.state == "settled"
    client = signed_in(bank.officer)
    page = client.get(reverse("points:summary", args=[session.pk])).content.decode()
    assert "0/1 tổ giao dịch" in page and "Chấm điểm phiên" in page
    paper = words_of(client.get(reverse("points:minutes", args=[session.pk, "docx"])).content)
    assert "khớp đúng" in paper and "Tổ bà Hoa thu đủ lãi" in paper
    sheet = client.get(reverse("points:summary", args=[session.pk]) + "?format=csv")
    assert "4606001" in sheet.content.decode("utf-8-sig")
    # Steps have permissions of their own.
    assert (
        signed_in(bank.commune).post(reverse("points:step", args=[session.pk, "open"])).status_code
        == 403
    )
    assert client.post(reverse("points:step", args=[session.pk, "steal"])).status_code == 404
    assert (
        signed_in(bank.commune).post(reverse("points:cash", args=[session.pk])).status_code == 403
    )
    assert signed_in(bank.leader).get(reverse("points:summary", args=[session.pk])).status_code in (
        200,
        404,
    )
