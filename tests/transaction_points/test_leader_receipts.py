"""What leaders' receipts say beside what their groups handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lending_cast import Bank, savings_of
from offline_cast import TODAY, code_of

from tdcs.documents.reading.rows import SheetRow
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services.savings import deposit
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.transaction_points.errors import ListRefused
from tdcs.transaction_points.models import LeaderReceipt, TransactionSession
from tdcs.transaction_points.queries.leader_receipts import (
    ReceiptFilters,
    receipt_rows,
    rows_of_session,
)
from tdcs.transaction_points.services import leader_receipts
from tdcs.transaction_points.services.leader_receipts import COLUMNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(bank: Bank, loans: list[Loan]) -> SavingsAccount:
    """The second household saves."""
    return savings_of(loans[1].household, bank)


def table(*rows: tuple[Any, ...]) -> list[SheetRow]:
    return [SheetRow(at, cells) for at, cells in enumerate([COLUMNS, *rows], 1)]


def read(
    bank: Bank, session: TransactionSession, *rows: tuple[Any, ...], **other: Any
) -> tuple[int, int]:
    given = {"session": session, "rows": table(*rows), "by": bank.officer, "on": TODAY}
    return leader_receipts.read_receipts(**{**given, **other})


def differences(bank: Bank, **asked: Any) -> list[tuple[str, int, int]]:
    found = receipt_rows(bank.head, ReceiptFilters(**asked))
    return [(row.name, row.difference, row.receipts) for row in found]


def test_the_differences_by_household(
    bank: Bank, session: TransactionSession, loans: list[Loan], account: SavingsAccount
) -> None:
    first, second = loans
    rows = [
        ("0001", bank.group.code, first.number, TODAY, 50_000, ""),
        ("0002", bank.group.code, second.number, "20/11/2026", "30.000", 0),
        ("0003", bank.group.code, account.number, TODAY, "", 40_000),
    ]
    assert read(bank, session, *rows) == (3, 3)
    # The same table twice changes nothing.
    assert read(bank, session, *rows) == (3, 0)
    assert differences(bank) == [("Hộ 0", 50_000, 1), ("Hộ 1", 70_000, 2)]
    sheet = Sheet(
        "paid",
        bank.office.pk,
        bank.group.pk,
        (Collection(first.pk, 30_000), Collection(second.pk, 30_000)),
    )
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    deposit(account=account, amount=40_000, by=bank.teller, on=TODAY, key="saved")
    assert differences(bank) == [("Hộ 0", 20_000, 1)]
    assert [row.differs for row in rows_of_session(session)] == [True, False]
    # Money without a receipt is a difference as well: the leader gave none.
    LeaderReceipt.objects.filter(number="0003").delete()
    assert differences(bank) == [("Hộ 0", 20_000, 1), ("Hộ 1", -40_000, 1)]
    household = first.household
    for words, by, code in (
        (" ", bank.head, "point_reason_missing"),
        ("x", bank.teller, "point_out_of_scope"),
    ):
        assert code_of(
            lambda words=words, by=by: leader_receipts.note_difference(
                session=session, household=household, words=words, by=by, on=TODAY
            )
        ) == code  # fmt: skip
    leader_receipts.note_difference(
        session=session, household=household, words="Nộp bù ngày 25", by=bank.head, on=TODAY
    )
    assert differences(bank) == [("Hộ 1", -40_000, 1)]
    assert differences(bank, show="noted") == [("Hộ 0", 20_000, 1)]
    assert len(differences(bank, show="", words="la nga ho")) == 2
    assert differences(bank, show="", words="khong co") == []
    assert differences(bank, show="", session=session.pk + 1) == []


def test_bad_rows_are_named_all_at_once(
    bank: Bank, session: TransactionSession, loans: list[Loan], account: SavingsAccount
) -> None:
    number, group = loans[0].number, bank.group.code
    read(bank, session, ("9", group, number, TODAY, 1_000, 0))
    bad = [
        ("", group, number, TODAY, 1, 0),
        ("1", "0000000", number, TODAY, 1, 0),
        ("2", group, "6600000000009999", TODAY, 1, 0),
        ("3", group, number, TODAY + timedelta(days=1), 1, 0),
        ("4", group, number, TODAY, 0, 0),
        ("5", group, number, TODAY, "1,5", 0),
        ("6", group, account.number, TODAY, 1_000, 0),
        ("7", group, number, TODAY, 1, 0),
        ("7", group, number, TODAY, 1, 0),
        ("9", group, number, TODAY, 2_000, 0),
    ]
    with pytest.raises(ListRefused) as said:
        read(bank, session, *bad)
    assert list(dict.fromkeys(row for row, _why in said.value.reasons())) == [
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        10,
        11,
    ]
    assert "dòng 11 (số biên lai đã có, nội dung khác)" in str(said.value)
    assert "row 2 (the receipt's number)" in said.value.sentence("en")
    assert LeaderReceipt.objects.count() == 1
    assert code_of(lambda: read(bank, session)) == "list_refused"
    assert (
        code_of(lambda: read(bank, session, rows=[SheetRow(1, ("Số biên lai",))])) == "list_refused"
    )
    assert code_of(lambda: read(bank, session, by=bank.leader)) == "point_out_of_scope"


def test_the_pages(
    bank: Bank, session: TransactionSession, loans: list[Loan], signed_in: Any
) -> None:
    head, teller = signed_in(bank.head), signed_in(bank.teller)
    assert teller.get(reverse("points:leader_receipt_template")).content[:2] == b"PK"
    lines = [";".join(COLUMNS), f"A1;{bank.group.code};{loans[0].number};23/11/2026;50.000;0"]
    at = reverse("points:read_leader_receipts", args=[session.pk])
    teller.post(at, {"file": SimpleUploadedFile("a.csv", "\n".join(lines).encode())})
    where = reverse("points:leader_receipts")
    page = teller.get(where, {"session": session.pk}).content.decode()
    assert "Hộ 0" in page and "50.000" in page and "chưa xác minh" in page and "Nạp" in page
    assert head.get(where, {"format": "csv"}).status_code == 200
    note = reverse("points:note_difference", args=[session.pk, loans[0].household_id])
    assert teller.post(note, {"words": "x"}).status_code == 403
    head.post(note, {"words": "Nộp bù"})
    assert "Nộp bù" in head.get(where, {"state": "noted"}).content.decode()
    other = reverse("points:note_difference", args=[session.pk, loans[1].household_id])
    assert head.post(other, {"words": "x"}).status_code == 404
    stranger = signed_in(bank.commune)
    assert stranger.get(where).status_code == 403 and stranger.post(at).status_code == 403
    assert stranger.get(reverse("points:leader_receipt_template")).status_code == 403
