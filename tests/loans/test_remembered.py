"""Answers that a worker remembers: of nobody else, in no other language, new as soon as what they were read from has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from lending_cast import lend, make_bank, make_group, make_household, person, savings_of
from own_database import own_database

from tdcs.access.models import RoleHolding, User
from tdcs.core import clock, remembered
from tdcs.drafts.models import Draft
from tdcs.entrustment.models import GroupProfile
from tdcs.http import reading
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.loans.queries import owed
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.organisations.queries import names_on, profile_of, subtree
from tdcs.plans.models import Plan
from tdcs.plans.queries.in_force import plans_offered
from tdcs.web.models import KeptPage
from tdcs.web.page_store import store
from tdcs.web.waiting import lines_for

DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)
# Issue 11: no page asks the database more often, when those before it have asked for what all share.
MOST_QUERIES = 15


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Two groups of one office with a loan each, and another office."""
    with own_database(django_db_blocker, "remembered"):
        bank = make_bank()
        other = make_group(bank.office, "4606002")
        homes = make_household(bank.group, "Lê Thị Hoa"), make_household(other, "Trần Văn Bình")
        savings_of(homes[0], bank)
        loans = lend(bank, homes[0], on=DAY), lend(bank, homes[1], on=DAY, group=other)
        offices = OrganisationProfile.objects.filter(
            organisation__kind="transaction_office", ends_on=None
        )
        far = offices.exclude(organisation=bank.office).order_by("pk")[0].organisation
        branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
        yield SimpleNamespace(bank=bank, other=other, loans=loans, far=far, branch=branch)


