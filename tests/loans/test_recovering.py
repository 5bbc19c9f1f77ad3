"""Money that comes on a debt written off: cash, the source that bore the loss, and less to follow off the balance."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, key, lend, make_household
from lending_grounds import BANK

from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.ledger import checks as ledger_checks
from tdcs.ledger import requesting
from tdcs.ledger.errors import KeyReused
from tdcs.ledger.models import EntryRequest, Posting
from tdcs.loans import checks
from tdcs.loans.errors import (
    AboveWrittenOff,
    EventBeforeLast,
    FieldWrong,
    NotAllowed,
    NotReversible,
)
from tdcs.loans.models import Loan, LoanEvent, Recovery
from tdcs.loans.services import changing
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.recovering import recover, recovered, take_back

pytestmark = pytest.mark.django_db
DAY, OFF, BACK = date(2026, 3, 5), date(2026, 6, 1), date(2026, 8, 15)


def _lost(bank: Bank) -> Loan:
    loan = lend(bank, make_household(bank.group), on=DAY)
    asked = changing.ask_change(
        loan=loan,
        change=ChangeDraft(kind="write_off", cause="Chết, không còn tài sản"),
        by=bank.officer,
        on=OFF,
    )
    changing.decide_change(
        request=asked, decision=ChangeDecision(approve=True), by=bank.director, on=OFF, key=key()
    )
    loan.refresh_from_db()
    return loan


LOST = Ground(_lost, date(2026, 11, 23), BANK)


@pytest.fixture
@stands_on(LOST)
def lost(bank: Bank) -> Loan:
    """50,000,000 lent and written off whole."""
    found: Loan = GROUNDS.value(LOST)
    return found


def _found() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rooms = {**ledger_checks.CHECKS, **checks.CHECKS}
    return [f"{name}: {words}" for name, check in rooms.items() for words in check()]


def _pay(bank: Bank, loan: Loan, amount: int, on: date = BACK, once: str = "") -> dict[str, Any]:
    return recover(loan=loan, amount=amount, by=bank.teller, on=on, key=once or key())


def test_what_comes_back_is_cash_and_less_off_the_balance(bank: Bank, lost: Loan) -> None:
    answer = _pay(bank, lost, 2_000_000)
    assert answer["left"] == 48_000_000
    lines = Posting.objects.filter(entry=answer["entry"]).order_by("pk")
    assert list(lines.values_list("account__code", "debit", "credit", "subject")) == [
        ("1011", 2_000_000, 0, None),
        ("6911", 0, 2_000_000, None),
        ("9999", 2_000_000, 0, None),
        ("9711", 0, 2_000_000, lost.pk),
    ]
    lost.refresh_from_db()
    assert (lost.balance, lost.written_off, lost.state) == (0, 50_000_000, "written_off")
    assert recovered(lost) == 2_000_000
    line = AuditLine.objects.filter(action="loans.recover").latest("pk")
    assert (line.subject_id, line.data["amount"]) == (str(lost.pk), 2_000_000)
    assert _found() == []


def test_no_more_than_was_written_off(bank: Bank, lost: Loan) -> None:
    _pay(bank, lost, 1)
    with pytest.raises(AboveWrittenOff) as refused:
        _pay(bank, lost, 50_000_000)
    assert refused.value.params["left"] == 49_999_999
    assert _pay(bank, lost, 49_999_999)["left"] == 0
    with pytest.raises(AboveWrittenOff):
        _pay(bank, lost, 1)
    other = lend(bank, make_household(bank.group, "Hộ khác"), on=BACK)
    with pytest.raises(AboveWrittenOff):
        _pay(bank, other, 1)
    assert _found() == []


def test_what_is_refused(bank: Bank, lost: Loan) -> None:
    with pytest.raises(EventBeforeLast):
        _pay(bank, lost, 1, on=date(2026, 5, 31))
    with pytest.raises(FieldWrong):
        _pay(bank, lost, 0)
    with pytest.raises(NotAllowed):
        recover(loan=lost, amount=1, by=bank.officer, on=BACK, key=key())
    assert not Recovery.objects.exists()


def test_the_same_key_is_taken_once(bank: Bank, lost: Loan) -> None:
    first = _pay(bank, lost, 500, once="mot-lan")
    assert _pay(bank, lost, 500, once="mot-lan") == {**first, "again": True}
    with pytest.raises(KeyReused):
        _pay(bank, lost, 501, once="mot-lan")
    assert recovered(lost) == 500


def test_a_wrong_recovery_is_taken_back_before_the_write_off(bank: Bank, lost: Loan) -> None:
    _pay(bank, lost, 700)
    event = LoanEvent.objects.get(loan=lost, kind="write_off")
    later = date(2026, 9, 1)
    with pytest.raises(NotReversible, match="nợ đã xóa"):
        changing.reverse_event(event=event, why="nhầm", by=bank.accountant, on=later, key=key())
    made = Recovery.objects.get()
    with pytest.raises(NotAllowed):
        take_back(recovery=made, why="nhầm hộ", by=bank.teller, on=later, key=key())
    with pytest.raises(EventBeforeLast):
        take_back(recovery=made, why="nhầm hộ", by=bank.accountant, on=OFF, key=key())
    take_back(recovery=made, why="nhầm hộ", by=bank.accountant, on=later, key=key())
    with pytest.raises(NotReversible):
        take_back(recovery=made, why="nhầm hộ", by=bank.accountant, on=later, key=key())
    assert recovered(lost) == 0
    assert _found() == []
    changing.reverse_event(event=event, why="nhầm", by=bank.accountant, on=later, key=key())
    assert _found() == []


def test_checks_name_what_was_altered(bank: Bank, lost: Loan) -> None:
    _pay(bank, lost, 700)
    Recovery.objects.update(amount=60_000_000)
    found = "\n".join(_found())
    assert "thu nợ đã xóa 60000000, nợ gốc đã xóa 50000000" in found
    assert "khác bút toán" in found


def test_the_page_takes_it_and_lists_it(bank: Bank, lost: Loan, signed_in: Any) -> None:
    address = f"/vay/khoan-vay/{lost.pk}/"
    browser = signed_in(bank.teller)
    page = browser.get(address).content.decode()
    assert "Còn theo dõi ngoại bảng" in page and "Thu nợ đã xóa" in page
    sent = {"amount": "2.000.000", "key": "trang"}
    assert signed_in(bank.officer).post(f"{address}thu-no-da-xoa/", sent).status_code == 403
    page = browser.post(f"{address}thu-no-da-xoa/", sent, follow=True).content.decode()
    assert "48.000.000" in page
    wrong = browser.post(
        f"{address}thu-no-da-xoa/",
        {"amount": "x", "key": "b"},
        follow=True,
        headers={"referer": f"http://testserver{address}"},
    )
    assert "số nguyên đồng" in wrong.content.decode()
    made = Recovery.objects.get()
    assert (made.amount, made.on, made.by) == (2_000_000, clock.today(), bank.teller)
    back = f"/vay/khoan-vay/thu-no-da-xoa/{made.pk}/dao/"
    assert browser.post(back, {"why": "x", "key": "c"}).status_code == 403
    signed_in(bank.accountant).post(back, {"why": "Nhầm hộ", "key": "c"})
    assert recovered(lost) == 2_000_000
    requesting.confirm(request=EntryRequest.objects.get(), by=bank.director, on=clock.today())
    assert recovered(lost) == 0
