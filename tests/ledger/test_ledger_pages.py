"""Pages of the ledger: what they say, whom they let in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from ledger_cast import TODAY, Cast, cash, person

from tdcs.ledger import queries, services
from tdcs.ledger.models import Account, Book, EntryRequest, JournalEntry
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on


def text(response: Any) -> str:
    """What a page says, without its tags."""
    assert response.status_code == 200, response
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_who_sees_which_books(cast: Cast) -> None:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    for user, seen in [
        (cast.teller, {cast.book.pk}),
        (cast.far, {cast.other.pk}),
        (cast.auditor, {cast.book.pk, cast.other.pk}),
        (person("to-truong", "credit_head", branch), {cast.book.pk, cast.other.pk}),
    ]:
        assert {book.pk for book in queries.visible_books(user)} == seen, user


def test_trial_balance_over_a_period(post: Any, cast: Cast, signed_in: Any) -> None:
    post(*cash(5_000_000), on=TODAY.replace(month=10))
    post(*cash(1_500_000))
    post(("8591", 200_000, 0, None), ("1011", 0, 200_000, None))
    post(("9711", 70_000, 0, 9), ("9999", 0, 70_000, None))
    found = queries.trial_balance([cast.book.pk], TODAY.replace(day=1), TODAY)
    assert [(r.code, r.opening, r.debit, r.credit, r.closing) for r in found.inside.rows] == [
        ("1011", 5_000_000, 1_500_000, 200_000, 6_300_000),
        ("4411", -5_000_000, 0, 1_500_000, -6_500_000),
        ("8591", 0, 200_000, 0, 200_000),
    ]
    assert found.inside.agrees
    assert found.inside.closing_debit == 6_500_000
    assert [(r.code, r.closing) for r in found.outside.rows] == [
        ("9711", 70_000),
        ("9999", -70_000),
    ]
    browser = signed_in(cast.teller)
    page = text(browser.get("/so-cai/can-doi/"))
    for words in ("1011 Tiền mặt tại đơn vị", "6.300.000", "Từ 01/11/2026 đến hết 23/11/2026"):
        assert words in page
    assert "Ngoại bảng" in page
    sheet = browser.get("/so-cai/can-doi/?export=csv").content.decode("utf-8-sig")
    assert "Cộng" in sheet
    assert browser.get("/so-cai/can-doi/?export=xlsx").content[:2] == b"PK"
    assert signed_in(cast.far).get(f"/so-cai/can-doi/?book={cast.book.pk}").status_code == 404


def test_cash_book_runs_and_turns_its_pages(post: Any, cast: Cast, signed_in: Any) -> None:
    for _ in range(queries.PAGE):
        post(*cash(10))
    post(("8591", 7, 0, None), ("1011", 0, 7, None), words="Chi hoa hồng tháng 11")
    second = queries.cash_book(book=cast.book, since=TODAY, until=TODAY, page=2)
    assert (second.count, second.pages, len(second.moves)) == (101, 2, 1)
    assert (second.moves[0].number, second.moves[0].balance) == (101, 993)
    assert (second.debit, second.credit, second.closing) == (1000, 7, 993)
    page = text(signed_in(cast.teller).get(f"/so-cai/quy/{cast.book.pk}/?page=2"))
    assert "Chi hoa hồng tháng 11" in page
    assert "2 / 2" in page
    assert text(signed_in(cast.teller).get("/so-cai/")).count("993") == 2


def test_sub_ledger_by_subject(post: Any, cast: Cast) -> None:
    post(*cash(80))
    post(("2111", 30, 0, 1), ("2111", 50, 0, 2), ("1011", 0, 80, None))
    post(("1011", 30, 0, None), ("2111", 0, 30, 1))
    account = Account.objects.get(code="2111")
    assert queries.balances_by_subject(account=account, books=[cast.book.pk], on=TODAY) == {2: 50}


def test_an_entry_and_its_reversal(post: Any, cast: Cast, signed_in: Any) -> None:
    entry = post(*cash(1_000_000), words="Nhận vốn quý IV")
    address = f"/so-cai/but-toan/{entry.pk}/"
    assert signed_in(cast.far).get(address).status_code == 404
    proved = text(signed_in(cast.auditor).get(address))
    assert "Lý do đảo" not in proved
    browser = signed_in(cast.accountant)
    page = text(browser.get(address))
    for words in ("Nhận vốn quý IV", "1.000.000", "ke-toan"):
        assert words in page
    # Digests are for who proves the books.
    for words in (entry.hash, entry.previous_hash):
        assert words in proved
        assert words not in page
    asked = browser.post(f"{address}dao/", {"why": "ghi nhầm"}, follow=True)
    assert "Chờ người thứ hai" in text(asked)
    assert "Đã được đảo" not in text(browser.get(address))
    second = signed_in(cast.director)
    made = second.post(f"{asked.redirect_chain[-1][0]}duyet/", follow=True)
    assert "Đã duyệt" in text(made)
    assert "Đã được đảo bằng bút toán 2" in text(browser.get(address))
    assert queries.trial_balance([cast.book.pk], TODAY, TODAY).inside.closing_debit == 0


FORM = {
    "key": "mot-khoa",
    "words": "Nhận vốn ủy thác, UNC 12",
    "account": ["1011", "4421", ""],
    "debit": ["2.500.000", "", ""],
    "credit": ["", "2.500.000", ""],
}


def test_by_hand_once(cast: Cast, signed_in: Any) -> None:
    browser = signed_in(cast.accountant)
    page = browser.get("/so-cai/hach-toan/").content.decode()
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
    assert 'value="2111"' not in page
    form = FORM | {"book": cast.book.pk}
    first = browser.post("/so-cai/hach-toan/", form)
    again = browser.post("/so-cai/hach-toan/", form)
    assert first.url == again.url == f"/so-cai/de-nghi/{EntryRequest.objects.get().pk}/"
    assert not JournalEntry.objects.exists()
    signed_in(cast.director).post(f"{first.url}duyet/")
    entry = JournalEntry.objects.get()
    assert (entry.by, entry.words) == (cast.accountant, "Nhận vốn ủy thác, UNC 12")
    assert [(p.account.code, p.debit, p.credit) for p in entry.postings.order_by("pk")] == [
        ("1011", 2_500_000, 0),
        ("4421", 0, 2_500_000),
    ]
    other = signed_in(cast.accountant).post("/so-cai/hach-toan/", form | {"words": "Khác"})
    assert "đã dùng cho nội dung khác" in text(other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "Bút toán chưa có diễn giải"),
        ({"credit": ["", "2.400.000", ""]}, "không cân: lệch 100000 đồng nội bảng"),
        ({"debit": ["mười", "", ""]}, "Số tiền phải là số nguyên đồng lớn hơn 0"),
        ({"debit": ["2.500.000,5", "", ""]}, "Số tiền phải là số nguyên đồng lớn hơn 0"),
        ({"credit": ["2.500.000", "2.500.000", ""]}, "Số tiền phải là số nguyên đồng lớn hơn 0"),
        ({"account": ["2111", "4421", ""]}, "Tài khoản 2111 theo dõi chi tiết"),
        ({"account": ["1", "4421", ""]}, "Không có tài khoản 1"),
        ({"account": ["", "4421", ""]}, "Không có tài khoản"),
    ],
)
def test_refused_by_hand(cast: Cast, signed_in: Any, change: Any, words: str) -> None:
    form = FORM | {"book": cast.book.pk} | change
    response = signed_in(cast.accountant).post("/so-cai/hach-toan/", form)
    assert words in text(response)
    # What was typed stays.
    assert 'value="mot-khoa"' in response.content.decode()
    assert not JournalEntry.objects.exists() and not EntryRequest.objects.exists()


def test_not_in_another_office_s_book(cast: Cast, signed_in: Any) -> None:
    form = FORM | {"book": cast.book.pk}
    assert signed_in(cast.far).post("/so-cai/hach-toan/", form).status_code == 404
    assert signed_in(cast.teller).post("/so-cai/hach-toan/", form).status_code == 403


def test_the_first_entry_opens_the_office_s_book(cast: Cast, signed_in: Any) -> None:
    office = Organisation.objects.filter(kind=Kind.TRANSACTION_OFFICE, ends_on=None).order_by("pk")[
        2
    ]
    browser = signed_in(person("ke-toan-moi", "accountant", office))
    assert names_on(TODAY)[office.pk] in text(browser.get("/so-cai/hach-toan/"))
    assert not Book.objects.filter(organisation=office).exists()
    asked = browser.post("/so-cai/hach-toan/", FORM)
    second = signed_in(person("giam-doc-moi", "office_director", office))
    second.post(f"{asked.url}duyet/")
    assert Book.objects.get(organisation=office).last_number == 1


def test_closing(post: Any, cast: Cast, signed_in: Any) -> None:
    post(*cash(100), on=TODAY.replace(day=20))
    office = names_on(TODAY)[cast.book.organisation_id]
    address = f"/so-cai/khoa-so/{cast.book.pk}/"
    assert signed_in(cast.accountant).get(address).status_code == 403
    browser = signed_in(cast.director)
    page = browser.get(f"{address}?through=2026-11-20").content.decode()
    assert (
        f'data-confirm="Khóa kỳ kế toán {office} đến hết ngày 20/11/2026? Không mở lại được."'
        in page
    )
    done = browser.post(address, {"through": "2026-11-20"}, follow=True)
    assert f"Đã khóa kỳ kế toán {office} đến hết ngày 20/11/2026." in text(done)
    refused = browser.post(address, {"through": "2026-11-23", "next": address}, follow=True)
    assert "Ngày 23/11/2026 chưa kết thúc" in text(refused)
    with pytest.raises(Exception, match="thuộc kỳ kế toán đã khóa"), transaction.atomic():
        services.post(
            [services.NewEntry(cast.book.pk, TODAY.replace(day=20), "manual", "Muộn", cash(1))],
            by=cast.accountant,
            on=TODAY,
        )
