"""A record on which others stand does not end; the refusal names each of them. Each kind of record, each kind of thing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lending_cast import (
    SINCE,
    Bank,
    approved,
    head_of,
    key,
    lend,
    make_group,
    make_household,
    person,
    savings_of,
)

from tdcs.access.services import give_role
from tdcs.core import ending
from tdcs.core.errors import Kept, StillNeeded
from tdcs.core.ports import PortUnanswered
from tdcs.core.text import fold
from tdcs.entrustment import ports
from tdcs.entrustment.errors import StillOwes
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.entrustment.services import groups, members, savings
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.services import registering
from tdcs.households.services.registering import NewHome
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services.applications import advance
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.lending import disburse
from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.organisations.services.changing import Heir, record_succession

pytestmark = pytest.mark.django_db
DAY, LAST = date(2026, 3, 5), date(2026, 6, 1)


def _end(bank: Bank, household: Household, on: date = LAST) -> None:
    registering.end_household(household=household, last=on, why="Chuyển đi", by=None, on=on)


def _named(refused: pytest.ExceptionInfo[StillNeeded]) -> str:
    return "; ".join(one.vi for one in refused.value.kept)


def _settle(bank: Bank, loan: Loan, on: date) -> None:
    loan.refresh_from_db()
    due = roll_forward(loan_rows([loan.pk]), on)["due"].item()
    line = Collection(loan.pk, due, loan.balance)
    collect_sheet(sheet=Sheet(key(), loan.office_id, None, (line,)), by=bank.teller, on=on)


def _leave(bank: Bank, household: Household, on: date, group: SavingsGroup | None = None) -> None:
    members.leave(
        group=group or bank.group, household=household, why="Hết vay", since=on, by=None, on=on
    )


def _second(household: Household, name: str = "Anh Hai") -> HouseholdMember:
    other = Person.objects.create(full_name=name, search=fold(name))
    return HouseholdMember.objects.create(
        household=household, person=other, relation="con", starts_on=SINCE
    )


def test_a_household_that_owes_and_saves(bank: Bank) -> None:
    """50,000,000 owed and 200,000 saved, ended on 1/6/2026: refused, naming loan, savings and membership, until none is left."""
    household = make_household(bank.group)
    account = savings_of(household, bank)
    savings.deposit(account=account, amount=200_000, by=bank.teller, on=DAY, key=key())
    loan = lend(bank, household, on=DAY)
    with pytest.raises(StillNeeded) as refused:
        _end(bank, household)
    named = _named(refused)
    assert f"khoản vay {loan.number} nợ gốc 50.000.000 đồng, lãi" in named
    assert f"sổ tiền gửi {account.number} số dư 200.000 đồng" in named
    assert f"tổ viên ở tổ {bank.group.code}" in named
    assert household.code in refused.value.sentence() and loan.number in refused.value.sentence(
        "en"
    )
    assert len(refused.value.as_json()["kept"]) == 3
    household.refresh_from_db()
    assert household.ends_on is None
    _settle(bank, loan, LAST)
    savings.withdraw(account=account, amount=200_000, by=bank.teller, on=LAST, key=key())
    with pytest.raises(StillNeeded) as refused:
        _end(bank, household)
    assert loan.number not in _named(refused)
    _leave(bank, household, LAST)
    _end(bank, household)
    household.refresh_from_db()
    assert household.ends_on == LAST


def test_a_household_with_an_application(bank: Bank) -> None:
    household = make_household(bank.group)
    application = approved(bank, household, on=DAY, amount=60_000_000)
    for end in (_end, _leave):
        with pytest.raises(
            StillNeeded, match=f"hồ sơ vay {application.number} còn 60.000.000 đồng"
        ):
            end(bank, household, LAST)
    advance(application=application, verb="withdraw", by=bank.leader, on=DAY)
    _leave(bank, household, LAST)
    _end(bank, household)


def test_a_person_in_whose_name_the_loan_and_the_savings_are(bank: Bank) -> None:
    household = make_household(bank.group)
    other = _second(household)
    loan = lend(bank, household, on=DAY)
    account = savings_of(household, bank)
    head = HouseholdMember.objects.get(household=household, is_head=True)
    registering.change_head(household=household, member=other, since=LAST, by=None, on=LAST)
    head = HouseholdMember.objects.get(household=household, person=head.person, ends_on=None)
    with pytest.raises(StillNeeded) as refused:
        registering.end_membership(
            member=head, last=date(2026, 6, 2), why="mất", by=None, on=date(2026, 6, 2)
        )
    named = _named(refused)
    assert loan.number in named and account.number in named and bank.group.code in named
    with pytest.raises(StillNeeded, match=loan.number):
        registering.split(
            household=household,
            new_home=NewHome(head=head),
            since=date(2026, 6, 2),
            by=None,
            on=date(2026, 6, 2),
        )


def test_a_person_to_whom_nothing_belongs_leaves(bank: Bank) -> None:
    household = make_household(bank.group)
    lend(bank, household, on=DAY)
    other = _second(household)
    registering.end_membership(member=other, last=LAST, why="lấy chồng", by=None, on=LAST)
    other.refresh_from_db()
    assert other.ends_on == LAST


def test_a_group_with_loans_of_who_left_it(bank: Bank) -> None:
    """A loan that stayed with the group, though its household is in another one, is named when the group ends or merges."""
    household = make_household(bank.group)
    loan = lend(bank, household, on=DAY)
    other = make_group(bank.office, "4606002")
    GroupMember.objects.filter(household=household).update(group=other)
    with pytest.raises(StillNeeded, match=loan.number):
        groups.dissolve(group=bank.group, why="Giải thể", since=LAST, by=None, on=LAST)
    with pytest.raises(StillNeeded, match=loan.number):
        groups.merge(group=bank.group, into=other, decision="5/QĐ", since=LAST, by=None, on=LAST)
    bank.group.refresh_from_db()
    assert bank.group.ends_on is None
    _settle(bank, loan, LAST)
    groups.dissolve(group=bank.group, why="Giải thể", since=LAST, by=None, on=LAST)
    bank.group.refresh_from_db()
    assert bank.group.ends_on == LAST


def test_applications_follow_the_merged_group(bank: Bank) -> None:
    household = make_household(bank.group)
    application = approved(bank, household, on=DAY)
    other = make_group(bank.office, "4606002")
    groups.merge(group=bank.group, into=other, decision="5/QĐ", since=LAST, by=None, on=LAST)
    assert LoanApplication.objects.get(pk=application.pk).group == other
    answer = disburse(
        application=application, amount=50_000_000, by=bank.teller, on=LAST, key=key()
    )
    loan = Loan.objects.get(pk=answer["loan"])
    assert (loan.group, loan.session_day) == (other, 15)


def test_an_office_with_loans_groups_and_roles(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    heir = Organisation.objects.filter(kind=bank.office.kind, ends_on=None).exclude(
        pk=bank.office.pk
    )
    with pytest.raises(StillNeeded) as refused:
        record_succession(
            predecessor=bank.office, heirs=[Heir(heir[0])], basis="7/QĐ", by=None, on=LAST
        )
    named = _named(refused)
    assert f"khoản vay {loan.number}" in named
    assert f"tổ {bank.group.code} do đơn vị phụ trách" in named
    assert "giam-doc" in named
    assert "tiền mặt" in named
    bank.office.refresh_from_db()
    assert bank.office.ends_on is None


def test_a_unit_ends_when_its_people_have_another_role(bank: Bank) -> None:
    """A fund's committee with a clerk: refused, naming the role; accepted once the clerk is with the heir."""
    first, second = Organisation.objects.filter(kind="department", ends_on=None).order_by("pk")[:2]
    clerk = person("van-thu", "unit_clerk", first)
    today = date(2026, 11, 23)
    with pytest.raises(StillNeeded, match="van-thu"):
        record_succession(predecessor=first, heirs=[Heir(second)], basis="7/NQ", by=None, on=today)
    give_role(person=clerk, role="unit_clerk", organisation=second, by=None, on=today)
    record_succession(predecessor=first, heirs=[Heir(second)], basis="7/NQ", by=None, on=today)
    first.refresh_from_db()
    assert first.ends_on == today
    assert not OrganisationProfile.objects.filter(organisation=first, ends_on=None).exists()


