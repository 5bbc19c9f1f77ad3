"""Kept pages in real transactions: spared while nothing has changed, new at once when something has, nobody else's ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lending_cast import lend, make_bank, make_group, make_household, person, savings_of
from own_database import own_database

from tdcs.access.models import RoleHolding, User
from tdcs.audit.models import DataChange
from tdcs.audit.versions import versions_of
from tdcs.core import trail
from tdcs.entrustment.models import GroupProfile, SavingsAccount
from tdcs.http import reading
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import OrganisationProfile
from tdcs.plans.views.requested import REMEMBERED
from tdcs.web import kept_pages
from tdcs.web.models import KeptPage
from tdcs.web.page_store import Page, Store, share, store

DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)
# Session, person with role, versions.
OF_A_KEPT_PAGE = 3


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Two groups of one office with a loan each; the first household saves."""
    with own_database(django_db_blocker, "kept"):
        bank = make_bank()
        other = make_group(bank.office, "4606002")
        homes = make_household(bank.group, "Lê Thị Hoa"), make_household(other, "Trần Văn Bình")
        account = savings_of(homes[0], bank)
        loans = (
            lend(bank, homes[0], on=DAY),
            lend(bank, homes[1], on=DAY, group=other, amount=20_000_000),
        )
        yield SimpleNamespace(bank=bank, other=other, loans=loans, account=account)


