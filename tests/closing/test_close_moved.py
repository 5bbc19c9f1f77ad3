"""A borrower goes to another office from a day on: two books, every day's snapshot, lists, scope and verify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from business import closed, days, same_as_replayed
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, head_of, key, lend, make_group, make_household, person, savings_of
from lending_grounds import BANK

from tdcs.access.models import User
from tdcs.cli.verify import every_check
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.entrustment.models import GroupMember, GroupProfile, SavingsAccount, SavingsGroup
from tdcs.entrustment.services import savings
from tdcs.households.models import Household
from tdcs.ledger.errors import KeyReused
from tdcs.ledger.models import JournalEntry
from tdcs.ledger.queries import trial_balance
from tdcs.ledger.services import book_of
from tdcs.loans.errors import MoveRefused, NotAllowed, RequestDecided, SamePerson
from tdcs.loans.models import Loan, LoanApplication, MoveRequest
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.services import changing, moving
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.moving import Target
from tdcs.organisations.models import Area, Organisation, ServedArea

pytestmark = pytest.mark.django_db
FIRST, MOVED, LAST = (date(2026, 3, n) for n in (5, 9, 12))


@dataclass(frozen=True)
class Far:
    """Another office with a group of one of its communes, and its people."""

    office: Organisation
    group: SavingsGroup
    area: Area
    officer: User
    teller: User


@pytest.fixture
def far(bank: Bank) -> Far:
    served = ServedArea.objects.filter(ends_on=None).exclude(office=bank.office)
    row = served.filter(office__kind="transaction_office").order_by("pk")[0]
    mass = Organisation.objects.get(
        type="hoi-phu-nu", ends_on=None, profiles__area=row.area, profiles__ends_on=None
    )
    group = make_group(row.office, "9999001")
    GroupProfile.objects.filter(group=group).update(
        area=row.area, mass_organisation=mass, name="Tổ bà Lan", search=fold("Tổ bà Lan")
    )
    return Far(
        row.office,
        group,
        row.area,
        person("la-tin-dung", "loan_officer", row.office),
        person("la-giao-dich", "teller", row.office),
    )


@dataclass
class Story:
    """Bà Hoa owes on two loans of two tiers and saves; somebody else of the group stays."""

    household: Household
    one: Loan
    local: Loan
    stays: Loan
    account: SavingsAccount


def _begun(bank: Bank) -> Story:
    hoa, other = (make_household(bank.group, name) for name in ("Lê Thị Hoa", "Bà Ở Lại"))
    with clock.fixed_today(FIRST):
        one = lend(bank, hoa, on=FIRST, amount=40_000_000)
        local = lend(bank, hoa, on=FIRST, amount=10_000_000, source=bank.local, programme="NSVSMT")
        stays = lend(bank, other, on=FIRST, amount=20_000_000)
        account = savings_of(hoa, bank)
        savings.deposit(account=account, amount=200_000, by=bank.teller, on=FIRST, key=key())
    return Story(hoa, one, local, stays, account)


BEGUN = Ground(_begun, FIRST, BANK)


@pytest.fixture
@stands_on(BEGUN)
def story(bank: Bank) -> Story:
    found: Story = GROUNDS.value(BEGUN)
    return found


def ask(bank: Bank, far: Far, story: Story, since: date = MOVED, **other: Any) -> MoveRequest:
    given = {"area": far.area, "hamlet": "Ấp 2", "on": since, **other}
    on = given.pop("on")
    to = Target(group=given.pop("group", far.group), **given)
    with clock.fixed_today(on):
        return moving.ask_move(
            household=story.household, to=to, since=since, why="Theo chồng", by=bank.officer, on=on
        )


def decide(bank: Bank, request: MoveRequest, on: date = MOVED, **other: Any) -> dict[str, Any]:
    given = {"approve": True, "by": bank.director, "key": key(), **other}
    with clock.fixed_today(on):
        return moving.decide_move(request=request, on=on, **given)


def balances(office: Organisation, day: date) -> dict[str, int]:
    """Balances of an office's book that are not nothing."""
    found = trial_balance([book_of(office).pk], FIRST, day)
    rows = [*found.inside.rows, *found.outside.rows]
    return {row.code: row.closing for row in rows if row.closing}


