"""An heir takes over what a dead member owes: nothing is computed anew, two people decide, everything wrong is named at once."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import (
    SINCE,
    Bank,
    head_of,
    key,
    lend,
    make_group,
    make_household,
    person,
    savings_of,
)
from lending_grounds import BANK

from tdcs.core import clock
from tdcs.core.errors import StillNeeded
from tdcs.core.text import fold
from tdcs.entrustment.models import BoardMember, GroupMember
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.services import registering
from tdcs.loans.checks import CHECKS
from tdcs.loans.errors import (
    FieldWrong,
    HeirNotUndone,
    HeirRefused,
    NotAllowed,
    RequestDecided,
    SamePerson,
)
from tdcs.loans.models import HeirRequest, Loan, LoanApplication, LoanTransfer
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.rules.inheriting import wrong_days
from tdcs.loans.services.applications import LoanRequest, apply
from tdcs.loans.services.changing import ChangeDraft, ask_change
from tdcs.loans.services.inheriting import Inheritance, ask_heir, decide_heir, undo_heir
from tdcs.loans.services.lending import disburse
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
LENT, DIED, SIGNED, DAY = (
    date(2026, 3, 5),
    date(2026, 5, 2),
    date(2026, 5, 20),
    date(2026, 6, 1),
)
TODAY = date(2026, 11, 23)


def _member(household: Household, name: str, born_on: date | None, since: date = SINCE) -> Person:
    made: Person = Person.objects.create(full_name=name, born_on=born_on, search=fold(name))
    HouseholdMember.objects.create(
        household=household, person=made, relation="Con", is_head=False, starts_on=since
    )
    return made


HOA = Ground(lambda bank: (bank, make_household(bank.group, "Lê Thị Hoa")), TODAY, BANK)
OWED = Ground(lambda found: lend(*found, on=LENT), TODAY, HOA)


@pytest.fixture
@stands_on(HOA)
def hoa(bank: Bank) -> Household:
    found: Household = GROUNDS.value(HOA)[1]
    return found


@pytest.fixture
def son(hoa: Household) -> Person:
    return _member(hoa, "Trần Văn Sơn", date(2000, 1, 1))


@pytest.fixture
@stands_on(OWED)
def loan(hoa: Household) -> Loan:
    found: Loan = GROUNDS.value(OWED)
    return found


def _case(household: Household, heir: Person) -> Inheritance:
    return Inheritance(
        deceased=head_of(household),
        heir=heir,
        died_on=DIED,
        death_paper="12/2026, UBND xã La Ngà",
        agreed_on=SIGNED,
        since=DAY,
        why="Văn bản thỏa thuận ngày 20/05/2026",
    )


def _ask(bank: Bank, household: Household, case: Inheritance, by: Any = None) -> HeirRequest:
    return ask_heir(household=household, inheritance=case, by=by or bank.officer, on=DAY)


def _taken(bank: Bank, household: Household, heir: Person) -> HeirRequest:
    row = _ask(bank, household, _case(household, heir))
    decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=key())
    row.refresh_from_db()
    return row


def _refused(bank: Bank, household: Household, case: Inheritance) -> str:
    with pytest.raises(HeirRefused) as refused:
        _ask(bank, household, case)
    assert not HeirRequest.objects.exists()
    return "; ".join(refused.value.reasons)


def _faults() -> list[str]:
    names = (
        "loans.heirs_owe_what_was_decided",
        "loans.contracts_are_what_was_signed",
        "loans.transfers_lead_to_where_loans_are",
    )
    return [words for name in names for words in CHECKS[name]()]


def test_the_heir_owes_what_was_owed_to_the_dong(bank: Bank, loan: Loan, son: Person) -> None:
    hoa, mother = loan.household, loan.borrower
    before = balances_on([loan], DAY)[loan.pk]
    kept = {
        name: value
        for name, value in Loan.objects.filter(pk=loan.pk).values().get().items()
        if name != "borrower_id"
    }
    events = loan.events.count()
    row = _taken(bank, hoa, son)
    loan = Loan.objects.get(pk=loan.pk)
    assert loan.borrower == son
    assert balances_on([loan], DAY)[loan.pk] == before
    now = Loan.objects.filter(pk=loan.pk).values().get()
    assert {name: value for name, value in now.items() if name != "borrower_id"} == kept
    assert loan.events.count() == events
    moved = LoanTransfer.objects.get()
    assert (moved.kind, moved.on, moved.heir_request) == ("heir", DAY, row)
    assert (moved.old_borrower, moved.new_borrower) == (mother, son)
    # Who signed the file stays on it; the heir represents the household in the group.
    assert LoanApplication.objects.get(loan=loan).borrower == mother
    assert list(
        GroupMember.objects.filter(household=hoa)
        .order_by("starts_on")
        .values_list("person", "starts_on", "ends_on")
    ) == [(mother.pk, SINCE, DAY), (son.pk, DAY, None)]
    assert _faults() == []


def test_afterwards_the_dead_member_may_be_taken_off_the_household(
    bank: Bank, loan: Loan, son: Person
) -> None:
    hoa = loan.household
    _taken(bank, hoa, son)
    registering.change_head(
        household=hoa,
        member=hoa.members.get(person=son),
        since=DAY,
        by=None,
        on=DAY,
    )
    held = hoa.members.get(person=loan.borrower, ends_on=None)
    later = DAY + timedelta(days=1)
    registering.end_membership(member=held, last=later, why="Đã mất", by=None, on=later)
    heir = hoa.members.get(person=son, ends_on=None)
    assert heir.is_head
    with pytest.raises(StillNeeded, match=loan.number):
        registering.change_head(
            household=hoa,
            member=HouseholdMember.objects.get(person=_member(hoa, "Em", None)),
            since=later + timedelta(days=1),
            by=None,
            on=later + timedelta(days=1),
        )
        held = hoa.members.get(person=son, ends_on=None)
        day = later + timedelta(days=2)
        registering.end_membership(member=held, last=day, why="x", by=None, on=day)


def test_savings_of_the_dead_stay_theirs(bank: Bank, loan: Loan, son: Person) -> None:
    account = savings_of(loan.household, bank)
    _taken(bank, loan.household, son)
    account.refresh_from_db()
    assert account.person == loan.borrower


@pytest.mark.parametrize(
    ("born_on", "fine"), [(date(2008, 6, 1), True), (date(2008, 6, 2), False), (None, True)]
)
def test_the_heir_is_of_age_on_the_day(
    bank: Bank, loan: Loan, born_on: date | None, fine: bool
) -> None:
    heir = _member(loan.household, "Trần Văn Út", born_on)
    if fine:
        assert _ask(bank, loan.household, _case(loan.household, heir)).state == "asked"
    else:
        assert "chưa đủ tuổi thành niên" in _refused(
            bank, loan.household, _case(loan.household, heir)
        )


def test_the_heir_belongs_to_the_household_on_the_day(bank: Bank, loan: Loan) -> None:
    hoa = loan.household
    stranger = head_of(make_household(None, "Người lạ"))
    assert "không thuộc hộ" in _refused(bank, hoa, _case(hoa, stranger))
    late = _member(hoa, "Vào sau", date(1990, 1, 1), since=DAY + timedelta(days=1))
    assert "không thuộc hộ" in _refused(bank, hoa, _case(hoa, late))
    assert "chính người đã mất" in _refused(bank, hoa, _case(hoa, head_of(hoa)))
    exact = _member(hoa, "Vào đúng ngày", date(1990, 1, 1), since=DAY)
    assert _ask(bank, hoa, _case(hoa, exact)).pk


@pytest.mark.parametrize(
    ("died", "agreed", "since", "on", "said"),
    [
        (DIED, DIED, DIED, DIED, []),
        (DIED, SIGNED, SIGNED, SIGNED, []),
        (DIED, DIED - timedelta(days=1), DAY, DAY, ["trước ngày mất"]),
        (DIED, SIGNED, SIGNED - timedelta(days=1), DAY, ["trước ngày ký nhận nợ"]),
        (DIED, SIGNED, DAY + timedelta(days=1), DAY, ["chưa đến"]),
        (
            DAY,
            DIED,
            date(2026, 4, 1),
            date(2026, 3, 1),
            ["trước ngày mất", "trước ngày ký", "chưa đến"],
        ),
    ],
)
def test_both_sides_of_the_days(
    died: date, agreed: date, since: date, on: date, said: list[str]
) -> None:
    found = wrong_days(died_on=died, agreed_on=agreed, since=since, on=on)
    assert len(found) == len(said)
    for words, part in zip(found, said, strict=True):
        assert part in words


def test_everything_wrong_is_named_at_once(bank: Bank, loan: Loan, son: Person) -> None:
    hoa = loan.household
    GroupMember.objects.filter(household=hoa).update(starts_on=date(2026, 5, 25))
    BoardMember.objects.create(
        group=bank.group, person=head_of(hoa), post="deputy", starts_on=SINCE
    )
    ask_change(
        loan=loan,
        change=ChangeDraft(kind="extend", cause="Mất", until_on=date(2030, 3, 5)),
        by=bank.officer,
        on=DAY,
    )
    case = replace(_case(hoa, son), died_on=date(2026, 3, 4), since=SIGNED)
    said = _refused(bank, hoa, case)
    for part in (
        "ban quản lý tổ",
        "trước ngày hộ vào tổ",
        "sau ngày mất",
        "đề nghị xử lý nợ chưa quyết định",
    ):
        assert part in said
    assert Loan.objects.get().borrower == head_of(hoa)


def test_what_was_begun_in_the_dead_members_name_is_ended_before(
    bank: Bank, loan: Loan, son: Person
) -> None:
    hoa = loan.household
    apply(
        request=LoanRequest(
            household=hoa,
            borrower=head_of(hoa),
            programme="NSVSMT",
            amount=5_000_000,
            term_months=36,
            instalment_months=12,
            purpose="Giếng",
            group=bank.group,
            office=bank.office,
            source=bank.source,
        ),
        by=bank.leader,
        on=LENT,
    )
    assert "đứng tên người đã mất" in _refused(bank, hoa, _case(hoa, son))


def test_a_part_not_paid_out_is_forgone_before(bank: Bank, hoa: Household, son: Person) -> None:
    from lending_cast import approved

    application = approved(bank, hoa, on=LENT)
    disburse(application=application, amount=20_000_000, by=bank.teller, on=LENT, key=key())
    assert "còn phần chưa giải ngân" in _refused(bank, hoa, _case(hoa, son))


def test_who_owes_nothing_leaves_nothing(bank: Bank, hoa: Household, son: Person) -> None:
    assert "không còn nợ" in _refused(bank, hoa, _case(hoa, son))


def test_papers_are_named(bank: Bank, loan: Loan, son: Person) -> None:
    for blank in ("death_paper", "why"):
        with pytest.raises(FieldWrong):
            _ask(bank, loan.household, replace(_case(loan.household, son), **{blank: " "}))


def test_one_asks_another_decides_once(bank: Bank, loan: Loan, son: Person) -> None:
    hoa = loan.household
    with pytest.raises(NotAllowed):
        _ask(bank, hoa, _case(hoa, son), by=bank.teller)
    row = _ask(bank, hoa, _case(hoa, son))
    with pytest.raises(HeirRefused, match="đang chờ quyết định"):
        _ask(bank, hoa, _case(hoa, son))
    with pytest.raises(NotAllowed):
        decide_heir(request=row, approve=True, by=bank.officer, on=DAY, key=key())
    HeirRequest.objects.filter(pk=row.pk).update(asked_by=bank.director)
    with pytest.raises(SamePerson):
        decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=key())
    HeirRequest.objects.filter(pk=row.pk).update(asked_by=bank.officer)
    once = key()
    answer = decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=once)
    again = decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=once)
    assert (answer["loans"], again["loans"]) == (1, 1)
    assert LoanTransfer.objects.count() == 1
    with pytest.raises(RequestDecided):
        decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=key())


def test_a_refusal_moves_nothing(bank: Bank, loan: Loan, son: Person) -> None:
    row = _ask(bank, loan.household, _case(loan.household, son))
    decide_heir(
        request=row, approve=False, by=bank.director, on=DAY, key=key(), words="Thiếu chữ ký"
    )
    row.refresh_from_db()
    assert (row.state, row.words) == ("refused", "Thiếu chữ ký")
    assert Loan.objects.get().borrower == loan.borrower
    assert _faults() == []


def test_what_changed_between_asking_and_deciding_is_seen(
    bank: Bank, loan: Loan, son: Person
) -> None:
    row = _ask(bank, loan.household, _case(loan.household, son))
    HouseholdMember.objects.filter(person=son).update(ends_on=DAY)
    with pytest.raises(HeirRefused, match="không thuộc hộ"):
        decide_heir(request=row, approve=True, by=bank.director, on=DAY, key=key())
    row.refresh_from_db()
    assert row.state == "asked"


def test_it_is_undone_as_a_whole_with_a_reason(bank: Bank, loan: Loan, son: Person) -> None:
    hoa, mother = loan.household, loan.borrower
    row = _taken(bank, hoa, son)
    later = DAY + timedelta(days=9)
    with pytest.raises(FieldWrong):
        undo_heir(request=row, why=" ", by=bank.director, on=later, key=key())
    with pytest.raises(NotAllowed):
        undo_heir(request=row, why="Nhầm", by=bank.officer, on=later, key=key())
    undo_heir(request=row, why="Nhầm người", by=bank.director, on=later, key=key())
    loan.refresh_from_db()
    row.refresh_from_db()
    assert loan.borrower == mother
    assert (row.state, row.undone_on) == ("undone", later)
    assert GroupMember.objects.get(household=hoa, ends_on=None).person == mother
    assert _faults() == []
    with pytest.raises(RequestDecided):
        undo_heir(request=row, why="Nhầm", by=bank.director, on=later, key=key())
    # Another heir may then be asked for.
    daughter = _member(hoa, "Trần Thị Lan", date(1995, 1, 1))
    case = replace(_case(hoa, daughter), since=later)
    assert ask_heir(household=hoa, inheritance=case, by=bank.officer, on=later).pk


def test_it_is_not_undone_behind_what_came_later(bank: Bank, loan: Loan, son: Person) -> None:
    hoa = loan.household
    row = _taken(bank, hoa, son)
    daughter = _member(hoa, "Trần Thị Lan", date(1995, 1, 1))
    second = replace(_case(hoa, daughter), deceased=son, died_on=DAY, agreed_on=DAY, since=DAY)
    other = ask_heir(household=hoa, inheritance=second, by=bank.officer, on=DAY)
    decide_heir(request=other, approve=True, by=bank.director, on=DAY, key=key())
    assert Loan.objects.get().borrower == daughter
    with pytest.raises(HeirNotUndone, match="đã chuyển tiếp"):
        undo_heir(request=row, why="Nhầm", by=bank.director, on=DAY, key=key())
    HouseholdMember.objects.filter(person=son).update(ends_on=DAY)
    with pytest.raises(HeirNotUndone, match="rời hộ"):
        undo_heir(request=other, why="Nhầm", by=bank.director, on=DAY, key=key())
    assert _faults() == []


def test_a_decision_tampered_with_is_found(bank: Bank, loan: Loan, son: Person) -> None:
    row = _taken(bank, loan.household, son)
    HeirRequest.objects.filter(pk=row.pk).update(since=DAY + timedelta(days=1))
    assert any("không khớp quyết định" in words for words in _faults())


# Pages.


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def _sent(hoa: Household, heir: Person) -> dict[str, Any]:
    return {
        "deceased": head_of(hoa).pk,
        "heir": heir.pk,
        "died_on": "2026-05-02",
        "death_paper": "12/2026",
        "agreed_on": "2026-05-20",
        "since": "2026-06-01",
        "why": "Thỏa thuận",
        "key": key(),
    }


def test_through_the_pages(bank: Bank, loan: Loan, son: Person, signed_in: Any) -> None:
    hoa = loan.household
    with clock.fixed_today(DAY):
        officer, director = signed_in(bank.officer), signed_in(bank.director)
        address = reverse("loans:ask_heir", args=[hoa.pk])
        assert address in _text(officer.get(reverse("households:household", args=[hoa.pk])))
        assert loan.number in _text(officer.get(address))
        sent = _sent(hoa, son)
        early = officer.post(address, sent | {"since": "2026-05-19", "key": key()})
        assert "trước ngày ký nhận nợ" in _text(early)
        same = officer.post(address, sent | {"heir": sent["deceased"], "key": key()})
        assert "Chọn một thành viên khác" in _text(same)
        first, again = officer.post(address, sent), officer.post(address, sent)
        row = HeirRequest.objects.get()
        page = reverse("loans:heir", args=[row.pk])
        assert first["Location"] == again["Location"] == page
        assert "Bạn là người đề nghị" in _text(officer.get(page))
        decided = {"verb": "approve", "key": key(), "words": ""}
        assert officer.post(page, decided).status_code == 403
        assert "chờ quyết định" in _text(director.get("/"))
        assert director.post(page, decided).status_code == 302
        assert hoa.code in _text(director.get(reverse("loans:heirs")))
        shown = _text(officer.get(reverse("loans:loan", args=[loan.pk])))
        assert "Lê Thị Hoa → Trần Văn Sơn" in shown
        undo = reverse("loans:undo_heir", args=[row.pk])
        assert undo in _text(director.get(page))
        assert officer.post(undo, {"why": "x", "key": key()}).status_code == 403
        director.post(undo, {"why": "Nhầm", "key": key()})
        assert Loan.objects.get().borrower == head_of(hoa)
        assert "Đã hoàn tác" in _text(director.get(page))


def test_the_agreement_names_both_and_each_debt(
    bank: Bank, loan: Loan, son: Person, signed_in: Any
) -> None:
    row = _ask(bank, loan.household, _case(loan.household, son))
    with clock.fixed_today(DAY):
        client = signed_in(bank.officer)
        answer = client.get(reverse("loans:heir_agreement", args=[row.pk, "docx"]))
        file = docx.Document(io.BytesIO(answer.content))
        cells = [cell.text for table in file.tables for r in table.rows for cell in r.cells]
        words = "\n".join([*(p.text for p in file.paragraphs), *cells])
        for part in (
            "Lê Thị Hoa",
            "Trần Văn Sơn",
            "02/05/2026",
            "12/2026, UBND xã La Ngà",
            loan.number,
            "50.000.000",
            "không tính lại",
        ):
            assert part in words, part
        pdf = client.get(reverse("loans:heir_agreement", args=[row.pk, "pdf"]))
        assert pdf.content[:5] == b"%PDF-"
        assert client.get(reverse("loans:heir_agreement", args=[row.pk, "odt"])).status_code == 404


def test_the_contract_keeps_who_signed_it(bank: Bank, loan: Loan, son: Person) -> None:
    from tdcs.loans.composing.forms import context_for

    _taken(bank, loan.household, son)
    loan = Loan.objects.get()
    assert context_for("HĐTD", loan, DAY)["borrower"]["name"] == "Lê Thị Hoa"
    assert context_for("SVV", loan, DAY)["borrower"]["name"] == "Trần Văn Sơn"


def test_strangers_neither_ask_nor_see(bank: Bank, loan: Loan, son: Person, signed_in: Any) -> None:
    offices = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)
    far = offices.order_by("pk")[0]
    make_group(far, "9999001")
    stranger = signed_in(person("la", "loan_officer", far))
    address = reverse("loans:ask_heir", args=[loan.household_id])
    assert stranger.get(address).status_code == 404
    assert signed_in(bank.teller).get(address).status_code == 403
    row = _ask(bank, loan.household, _case(loan.household, son))
    assert stranger.get(reverse("loans:heir", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("loans:heir_agreement", args=[row.pk, "pdf"])).status_code == 404
