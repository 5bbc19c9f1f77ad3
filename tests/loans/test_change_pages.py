"""Changes asked for and decided, and reversals, through pages: limits, roles, scope, slips and strangers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, key, lend, make_group, make_household, person
from lending_grounds import BANK

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.documents.reading.rows import read_rows
from tdcs.ledger import requesting
from tdcs.ledger.errors import BeforeClose, SecondPersonNeeded
from tdcs.ledger.models import EntryRequest, JournalEntry
from tdcs.ledger.services import book_of
from tdcs.loans.errors import RuleRefused
from tdcs.loans.models import ChangeRequest, Loan, LoanEvent
from tdcs.loans.queries.changes import allowed
from tdcs.loans.services import changing
from tdcs.loans.services.changing import ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def _url(name: str, *args: Any) -> str:
    return reverse(f"loans:{name}", args=args)


LENT = Ground(
    lambda bank: lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=DAY), TODAY, BANK
)


@pytest.fixture
@stands_on(LENT)
def loan(bank: Bank) -> Loan:
    """50 million of 5/3/2026 over 36 months, a year an instalment."""
    found: Loan = GROUNDS.value(LENT)
    return found


@pytest.fixture
def far(bank: Bank) -> dict[str, User]:
    """The people of another office."""
    offices = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)
    office = offices.order_by("pk")[0]
    make_group(office, "9999001")
    roles = {"officer": "loan_officer", "director": "office_director", "accountant": "accountant"}
    return {name: person(f"la-{name}", role, office) for name, role in roles.items()}


_ASKED = {
    "reschedule": {"due_on": "2027-03-05", "until_on": "2027-09-05"},
    "extend": {"until_on": "2030-03-05"},
    "freeze": {"loss_percent": "60", "until_on": "2029-11-23"},
    "write_off": {"amount": "50.000.000"},
}


def _ask(client: Any, loan: Loan, kind: str, **more: str) -> Any:
    sent = {**_ASKED[kind], "cause": "Lũ cuốn trôi chuồng trại", "key": key(), **more}
    return client.post(_url("ask", loan.pk, kind), sent)


def test_the_law_stands_before_the_typing(bank: Bank, loan: Loan, signed_in: Any) -> None:
    client = signed_in(bank.officer)
    page = _text(client.get(_url("ask", loan.pk, "extend")))
    # 36 months from 5/3/2026 end on 5/3/2029; half of the term is 18 months more.
    assert "18 tháng kể từ hạn theo hợp đồng, đến 05/09/2030" in page
    assert "50/2010/QĐ-TTg" in page
    page = _text(client.get(_url("ask", loan.pk, "freeze")))
    assert "đến 23/11/2029" in page and "đến 23/11/2031" in page and "08/2021/QĐ-TTg" in page
    page = _text(client.get(_url("ask", loan.pk, "reschedule")))
    assert "05/03/2027: 16.600.000 đồng" in page and "<td>05/03/2028</td>" in page
    assert 'value="2029-03-05"' not in page
    assert "05/XLN" in _text(client.get(_url("ask", loan.pk, "write_off")))
    assert client.get(_url("ask", loan.pk, "rate")).status_code == 404


@pytest.mark.parametrize("spacing", [6, 12])
@pytest.mark.parametrize("kind", ["reschedule", "extend", "freeze"])
def test_the_limits_shown_are_those_of_the_rules(bank: Bank, kind: str, spacing: int) -> None:
    made = lend(bank, make_household(bank.group), on=DAY, term=36, spacing=spacing)
    found = allowed(made, kind, TODAY)
    cases = [(one.due_on, one.latest_on) for one in found.movable] or [(None, found.latest_on)]
    for due, latest in cases:
        assert latest is not None
        asked = ChangeDraft(kind=kind, cause="x", due_on=due, until_on=latest, loss_percent=90)
        changing.ask_change(loan=made, change=asked, by=bank.officer, on=TODAY)
        later = replace(asked, until_on=latest + timedelta(days=1))
        with pytest.raises(RuleRefused):
            changing.ask_change(loan=made, change=later, by=bank.officer, on=TODAY)


@pytest.mark.parametrize("kind", _ASKED)
def test_asked_by_one_decided_by_another(bank: Bank, loan: Loan, kind: str, signed_in: Any) -> None:
    asked = _ask(signed_in(bank.officer), loan, kind)
    row = ChangeRequest.objects.get()
    assert asked["Location"] == _url("request", row.pk)
    address = _url("request", row.pk)
    page = _text(signed_in(bank.officer).get(address))
    assert "Chờ duyệt" in page and 'name="verb"' not in page
    sent = {"verb": "approve", "decision_number": "9/QĐ-NHCS", "key": key()}
    assert signed_in(bank.officer).post(address, sent).status_code == 403
    client = signed_in(bank.director)
    assert "Lê Thị Hoa" in _text(client.get(_url("requests")))
    assert "Nếu duyệt hôm nay" in _text(client.get(address))
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by_id) == ("approved", bank.director.pk)
    assert LoanEvent.objects.filter(loan=loan, kind=kind).count() == 1
    page = _text(client.get(address))
    assert "Đã duyệt" in page and "9/QĐ-NHCS" in page and 'name="verb"' not in page
    for number in re.findall(r"/mau/yeu-cau/\d+/([^/]+)/docx/", page):
        assert client.get(_url("request_form", row.pk, number, "docx")).status_code == 200
    assert "Không có đề nghị nào đang chờ duyệt" in _text(client.get(_url("requests")))
    assert "Lê Thị Hoa" in _text(client.get(_url("requests") + "?q=le+thi+hoa"))


def test_a_double_click_asks_once_and_other_content_is_refused(
    bank: Bank, loan: Loan, signed_in: Any
) -> None:
    client, once = signed_in(bank.officer), key()
    first, second = (_ask(client, loan, "extend", key=once) for _ in range(2))
    assert first["Location"] == second["Location"]
    page = _text(_ask(client, loan, "extend", key=once, until_on="2029-09-05"))
    assert "đã dùng cho nội dung khác" in page
    assert ChangeRequest.objects.count() == 1


_SLIPS = [
    ("extend", {"until_on": "2030-09-06"}, "Gia hạn vượt giới hạn"),
    ("extend", {"until_on": "2029-03-05"}, "Gia hạn vượt giới hạn"),
    ("extend", {"until_on": "31/02/2030"}, "errorlist"),
    ("extend", {"cause": "   "}, "errorlist"),
    ("reschedule", {"until_on": "2028-03-06"}, "không quá kỳ kế tiếp"),
    ("reschedule", {"due_on": "2027-03-06"}, "Không có kỳ trả gốc"),
    ("reschedule", {"due_on": "2029-03-05", "until_on": "2029-06-05"}, "hạn trả cuối cùng"),
    ("freeze", {"loss_percent": "39"}, "dưới 40%"),
    ("freeze", {"loss_percent": "79", "until_on": "2029-11-24"}, "Thời gian khoanh vượt"),
    ("freeze", {"loss_percent": "101"}, "errorlist"),
    ("freeze", {"loss_percent": ""}, "errorlist"),
    ("write_off", {"amount": "50.000.001"}, "Vượt số còn nợ"),
    ("write_off", {"amount": "0"}, "lớn hơn 0"),
    ("write_off", {"amount": "1,5"}, "số nguyên đồng"),
    ("extend", {"key": ""}, ""),
]


@pytest.mark.parametrize(("kind", "slip", "words"), _SLIPS)
def test_slips_are_named_and_nothing_is_kept(
    bank: Bank, loan: Loan, kind: str, slip: dict[str, str], words: str, signed_in: Any
) -> None:
    page = _text(_ask(signed_in(bank.officer), loan, kind, **slip))
    assert words in page
    assert not ChangeRequest.objects.exists()


def test_refusing_needs_a_reason_and_approving_a_number(
    bank: Bank, loan: Loan, signed_in: Any
) -> None:
    _ask(signed_in(bank.officer), loan, "extend")
    row, client = ChangeRequest.objects.get(), signed_in(bank.director)
    address = _url("request", row.pk)
    page = _text(client.post(address, {"verb": "refuse", "key": key()}))
    assert "Từ chối thì phải ghi lý do" in page
    assert "Ghi số quyết định" in _text(client.post(address, {"verb": "approve", "key": key()}))
    sent = {"verb": "refuse", "words": "Chưa đủ hồ sơ", "key": key()}
    assert client.post(address, sent).status_code == 302
    page = _text(client.post(address, {**sent, "words": "Lần nữa", "key": key()}))
    assert "đã được quyết định" in page and "Chưa đủ hồ sơ" in page
    assert not LoanEvent.objects.filter(loan=loan, kind="extend").exists()


def test_who_asked_does_not_decide_whatever_role_he_holds_now(
    bank: Bank, loan: Loan, signed_in: Any
) -> None:
    _ask(signed_in(bank.officer), loan, "extend")
    ChangeRequest.objects.update(asked_by=bank.director)
    address, client = _url("request", ChangeRequest.objects.get().pk), signed_in(bank.director)
    page = _text(client.get(address))
    assert "nguyên tắc người lập" in page and 'name="verb"' not in page
    sent = {"verb": "approve", "decision_number": "9", "key": key()}
    page = _text(client.post(address, sent))
    assert "Nguyên tắc người lập – người kiểm soát" in page
    assert ChangeRequest.objects.get().state == "asked"


def test_another_office_sees_neither_loan_nor_request(
    bank: Bank, loan: Loan, far: dict[str, User], signed_in: Any
) -> None:
    stranger = signed_in(far["officer"])
    assert stranger.get(_url("ask", loan.pk, "extend")).status_code == 404
    assert _ask(stranger, loan, "extend").status_code == 404
    _ask(signed_in(bank.officer), loan, "extend")
    row = ChangeRequest.objects.get()
    boss = signed_in(far["director"])
    assert boss.get(_url("request", row.pk)).status_code == 404
    sent = {"verb": "approve", "decision_number": "9", "key": key()}
    assert boss.post(_url("request", row.pk), sent).status_code == 404
    assert "Lê Thị Hoa" not in _text(boss.get(_url("requests") + "?state="))
    event = loan.events.get(kind="disbursement")
    clerk = signed_in(far["accountant"])
    assert clerk.get(_url("reverse", event.pk)).status_code == 404
    assert clerk.post(_url("reverse", event.pk), {"why": "x", "key": key()}).status_code == 404
    row.refresh_from_db()
    assert row.state == "asked" and loan.events.count() == 1


def test_the_list_is_exported_as_shown(bank: Bank, loan: Loan, signed_in: Any) -> None:
    _ask(signed_in(bank.officer), loan, "extend")
    answer = signed_in(bank.director).get(_url("requests") + "?export=xlsx")
    cells = [cell for row in read_rows(answer.content) for cell in row.cells]
    assert "Lê Thị Hoa" in cells and date(2030, 3, 5) in cells


def _pay(bank: Bank, loan: Loan, on: date, interest: int = 0, principal: int = 0) -> None:
    lines = (Collection(loan.pk, interest, principal),)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, lines)
    collect_sheet(sheet=sheet, by=bank.teller, on=on)


def test_a_wrong_payment_is_taken_back_with_a_reason(
    bank: Bank, loan: Loan, signed_in: Any
) -> None:
    _pay(bank, loan, date(2026, 4, 15), 100_000, 8_000_000)
    event = LoanEvent.objects.get(loan=loan, kind="principal")
    address, client = _url("reverse", event.pk), signed_in(bank.accountant)
    page = _text(client.get(address))
    assert "Đảo “Thu gốc” 8.000.000 đồng?" in page
    assert "42.000.000" in page and "50.000.000" in page
    assert "Cùng bút toán còn 1 diễn biến khác" in page and "1011" in page
    assert "errorlist" in _text(client.post(address, {"why": " ", "key": key()}))
    entries = JournalEntry.objects.count()
    answer = client.post(address, {"why": "Thu nhầm hộ", "key": key()})
    assert answer["Location"] == _url("loan", loan.pk)
    assert "đã có đề nghị đang chờ duyệt" in _text(
        client.post(address, {"why": "Nữa", "key": key()})
    )
    assert JournalEntry.objects.count() == entries
    request = EntryRequest.objects.get()
    with pytest.raises(SecondPersonNeeded):
        requesting.confirm(request=request, by=bank.accountant, on=clock.today())
    requesting.confirm(request=request, by=bank.director, on=clock.today())
    assert JournalEntry.objects.count() == entries + 1
    loan.refresh_from_db()
    assert loan.balance == 50_000_000
    assert LoanEvent.objects.get(loan=loan, kind="reverse").basis == "Thu nhầm hộ"
    page = _text(client.get(address))
    assert "đã được đảo" in page and "<textarea" not in page
    page = _text(client.post(address, {"why": "Nữa", "key": key()}))
    assert "đã được đảo" in page
    undo = LoanEvent.objects.get(loan=loan, kind="reverse")
    assert "đây là bút toán đảo" in _text(client.get(_url("reverse", undo.pk)))
    for user in (bank.teller, bank.officer, bank.director):
        assert signed_in(user).get(address).status_code == 403


def test_what_others_rest_on_is_not_pulled_away(bank: Bank, loan: Loan, signed_in: Any) -> None:
    _pay(bank, loan, date(2026, 4, 15), 350_466)
    client = signed_in(bank.accountant)
    first = loan.events.get(kind="disbursement")
    assert "còn diễn biến khác" in _text(client.get(_url("reverse", first.pk)))
    page = _text(client.post(_url("reverse", first.pk), {"why": "x", "key": key()}))
    assert "còn diễn biến khác" in page
    assert not LoanEvent.objects.filter(kind="reverse").exists()


def test_a_reversal_after_the_books_are_closed_is_refused(
    bank: Bank, loan: Loan, signed_in: Any
) -> None:
    _pay(bank, loan, date(2026, 4, 15), 100_000)
    book = book_of(bank.office)
    book.closed_through = TODAY
    book.save()
    event = LoanEvent.objects.get(loan=loan, kind="interest")
    signed_in(bank.accountant).post(_url("reverse", event.pk), {"why": "Thu nhầm", "key": key()})
    request = EntryRequest.objects.get()
    with pytest.raises(BeforeClose):
        requesting.confirm(request=request, by=bank.director, on=clock.today())
    request.refresh_from_db()
    assert request.state == "asked"
    assert not LoanEvent.objects.filter(reverses=event).exists()