def findings() -> list[str]:
    return [f"{name}: {words}" for name, check in every_check().items() for words in check()]


def places(day: date) -> dict[int, tuple[int, int]]:
    rows = store().read(day, columns=("loan", "group", "office", "commune")).collect()
    return {row[0]: row[1:] for row in rows.rows()}


def test_from_the_day_on_the_loans_stand_in_the_other_book(
    bank: Bank, far: Far, story: Story
) -> None:
    for day in days(FIRST, MOVED - timedelta(days=1)):
        closed(day)
    decide(bank, ask(bank, far, story))
    for day in days(MOVED, LAST):
        closed(day)
    eve, then = places(MOVED - timedelta(days=1)), places(MOVED)
    home = eve[story.stays.pk]
    for loan in (story.one, story.local):
        assert eve[loan.pk] == home
        assert then[loan.pk] == (far.group.pk, far.office.pk, far.area.pk)
    assert then[story.stays.pk] == home
    with clock.fixed_today(LAST):
        assert same_as_replayed(LAST) == 3 * len(days(FIRST, LAST))
        assert findings() == []


def test_both_entries_balance_and_nothing_is_made_or_lost(
    bank: Bank, far: Far, story: Story
) -> None:
    before = balances(bank.office, FIRST)
    assert before["2111"] == 60_000_000 and before["4231"] == -200_000
    request = ask(bank, far, story)
    decide(bank, request)
    request.refresh_from_db()
    out, into = request.entry_out, request.entry_in
    assert out is not None and into is not None and out.on == into.on == MOVED
    old, new = balances(bank.office, MOVED), balances(far.office, MOVED)
    assert (old["2111"], old.get("2121"), old.get("4231")) == (20_000_000, None, None)
    # 40,000,000 and 10,000,000 of principal less 200,000 of savings.
    assert old["5191"] == 49_800_000
    assert new == {"2111": 40_000_000, "2121": 10_000_000, "4231": -200_000, "5191": -49_800_000}
    story.account.refresh_from_db()
    assert (story.account.office, story.account.group) == (far.office, far.group)
    assert story.account.balance == 200_000
    with clock.fixed_today(MOVED):
        assert findings() == []


def test_frozen_and_written_off_principal_goes_along(bank: Bank, far: Far, story: Story) -> None:
    on = date(2026, 3, 7)
    with clock.fixed_today(on):
        for loan, kind, more in (
            (story.one, "freeze", {"until_on": date(2028, 3, 7), "loss_percent": 80}),
            (story.local, "write_off", {"amount": 4_000_000}),
        ):
            asked = changing.ask_change(
                loan=loan, change=ChangeDraft(kind=kind, cause="Lũ", **more), by=bank.officer, on=on
            )
            changing.decide_change(
                request=asked,
                decision=ChangeDecision(approve=True),
                by=bank.director,
                on=on,
                key=key(),
            )
    decide(bank, ask(bank, far, story))
    new, old = balances(far.office, MOVED), balances(bank.office, MOVED)
    assert (new["2118"], new["2121"], new["9711"], new["9999"]) == (
        40_000_000, 6_000_000, 4_000_000, -4_000_000,
    )  # fmt: skip
    assert "2118" not in old and "9711" not in old and "9999" not in old
    # What the loss took was this office's; it stays in its book.
    assert old["6911"] == 4_000_000
    with clock.fixed_today(MOVED):
        assert findings() == []


