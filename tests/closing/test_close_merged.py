"""Borrowers found twice: their loans, savings and groups follow, and every day's snapshot names whom it should."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from business import closed, days, same_as_replayed
from lending_cast import Bank, approved, head_of, key, lend, make_group, make_household, savings_of

from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment import checks as group_checks
from tdcs.entrustment.models import BoardMember, GroupMember
from tdcs.entrustment.services import members, savings
from tdcs.entrustment.services.members import Transfer
from tdcs.households import checks as household_checks
from tdcs.households.errors import MergeRefused, UndoRefused
from tdcs.households.models import Household, HouseholdSuccession, Person
from tdcs.households.services import merging
from tdcs.households.services.merging import HouseholdMerge
from tdcs.loans import checks as loan_checks
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

pytestmark = pytest.mark.django_db
FIRST, MERGED, UNDONE, LAST = (date(2026, 3, n) for n in (5, 9, 12, 14))


@pytest.fixture
def two(bank: Bank) -> tuple[Household, Household]:
    """Bà Hoa twice: (stays, goes); the second without an identity number."""
    stays, goes = (make_household(bank.group, "Lê Thị Hoa") for _ in range(2))
    Person.objects.filter(memberships__household=goes).update(identity_number=None)
    return stays, goes


def merge(goes: Household, stays: Household, on: date, **other: Any) -> HouseholdSuccession:
    words = {name: other.pop(name) for name in ("since", "why") if name in other}
    merger = HouseholdMerge(
        goes=goes, stays=stays, **{"since": on, "why": "Đăng ký hai lần", **words}
    )
    with clock.fixed_today(on):
        return merging.merge(merger=merger, on=on, **{"typed": goes.code, "by": None, **other})


def findings() -> list[str]:
    rooms = (household_checks, group_checks, loan_checks)
    return [words for room in rooms for check in room.CHECKS.values() for words in check()]


def owners(day: date) -> dict[int, tuple[int, int]]:
    """Household and group of each loan in the day's snapshot."""
    rows = store().read(day, columns=("loan", "household", "group")).collect()
    return {row[0]: row[1:] for row in rows.rows()}


