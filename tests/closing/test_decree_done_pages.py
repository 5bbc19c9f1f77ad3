"""The pages and letters of a decree that is carried out: tables as files, letters to groups, credits paid out."""

from __future__ import annotations

import io

import pytest
from decree_book import ACT, FIRST, Late
from decree_pages import BASE, key_of, signed_in, text
from docx import Document

from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.loans.models import Loan

pytestmark = pytest.mark.django_db


def test_tables_leave_as_files(carried: Late) -> None:
    with clock.fixed_today(ACT):
        browser = signed_in(carried.director)
        rows = browser.get(f"{BASE}?export=csv&table=credits").content.decode("utf-8-sig")
        amounts = {
            loan.number: loan.interest_credit for loan in carried.loans if loan.interest_credit
        }
        lines = [line for line in rows.splitlines() if line.strip()]
        assert len(lines) == len(amounts) + 1
        for number, amount in amounts.items():
            assert any(number in line and str(amount) in line.replace(".", "") for line in lines)
        found = browser.get(f"{BASE}?q={carried.plain.number}&export=csv&table=credits")
        assert len(found.content.decode("utf-8-sig").strip().splitlines()) == 2
        programmes = browser.get(f"{BASE}?export=csv&table=programmes").content.decode("utf-8-sig")
        assert len(programmes.strip().splitlines()) == 4
        assert browser.get(f"{BASE}?export=xlsx&table=communes").content[:2] == b"PK"
        assert browser.get(f"{BASE}?export=csv&table=x").status_code == 404


def test_a_group_gets_one_letter_with_all_its_borrowers(carried: Late) -> None:
    with clock.fixed_today(ACT):
        officer = signed_in(carried.bank.officer)
        page = officer.get(f"{BASE}thu/")
        assert "1 tổ có khoản vay đổi lãi suất" in text(page)
        assert carried.bank.group.code in text(page)
        answer = officer.get(f"{BASE}thu/{carried.bank.group.pk}/docx/")
        letter = Document(io.BytesIO(answer.content))
        words = "\n".join(line.text for line in letter.paragraphs)
        assert "Quyết định số 2553/QĐ-TTg ngày 21/11/2025" in words
        assert f"từ ngày {numbers.date_short(FIRST)}" in words
        [table] = [t for t in letter.tables if "Số khế ước" in [c.text for c in t.rows[0].cells]]
        rows = {row.cells[2].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
        plain, near = Loan.objects.get(pk=carried.plain.pk), Loan.objects.get(pk=carried.near.pk)
        for loan, old, new in ((plain, "6,6%", "6,24%"), (near, "7,92%", "7,488%")):
            row = rows[loan.number]
            assert row[4:] == [
                numbers.whole(loan.balance), old, new, numbers.whole(loan.interest_credit),
            ]  # fmt: skip
        # Paid off, or under the new rate from its first day: nobody to write to.
        assert not rows.keys() & {carried.paid.number, carried.new.number}
        assert officer.get(f"{BASE}thu/{carried.bank.group.pk}/pdf/").content[:4] == b"%PDF"
        teller_of_none = signed_in(carried.planner)
        assert teller_of_none.get(f"{BASE}thu/999999/docx/").status_code == 404


def test_the_notice_fits_a_page(carried: Late) -> None:
    with clock.fixed_today(ACT):
        officer = signed_in(carried.bank.officer)
        notice = Document(io.BytesIO(officer.get(f"{BASE}thong-bao/docx/").content))
        cells = {cell.text for table in notice.tables for row in table.rows for cell in row.cells}
        assert {"6,6%", "6,24%", "7,92%", "7,488%"} <= cells
        pdf = officer.get(f"{BASE}thong-bao/pdf/").content
        assert b"/Type/Pages/Count 1/" in pdf
        assert signed_in(carried.bank.commune).get(f"{BASE}thong-bao/docx/").status_code == 404


def test_a_credit_is_paid_out_on_the_loans_page(carried: Late) -> None:
    with clock.fixed_today(ACT):
        teller = signed_in(carried.bank.teller)
        page = teller.get(f"/vay/khoan-vay/{carried.paid.pk}/")
        assert "Trả lại lãi thu thừa" in text(page)
        key = key_of(page)
        for _ in range(2):
            answer = teller.post(
                f"/vay/khoan-vay/{carried.paid.pk}/tra-lai-lai/", {"key": key}, follow=True
            )
        assert "Đã trả lại" in text(answer)
        assert Loan.objects.get(pk=carried.paid.pk).interest_credit == 0
        running = teller.get(f"/vay/khoan-vay/{carried.plain.pk}/")
        assert "được trừ vào lãi kỳ sau" in text(running)
        assert "tra-lai-lai" not in running.content.decode()