def test_the_new_office_collects_and_the_old_one_no_longer_sees(
    bank: Bank, far: Far, story: Story
) -> None:
    assert not visible_loans(far.officer, MOVED).exists()
    decide(bank, ask(bank, far, story))
    assert set(visible_loans(far.officer, MOVED)) == {story.one, story.local}
    assert set(visible_loans(bank.officer, MOVED)) == {story.stays}
    row = LoanApplication.objects.get(loan=story.one)
    assert (row.office, row.group) == (far.office, far.group)
    member = GroupMember.objects.get(household=story.household, ends_on=None)
    assert (member.group, member.starts_on, member.person) == (
        far.group, MOVED, head_of(story.household),
    )  # fmt: skip
    with clock.fixed_today(LAST):
        line = Collection(
            story.one.pk, 0, 1_000_000, savings=50_000, savings_account=story.account.pk
        )
        sheet = Sheet(key(), far.office.pk, far.group.pk, (line,))
        collect_sheet(sheet=sheet, by=far.teller, on=LAST)
        assert balances(far.office, LAST)["2111"] == 39_000_000
        assert findings() == []


def test_asked_by_one_and_decided_by_another_once(bank: Bank, far: Far, story: Story) -> None:
    with pytest.raises(NotAllowed):
        moving.ask_move(
            household=story.household, to=Target(far.group), since=MOVED, why="x",
            by=bank.director, on=MOVED,
        )  # fmt: skip
    request = ask(bank, far, story)
    with pytest.raises(MoveRefused, match="đang chờ quyết định"):
        ask(bank, far, story)
    with pytest.raises(NotAllowed):
        decide(bank, request, by=bank.officer)
    MoveRequest.objects.filter(pk=request.pk).update(asked_by=bank.director)
    with pytest.raises(SamePerson):
        decide(bank, request)
    MoveRequest.objects.filter(pk=request.pk).update(asked_by=bank.officer)
    once = key()
    first = decide(bank, request, key=once)
    entries = JournalEntry.objects.count()
    assert decide(bank, request, key=once) == {**first, "again": True}
    assert JournalEntry.objects.count() == entries
    with pytest.raises(KeyReused):
        decide(bank, request, key=once, approve=False)
    with pytest.raises(RequestDecided):
        decide(bank, request)


def test_a_refused_request_moves_nothing(bank: Bank, far: Far, story: Story) -> None:
    request = ask(bank, far, story)
    assert decide(bank, request, approve=False, words="chưa đủ giấy tờ")["state"] == "refused"
    story.one.refresh_from_db()
    assert story.one.office == bank.office and not story.one.transfers.exists()
    with clock.fixed_today(MOVED):
        assert findings() == []
    assert ask(bank, far, story).pk != request.pk


def test_every_reason_is_told_at_once(bank: Bank, far: Far, story: Story) -> None:
    with clock.fixed_today(LAST):
        savings.deposit(account=story.account, amount=1, by=bank.teller, on=LAST, key=key())
        sheet = Sheet(key(), bank.office.pk, None, (Collection(story.one.pk, 0, 1_000_000),))
        collect_sheet(sheet=sheet, by=bank.teller, on=LAST)
        changing.ask_change(
            loan=story.local,
            change=ChangeDraft(kind="write_off", cause="Lũ", amount=1),
            by=bank.officer,
            on=LAST,
        )
    LoanApplication.objects.filter(loan=story.local).update(state="approved")
    with pytest.raises(MoveRefused) as refused:
        ask(bank, far, story, on=LAST, area=None, hamlet="")
    said = " | ".join(refused.value.reasons)
    assert len(refused.value.reasons) == 5, said
    for words in (
        f"khoản vay {story.one.number} có diễn biến ngày 12/03/2026",
        f"sổ tiền gửi {story.account.number} có phát sinh ngày 12/03/2026",
        "đang xử lý",
        f"khoản vay {story.local.number} có đề nghị xử lý nợ chưa quyết định",
        "không ở xã nơi hộ sẽ ở",
    ):
        assert words in said, words


