"""The pages, commands and letters of a decree: what each role sees, who may press which button, what is written."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from decree_book import ACT, DECREE, FIRST, Late, findings
from django.test import Client
from docx import Document

from tdcs.access.models import User
from tdcs.cli.main import main
from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.loans.models import Loan
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db
BASE = f"/so-ngay/quyet-dinh/{DECREE}/"


def signed_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def key_of(page: Any) -> str:
    """The key in the page's form."""
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def confirmed(book: Late) -> None:
    """Asked for and confirmed on the pages."""
    with clock.fixed_today(ACT):
        planner, director = signed_in(book.planner), signed_in(book.director)
        planner.post(f"{BASE}de-nghi/", {"key": key_of(planner.get(BASE))})
        data = {"key": key_of(director.get(BASE)), "confirm": "1"}
        director.post(f"{BASE}xac-nhan/", data)


def test_two_persons_take_it_up_on_the_page(book: Late) -> None:
    planner, director = signed_in(book.planner), signed_in(book.director)
    with clock.fixed_today(ACT):
        assert "Chưa áp dụng vào sổ" in text(planner.get("/so-ngay/quyet-dinh/"))
        page = planner.get(BASE)
        assert "Đề nghị áp dụng" in text(page)
        assert "155.000.000" in text(page)
        assert 'data-confirm="Đề nghị áp dụng cho 5 khoản vay?"' in page.content.decode()
        assert "Đề nghị áp dụng" not in text(director.get(BASE))
        key = key_of(page)
        for _ in range(2):
            planner.post(f"{BASE}de-nghi/", {"key": key})
        assert DecreeApplication.objects.count() == 1
        page = director.get(BASE)
        assert "khóa lại 13 ngày đã khóa" in page.content.decode()
        assert "Xác nhận áp dụng" not in text(planner.get(BASE))
        answer = director.post(
            f"{BASE}xac-nhan/", {"key": key_of(page), "confirm": "1"}, follow=True
        )
        assert "Đã áp dụng: 6 khoản vay, khóa lại 13 ngày" in text(answer)
        row = DecreeApplication.objects.get()
        assert (row.state, row.asked_by, row.confirmed_by) == ("done", book.planner, book.director)
        plain = Loan.objects.get(pk=book.plain.pk)
        assert numbers.whole(plain.interest_credit) in text(answer)
        assert findings() == {}


def test_tables_leave_as_files(book: Late) -> None:
    confirmed(book)
    with clock.fixed_today(ACT):
        browser = signed_in(book.director)
        rows = browser.get(f"{BASE}?export=csv&table=credits").content.decode("utf-8-sig")
        amounts = {loan.number: loan.interest_credit for loan in book.loans if loan.interest_credit}
        lines = [line for line in rows.splitlines() if line.strip()]
        assert len(lines) == len(amounts) + 1
        for number, amount in amounts.items():
            assert any(number in line and str(amount) in line.replace(".", "") for line in lines)
        found = browser.get(f"{BASE}?q={book.plain.number}&export=csv&table=credits")
        assert len(found.content.decode("utf-8-sig").strip().splitlines()) == 2
        programmes = browser.get(f"{BASE}?export=csv&table=programmes").content.decode("utf-8-sig")
        assert len(programmes.strip().splitlines()) == 4
        assert browser.get(f"{BASE}?export=xlsx&table=communes").content[:2] == b"PK"
        assert browser.get(f"{BASE}?export=csv&table=x").status_code == 404


def test_other_roles_are_refused(book: Late) -> None:
    with clock.fixed_today(ACT):
        teller = signed_in(book.bank.teller)
        for address in ("/so-ngay/quyet-dinh/", BASE):
            assert teller.get(address).status_code == 403
        for who, verb in (
            (book.director, "de-nghi"), (book.bank.teller, "de-nghi"), (book.planner, "xac-nhan"),
            (book.bank.head, "xac-nhan"), (book.planner, "lam-tiep"), (book.bank.teller, "lam-tiep"),
        ):  # fmt: skip
            answer = signed_in(who).post(f"{BASE}{verb}/", {"key": "x", "confirm": "1"})
            assert answer.status_code == 403, (who, verb)
        # An office's director has the permission, but not the branch.
        signed_in(book.planner).post(f"{BASE}de-nghi/", {"key": "1"})
        signed_in(book.bank.director).post(f"{BASE}xac-nhan/", {"key": "2", "confirm": "1"})
        assert DecreeApplication.objects.get().state == "asked"
        paid = signed_in(book.planner).post(f"/vay/khoan-vay/{book.paid.pk}/tra-lai-lai/")
        assert paid.status_code == 403
        assert signed_in(book.director).get("/so-ngay/quyet-dinh/BLDS-2015/").status_code == 404


def test_refused_on_the_page(book: Late) -> None:
    with clock.fixed_today(ACT):
        signed_in(book.planner).post(f"{BASE}de-nghi/", {"key": "1"})
        answer = signed_in(book.director).post(f"{BASE}xac-nhan/", {"key": "2"}, follow=True)
        assert "Đã ghi không xác nhận." in text(answer)
        assert "Chưa áp dụng vào sổ" in text(answer)


def test_nobody_is_written_to_before(book: Late) -> None:
    with clock.fixed_today(ACT):
        answer = signed_in(book.bank.officer).get(f"{BASE}thu/", follow=True)
        assert "chưa được xác nhận" in text(answer)
        assert "Word" not in text(answer)