@pytest.fixture(autouse=True)
def fresh(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with nothing remembered; on a busy machine the seconds for which counts stand pass between two looks."""
    monkeypatch.setattr("tdcs.web.waiting.COUNT_SECONDS", 3600)
    clears = (remembered.forget, owed.rows.clear, store.clear, cache.clear)
    for clear in clears:
        clear()
    KeptPage.objects.all().delete()
    yield
    for clear in clears:
        clear()


def sign(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def made(client: Client, address: str) -> int:
    """Queries of a page that nobody has kept."""
    store.clear()
    KeptPage.objects.all().delete()
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        page(client, address)
    return len([one for one in asked if "pg_catalog" not in one["sql"]])


def asked_by(ask: Any) -> int:
    """Queries of something within a reading of its own, the reading not counted."""
    with remembered.during(reading.begin()), CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def pages_of(world: SimpleNamespace) -> list[tuple[User, str]]:
    """The homes of everybody, and the pages of the mix of `tdcs bench load` that the cast may open."""
    bank = world.bank
    people = (
        bank.leader,
        bank.commune,
        bank.officer,
        bank.head,
        bank.director,
        bank.teller,
        bank.accountant,
        bank.auditor,
    )
    group = bank.group.pk
    return [
        *((one, reverse("web:home")) for one in people),
        (bank.commune, reverse("plans:inbox")),
        (bank.auditor, reverse("plans:matrix")),
        (bank.officer, reverse("loans:loans")),
        (bank.officer, reverse("loans:sheets")),
        (bank.officer, reverse("loans:loan", args=[world.loans[0].pk])),
        (bank.teller, reverse("loans:sheet", args=[group])),
    ]


# Marked, though its database is its own: without a marked test no database is laid out.
@pytest.mark.django_db
def test_the_suite_has_a_database() -> None:
    assert connection.settings_dict["NAME"].endswith("remembered")


def test_no_page_of_the_mix_asks_more_than_fifteen_times(world: SimpleNamespace) -> None:
    people = [(sign(user), address) for user, address in pages_of(world)]
    for client, address in people:
        page(client, address)
    over = [(address, n) for client, address in people if (n := made(client, address)) > 15]
    assert over == []


@pytest.mark.parametrize(
    ("role", "at_branch"),
    [
        ("teller", False),
        ("loan_officer", False),
        ("credit_head", False),
        ("office_director", False),
        ("accountant", False),
        ("office_director", True),
        ("branch_planner", True),
        ("auditor", True),
        ("system_admin", True),
    ],
)
def test_the_first_look_of_a_person_after_a_colleagues_neither(
    world: SimpleNamespace, role: str, at_branch: bool
) -> None:
    unit = world.branch if at_branch else world.bank.office
    one, two = (person(f"{role}-{at_branch:d}-{n}", role, unit) for n in (1, 2))
    page(sign(one), reverse("web:home"))
    assert made(sign(two), reverse("web:home")) <= MOST_QUERIES


def test_an_answer_is_read_once_while_its_tables_stand(world: SimpleNamespace) -> None:
    office = world.bank.office.pk
    assert asked_by(lambda: names_on(TODAY, [office])) == 1
    assert asked_by(lambda: names_on(TODAY, [office])) == 0
    # Another day, other units, another question: read anew.
    assert asked_by(lambda: names_on(DAY, [office])) == 1
    assert asked_by(lambda: names_on(TODAY, [office, world.far.pk])) == 1
    assert asked_by(lambda: subtree(office, TODAY)) == 1
    OrganisationProfile.objects.filter(organisation=office).update(short_name="PGD tên mới")
    with remembered.during(reading.begin()):
        assert names_on(TODAY, [office]) == {office: "PGD tên mới"}


def test_without_a_reading_nothing_is_remembered(world: SimpleNamespace) -> None:
    office = world.bank.office.pk
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            names_on(TODAY, [office])
        assert len(asked) == 1


def test_what_a_caller_does_to_an_answer_is_its_own(world: SimpleNamespace) -> None:
    office = world.bank.office.pk
    with remembered.during(reading.begin()):
        names_on(TODAY, [office]).clear()
        subtree(office, TODAY).clear()
        plans_offered(TODAY).append(Plan())
        assert names_on(TODAY, [office]) and subtree(office, TODAY)
        assert all(plan.pk for plan in plans_offered(TODAY))


def test_each_language_and_each_database_has_its_answers(world: SimpleNamespace) -> None:
    words: list[str] = []

    @remembered.remembered
    def said() -> str:
        OrganisationProfile.objects.exists()
        words.append(translation.gettext("Thu nợ"))
        return words[-1]

    for language in ("vi", "en", "vi", "en"):
        with translation.override(language), remembered.during(reading.begin()):
            assert said() == translation.gettext("Thu nợ")
    assert len(words) == 2 and words[0] != words[1]


def test_an_answer_of_a_person_is_refused(world: SimpleNamespace) -> None:
    """Two users are equal by their keys, whatever their roles: none may be what an answer is remembered by."""

    @remembered.remembered
    def of_a_user(user: User) -> int:
        return int(user.pk)

    with remembered.during(reading.begin()), pytest.raises(TypeError, match="User"):
        of_a_user(world.bank.teller)


def test_what_reads_a_table_without_a_version_is_read_each_time(world: SimpleNamespace) -> None:
    @remembered.remembered
    def lines() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_auditline")
            return int(cursor.fetchone()[0])

    assert [asked_by(lines) for _ in range(2)] == [1, 1]


def test_what_a_page_remembers_it_also_follows(world: SimpleNamespace) -> None:
    """The second page reads no table of units itself, and still falls when a unit gets another name."""
    officer, address = sign(world.bank.officer), reverse("loans:loans")
    page(sign(world.bank.head), address)
    page(officer, address)
    OrganisationProfile.objects.filter(organisation=world.bank.office).update(short_name="PGD mới")
    assert "PGD mới" in page(officer, address)


def test_offices_see_their_own_although_a_worker_serves_both(world: SimpleNamespace) -> None:
    near, far = world.bank.officer, person("noi-xa", "loan_officer", world.far)
    address, sheet = reverse("loans:sheets"), reverse("loans:sheet", args=[world.other.pk])
    for _ in range(2):
        assert world.other.code in page(sign(near), address)
        assert world.other.code not in page(sign(far), address)
        assert sign(near).get(sheet).status_code == 200
        assert sign(far).get(sheet).status_code == 404
    # The group goes over to the other office: so does what each sees, at once.
    GroupProfile.objects.filter(group=world.other).update(office=world.far)
    assert world.other.code not in page(sign(near), address)
    assert world.other.code in page(sign(far), address)
    GroupProfile.objects.filter(group=world.other).update(office=world.bank.office)


def test_what_waits_changes_with_the_book_and_the_role(world: SimpleNamespace) -> None:
    director = person("giam-doc-moi", "office_director", world.bank.office)
    asked = ChangeRequest(
        loan=world.loans[0],
        kind="extend",
        until_on=date(2027, 3, 5),
        cause="mất mùa",
        asked_by=world.bank.officer,
        asked_on=TODAY,
    )

    def waits(user: User) -> int:
        fresh_one = User.objects.get(pk=user.pk)
        lines = lines_for(fresh_one, TODAY)
        return sum(one.waiting.count for one in lines if one.waiting.route == "loans:requests")

    assert [waits(director), waits(world.bank.teller)] == [0, 0]
    with transaction.atomic():
        asked.save()
    assert [waits(director), waits(world.bank.teller)] == [1, 0]
    # Whoever asked does not decide, though both are directors of one office.
    ChangeRequest.objects.filter(pk=asked.pk).update(asked_by=director)
    assert [waits(director), waits(world.bank.director)] == [0, 1]
    ChangeRequest.objects.filter(pk=asked.pk).update(asked_by=world.bank.officer)
    assert waits(director) == 1
    RoleHolding.objects.filter(user=director).update(role="teller")
    assert waits(director) == 0
    ChangeRequest.objects.filter(pk=asked.pk).delete()


def test_a_plan_published_is_offered_at_once(world: SimpleNamespace) -> None:
    def offered() -> int:
        with remembered.during(reading.begin()):
            return len(plans_offered(TODAY))

    before = offered()
    plan = Plan.objects.create(
        number="9/KH",
        issued_on=TODAY,
        issuer=world.branch,
        title="kế hoạch thử",
        first_year=2026,
        last_year=2026,
        state="published",
        in_force_from=date(2026, 1, 1),
    )
    assert offered() == before + 1
    Plan.objects.filter(pk=plan.pk).update(state="withdrawn")
    assert offered() == before
    plan.delete()


def test_a_draft_is_its_writers_and_shows_at_once(world: SimpleNamespace) -> None:
    teller, address = world.bank.teller, reverse("loans:sheet", args=[world.bank.group.pk])
    colleague = person("dong-nghiep", "teller", world.bank.office)
    for one in (teller, colleague):
        page(sign(one), address)
    field = f"savings-{world.loans[0].pk}"
    form = f"loans.sheet:{world.bank.group.pk}"
    for line in page(sign(teller), address).split('data-draft="')[1:]:
        form = line.partition('"')[0]
        break
    Draft.objects.create(by=teller, form=form, fields={field: ["77000"]}, kept_at=clock.now())
    assert "77000" in page(sign(teller), address).replace(".", "")
    assert "77000" not in page(sign(colleague), address).replace(".", "")
    Draft.objects.all().delete()


def test_rows_kept_are_those_rolled_forward_and_follow_every_figure(
    world: SimpleNamespace,
) -> None:
    keys = [loan.pk for loan in world.loans]

    def plain() -> dict[int, tuple[int, int, int]]:
        rows = roll_forward(loan_rows(keys), TODAY).rows(named=True)
        return {r["id"]: (max(r["due"], 0), r["overdue"], r["balance"]) for r in rows}

    def kept() -> dict[int, tuple[int, int, int]]:
        found = owed.due_rows(keys, TODAY)
        return {r["id"]: (r["due"], r["overdue"], r["balance"]) for r in found}

    assert kept() == plain() == kept()
    line = Collection(keys[0], interest=9_000)
    office, group = world.loans[0].office_id, world.loans[0].group_id
    sheet = Sheet("remembered-2", office, group, (line,))
    before = kept()
    collect_sheet(sheet=sheet, by=world.bank.teller, on=TODAY)
    assert kept()[keys[0]][0] == before[keys[0]][0] - 9_000
    assert kept() == plain() and kept()[keys[1]] == before[keys[1]]
    # A row given out is the caller's own.
    owed.due_rows(keys, TODAY)[0]["due"] = -1
    assert kept() == plain()
    Loan.objects.filter(pk=keys[1]).update(current_rate_ppm=90_000)
    assert kept() == plain()


def test_profiles_are_of_the_day(world: SimpleNamespace) -> None:
    with remembered.during(reading.begin()):
        assert profile_of(world.bank.office, TODAY).organisation_id == world.bank.office.pk