def test_the_day_of_the_last_event_may_be_the_day_of_the_move(
    bank: Bank, far: Far, story: Story
) -> None:
    with clock.fixed_today(MOVED):
        sheet = Sheet(key(), bank.office.pk, None, (Collection(story.one.pk, 0, 1_000_000),))
        collect_sheet(sheet=sheet, by=bank.teller, on=MOVED)
    with pytest.raises(MoveRefused, match="sau ngày chuyển"):
        ask(bank, far, story, since=MOVED - timedelta(days=1), on=MOVED)
    decide(bank, ask(bank, far, story))
    for day in days(FIRST, MOVED):
        closed(day, on=MOVED)
    assert balances(far.office, MOVED)["2111"] == 39_000_000
    with clock.fixed_today(MOVED):
        assert same_as_replayed(MOVED) and findings() == []


def test_a_locked_day_and_a_day_to_come_are_refused(bank: Bank, far: Far, story: Story) -> None:
    for day in days(FIRST, MOVED):
        closed(day, lock=day == MOVED, on=LAST)
    with pytest.raises(MoveRefused, match="09/03/2026 đã khóa sổ"):
        ask(bank, far, story, since=MOVED, on=LAST)
    with pytest.raises(MoveRefused, match="13/03/2026 chưa đến"):
        ask(bank, far, story, since=LAST + timedelta(days=1), on=LAST)
    decide(bank, ask(bank, far, story, since=LAST), on=LAST)
    for day in days(MOVED + timedelta(days=1), LAST):
        closed(day, on=LAST)
    with clock.fixed_today(LAST):
        assert findings() == []


def test_what_changed_after_the_request_is_found_at_the_decision(
    bank: Bank, far: Far, story: Story
) -> None:
    request = ask(bank, far, story)
    with clock.fixed_today(LAST):
        sheet = Sheet(key(), bank.office.pk, None, (Collection(story.one.pk, 0, 1_000_000),))
        collect_sheet(sheet=sheet, by=bank.teller, on=LAST)
    with pytest.raises(MoveRefused, match="sau ngày chuyển"):
        decide(bank, request, on=LAST)
    request.refresh_from_db()
    assert request.state == "asked" and not story.one.transfers.exists()


def test_a_direct_loan_goes_to_an_office(bank: Bank, far: Far, story: Story) -> None:
    GroupMember.objects.filter(household=story.household).delete()
    for model in (Loan, LoanApplication):
        model.objects.filter(household=story.household).update(group=None, channel="direct")
    SavingsAccount.objects.filter(pk=story.account.pk).update(group=None)
    for day in days(FIRST, MOVED - timedelta(days=1)):
        closed(day)
    decide(bank, ask(bank, far, story, group=None, office=far.office))
    closed(MOVED)
    assert places(MOVED - timedelta(days=1))[story.one.pk][:2] == (0, bank.office.pk)
    assert places(MOVED)[story.one.pk] == (0, far.office.pk, far.area.pk)
    with clock.fixed_today(MOVED):
        assert same_as_replayed(MOVED) == 3 * len(days(FIRST, MOVED)) and findings() == []


def test_another_group_of_the_same_office_posts_nothing(bank: Bank, far: Far, story: Story) -> None:
    other = make_group(bank.office, "4606002")
    decide(bank, ask(bank, far, story, group=other, area=None, hamlet=""))
    story.one.refresh_from_db()
    assert (story.one.group, story.one.office) == (other, bank.office)
    assert not JournalEntry.objects.filter(template="office.move").exists()
    with clock.fixed_today(MOVED):
        assert findings() == []


def test_verify_names_a_loan_left_in_the_old_book(bank: Bank, far: Far, story: Story) -> None:
    request = ask(bank, far, story)
    decide(bank, request)
    MoveRequest.objects.filter(pk=request.pk).update(entry_in=None)
    with clock.fixed_today(MOVED):
        assert any("moves_balance" in words for words in findings())
    Loan.objects.filter(pk=story.one.pk).update(office=bank.office)
    with clock.fixed_today(MOVED):
        found = " ".join(findings())
    assert "không dẫn tới nơi đang quản lý" in found and story.one.number in found
