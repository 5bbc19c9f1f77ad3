"""Bà Hoa's group with one loan, an inspection of it by the Women's Union, and a branch that keeps templates."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "oversight"))

from django.test import Client
from lending_cast import lend, make_bank, make_household, person, savings_of
from oversight_cast import Union, draft_of
from word_scene import Scene

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.organisations import seed
from tdcs.organisations.models import Organisation
from tdcs.oversight.services.inspecting import prepare_inspection, start

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        setup.load_lending()


@pytest.fixture(autouse=True)
def on_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is 23/11/2026; templates of a test lie in a folder of its own."""
    monkeypatch.setattr("tdcs.word_templates.store.home", lambda: tmp_path)
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    bank = make_bank()
    body = Organisation.objects.get(code="hoi-phu-nu@n26227")
    household = make_household(bank.group)
    savings_of(household, bank)
    loan = lend(bank, household, on=date(2026, 11, 3), amount=20_000_000)
    union = Union(
        body=body,
        clerk=person("hoi-phu-nu", "unit_clerk", body),
        head=person("chu-tich-hoi", "leader", body),
        bank=bank,
        loan=loan,
    )
    made = prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    inspection = start(inspection=made, witnesses="Trưởng ấp 1", by=union.clerk, on=TODAY)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    elsewhere = Organisation.objects.get(code="nhcsxh-pgd@004607")
    return Scene(
        planner=person("ke-hoach", "branch_planner", branch),
        officer=bank.officer,
        teller=bank.teller,
        leader=bank.leader,
        other=person("pgd-khac", "loan_officer", elsewhere),
        loan=loan,
        inspection=inspection,
        union=union,
    )


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign
