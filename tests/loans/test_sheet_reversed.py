"""A sheet posted wrongly is reversed as a whole: all its lines by one entry and one reason, after a second person."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, lend, make_household, savings_of

from tdcs.core import clock
from tdcs.entrustment import checks as entrustment_checks
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services.savings import withdraw
from tdcs.ledger import checks as ledger_checks
from tdcs.ledger import requesting
from tdcs.ledger.errors import AlreadyAsked, AlreadyReversed, MayNotConfirm, SecondPersonNeeded
from tdcs.ledger.models import JournalEntry
from tdcs.loans import checks as loan_checks
from tdcs.loans.errors import NotReversible, SheetNotReversible
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.sheet_undoing import ask_sheet_reversal, reverse_sheet
from tdcs.loans.services.undoing import ask_reversal

pytestmark = pytest.mark.django_db
LENT, TODAY = date(2026, 3, 5), date(2026, 11, 23)
WHY = "Nhập nhầm sang tổ khác"


@pytest.fixture
def loans(bank: Bank) -> list[Loan]:
    names = ("Lê Thị Hoa", "Trần Văn Bình", "Phạm Thị Lan")
    return [lend(bank, make_household(bank.group, name), on=LENT) for name in names]


def _accounts(bank: Bank, loans: list[Loan]) -> list[SavingsAccount]:
    found = []
    for loan in loans[:2]:
        there = SavingsAccount.objects.filter(household=loan.household).first()
        found.append(there or savings_of(loan.household, bank))
    return found


def _post(bank: Bank, loans: list[Loan], key: str = "phieu") -> JournalEntry:
    accounts = _accounts(bank, loans)
    lines = (
        Collection(loans[0].pk, 100_000, 1_000_000, 50_000, accounts[0].pk),
        Collection(loans[1].pk, 0, 2_000_000, 70_000, accounts[1].pk),
        Collection(loans[2].pk, 200_000),
    )
    sheet = Sheet(key, bank.office.pk, bank.group.pk, lines)
    made = collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    return JournalEntry.objects.get(pk=made["entry"])


def _picture(loans: list[Loan]) -> list[Any]:
    return [
        Loan.objects.filter(pk=loan.pk)
        .values_list("balance", "paid_total", "interest_collected", "state", "interest_credit")
        .get()
        for loan in loans
    ]


def _sound() -> list[str]:
    checks = {**ledger_checks.CHECKS, **entrustment_checks.CHECKS, **loan_checks.CHECKS}
    return [str(finding) for check in checks.values() for finding in check()]


def test_every_line_moves_back_by_one_entry(bank: Bank, loans: list[Loan]) -> None:
    accounts = _accounts(bank, loans)
    before = _picture(loans)
    entry = _post(bank, loans)
    assert _picture(loans) != before
    asked = ask_sheet_reversal(entry=entry, why=WHY, by=bank.accountant, on=TODAY)
    assert asked.amount == 3_420_000
    # Asking changes nothing.
    assert not JournalEntry.objects.filter(reverses=entry).exists()
    with pytest.raises(AlreadyAsked):
        ask_sheet_reversal(entry=entry, why=WHY, by=bank.accountant, on=TODAY)
    done = requesting.confirm(request=asked, by=bank.director, on=TODAY)
    counter = JournalEntry.objects.get(reverses=entry)
    assert done.entry_id == counter.pk
    assert WHY in counter.words
    assert _picture(loans) == before
    assert list(
        SavingsAccount.objects.filter(pk__in=[a.pk for a in accounts]).values_list(
            "balance", flat=True
        )
    ) == [0, 0]
    cash = counter.postings.filter(account__code=entry.postings.order_by("pk")[0].account.code)
    assert [(line.debit, line.credit) for line in cash] == [(0, 3_420_000)]
    reverses = LoanEvent.objects.filter(entry=counter)
    assert (reverses.count(), set(reverses.values_list("kind", flat=True))) == (4, {"reverse"})
    assert _sound() == []


def test_it_happens_once(bank: Bank, loans: list[Loan]) -> None:
    entry = _post(bank, loans)
    first = reverse_sheet(entry=entry, why=WHY, by=bank.accountant, on=TODAY, key="k")
    again = reverse_sheet(entry=entry, why=WHY, by=bank.accountant, on=TODAY, key="k")
    assert again["entry"] == first["entry"]
    with pytest.raises(AlreadyReversed):
        reverse_sheet(entry=entry, why=WHY, by=bank.accountant, on=TODAY, key="k2")
    assert JournalEntry.objects.filter(reverses=entry).count() == 1
    # The same group pays again.
    _post(bank, loans, "phieu-moi")
    assert _sound() == []


def test_who_asked_does_not_confirm_and_a_teller_does_not_ask(
    bank: Bank, loans: list[Loan]
) -> None:
    entry = _post(bank, loans)
    with pytest.raises(MayNotConfirm):
        ask_sheet_reversal(entry=entry, why=WHY, by=bank.teller, on=TODAY)
    asked = ask_sheet_reversal(entry=entry, why=WHY, by=bank.accountant, on=TODAY)
    with pytest.raises(SecondPersonNeeded):
        requesting.confirm(request=asked, by=bank.accountant, on=TODAY)


def test_all_lines_in_the_way_are_named_and_none_moves(bank: Bank, loans: list[Loan]) -> None:
    entry = _post(bank, loans)
    accounts = _accounts(bank, loans)
    # The second member takes the savings out; the first loan's principal is reversed by itself.
    withdraw(account=accounts[1], amount=70_000, by=bank.teller, on=TODAY, key="rut")
    event = LoanEvent.objects.get(loan=loans[0], kind="principal", entry=entry)
    alone = ask_reversal(event=event, why="riêng", by=bank.accountant, on=TODAY)
    requesting.confirm(request=alone, by=bank.director, on=TODAY)
    before = _picture(loans)
    with pytest.raises(SheetNotReversible) as refused:
        ask_sheet_reversal(entry=entry, why=WHY, by=bank.accountant, on=TODAY)
    named = [name for name, _why in refused.value.rows]
    accounts[1].refresh_from_db()
    assert named == [f"khế ước {loans[0].number}", f"sổ tiền gửi {accounts[1].number}"]
    english = refused.value.sentence("en")
    assert f"loan {loans[0].number}: " in english
    assert f"savings book {accounts[1].number}: " in english
    with pytest.raises(SheetNotReversible):
        reverse_sheet(entry=entry, why=WHY, by=bank.accountant, on=TODAY, key="k")
    assert _picture(loans) == before
    assert not JournalEntry.objects.filter(reverses=entry).exists()


def test_a_later_event_after_the_request_stops_the_confirmation_as_a_whole(
    bank: Bank, loans: list[Loan]
) -> None:
    entry = _post(bank, loans)
    asked = ask_sheet_reversal(entry=entry, why=WHY, by=bank.accountant, on=TODAY)
    withdraw(account=_accounts(bank, loans)[0], amount=1, by=bank.teller, on=TODAY, key="rut")
    before = _picture(loans)
    with pytest.raises(SheetNotReversible):
        requesting.confirm(request=asked, by=bank.director, on=TODAY)
    assert _picture(loans) == before
    asked.refresh_from_db()
    assert asked.state == asked.State.ASKED


def test_another_entry_is_no_sheet(bank: Bank, loans: list[Loan]) -> None:
    lent = JournalEntry.objects.filter(template="loan.disburse").latest("pk")
    with pytest.raises(NotReversible):
        ask_sheet_reversal(entry=lent, why=WHY, by=bank.accountant, on=TODAY)


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_pages_ask_and_show_it(bank: Bank, loans: list[Loan], signed_in: Any) -> None:
    entry = _post(bank, loans)
    done = reverse("loans:sheet_done", args=[bank.group.pk, entry.pk])
    address = reverse("loans:reverse_sheet", args=[entry.pk])
    assert signed_in(bank.teller).get(address).status_code == 403
    client = signed_in(bank.accountant)
    assert address in _text(client.get(done))
    assert "Đề nghị đảo cả bảng kê" in _text(client.get(address))
    assert client.post(address, {"why": WHY, "key": "a"}).status_code == 302
    assert "Chờ người thứ hai duyệt" in _text(client.get(done))
    asked = entry.book.requests.latest("pk")
    requesting.confirm(request=asked, by=bank.director, on=clock.today())
    assert "Đã đảo toàn bộ" in _text(client.get(done))
    group = reverse("entrustment:group", args=[bank.group.pk])
    for page in (group, reverse("loans:sheet", args=[bank.group.pk])):
        assert "đã đảo toàn bộ" in _text(client.get(page))


def test_the_page_names_every_line_in_the_way(
    bank: Bank, loans: list[Loan], signed_in: Any
) -> None:
    entry = _post(bank, loans)
    for at, account in enumerate(_accounts(bank, loans)):
        withdraw(account=account, amount=1, by=bank.teller, on=TODAY, key=f"rut-{at}")
    page = _text(signed_in(bank.accountant).get(reverse("loans:reverse_sheet", args=[entry.pk])))
    for account in _accounts(bank, loans):
        assert f"sổ tiền gửi {account.number}" in page
    assert "Đề nghị đảo cả bảng kê" not in page
