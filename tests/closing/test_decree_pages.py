"""The pages and commands of a decree: what each role sees, who may press which button, what is written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from decree_book import ACT, DECREE, FIRST, Late, findings
from decree_pages import BASE, key_of, signed_in, text

from tdcs.cli.main import main
from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.loans.models import Loan
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db


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
        assert "khóa lại 6 ngày đã khóa" in page.content.decode()
        assert "Xác nhận áp dụng" not in text(planner.get(BASE))
        answer = director.post(
            f"{BASE}xac-nhan/", {"key": key_of(page), "confirm": "1"}, follow=True
        )
        assert "Đã áp dụng: 6 khoản vay, khóa lại 6 ngày" in text(answer)
        row = DecreeApplication.objects.get()
        assert (row.state, row.asked_by, row.confirmed_by) == ("done", book.planner, book.director)
        plain = Loan.objects.get(pk=book.plain.pk)
        assert numbers.whole(plain.interest_credit) in text(answer)
        assert findings() == {}


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
        assert "Thông báo niêm yết" not in text(answer)


def test_the_commands(book: Late) -> None:
    runner = CliRunner()

    def run(*words: str) -> Any:
        return runner.invoke(main, ["law", *words])

    with clock.fixed_today(ACT):
        assert "Chưa áp dụng vào sổ" in run("decrees").stdout
        shown = json.loads(run("apply", DECREE, "--json").stdout)
        assert (shown["loans"], shown["first"]) == (5, "2025-12-01")
        assert "khóa lại 6 ngày đã khóa" in run("apply", DECREE).stdout
        assert run("apply", DECREE, "--ask", "--as", "ai-do").exit_code == 1
        assert run("apply", DECREE, "--confirm", "--as", book.director.username).exit_code == 1
        assert run("apply", DECREE, "--ask", "--as", book.planner.username).exit_code == 0
        same = run("apply", DECREE, "--confirm", "--as", book.planner.username)
        assert same.exit_code == 1
        done = run("apply", DECREE, "--confirm", "--as", book.director.username)
        assert done.exit_code == 0, done.output
        assert "Đã áp dụng" in done.stdout
        assert "khóa lại 6 ngày" in done.stdout
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