def test_each_day_names_the_household_of_that_day(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(FIRST):
        mine = lend(bank, stays, on=FIRST, amount=20_000_000)
        theirs = lend(bank, goes, on=FIRST, amount=30_000_000)
        direct = lend(bank, goes, on=FIRST, amount=7_000_000)
        for model, pk in ((Loan, direct.pk), (LoanApplication, direct.application_id)):
            model.objects.filter(pk=pk).update(group=None, channel="direct")
    for day in days(FIRST, MERGED - timedelta(days=1)):
        closed(day)
    made = merge(goes, stays, MERGED)
    theirs.refresh_from_db()
    assert (theirs.household, theirs.borrower) == (stays, head_of(stays))
    assert theirs.application.household == stays
    for day in days(MERGED, UNDONE - timedelta(days=1)):
        closed(day)
    with clock.fixed_today(UNDONE):
        merging.undo(succession=made, why="Hai hộ khác nhau", by=None, on=UNDONE)
    for day in days(UNDONE, LAST):
        closed(day)
    group = bank.group.pk
    before, between, after = (owners(day) for day in (FIRST, MERGED, UNDONE))
    assert before == {
        mine.pk: (stays.pk, group),
        theirs.pk: (goes.pk, group),
        direct.pk: (goes.pk, 0),
    }
    assert between == {**before, theirs.pk: (stays.pk, group), direct.pk: (stays.pk, 0)}
    assert after == before
    with clock.fixed_today(LAST):
        assert same_as_replayed(LAST) == 3 * len(days(FIRST, LAST))
        assert findings() == []


def test_money_of_a_merged_household(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(FIRST):
        theirs = lend(bank, goes, on=FIRST, amount=30_000_000)
        account = savings_of(goes, bank)
        savings.deposit(account=account, amount=50_000, by=bank.teller, on=FIRST, key=key())
    made = merge(goes, stays, MERGED)
    account.refresh_from_db()
    assert (account.household, account.person) == (stays, head_of(stays))
    with clock.fixed_today(LAST):
        line = Collection(theirs.pk, 0, 1_000_000)
        sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
        collect_sheet(sheet=sheet, by=bank.teller, on=LAST)
        assert findings() == []
        with pytest.raises(UndoRefused, match="vay vốn"):
            merging.undo(succession=made, why="nhầm", by=None, on=LAST)
        savings.deposit(account=account, amount=1_000, by=bank.teller, on=LAST, key=key())
        with pytest.raises(UndoRefused, match="tổ và tiền gửi, vay vốn"):
            merging.undo(succession=made, why="nhầm", by=None, on=LAST)


def test_the_membership_follows_where_there_was_none(bank: Bank, two: Any) -> None:
    stays, goes = two
    GroupMember.objects.filter(household=stays).delete()
    made = merge(goes, stays, MERGED)
    held = GroupMember.objects.get(household=stays)
    assert (held.group, held.person, held.starts_on) == (bank.group, head_of(stays), MERGED)
    assert GroupMember.objects.get(household=goes).ends_on == MERGED
    with clock.fixed_today(UNDONE):
        merging.undo(succession=made, why="nhầm", by=None, on=UNDONE)
    rows = GroupMember.objects.filter(household=goes).order_by("starts_on")
    assert [(row.starts_on, row.ends_on) for row in rows][1:] == [(UNDONE, None)]
    assert GroupMember.objects.get(household=stays).ends_on == UNDONE
    assert findings() == []


def test_a_seat_on_the_board_is_the_same_persons(bank: Bank, two: Any) -> None:
    stays, goes = two
    leader = head_of(goes)
    post = BoardMember.objects.create(
        group=bank.group, person=leader, post="leader", starts_on=date(2024, 1, 1)
    )
    made = merge(goes, stays, MERGED)
    post.refresh_from_db()
    assert post.person == head_of(stays) and findings() == []
    with clock.fixed_today(UNDONE):
        merging.undo(succession=made, why="nhầm", by=None, on=UNDONE)
    post.refresh_from_db()
    assert post.person == leader and findings() == []


def test_two_groups_are_for_a_person_to_settle(bank: Bank, two: Any) -> None:
    stays, goes = two
    other = make_group(bank.office, "4606002")
    with clock.fixed_today(FIRST):
        members.move(
            transfer=Transfer(household=goes, group=bank.group, into=other, why="x"),
            since=FIRST,
            by=None,
            on=FIRST,
        )
    with pytest.raises(MergeRefused, match=r"4606002.*4606001.*chuyển về một tổ trước"):
        merge(goes, stays, MERGED)


def test_together_above_the_maximum(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(FIRST):
        lend(bank, stays, on=FIRST, amount=60_000_000)
        approved(bank, goes, on=FIRST, amount=40_000_001)
    with pytest.raises(MergeRefused, match="cộng lại 100000001 đồng, tối đa 100000000 đồng"):
        merge(goes, stays, MERGED)
    goes.applications.update(amount=40_000_000, approved_amount=40_000_000)
    assert merge(goes, stays, MERGED).successor == stays


def test_a_loan_paid_out_after_the_day_stands_in_the_way(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(UNDONE):
        lend(bank, goes, on=UNDONE, amount=30_000_000)
    with pytest.raises(MergeRefused, match="giải ngân ngày 12/03/2026"):
        merge(goes, stays, LAST, since=UNDONE - timedelta(days=1))
    merge(goes, stays, LAST, since=UNDONE)
    assert findings() == []


def test_verify_finds_a_loan_that_is_not_where_its_transfer_led(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(FIRST):
        loan = lend(bank, goes, on=FIRST, amount=30_000_000)
    merge(goes, stays, MERGED)
    assert findings() == []
    Loan.objects.filter(pk=loan.pk).update(household=goes)
    assert any("lần chuyển ngày 09/03/2026" in words for words in findings())


def test_a_locked_day_is_refused_for_a_borrower(bank: Bank, two: Any) -> None:
    stays, goes = two
    with clock.fixed_today(FIRST):
        lend(bank, goes, on=FIRST, amount=30_000_000)
    for day in days(FIRST, MERGED):
        closed(day, lock=day == MERGED, on=MERGED + timedelta(days=1))
    on = MERGED + timedelta(days=2)
    with pytest.raises(Refusal, match="09/03/2026 đã khóa sổ"):
        merge(goes, stays, on, since=MERGED)
    assert merge(goes, stays, on, since=MERGED + timedelta(days=1)).on > MERGED
