"""A page's export as a job: the same file, made beside the requests; small ones at once; nobody gets more than the page gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, lend, make_household
from lending_grounds import BANK
from running_jobs import run_jobs

from tdcs.access.models import RoleHolding
from tdcs.core.clock import today
from tdcs.documents.reading.rows import read_rows
from tdcs.jobs import exports
from tdcs.jobs.models import Job
from tdcs.jobs.queries import result_of
from tdcs.jobs.services import MOST_OPEN, ask
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def _lent(bank: Bank) -> list[Loan]:
    day = today().replace(month=3, day=5)
    return [lend(bank, make_household(bank.group, name), on=day) for name in ("Lê Hoa", "Trần Mai")]


LENT = Ground(_lent, date(2026, 11, 23), BANK)


@pytest.fixture
@stands_on(LENT)
def loans(bank: Bank) -> list[Loan]:
    found: list[Loan] = GROUNDS.value(LENT)
    return found


def _export(browser: Any, **asked: str) -> Any:
    return browser.get(reverse("loans:loans"), {"export": "csv", **asked})


@pytest.mark.parametrize(("bound", "at_once"), [(2, True), (1, False)])
def test_a_list_leaves_the_request_above_the_bound(
    bank: Bank, loans: Any, signed_in: Any, monkeypatch: Any, bound: int, at_once: bool
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", bound)
    answer = _export(signed_in(bank.officer))
    if at_once:
        assert (answer["Content-Type"], Job.objects.count()) == ("text/csv; charset=utf-8", 0)
        return
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:job", args=[job.pk])
    assert (job.title, job.owner) == ("Danh sách khoản vay", bank.officer)


def test_the_job_makes_the_very_file_of_the_page(
    bank: Bank, loans: list[Loan], signed_in: Any, monkeypatch: Any
) -> None:
    browser = signed_in(bank.officer)
    direct = _export(browser, q="mai")
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    _export(browser, q="mai")
    browser.get(reverse("loans:loans"), {"export": "xlsx", "q": "mai"})
    same, book = run_jobs()
    assert result_of(same) == direct.content
    assert (same.file_name, same.content_type) == ("khoan-vay.csv", "text/csv; charset=utf-8")
    cells = [str(cell) for row in read_rows(result_of(book)) for cell in row.cells]
    assert loans[1].number in cells and loans[0].number not in cells
    assert browser.get(reverse("jobs:fetch", args=[same.pk])).content == direct.content


def test_a_double_click_asks_once(bank: Bank, loans: Any, signed_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    browser = signed_in(bank.officer)
    assert len({_export(browser)["Location"] for _ in range(2)}) == 1
    _export(browser, state="all")
    _export(signed_in(bank.head))
    assert Job.objects.count() == 3


def test_the_file_holds_what_the_person_may_see_when_it_is_made(
    bank: Bank, loans: list[Loan], signed_in: Any, monkeypatch: Any
) -> None:
    """Between asking and making the first was given another role, the second nothing but the other office's loans."""
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    far = Organisation.objects.get(code="nhcsxh-pgd@004605")
    for who in (bank.officer, bank.head):
        _export(signed_in(who))
    RoleHolding.objects.filter(user=bank.officer).update(role="system_admin")
    RoleHolding.objects.filter(user=bank.head).update(organisation=far)
    refused, narrow = run_jobs()
    assert (refused.state, refused.refusal["code"]) == ("refused", "no_longer_allowed")
    assert loans[0].number.encode() not in result_of(narrow)


def test_too_many_open_jobs_are_refused_on_the_page(
    bank: Bank, loans: Any, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    browser = signed_in(bank.officer)
    for number in range(MOST_OPEN):
        ask(
            kind="export",
            title="Xuất",
            request=({}, b""),
            by=bank.officer,
            on=today(),
            key=str(number),
        )
    answer = browser.get(
        reverse("loans:loans"),
        {"export": "csv"},
        headers={"Referer": "/vay/khoan-vay/"},
        follow=True,
    )
    assert "nhiều nhất 10 việc" in answer.content.decode()
    assert Job.objects.count() == MOST_OPEN


def test_a_page_that_gives_no_file_refuses_the_job(bank: Bank) -> None:
    for address in (reverse("loans:loans"), reverse("web:progress")):
        ask(
            kind="export",
            title="Xuất",
            request=({"address": address, "language": "en"}, b""),
            by=bank.officer,
            on=today(),
            key=address,
        )
    page, forbidden = run_jobs()
    assert page.refusal["code"] == "nothing_made"
    assert forbidden.refusal["code"] == "no_longer_allowed"
