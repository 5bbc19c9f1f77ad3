"""Rows of a list of groups are remembered one by one: true whatever changed, made anew for what changed alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from lending_cast import head_of, lend, make_bank, make_group, make_household, savings_of
from own_database import own_database

from tdcs.core import remembered
from tdcs.entrustment.models import (
    BoardMember,
    GroupMember,
    GroupProfile,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.households.models import Person
from tdcs.http import part_answers, reading
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.views import sheets
from tdcs.web.models import KeptPage
from tdcs.web.page_store import store

DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[SimpleNamespace]:
    """Three groups of one office, two with a loan."""
    with own_database(django_db_blocker, "parts"):
        bank = make_bank()
        groups = bank.group, make_group(bank.office, "4606002"), make_group(bank.office, "4606003")
        homes = (
            make_household(groups[0], "Lê Thị Hoa"),
            make_household(groups[1], "Trần Văn Bình"),
        )
        loans = lend(bank, homes[0], on=DAY), lend(bank, homes[1], on=DAY, group=groups[1])
        account = savings_of(homes[0], bank)
        BoardMember.objects.create(
            group=groups[0], person=head_of(homes[0]), post="leader", starts_on=DAY
        )
        yield SimpleNamespace(bank=bank, groups=groups, homes=homes, loans=loans, account=account)


@pytest.fixture(autouse=True)
def fresh(world: SimpleNamespace) -> Iterator[None]:
    part_answers.forget()
    yield
    part_answers.forget()


@pytest.mark.django_db
def test_the_suite_has_a_database() -> None:
    """Marked, though the database is its own: without a marked test none is laid out."""
    assert connection.settings_dict["NAME"].endswith("parts")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """The groups for which each page reads figures."""
    found: list[set[int]] = []
    plain = sheets.groups_due

    def due(groups: list[SavingsGroup], on: date) -> object:
        found.append({group.pk for group in groups})
        return plain(groups, on)

    monkeypatch.setattr(sheets, "groups_due", due)
    return found


def rows(world: SimpleNamespace) -> dict[str, str]:
    """Group → its row on the list, of a page that is made anew."""
    for clear in (store.clear, cache.clear, KeptPage.objects.all().delete):
        clear()
    client = Client()
    client.force_login(world.bank.teller, backend="tdcs.access.backends.AccountBackend")
    text = client.get(reverse("loans:sheets")).content.decode()
    found = re.findall(r"<tr>\s*<td>\s*<a href.*?</tr>", text, re.DOTALL)
    return {re.search(r"/to/(\d+)/", one)[1]: one for one in found}  # type: ignore[index]


def collect(world: SimpleNamespace, at: int, key: str) -> None:
    loan = world.loans[at]
    line = Collection(loan.pk, interest=1_000, principal=2_000)
    sheet = Sheet(key, loan.office_id, loan.group_id, (line,))
    collect_sheet(sheet=sheet, by=world.bank.teller, on=TODAY)


def test_figures_are_read_for_what_changed_alone(
    world: SimpleNamespace, asked: list[set[int]]
) -> None:
    first, second, third = (group.pk for group in world.groups)
    before = rows(world)
    assert asked.pop() == {first, second, third}
    assert rows(world) == before
    assert asked == []
    collect(world, 1, "parts-1")
    after = rows(world)
    assert asked.pop() == {second}
    assert {key for key in before if after[key] != before[key]} == {str(second)}
    assert "23/11/2026" in after[str(second)]


def _moved(world: SimpleNamespace) -> None:
    Loan.objects.filter(pk=world.loans[0].pk).update(group=world.groups[2])


def _moved_back(world: SimpleNamespace) -> None:
    Loan.objects.filter(pk=world.loans[0].pk).update(group=world.groups[0])


def _many_at_once(world: SimpleNamespace) -> None:
    Loan.objects.filter(pk__gt=0).update(balance=F("balance") - 1, paid_total=F("paid_total") + 1)


CHANGES: dict[str, Callable[[SimpleNamespace], object]] = {
    "a sheet": lambda world: collect(world, 0, "parts-2"),
    "a loan that moves": _moved,
    "a loan that moves back": _moved_back,
    "loans of all groups": _many_at_once,
    "a name": lambda world: GroupProfile.objects.filter(group=world.groups[0]).update(
        name="Tổ mới"
    ),
    "a day of sessions": lambda world: GroupProfile.objects.filter(group=world.groups[1]).update(
        session_day=28
    ),
    "a member who leaves": lambda world: GroupMember.objects.filter(group=world.groups[1]).update(
        ends_on=TODAY
    ),
    "a leader's name": lambda world: Person.objects.filter(
        pk__in=BoardMember.objects.filter(group=world.groups[0]).values("person")
    ).update(full_name="Người Khác"),
    "a leader": lambda world: BoardMember.objects.create(
        group=world.groups[2], person=head_of(world.homes[1]), post="leader", starts_on=DAY
    ),
}


def test_a_row_is_what_it_would_be_if_nothing_were_remembered(world: SimpleNamespace) -> None:
    for what, change in CHANGES.items():
        before = rows(world)
        with transaction.atomic():
            change(world)
        shown = rows(world)
        part_answers.forget()
        remembered.forget()
        assert shown == rows(world), what
        assert shown != before, what


def test_savings_are_read_anew_although_no_row_shows_them(
    world: SimpleNamespace, asked: list[set[int]]
) -> None:
    before = rows(world)
    asked.clear()
    SavingsAccount.objects.filter(pk=world.account.pk).update(balance=F("balance") + 1)
    assert rows(world) == before
    assert len(asked) == 1
    assert world.account.group_id in asked[0]


def test_a_whole_list_for_a_file_remembers_nothing(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_answers, "_MOST_KEYS", 1)
    made: list[list[int]] = []

    def make(keys: list[int]) -> dict[int, int]:
        made.append(keys)
        return dict.fromkeys(keys, 1)

    keys = [group.pk for group in world.groups]
    with remembered.during(reading.begin()):
        for _ in range(2):
            assert part_answers.answers_by_key("group", keys, ("all",), make) == dict.fromkeys(
                keys, 1
            )
    assert made == [keys, keys]


def test_what_changes_while_a_page_is_made_is_not_remembered(world: SimpleNamespace) -> None:
    """An answer may hold what was remembered as the page began: a change since then makes it nobody's answer."""
    first, second = (group.pk for group in world.groups[:2])
    made: list[list[int]] = []

    def make(keys: list[int]) -> dict[int, int]:
        made.append(keys)
        balances = Loan.objects.filter(group_id__in=keys).values_list("group_id", "balance")
        return dict(balances)

    def ask() -> dict[int, int]:
        return part_answers.answers_by_key("group", [first, second], ("balance",), make)

    with remembered.during(reading.begin()):
        collect(world, 0, "parts-3")
        ask()
    with remembered.during(reading.begin()):
        ask()
        ask()
    assert made == [[first, second], [first]]
    ask()
    assert made[-1] == [first, second], "without a reading nothing is remembered"


def test_a_language_has_its_rows(world: SimpleNamespace) -> None:
    """A row that was made in Vietnamese is not shown to who reads English."""
    rows(world)
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(world.bank.teller, backend="tdcs.access.backends.AccountBackend")
    text = client.get(reverse("loans:sheets")).content.decode()
    body = re.search(r"<tbody>.*?</tbody>", text, re.DOTALL)[0]  # type: ignore[index]
    assert world.groups[0].code in body
    assert " loans</span>" in body
    assert "Khoản vay" not in body
