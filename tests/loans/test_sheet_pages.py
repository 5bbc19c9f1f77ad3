"""Collecting through pages: a group's sheet and one borrower, by role and scope; careless hands and strangers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, key, lend, make_group, make_household, person, savings_of
from lending_grounds import BANK

from tdcs.entrustment.models import GroupAccount, SavingsGroup
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def _url(name: str, *args: int) -> str:
    return reverse(f"loans:{name}", args=args)


def _due(loan: Loan) -> int:
    row = roll_forward(loan_rows([loan.pk]), TODAY).rows(named=True)[0]
    return int(row["due"])


def _dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def far(bank: Bank) -> SavingsGroup:
    """A group of another office."""
    office = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)
    return make_group(office.order_by("pk")[0], "9999001")


def _two_loans(bank: Bank) -> tuple[Loan, Loan]:
    first = make_household(bank.group, "Lê Thị Hoa")
    savings_of(first, bank)
    second = make_household(bank.group, "Trần Văn Bình")
    return lend(bank, first, on=DAY), lend(bank, second, on=DAY, amount=20_000_000)


TWO = Ground(_two_loans, TODAY, BANK)


@pytest.fixture
@stands_on(TWO)
def two(bank: Bank) -> tuple[Loan, Loan]:
    """Loans of two members of bà Hoa's group; the first household saves."""
    first, second = GROUNDS.value(TWO)
    return first, second


def test_the_list_says_who_owes_what_and_finds_without_accents(
    bank: Bank, two: tuple[Loan, Loan], far: SavingsGroup, signed_in: Any
) -> None:
    client = signed_in(bank.teller)
    page = _text(client.get(_url("sheets") + "?q=to+ba+hoa"))
    assert "Tổ bà Hoa" in page and "9999001" not in page
    assert _dots(70_000_000) in page
    assert _dots(sum(_due(loan) for loan in two)) in page
    # The session of the 15th is over and nothing came in.
    assert "15/11/2026" in page and "chưa nộp" in page
    assert "Không có tổ nào khớp" in _text(client.get(_url("sheets") + "?q=khong+co"))
    assert "Không có tổ nào khớp" in _text(client.get(_url("sheets") + "?day=16"))
    assert "Tổ bà Hoa" in _text(client.get(_url("sheets") + "?day=15"))


def test_who_sees_a_sheet_and_who_types_into_it(
    bank: Bank, two: tuple[Loan, Loan], far: SavingsGroup, signed_in: Any
) -> None:
    address = _url("sheet", bank.group.pk)
    for user in (bank.officer, bank.head, bank.director, bank.accountant, bank.commune):
        page = _text(signed_in(user).get(address))
        assert "Lê Thị Hoa" in page and "data-column" not in page
        sent = signed_in(user).post(address, {"step": "post", "key": key()})
        assert sent.status_code == 403
        assert signed_in(user).get(_url("collect", two[0].pk)).status_code == 403
    assert "data-column" in _text(signed_in(bank.teller).get(address))
    assert signed_in(bank.teller).get(_url("sheet", far.pk)).status_code == 404
    # A leader whose account speaks for no group sees none; afterwards the own one, to read and print.
    assert signed_in(bank.leader).get(address).status_code == 404
    GroupAccount.objects.create(user=bank.leader, group=bank.group, starts_on=DAY)
    page = _text(signed_in(bank.leader).get(address))
    assert "Lê Thị Hoa" in page and "data-column" not in page
    assert signed_in(bank.leader).get(_url("sheet", far.pk)).status_code == 404


def test_a_sheet_is_checked_confirmed_and_booked_once(
    bank: Bank, two: tuple[Loan, Loan], signed_in: Any
) -> None:
    client, address = signed_in(bank.teller), _url("sheet", bank.group.pk)
    dues = [_due(loan) for loan in two]
    sent = {
        "key": _key_of(_text(client.get(address))),
        f"interest-{two[0].pk}": _dots(dues[0]),
        f"principal-{two[0].pk}": "1.000.000",
        f"savings-{two[0].pk}": "50000",
        f"interest-{two[1].pk}": str(dues[1]),
    }
    total = sum(dues) + 1_050_000
    entries = JournalEntry.objects.count()
    page = _text(client.post(address, {**sent, "step": "check"}))
    assert f"Đã nhận đủ {_dots(total)} đồng?" in page
    assert JournalEntry.objects.count() == entries
    again = _text(client.post(address, {**sent, "step": "edit"}))
    assert f'value="{_dots(dues[0])}"' in again and _key_of(again) == sent["key"]
    first = client.post(address, {**sent, "step": "post"})
    entry = JournalEntry.objects.latest("pk")
    assert first["Location"] == _url("sheet_done", bank.group.pk, entry.pk)
    # Sent twice: the first answer again, nothing more is booked.
    second = client.post(address, {**sent, "step": "post"}, follow=True)
    page = _text(second)
    assert JournalEntry.objects.count() == entries + 1
    assert "đã được hạch toán trước đó" in page
    assert f"Đã thu {_dots(total)} đồng" in page and str(entry.number) in page
    assert "13/TD" in page
    two[0].refresh_from_db()
    assert two[0].balance == 49_000_000 and _due(two[0]) == 0
    shown = _text(client.get(_url("sheets")))
    assert "đã nộp 23/11/2026" in shown and _dots(sum(dues) + 1_000_000) in shown


def test_the_same_key_with_other_content_is_refused(
    bank: Bank, two: tuple[Loan, Loan], signed_in: Any
) -> None:
    client, address, once = signed_in(bank.teller), _url("sheet", bank.group.pk), key()
    sent = {"key": once, "step": "post", f"interest-{two[0].pk}": "1000"}
    assert client.post(address, sent).status_code == 302
    entries = JournalEntry.objects.count()
    page = _text(client.post(address, {**sent, f"interest-{two[0].pk}": "2000"}))
    assert "đã dùng cho nội dung khác" in page and 'value="2000"' in page
    assert JournalEntry.objects.count() == entries


def test_all_bad_lines_stand_on_the_page_at_once(
    bank: Bank, two: tuple[Loan, Loan], signed_in: Any
) -> None:
    third = lend(bank, make_household(bank.group, "Phạm Văn Cao"), on=DAY, amount=10_000_000)
    client, address = signed_in(bank.teller), _url("sheet", bank.group.pk)
    entries = JournalEntry.objects.count()
    sent = {
        "key": key(),
        f"interest-{two[0].pk}": "999.999.999",
        f"principal-{two[1].pk}": "20.000.001",
        f"interest-{third.pk}": "12,5",
        f"savings-{third.pk}": "10.000",
    }
    for step in ("check", "post"):
        page = _text(client.post(address, {**sent, "step": step}))
        assert "Số lãi thu vượt lãi phải trả" in page and "Điều 5, 14/2017/TT-NHNN" in page
        assert "Số gốc trả vượt dư nợ" in page
        assert "Số tiền là số nguyên đồng" in page
        assert "chưa có sổ tiền gửi" in page
        assert page.count('class="bad"') == 3
        assert 'value="12,5"' in page and 'value="999.999.999"' in page
    assert JournalEntry.objects.count() == entries


@pytest.mark.parametrize(
    "words", ["-5", "1e6", "1,5", "1.23", "٥٠٠", "0x10", "9" * 30, "NaN", "<b>1</b>", "1 000 00"]
)
def test_what_is_no_amount_is_named(
    bank: Bank, two: tuple[Loan, Loan], words: str, signed_in: Any
) -> None:
    sent = {"key": key(), "step": "post", f"interest-{two[0].pk}": words}
    page = _text(signed_in(bank.teller).post(_url("sheet", bank.group.pk), sent))
    assert "Số tiền là số nguyên đồng" in page and "<b>1</b>" not in page
    assert not LoanEvent.objects.filter(kind="interest").exists()


@pytest.mark.parametrize("sent", [{}, {"key": ""}, {"key": "x\x01y"}, {"key": "k" * 500}])
def test_an_empty_sheet_or_a_wrong_key_books_nothing(
    bank: Bank, two: tuple[Loan, Loan], sent: dict[str, str], signed_in: Any
) -> None:
    client, address = signed_in(bank.teller), _url("sheet", bank.group.pk)
    assert "Chưa nhập số tiền nào" in _text(client.post(address, {**sent, "step": "post"}))
    amounts = {f"interest-{two[0].pk}": "1.000"}
    page = _text(client.post(address, {**sent, **amounts, "step": "post"}))
    assert "Khóa lệnh" in page
    assert not LoanEvent.objects.filter(kind="interest").exists()


