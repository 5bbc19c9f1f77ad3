"""VietQR by its published examples; the bank's list against what sessions collected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lending_cast import Bank, savings_of
from offline_cast import TODAY, Tablet, code_of, collected, hand_in

from tdcs.documents.reading.rows import SheetRow
from tdcs.loans.models import Loan
from tdcs.transaction_points.models import BankCredit, Device, TransactionSession
from tdcs.transaction_points.queries.pack import content_of
from tdcs.transaction_points.queries.transfers import CreditFilters, credit_rows
from tdcs.transaction_points.rules.vietqr import crc16, named_in, payload, words_of
from tdcs.transaction_points.services import transfers

Header = dict[str, Any]
HEAD = ("Ngày", "Số tiền", "Nội dung")


def test_the_check_number() -> None:
    assert crc16(b"123456789") == 0x29B1
    assert crc16(b"") == 0xFFFF


def test_the_published_codes_of_napas() -> None:
    static = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
    assert payload(bank_bin="970403", account="0011012345678") == static
    paid = (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA53037045406180000"
        "5802VN62340107NPS68690819thanh toan don hang63042E2E"
    )
    given: dict[str, Any] = {"bank_bin": "970403", "account": "0011012345678", "amount": 180_000}
    assert payload(**given, bill="NPS6869", words="thanh toan don hang") == paid
    assert payload(**given, words="Trả lãi, tháng 11") == payload(
        **given, words="tra lai  thang 11"
    )


def test_what_no_code_can_carry() -> None:
    for bad in (
        {"bank_bin": "97040"}, {"bank_bin": "97040x"}, {"account": ""}, {"account": "1" * 20},
        {"account": "1 2"}, {"amount": -1}, {"amount": 10**13}, {"bill": "a b"},
    ):  # fmt: skip
        given: dict[str, Any] = {"bank_bin": "970403", "account": "1", **bad}
        with pytest.raises(ValueError, match=r"bank_bin|amount"):
            payload(**given)
    assert payload(bank_bin="970403", account="1" * 19, amount=10**13 - 1)


def test_the_words_of_a_transfer() -> None:
    number = "6600000000000001"
    assert named_in(words_of(12, number)) == (12, number)
    assert named_in(f"MBVCB.123.tdcs  12  {number}.CT tu 0123 toi 0456") == (12, number)
    for bad in ("", "TDCS", f"TDCS {number}", f"TDCS 12 {number}7", "chuyen tien lai thang 11"):
        assert named_in(bad) is None


def rows(*lines: tuple[Any, Any, Any], head: tuple[str, ...] = HEAD) -> list[SheetRow]:
    return [SheetRow(at, cells) for at, cells in enumerate([("Sao kê",), head, *lines], 1)]


@pytest.fixture
def booked(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> TransactionSession:
    """The first loan paid 60,000 of interest and principal and saved 40,000; the second paid 30,000."""
    first, second = loans
    account = savings_of(first.household, bank)
    paid = collected(bank, (first, 50_000, 10_000), (second, 30_000, 0))
    paid["lines"][0] |= {"savings": 40_000, "account": account.pk}
    tablet.write(header, "collect", bank.teller.pk, **paid)
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    return session


def states(bank: Bank, **asked: Any) -> dict[str, str]:
    found = credit_rows(bank.accountant, CreditFilters(**{"show": "", **asked}))
    return {row.credit.content: str(row.state) for row in found}


@pytest.mark.django_db
def test_the_list_against_the_session(
    bank: Bank, booked: TransactionSession, loans: list[Loan]
) -> None:
    first, second = (words_of(booked.pk, loan.number) for loan in loans)
    lines = [
        (TODAY, 60_000, f"{first} lan 1"),
        ("23/11/2026", "40.000", f"{first} lan 2"),
        ("2026-11-23", 20_000, second),
        (TODAY, 5_000, "tien lai"),
        (TODAY, 5_000, "tien lai"),
        (TODAY, 7_000, f"TDCS 999 {loans[0].number}"),
        (TODAY, 7_000, f"TDCS {booked.pk} 6600000000009999"),
    ]
    for turn in range(2):
        done = transfers.read_credits(
            office=bank.office, rows=rows(*lines), by=bank.accountant, on=TODAY
        )
        # The same file twice changes nothing; two equal lines are two payments.
        assert (done.lines, done.new, done.unknown) == ((7, 7, 4) if turn == 0 else (7, 0, 0))
    assert BankCredit.objects.count() == 7
    assert states(bank) == {
        f"{first} lan 1": "matched", f"{first} lan 2": "matched", second: "differs", "tien lai": "unknown",
        f"TDCS 999 {loans[0].number}": "unknown", f"TDCS {booked.pk} 6600000000009999": "unknown",
    }  # fmt: skip
    # A third equal line is a payment of its own.
    done = transfers.read_credits(
        office=bank.office, rows=rows(*lines, lines[3]), by=bank.accountant, on=TODAY
    )
    assert (done.lines, done.new) == (8, 1)
    assert set(states(bank, show="look").values()) == {"matched", "differs", "unknown"}
    assert list(states(bank, show="differs")) == [second]
    credit = BankCredit.objects.get(content=second)
    assert code_of(
        lambda: transfers.handle_credit(credit=credit, words=" ", by=bank.accountant, on=TODAY)
    ) == "point_reason_missing"  # fmt: skip
    transfers.handle_credit(credit=credit, words="Đã bù tiền mặt", by=bank.accountant, on=TODAY)
    assert states(bank)[second] == "handled"
    assert code_of(
        lambda: transfers.handle_credit(credit=credit, words="x", by=bank.accountant, on=TODAY)
    ) == "case_decided"  # fmt: skip
    assert code_of(
        lambda: transfers.handle_credit(credit=credit, words="x", by=bank.teller, on=TODAY)
    ) == "point_out_of_scope"  # fmt: skip


@pytest.mark.django_db
def test_a_loan_that_paid_nothing_yet(
    bank: Bank, session: TransactionSession, loans: list[Loan]
) -> None:
    words = words_of(session.pk, loans[0].number)
    transfers.read_credits(
        office=bank.office, rows=rows((TODAY, 1, words)), by=bank.accountant, on=TODAY
    )
    assert states(bank) == {words: "unpaid"}


@pytest.mark.django_db
def test_bad_rows_are_named_all_at_once(bank: Bank, session: TransactionSession) -> None:
    def read(*lines: Any, **other: Any) -> str:
        given = {"office": bank.office, "by": bank.accountant, "on": TODAY, "rows": rows(*lines)}
        return code_of(lambda: transfers.read_credits(**{**given, **other}))

    bad = rows(
        (TODAY + timedelta(days=1), 1, "a"), ("31/02/2026", 1, "b"), (TODAY, 0, "c"), (TODAY, "1,5", "d"),
        (TODAY, 10**12 + 1, "e"), (TODAY, 1, " "), (TODAY, 10**12, "đúng"),
    )  # fmt: skip
    with pytest.raises(transfers.ListRefused) as said:
        transfers.read_credits(office=bank.office, rows=bad, by=bank.accountant, on=TODAY)
    assert [f"dòng {at} " in str(said.value) for at in range(3, 10)] == [True] * 6 + [False]
    assert not BankCredit.objects.exists()
    assert read() == "list_refused"
    assert read(rows=rows((TODAY, 1, "a"), head=("Ngày", "Nội dung", "Số tiền"))) == "list_refused"
    assert read((TODAY, 1, "a"), by=bank.teller) == "point_out_of_scope"


@pytest.mark.django_db
def test_the_account_that_packs_carry(bank: Bank, session: TransactionSession) -> None:
    assert (content_of(session)["qr"], content_of(session)["verify_at"]) == (None, "")

    def write(
        number: str, on: date = TODAY, bank_bin: str = "999888", by: Any = bank.accountant
    ) -> None:
        transfers.set_account(office=bank.office, bank_bin=bank_bin, number=number, by=by, on=on)

    write("111", date(2026, 11, 1))
    write("112", date(2026, 11, 1))
    write("222")
    write("222")
    assert content_of(session)["qr"] == {"account": "222", "bank_bin": "999888"}
    TransactionSession.objects.update(held_on=date(2026, 11, 22), moved_why="x")
    session.refresh_from_db()
    assert content_of(session)["qr"] == {"account": "112", "bank_bin": "999888"}
    for bad in ({"number": ""}, {"number": "1" * 20}, {"number": "1", "bank_bin": "12345"}):
        given: dict[str, Any] = dict(bad)
        assert code_of(lambda given=given: write(**given)) == "point_field_wrong"
    assert code_of(lambda: write("1", by=bank.teller)) == "point_out_of_scope"


@pytest.mark.django_db
def test_the_pages(
    bank: Bank, booked: TransactionSession, loans: list[Loan], signed_in: Any
) -> None:
    keeper, teller = signed_in(bank.accountant), signed_in(bank.teller)
    at = reverse("points:credits")
    keeper.post(reverse("points:transfer_account"), {"bank_bin": "999888", "number": "123"})
    words = words_of(booked.pk, loans[1].number)
    content = f"Ngày;Số tiền;Nội dung\n23/11/2026;20.000;{words}\n".encode()
    file = SimpleUploadedFile("bao-co.csv", content)
    assert keeper.post(reverse("points:read_credits"), {"file": file}).status_code == 302
    page = keeper.get(at).content.decode()
    assert words in page and "Khác số đã ghi trên bảng kê" in page and "30.000" in page
    assert keeper.get(at, {"format": "xlsx"}).status_code == 200
    assert keeper.get(reverse("points:credit_template")).content[:2] == b"PK"
    keeper.post(
        reverse("points:handle_credit", args=[BankCredit.objects.get().pk]), {"words": "Đã bù"}
    )
    assert "Đã bù" in keeper.get(at, {"state": ""}).content.decode()
    code = reverse("points:vietqr", args=[booked.pk, loans[0].pk])
    shown = teller.get(code, {"amount": "60000"})
    assert (shown.status_code, shown["Content-Type"], shown.content[:5]) == (
        200,
        "image/svg+xml",
        b"<?xml",
    )
    assert teller.get(reverse("points:vietqr", args=[booked.pk, 0])).status_code == 404
    # Who may not.
    for route, args in (
        ("credits", []), ("credit_template", []), ("read_credits", []), ("transfer_account", []),
        ("handle_credit", [1]), ("book_credit", [1]), ("name_credit", [1]), ("credit", [1]),
    ):  # fmt: skip
        where = reverse(f"points:{route}", args=args)
        answer = (
            teller.get(where)
            if route in ("credits", "credit", "credit_template")
            else teller.post(where)
        )
        assert answer.status_code == 403, route
    assert signed_in(bank.commune).get(code).status_code == 403