def test_an_investor_with_its_source(bank: Bank) -> None:
    committee = bank.local.investor
    assert committee is not None
    other = Organisation.objects.filter(kind="department", ends_on=None)[0]
    with pytest.raises(StillNeeded, match="nguồn vốn DP-TINH"):
        record_succession(
            predecessor=committee, heirs=[Heir(other)], basis="1/NQ", by=None, on=LAST
        )


def test_a_group_with_debts_is_not_dissolved_whoever_is_wired(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = make_household(bank.group)
    lend(bank, household, on=date(2026, 3, 5))
    given: dict[str, Any] = {"why": "Không còn vay", "since": LAST, "by": None, "on": LAST}
    with pytest.raises(StillOwes, match="còn dư nợ"):
        groups.dissolve(group=bank.group, **given)
    # Nobody answers for the loans: the program is wrong, and nothing ends.
    monkeypatch.setattr(ports.debts, "provider", None)
    with pytest.raises(PortUnanswered, match=r"entrustment\.debts"):
        groups.dissolve(group=bank.group, **given)
    bank.group.refresh_from_db()
    assert bank.group.ends_on is None
    assert GroupMember.objects.filter(group=bank.group, ends_on=None).exists()


def test_a_room_that_never_answered_is_an_error(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = make_household(None)
    monkeypatch.delitem(ending._finders, ("household", "loans"))
    with pytest.raises(RuntimeError, match="loans"):
        _end(bank, household)
    monkeypatch.setattr(ports.debts, "provider", None)
    monkeypatch.setattr(ports.members_moved, "provider", None)
    for ask in (
        lambda: ports.debts([household.pk], LAST),
        lambda: ports.members_moved([household.pk], 1, 2, LAST),
    ):
        with pytest.raises(PortUnanswered, match="entrustment"):
            ask()
    with pytest.raises(ValueError, match="access"):
        ending.answer(kind="household", room="access", find=lambda *_: [Kept("a", "b")])
    assert head_of(household).full_name == "Lê Thị Hoa"