def test_a_loan_of_another_group_cannot_be_smuggled_in(
    bank: Bank, two: tuple[Loan, Loan], far: SavingsGroup, signed_in: Any
) -> None:
    other = make_group(bank.office, "4606002")
    moved = lend(bank, make_household(bank.group, "Sẽ chuyển tổ"), on=DAY)
    Loan.objects.filter(pk=moved.pk).update(group=other)
    client, address = signed_in(bank.teller), _url("sheet", bank.group.pk)
    sent = {"key": key(), f"interest-{two[0].pk}": "1.000", f"interest-{moved.pk}": "1.000"}
    for step in ("check", "post"):
        page = _text(client.post(address, {**sent, "step": step}))
        assert f"Không có khoản vay {moved.pk} thuộc tổ" in page
        # Of a loan that is not theirs nobody learns more than was sent.
        assert moved.number not in page and "Sẽ chuyển tổ" not in page
    assert not LoanEvent.objects.filter(kind="interest").exists()


def test_a_loan_of_another_office_is_not_there(
    bank: Bank, two: tuple[Loan, Loan], far: SavingsGroup, signed_in: Any
) -> None:
    office = far.profiles.get().office
    stranger = signed_in(person("la", "teller", office))
    for name in ("collect", "sheet"):
        pk = two[0].pk if name == "collect" else bank.group.pk
        assert stranger.get(_url(name, pk)).status_code == 404
        sent = {"key": key(), "step": "post", f"interest-{two[0].pk}": "1.000"}
        assert stranger.post(_url(name, pk), sent).status_code == 404
    sent = {"key": key(), "step": "post", f"interest-{two[0].pk}": "1.000"}
    page = _text(stranger.post(_url("sheet", far.pk), sent))
    assert "Không có khoản vay" in page and two[0].number not in page
    assert not LoanEvent.objects.filter(kind="interest").exists()
    # Nor is the receipt of what the own teller booked.
    booked = signed_in(bank.teller).post(_url("sheet", bank.group.pk), sent)
    entry = JournalEntry.objects.latest("pk")
    assert booked.status_code == 302
    for name, pk in (("sheet_done", far.pk), ("collected", two[0].pk)):
        assert stranger.get(_url(name, pk, entry.pk)).status_code == 404


def test_sixty_members_in_one_sheet(bank: Bank, signed_in: Any) -> None:
    loans = [
        lend(bank, make_household(bank.group, f"Hộ {n:02d}"), on=DAY, amount=10_000_000)
        for n in range(60)
    ]
    client, address = signed_in(bank.teller), _url("sheet", bank.group.pk)
    page = _text(client.get(address))
    assert page.count('data-column="interest"') == 60
    due = _due(loans[0])
    sent = {f"interest-{loan.pk}": _dots(due) for loan in loans}
    sent["key"] = _key_of(page)
    page = _text(client.post(address, {**sent, "step": "check"}))
    assert f"Đã nhận đủ {_dots(60 * due)} đồng?" in page
    answer = client.post(address, {**sent, "step": "post"}, follow=True)
    assert f"Đã thu {_dots(60 * due)} đồng" in _text(answer)
    assert LoanEvent.objects.filter(kind="interest", amount=due).count() == 60
    assert {_due(loan) for loan in loans} == {0}


def test_one_borrower_pays_everything_and_the_loan_is_settled(
    bank: Bank, two: tuple[Loan, Loan], signed_in: Any
) -> None:
    client, loan = signed_in(bank.teller), two[1]
    address, due = _url("collect", loan.pk), _due(loan)
    page = _text(client.get(address))
    assert _dots(20_000_000 + due) in page
    sent = {
        "key": _key_of(page),
        f"interest-{loan.pk}": _dots(due),
        f"principal-{loan.pk}": "20.000.000",
    }
    assert "tất toán" in _text(client.post(address, {**sent, "step": "check"}))
    first = client.post(address, {**sent, "step": "post"})
    page = _text(client.get(first["Location"]))
    assert "Khoản vay đã tất toán" in page
    # The loan owes nothing any more; the second click is still answered like the first.
    second = client.post(address, {**sent, "step": "post"})
    assert second["Location"] == first["Location"]
    loan.refresh_from_db()
    assert (loan.state, loan.balance) == ("settled", 0)
    assert "Khoản vay không còn nợ" in _text(client.get(address))
    assert LoanEvent.objects.filter(loan=loan, kind="principal").count() == 1


def test_what_was_settled_meanwhile_is_refused_by_name(
    bank: Bank, two: tuple[Loan, Loan], signed_in: Any
) -> None:
    client, loan = signed_in(bank.teller), two[1]
    sent = {f"interest-{loan.pk}": str(_due(loan)), f"principal-{loan.pk}": "20000000"}
    address = _url("collect", loan.pk)
    client.post(address, {**sent, "key": key(), "step": "post"})
    page = _text(client.post(address, {**sent, "key": key(), "step": "post"}))
    assert "Số lãi thu vượt lãi phải trả" in page