def test_a_group_gets_one_letter_with_all_its_borrowers(book: Late) -> None:
    confirmed(book)
    with clock.fixed_today(ACT):
        officer = signed_in(book.bank.officer)
        page = officer.get(f"{BASE}thu/")
        assert "1 tổ có khoản vay đổi lãi suất" in text(page)
        assert book.bank.group.code in text(page)
        answer = officer.get(f"{BASE}thu/{book.bank.group.pk}/docx/")
        letter = Document(io.BytesIO(answer.content))
        words = "\n".join(line.text for line in letter.paragraphs)
        assert "Quyết định số 2553/QĐ-TTg ngày 21/11/2025" in words
        assert f"từ ngày {numbers.date_short(FIRST)}" in words
        [table] = [t for t in letter.tables if "Số khế ước" in [c.text for c in t.rows[0].cells]]
        rows = {row.cells[2].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
        plain, near = Loan.objects.get(pk=book.plain.pk), Loan.objects.get(pk=book.near.pk)
        for loan, old, new in ((plain, "6,6%", "6,24%"), (near, "7,92%", "7,488%")):
            row = rows[loan.number]
            assert row[4:] == [
                numbers.whole(loan.balance), old, new, numbers.whole(loan.interest_credit),
            ]  # fmt: skip
        # Paid off, or under the new rate from its first day: nobody to write to.
        assert not rows.keys() & {book.paid.number, book.new.number}
        assert officer.get(f"{BASE}thu/{book.bank.group.pk}/pdf/").content[:4] == b"%PDF"
        teller_of_none = signed_in(book.planner)
        assert teller_of_none.get(f"{BASE}thu/999999/docx/").status_code == 404


def test_the_notice_fits_a_page(book: Late) -> None:
    confirmed(book)
    with clock.fixed_today(ACT):
        officer = signed_in(book.bank.officer)
        notice = Document(io.BytesIO(officer.get(f"{BASE}thong-bao/docx/").content))
        cells = {cell.text for table in notice.tables for row in table.rows for cell in row.cells}
        assert {"6,6%", "6,24%", "7,92%", "7,488%"} <= cells
        pdf = officer.get(f"{BASE}thong-bao/pdf/").content
        assert b"/Type/Pages/Count 1/" in pdf
        assert signed_in(book.bank.commune).get(f"{BASE}thong-bao/docx/").status_code == 404


def test_a_credit_is_paid_out_on_the_loans_page(book: Late) -> None:
    confirmed(book)
    with clock.fixed_today(ACT):
        teller = signed_in(book.bank.teller)
        page = teller.get(f"/vay/khoan-vay/{book.paid.pk}/")
        assert "Trả lại lãi thu thừa" in text(page)
        key = key_of(page)
        for _ in range(2):
            answer = teller.post(
                f"/vay/khoan-vay/{book.paid.pk}/tra-lai-lai/", {"key": key}, follow=True
            )
        assert "Đã trả lại" in text(answer)
        assert Loan.objects.get(pk=book.paid.pk).interest_credit == 0
        running = teller.get(f"/vay/khoan-vay/{book.plain.pk}/")
        assert "được trừ vào lãi kỳ sau" in text(running)
        assert "tra-lai-lai" not in running.content.decode()


def test_the_commands(book: Late) -> None:
    runner = CliRunner()

    def run(*words: str) -> Any:
        return runner.invoke(main, ["law", *words])

    with clock.fixed_today(ACT):
        assert "Chưa áp dụng vào sổ" in run("decrees").stdout
        shown = json.loads(run("apply", DECREE, "--json").stdout)
        assert (shown["loans"], shown["first"]) == (5, "2025-12-01")
        assert "khóa lại 13 ngày đã khóa" in run("apply", DECREE).stdout
        assert run("apply", DECREE, "--ask", "--as", "ai-do").exit_code == 1
        assert run("apply", DECREE, "--confirm", "--as", book.director.username).exit_code == 1
        assert run("apply", DECREE, "--ask", "--as", book.planner.username).exit_code == 0
        same = run("apply", DECREE, "--confirm", "--as", book.planner.username)
        assert same.exit_code == 1
        done = run("apply", DECREE, "--confirm", "--as", book.director.username)
        assert done.exit_code == 0, done.output
        assert "Đã áp dụng" in done.stdout
        assert "khóa lại 13 ngày" in done.stdout
        again = json.loads(run("apply", DECREE, "--json").stdout)
        assert again["state"] == "done"
        assert run("apply", DECREE, "--ask", "--as", book.planner.username).exit_code == 1
        rows = json.loads(run("decrees", "--json").stdout)
        assert {row["document"]: row["state"] for row in rows}[DECREE] == "done"
    with clock.fixed_today(ACT + timedelta(days=1)):
        assert run("apply", DECREE, "--resume").exit_code == 0


def test_a_decree_taken_up_without_kept_effects_has_its_page(book: Late) -> None:
    """As the demonstration marks them: done, and nothing to show beside the rates."""
    DecreeApplication.objects.filter(document=DECREE).delete()
    DecreeApplication.objects.create(
        document=DECREE, state=DecreeApplication.State.DONE, asked_on=FIRST, taken_up_on=FIRST
    )
    answer = signed_in(book.planner).get(BASE)
    assert answer.status_code == 200
    assert "2553/QĐ-TTg" in text(answer)
    assert "không đổi lãi suất của khoản vay nào" not in text(answer)
