"""A borrower's receipt is checked by anybody: not handed in, in the book, different, undone, forged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lending_cast import Bank, savings_of
from offline_cast import TODAY, Tablet, collected, hand_in

from tdcs.access import limits
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan
from tdcs.loans.queries.sheets import lines_of
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.sheet_undoing import reverse_sheet
from tdcs.transaction_points.models import Device, LogLine, TransactionSession
from tdcs.transaction_points.rules.receipts import Statement, code_of, content_of, read
from tdcs.transaction_points.services import cases, packs

pytestmark = pytest.mark.django_db
Header = dict[str, Any]


def statement(
    header: Header, seq: int, loan: Loan | None, *amounts: int, **other: Any
) -> Statement:
    interest, principal, savings = (*amounts, 0, 0, 0)[:3]
    given = {
        "device": header["device"], "session": header["session"], "seq": seq, "loan": loan.pk if loan else 0,
        "account": 0, "day": TODAY, "interest": interest, "principal": principal, "savings": savings,
    }  # fmt: skip
    return Statement(**{**given, **other})


def signed(tablet: Tablet, one: Statement) -> str:
    content = content_of(one)
    return code_of(content, tablet.sign.sign(content).hex())


def asked(code: str) -> str:
    answer = Client().get(reverse("receipts:check"), {"b": code})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return answer.content.decode()


def test_from_the_session_to_the_book(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> None:
    first, second = loans
    code = signed(tablet, statement(header, 1, first, 50_000, 100_000))
    page = asked(code)
    assert "Chưa nộp về" in page and "150.000" in page and "Hộ 0" not in page
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 50_000, 100_000)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 60_000, 0)))
    tablet.set_pins(header, bank.head)
    tablet.approved(header, "void", bank.teller.pk, bank.head.pk, seq=2)
    undone = signed(tablet, statement(header, 2, second, 60_000))
    hand_in(bank, session, device, tablet.lines)
    assert "chờ vào sổ" in asked(code)
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    page = asked(code)
    assert "Đã vào sổ" in page and "ngày 23/11/2026" in page
    assert "Đã hủy tại phiên" in asked(undone)
    # The whole address may be typed, too; a receipt for more than was written down is not in the book.
    assert "Đã vào sổ" in asked(f"https://tdcs.vn/bien-lai/kiem-tra/?b={code}")
    for other in (
        statement(header, 1, first, 50_000, 200_000),
        statement(header, 1, second, 50_000, 100_000),
        statement(header, 3, first, 50_000, 100_000),
        statement(header, 1, first, 50_000, 100_000, day=date(2026, 11, 22)),
        statement(header, 1, None, account=77, savings=150_000),
    ):
        assert "Không khớp với sổ" in asked(signed(tablet, other))
    entry = JournalEntry.objects.get(pk=LogLine.objects.get(seq=1).entry_id)
    reverse_sheet(entry=entry, why="Ghi nhầm hộ", by=bank.accountant, on=TODAY, key="undo")
    assert "Đã vào sổ rồi bị đảo" in asked(code)


def test_what_waits_and_what_a_person_decided(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> None:
    first, second = loans
    # At the counter meanwhile: a payment taken back, a loan settled.
    done = collect_sheet(
        sheet=Sheet("one", bank.office.pk, None, (Collection(first.pk, 5_000),)),
        by=bank.teller,
        on=TODAY,
    )
    entry = JournalEntry.objects.get(pk=done["entry"])
    reverse_sheet(entry=entry, why="Ghi nhầm hộ", by=bank.accountant, on=TODAY, key="back")
    [owed] = lines_of(Loan.objects.filter(pk=second.pk), TODAY)
    settling = Collection(second.pk, owed.interest_due, 20_000_000)
    collect_sheet(sheet=Sheet("two", bank.office.pk, None, (settling,)), by=bank.teller, on=TODAY)
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 1_000, 0)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 2_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    one, two = (
        signed(tablet, statement(header, at, loan, 1_000 * at)) for at, loan in enumerate(loans, 1)
    )
    assert "Đang được phòng giao dịch xử lý" in asked(one)
    lines = LogLine.objects.filter(state="case").order_by("seq")
    assert [line.problem for line in lines] == ["pack_outdated", "settled_meanwhile"]
    cases.resolve_case(line=lines[1], words="Đã trả lại tiền", by=bank.head, on=TODAY)
    cases.post_case(line=lines[0], words="Số phải thu không đổi", by=bank.head, on=TODAY)
    assert "Đã vào sổ" in asked(one) and "Không vào sổ" in asked(two)


def test_savings_of_a_member_without_a_loan(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> None:
    account = savings_of(loans[0].household, bank)
    saved = {"account": account.pk, "way": "in"}
    tablet.write(header, "savings", bank.teller.pk, amount=30_000, **saved)
    tablet.set_pins(header, bank.head)
    out = {"account": account.pk, "amount": 10_000, "way": "out"}
    tablet.approved(header, "savings", bank.teller.pk, bank.head.pk, **out)
    tablet.write(header, "savings", bank.teller.pk, account=account.pk, amount=5_000, way="in")
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    account.refresh_from_db()
    assert account.balance == 25_000
    for seq, amount, words in (
        (1, 30_000, "Đã vào sổ"),
        (3, 5_000, "Đã vào sổ"),
        (2, 10_000, "Không khớp"),
    ):
        code = signed(tablet, statement(header, seq, None, account=account.pk, savings=amount))
        assert words.lower() in asked(code).lower()


def test_a_device_that_was_revoked(
    bank: Bank, device: Device, tablet: Tablet, header: Header, loans: list[Loan]
) -> None:
    packs.revoke_device(device=device, why="Mất máy", by=bank.head, on=TODAY)
    page = asked(signed(tablet, statement(header, 9, loans[0], 1_000)))
    assert "Chưa nộp về" in page and "bị thu hồi ngày 23/11/2026" in page


def test_what_is_no_receipt(
    device: Device, tablet: Tablet, header: Header, loans: list[Loan], signed_in: Any
) -> None:
    one = statement(header, 1, loans[0], 50_000)
    assert "không do thiết bị nào của Ngân hàng ký" in asked(signed(Tablet(), one))
    other = statement(header, 1, loans[0], 50_000, device=999)
    assert "không do thiết bị nào của Ngân hàng ký" in asked(signed(tablet, other))
    good = signed(tablet, one)
    for bad in (
        "x",
        "x.y",
        "é.é",
        good[:-6],
        "." + good,
        good.replace(".", "", 1),
        "a" * 3_000 + "." + good,
    ):
        assert read(bad) is None, bad
        assert "không phải biên lai" in asked(bad)
    content = content_of(one)
    for wrong in (
        content.replace(b'"form":1', b'"form":2'),
        content.replace(b'"seq":1', b'"seq":-1'),
        content.replace(b'"seq":1', b'"seq":1.0'),
        content.replace(b'"seq":1', b'"seq": 1'),
        content.replace(b"2026-11-23", b"23/11/2026"),
        content.replace(b"{", b'{"name":"x",', 1),
        b"[]",
        b"\xff",
    ):
        assert read(code_of(wrong, "00" * 64)) is None, wrong
    empty = Client().get(reverse("receipts:check"))
    assert empty.status_code == 200 and "Dòng chữ dưới mã QR" in empty.content.decode()
    assert Client().post(reverse("receipts:check")).status_code == 405


def test_it_is_asked_so_often_and_no_more(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[dict[str, Any]] = []

    def within(**given: Any) -> bool:
        counted.append(given)
        return len(counted) < 2

    monkeypatch.setattr(limits, "within", within)
    at = reverse("receipts:check")
    assert [Client().get(at).status_code for _ in range(2)] == [200, 429]
    assert counted[0] == {"what": "receipt", "who": "127.0.0.1", "most": 300, "seconds": 3600}
