"""Scanned papers of a loan: kept by the office, read by who may, proved by `tdcs verify`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, lend, make_household, person
from lending_grounds import BANK

from tdcs.audit.models import AuditLine
from tdcs.documents.errors import FileChanged
from tdcs.households.errors import NotAllowed, ScanGone
from tdcs.households.queries.scans import folder
from tdcs.households.services.scans import Paper
from tdcs.loans.checks_records import scans_are_as_received
from tdcs.loans.errors import LoanOutside
from tdcs.loans.models import Loan
from tdcs.loans.services import scans
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PDF = b"%PDF-1.4\nhop dong\n"


LENT = Ground(
    lambda bank: lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=date(2026, 3, 5)),
    date(2026, 11, 23),
    BANK,
)


@pytest.fixture
@stands_on(LENT)
def loan(bank: Bank) -> Loan:
    found: Loan = GROUNDS.value(LENT)
    return found


def paper(content: bytes = PDF) -> Paper:
    return Paper("contract", "Hợp đồng tín dụng", date(2026, 3, 5), "scan.pdf", content)


def test_a_paper_of_a_loan_is_kept_read_and_taken_back(bank: Bank, loan: Loan) -> None:
    made = scans.add_scan(loan=loan, paper=paper(), by=bank.officer, on=TODAY)
    assert scans.add_scan(loan=loan, paper=paper(), by=bank.officer, on=TODAY) == made
    assert scans.read_scan(scan=made, by=bank.accountant, on=TODAY).content == PDF
    line = AuditLine.objects.get(action="loans.read_scan")
    assert (line.subject_words, line.actor) == (loan.number, bank.accountant)
    with pytest.raises(NotAllowed):
        scans.read_scan(scan=made, by=bank.leader, on=TODAY)
    with pytest.raises(NotAllowed):
        scans.add_scan(loan=loan, paper=paper(), by=bank.director, on=TODAY)
    scans.take_scan_back(scan=made, why="quét mờ", by=bank.officer, on=TODAY)
    made.refresh_from_db()
    with pytest.raises(ScanGone):
        scans.read_scan(scan=made, by=bank.officer, on=TODAY)


def test_another_office_neither_keeps_nor_reads(bank: Bank, loan: Loan) -> None:
    offices = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)
    stranger = person("la", "loan_officer", offices.order_by("pk")[0])
    made = scans.add_scan(loan=loan, paper=paper(), by=bank.officer, on=TODAY)
    for deed in (
        lambda: scans.add_scan(loan=loan, paper=paper(), by=stranger, on=TODAY),
        lambda: scans.read_scan(scan=made, by=stranger, on=TODAY),
        lambda: scans.take_scan_back(scan=made, why="x", by=stranger, on=TODAY),
    ):
        with pytest.raises(LoanOutside):
            deed()


def test_verify_names_the_loan_whose_paper_changed(bank: Bank, loan: Loan) -> None:
    made = scans.add_scan(loan=loan, paper=paper(PDF + b"2"), by=bank.officer, on=TODAY)
    assert list(scans_are_as_received()) == []
    folder().path(made.sha256, ".pdf").write_bytes(b"%PDF-else")
    [found] = scans_are_as_received()
    assert loan.number in found and "Hợp đồng tín dụng" in found
    with pytest.raises(FileChanged):
        scans.read_scan(scan=made, by=bank.officer, on=TODAY)


def test_papers_on_the_page_of_a_loan(bank: Bank, loan: Loan, signed_in: Any) -> None:
    client = signed_in(bank.officer)
    sent = {"kind": "use", "title": "Hóa đơn mua bò", "dated_on": "2026-04-01"}
    sent["file"] = SimpleUploadedFile("hoa-don", PDF + b"3")  # type: ignore[assignment]
    page = client.post(reverse("loans:add_scan", args=[loan.pk]), sent, follow=True)
    assert "Hóa đơn mua bò" in page.content.decode()
    made = loan.scans.get()
    read = reverse("loans:read_scan", args=[loan.pk, made.pk])
    answer = signed_in(bank.auditor).post(read)
    assert b"".join(answer.streaming_content) == PDF + b"3"
    assert signed_in(bank.teller).post(read).status_code == 403
    back = reverse("loans:take_scan_back", args=[loan.pk, made.pk])
    assert "đã gỡ" in client.post(back, {"why": "nhầm khoản"}, follow=True).content.decode()
    folder().path(made.sha256, ".pdf").unlink()