@pytest.fixture(autouse=True)
def fresh(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with nothing kept; on a busy machine the seconds for which counts stand pass between two looks."""
    monkeypatch.setattr("tdcs.web.waiting.COUNT_SECONDS", 3600)
    for clear in (store.clear, cache.clear, KeptPage.objects.all().delete):
        clear()
    yield
    store.clear()
    cache.clear()


def other_worker() -> None:
    """What the next request meets is what a worker that knows nothing itself would meet."""
    store.clear()
    cache.clear()


def sign(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def page(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        page(client, address)
    return len([one for one in asked if "pg_catalog" not in one["sql"]])


def sheet_of(world: SimpleNamespace, at: int = 0) -> str:
    return reverse("loans:sheet", args=[(world.bank.group, world.other)[at].pk])


def loan_of(world: SimpleNamespace, at: int = 0) -> str:
    return reverse("loans:loan", args=[world.loans[at].pk])


def collect(world: SimpleNamespace, at: int, interest: int, key: str) -> None:
    loan = world.loans[at]
    line = Collection(loan.pk, interest=interest)
    sheet = Sheet(key, loan.office_id, loan.group_id, (line,))
    collect_sheet(sheet=sheet, by=world.bank.teller, on=TODAY)


def field(words: str, text: str) -> str:
    found = re.search(rf'name="{words}" value="([^"]+)"', text)
    assert found, words
    return found[1]


# Marked, though its database is its own: without a marked test no database is laid out.
@pytest.mark.django_db
def test_the_suite_has_a_database() -> None:
    assert connection.settings_dict["NAME"].endswith("kept")


def test_a_page_is_made_once_and_then_costs_three_queries(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    for address in (
        reverse("web:home"),
        reverse("loans:loans"),
        reverse("loans:sheets"),
        loan_of(world),
        sheet_of(world),
    ):
        made = queries(teller, address)
        assert OF_A_KEPT_PAGE < made <= 40, address
        assert queries(teller, address) == OF_A_KEPT_PAGE, address


def test_another_worker_finds_the_page(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    page(teller, loan_of(world))
    store.clear()
    assert queries(teller, loan_of(world)) == OF_A_KEPT_PAGE + 1
    assert queries(teller, loan_of(world)) == OF_A_KEPT_PAGE


def test_what_is_posted_shows_on_the_next_page_in_both_workers(world: SimpleNamespace) -> None:
    teller, address = sign(world.bank.teller), sheet_of(world)
    before = page(teller, address)
    sent = {
        "csrfmiddlewaretoken": field("csrfmiddlewaretoken", before),
        "key": field("key", before),
        f"savings-{world.loans[0].pk}": "123000",
        "step": "post-again",
    }
    assert teller.post(address, sent).status_code == 302
    account = reverse("entrustment:account", args=[world.account.pk])
    assert "123.000" in page(teller, account)
    here = page(teller, address)
    assert field("key", here) != sent["key"]
    collect(world, 0, 11_000, "kept-1")
    assert "11.000 đồng" in re.sub(r"\s+", " ", page(teller, address))
    other_worker()
    assert "11.000 đồng" in re.sub(r"\s+", " ", page(teller, address))


def test_a_worker_that_kept_the_page_does_not_serve_it_after_another_posted(
    world: SimpleNamespace,
) -> None:
    teller, address = sign(world.bank.teller), loan_of(world)
    page(teller, address)
    # The post is not a request of this worker: only the database knows of it.
    collect(world, 0, 12_345, "kept-2")
    assert "12.345" in page(teller, address)


def test_another_groups_sheet_leaves_this_groups_pages_as_they_are(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    for address in (sheet_of(world), loan_of(world)):
        page(teller, address)
    collect(world, 1, 1_000, "kept-3")
    for address in (sheet_of(world), loan_of(world)):
        assert queries(teller, address) == OF_A_KEPT_PAGE
    collect(world, 0, 1_000, "kept-4")
    for address in (sheet_of(world), loan_of(world)):
        assert queries(teller, address) > OF_A_KEPT_PAGE


def test_a_list_stands_until_one_of_its_rows_or_their_choice_changes(
    world: SimpleNamespace,
) -> None:
    teller, address = sign(world.bank.teller), reverse("loans:loans")
    of_one_group = f"{address}?group={world.other.code}"
    overdue = f"{address}?state=overdue"
    for each in (address, of_one_group, overdue):
        page(teller, each)
    collect(world, 0, 1_000, "kept-6")
    assert queries(teller, of_one_group) == OF_A_KEPT_PAGE
    assert queries(teller, address) > OF_A_KEPT_PAGE
    assert queries(teller, overdue) > OF_A_KEPT_PAGE
    # A loan that comes, and one that leaves the list without being one of its rows.
    for group in (world.other, world.bank.group):
        with transaction.atomic():
            Loan.objects.filter(pk=world.loans[0].pk).update(group=group)
        assert queries(teller, of_one_group) > OF_A_KEPT_PAGE
    assert queries(teller, of_one_group) == OF_A_KEPT_PAGE


def test_the_list_of_sheets_stands_while_other_offices_work(world: SimpleNamespace) -> None:
    """One page of groups follows its own groups' loans and savings, and every change of groups and offices."""
    teller, address = sign(world.bank.teller), reverse("loans:sheets")
    of_one_group = f"{address}?q={world.other.code}"
    for each in (address, of_one_group):
        page(teller, each)
    collect(world, 0, 1_000, "kept-7")
    assert queries(teller, of_one_group) == OF_A_KEPT_PAGE
    assert queries(teller, address) > OF_A_KEPT_PAGE
    SavingsAccount.objects.filter(pk=world.account.pk).update(balance=F("balance") + 1)
    assert queries(teller, of_one_group) == OF_A_KEPT_PAGE
    assert queries(teller, address) > OF_A_KEPT_PAGE
    # A loan that comes to the group, and a group that leaves the office.
    for group in (world.other, world.bank.group):
        Loan.objects.filter(pk=world.loans[0].pk).update(group=group)
        assert queries(teller, of_one_group) > OF_A_KEPT_PAGE
    assert queries(teller, of_one_group) == OF_A_KEPT_PAGE
    GroupProfile.objects.filter(group=world.bank.group).update(hamlet="Ấp khác")
    assert queries(teller, of_one_group) > OF_A_KEPT_PAGE


def test_the_server_says_which_pages_were_kept(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    said = [teller.get(reverse("loans:loans")).headers["Server-Timing"] for _ in range(2)]
    assert ["kept" in words for words in said] == [False, True]


def test_nobody_gets_the_page_of_another(world: SimpleNamespace) -> None:
    teller, officer = sign(world.bank.teller), sign(world.bank.officer)
    address = sheet_of(world)
    assert "data-fill" in page(teller, address)
    theirs = page(officer, address)
    assert "data-fill" not in theirs
    assert world.bank.teller.full_name not in theirs and world.bank.officer.full_name in theirs
    far = person("noi-khac", "teller", world.bank.office)
    assert "noi-khac" in page(sign(far), address)


def test_who_may_not_is_refused_although_the_page_is_kept(world: SimpleNamespace) -> None:
    leaving = person("nghi-viec", "teller", world.bank.office)
    client = sign(leaving)
    for address in (loan_of(world), sheet_of(world)):
        page(client, address)
    RoleHolding.objects.filter(user=leaving).update(role="system_admin")
    assert client.get(sheet_of(world)).status_code == 403
    RoleHolding.objects.filter(user=leaving).update(role="teller")
    page(client, sheet_of(world))
    RoleHolding.objects.filter(user=leaving).update(ends_on=TODAY)
    assert client.get(sheet_of(world)).status_code == 403
    assert Client().get(sheet_of(world)).status_code == 302
    client.logout()
    assert client.get(sheet_of(world)).status_code == 302


def test_a_person_moved_to_another_office_loses_its_pages(world: SimpleNamespace) -> None:
    moving = person("chuyen-di", "teller", world.bank.office)
    client = sign(moving)
    page(client, sheet_of(world))
    other = OrganisationProfile.objects.filter(
        organisation__kind="transaction_office", ends_on=None
    ).exclude(organisation=world.bank.office)[0]
    RoleHolding.objects.filter(user=moving).update(organisation=other.organisation)
    assert client.get(sheet_of(world)).status_code == 404


def test_each_time_a_page_carries_a_key_and_a_token_of_its_own(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    pages = [page(teller, sheet_of(world)) for _ in range(3)]
    assert len({field("key", text) for text in pages}) == 3
    assert len({field("csrfmiddlewaretoken", text) for text in pages}) == 3
    assert not any(re.search(r"kept[0-9a-f]{24}", text) for text in pages)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.bank.teller, "tdcs.access.backends.AccountBackend")
    token = field("csrfmiddlewaretoken", page(strict, sheet_of(world)))
    answer = strict.post(reverse("web:search"), {"q": "hoa", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert strict.post(reverse("web:search"), {"q": "hoa"}).status_code == 403


def test_each_chosen_plan_has_its_page_and_choosing_is_never_spared(world: SimpleNamespace) -> None:
    """The plan chosen last is the session's; an address that chooses another must reach the page that remembers it."""
    teller, address = sign(world.bank.teller), reverse("loans:loans")
    page(teller, address)
    assert queries(teller, address) == OF_A_KEPT_PAGE
    session = teller.session
    session[REMEMBERED] = "5"
    session.save()
    assert queries(teller, address) > OF_A_KEPT_PAGE
    kept = KeptPage.objects.count()
    for _ in range(2):
        assert queries(teller, f"{address}?plan=6") > OF_A_KEPT_PAGE
    assert KeptPage.objects.count() == kept
    page(teller, f"{address}?plan=5")
    assert queries(teller, f"{address}?plan=5") == OF_A_KEPT_PAGE


def test_paper_of_a_kept_page_says_when_it_was_served(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller, address = sign(world.bank.teller), reverse("loans:loans")
    page(teller, address)
    monkeypatch.setattr(kept_pages, "now_words", lambda: "23:59 31/12/2031")
    assert queries(teller, address) == OF_A_KEPT_PAGE
    assert ', 23:59 31/12/2031"' in page(teller, address)


def test_each_language_has_its_page(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    assert "Thu đủ lãi" in page(teller, sheet_of(world))
    teller.cookies["django_language"] = "en"
    assert "Thu đủ lãi" not in page(teller, sheet_of(world))
    del teller.cookies["django_language"]
    assert "Thu đủ lãi" in page(teller, sheet_of(world))


def test_a_message_is_shown_once(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    page(teller, reverse("loans:sheets"))
    # An identity number in an address is taken out, with a message.
    answer = teller.get(reverse("loans:sheets"), {"q": "075012345678"})
    assert answer.status_code == 302
    assert "Số định danh" in page(teller, reverse("loans:sheets"))
    assert "Số định danh" not in page(teller, reverse("loans:sheets"))


def test_what_is_refused_is_not_kept(world: SimpleNamespace) -> None:
    teller = sign(world.bank.teller)
    gone = reverse("loans:loan", args=[10**9])
    assert teller.get(gone).status_code == 404
    assert KeptPage.objects.count() == 0


def test_counts_of_the_sidebar_follow_the_person_at_once(world: SimpleNamespace) -> None:
    planner = sign(world.bank.head)
    page(planner, reverse("loans:loans"))
    assert queries(planner, reverse("loans:loans")) == OF_A_KEPT_PAGE
    assert planner.post(reverse("web:search"), {"q": "hoa"}).status_code == 302
    # The page stands; what waits is counted anew.
    assert queries(planner, reverse("loans:loans")) > OF_A_KEPT_PAGE
    assert queries(planner, reverse("loans:loans")) == OF_A_KEPT_PAGE


def test_a_version_grows_with_the_commit_and_not_without(world: SimpleNamespace) -> None:
    area = ["organisations_organisationprofile"]
    (before,) = versions_of(area)
    since, kept = reading.begin().since, Page(tuple(area), 0, (b"",), ())
    rows = OrganisationProfile.objects.filter(organisation=world.bank.office)
    with pytest.raises(RuntimeError), transaction.atomic():
        rows.update(short_name="tên khác")
        raise RuntimeError
    assert versions_of(area) == (before,)
    assert share("a page", kept, since) == before
    with transaction.atomic():
        rows.update(short_name="Định Quán 2")
        assert versions_of(area) == (before,)
    assert versions_of(area) == (before + 1,)
    assert share("a page", kept, since) is None
    assert DataChange.objects.count() == 0


def test_parts_are_named_and_many_at_once_are_not(world: SimpleNamespace) -> None:
    mine, group = world.loans[0], world.bank.group.pk
    areas = (
        ["loans_loan"],
        [f"loans_loan/loan-{mine.pk}"],
        [f"loans_loan/group-{group}"],
        [f"loans_loan/loan-{world.loans[1].pk}"],
        ["loans_loan/*"],
    )
    before = versions_of(*areas)
    collect(world, 0, 1_000, "kept-5")
    after = versions_of(*areas)
    assert [now > then for now, then in zip(after, before, strict=True)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO entrustment_savingsgroup (code, founded_by, starts_on)"
            " SELECT 'n' || n, '', DATE '2026-01-01' FROM generate_series(1, 201) AS n"
        )
    known = versions_of(["entrustment_savingsgroup/*"])
    assert known[0] > 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM entrustment_savingsgroup WHERE code LIKE 'n%'")
    assert versions_of(["entrustment_savingsgroup/*"]) > known


def test_a_sign_in_is_no_news(world: SimpleNamespace) -> None:
    before = versions_of(["access_user"])
    sign(world.bank.auditor)
    assert versions_of(["access_user"]) == before
    User.objects.filter(pk=world.bank.auditor.pk).update(full_name="Kiểm toán viên")
    assert versions_of(["access_user"]) > before


def test_the_trail_is_no_kept_data(world: SimpleNamespace) -> None:
    with transaction.atomic():
        trail.record(action="test.do", subject="việc", by=None, on=TODAY)
    assert versions_of(["audit_auditline"]) == (0,)


def test_the_store_keeps_within_its_room() -> None:
    small = Store(room=10)
    for name in ("a", "b"):
        small.put(name, Page((), 1, (b"12345",), ()))
    assert small.get("a") and small.get("b")
    small.get("a")
    small.put("c", Page((), 1, (b"1",), ()))
    assert small.get("b") is None and small.get("a") and small.get("c")
    small.put("d", Page((), 1, (b"x" * 11,), ()))
    assert small.get("d") is None
