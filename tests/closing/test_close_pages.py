"""The pages of the close: what each role sees of it, who may press the button, what it then says."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from business import FIRST, Business, closed
from closed_grounds import begun_in, days_closed
from django.test import Client
from grounds import stands_on
from lending_cast import Bank, person

from tdcs.access.models import User
from tdcs.closing import ports
from tdcs.closing.models import CloseRun
from tdcs.closing.services import close_day
from tdcs.core import clock
from tdcs.indicators.queries.access import kept_access
from tdcs.indicators.queries.numbers import kept_numbers
from tdcs.indicators.services import prepare_closed
from tdcs.loans.models import LoanEvent
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY = FIRST + timedelta(days=3)
NEXT = DAY + timedelta(days=1)


FOUR = days_closed(DAY)


@pytest.fixture
@stands_on(FOUR)
def four(bank: Bank, home: Path) -> Business:
    """Four closed days."""
    return begun_in(home, FOUR)


@pytest.fixture
def branch(db: None) -> User:
    """The director at the provincial branch."""
    unit = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    return person("giam-doc-chi-nhanh", "office_director", unit)


def signed_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def text(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_button_closes_the_next_day_once(four: Business, branch: User) -> None:
    browser = signed_in(branch)
    with clock.fixed_today(NEXT):
        page = browser.get("/so-ngay/")
        assert "Đã khóa đến hết ngày 08/03/2026. Còn 1 ngày chưa khóa" in text(page)
        assert 'data-confirm="Khóa sổ ngày 09/03/2026 cho toàn tỉnh?' in page.content.decode()
        answer = browser.post("/so-ngay/khoa/", {"day": "2026-03-09"}, follow=True)
        run = CloseRun.objects.get(day=NEXT)
        assert answer.redirect_chain == [(f"/so-ngay/{run.pk}/", 302)]
        assert (run.by, run.state) == (branch, "done")
        assert "Đã khóa sổ ngày 09/03/2026: 3 khoản vay" in text(answer)
        again = browser.post("/so-ngay/khoa/", {"day": "2026-03-09"}, follow=True)
        assert "làm lại cho số liệu y nguyên" in text(again)
        page = browser.get("/so-ngay/")
        assert "Không còn ngày nào chờ khóa" in text(page)
        assert 'name="day"' not in page.content.decode()


def test_the_button_prepares_what_the_dashboard_reads(
    four: Business, branch: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports.days_closed, "provider", prepare_closed)
    assert kept_access(NEXT) is None
    with clock.fixed_today(NEXT):
        signed_in(branch).post("/so-ngay/khoa/", {"day": "2026-03-09"})
    assert kept_access(NEXT) is not None
    loans = {loan.pk: loan.number for loan in four.loans}
    assert kept_numbers([*loans, 987_654]) == loans
    with clock.fixed_today(NEXT):
        page = text(signed_in(branch).get("/chi-tieu/khoan-vay/"))
    for number in loans.values():
        assert number in page


def test_a_close_shows_totals_entries_and_its_trail(four: Business, branch: User) -> None:
    run = CloseRun.objects.get(day=DAY)
    page = text(signed_in(branch).get(f"/so-ngay/{run.pk}/"))
    # 13,1 + 16,2 + 19,3 million lent.
    assert "Dư nợ (đồng) 48.600.000" in page
    assert "Lãi chưa thu cuối ngày ngày 08/03/2026" not in page
    assert "Lãi chưa thu ngày 08/03/2026" in page
    # Digests are for who proves the books.
    assert run.digest not in page
    auditor = person("kiem-toan-so", "auditor", branch.holding().organisation)
    proved = text(signed_in(auditor).get(f"/so-ngay/{run.pk}/"))
    assert run.digest in proved and run.previous in proved
    assert "Hệ thống" in page


def test_what_late_events_moved_stands_on_the_day(four: Business, branch: User) -> None:
    LoanEvent.objects.create(
        loan=four.loans[0], on=DAY, kind="principal", amount=600_000, recorded_at=clock.now()
    )
    closed(NEXT)
    run = CloseRun.objects.get(day=DAY)
    page = text(signed_in(branch).get(f"/so-ngay/{run.pk}/"))
    assert "Diễn biến ghi muộn làm đổi" in page
    assert "La Ngà Dư nợ 48.600.000 48.000.000 -600.000" in page
    assert "khóa lại 1 lần" in text(signed_in(branch).get("/so-ngay/"))


def test_an_office_sees_its_own_figures(four: Business, bank: Bank) -> None:
    run = CloseRun.objects.get(day=DAY)
    own = text(signed_in(bank.accountant).get(f"/so-ngay/{run.pk}/"))
    assert "đơn vị của bạn" in own and "48.600.000" in own
    other = Organisation.objects.filter(code__startswith="nhcsxh-pgd@").exclude(pk=bank.office.pk)
    far = signed_in(person("ke-toan-xa", "accountant", other.order_by("pk")[0]))
    page = text(far.get(f"/so-ngay/{run.pk}/"))
    assert "48.600.000" not in page
    assert "Dư nợ (đồng) 0" in page
    assert "Không có bút toán nào trong phạm vi" in page
    assert "48.600.000" not in text(far.get("/so-ngay/"))


def test_only_the_branch_closes(four: Business, bank: Bank) -> None:
    browser = signed_in(bank.director)
    with clock.fixed_today(NEXT):
        assert 'name="day"' not in browser.get("/so-ngay/").content.decode()
        answer = browser.post(
            "/so-ngay/khoa/", {"day": "2026-03-09", "next": "/so-ngay/"}, follow=True
        )
        assert "phòng giao dịch không tự khóa được" in text(answer)
        assert not CloseRun.objects.filter(day=NEXT).exists()
    assert signed_in(bank.teller).get("/so-ngay/").status_code == 403
    assert (
        signed_in(bank.accountant).post("/so-ngay/khoa/", {"day": "2026-03-09"}).status_code == 403
    )


def test_a_refusal_is_told_on_the_page_it_came_from(four: Business, branch: User) -> None:
    with clock.fixed_today(date(2026, 3, 20)):
        answer = signed_in(branch).post(
            "/so-ngay/khoa/", {"day": "2026-03-15", "next": "/so-ngay/"}, follow=True
        )
        assert "còn 6 ngày trước đó chưa khóa" in text(answer)
        assert signed_in(branch).post("/so-ngay/khoa/", {"day": "khong"}).status_code == 404


def test_before_the_first_close(bank: Bank, branch: User) -> None:
    browser = signed_in(branch)
    assert "Khóa được sau khi có khoản giải ngân đầu tiên" in text(browser.get("/so-ngay/"))
    Business(bank).of(FIRST)
    assert "Ngày đầu tiên có diễn biến khoản vay là 05/03/2026" in text(browser.get("/so-ngay/"))
    with clock.fixed_today(FIRST):
        close_day(day=FIRST, by=branch)
    assert "Đã khóa đến hết ngày 05/03/2026" in text(browser.get("/so-ngay/"))
