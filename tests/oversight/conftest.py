"""Bà Hoa's group, inspected by the Women's Union of La Ngà; the bank's people remedy what is found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path += [
    str(Path(__file__).resolve().parents[1] / one) for one in ("loans", "transaction_points")
]

from django.test import Client
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, lend, make_household, person
from lending_grounds import BANK
from oversight_cast import TODAY, Union, draft_of

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.organisations import seed
from tdcs.organisations.models import (
    Organisation,
    OrganisationProfile,
    ServedArea,
    TransactionPoint,
    TransactionPointProfile,
    living_on,
)
from tdcs.oversight.models import Inspection
from tdcs.oversight.services.inspecting import prepare_inspection, start


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        setup.load_lending()


@pytest.fixture(autouse=True)
def on_the_day(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[None]:
    """It is 23/11/2026; files lie in the test's own folder."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.HOME = tmp_path
    with clock.fixed_today(TODAY):
        yield


def _make_union(bank: Bank) -> Union:
    body = Organisation.objects.get(code="hoi-phu-nu@n26227")
    loan = lend(bank, make_household(bank.group), on=date(2026, 11, 3), amount=20_000_000)
    return Union(
        body=body,
        clerk=person("hoi-phu-nu", "unit_clerk", body),
        head=person("chu-tich-hoi", "leader", body),
        bank=bank,
        loan=loan,
    )


UNION = Ground(_make_union, TODAY, below=BANK)


@pytest.fixture
@stands_on(UNION)
def union(db: None) -> Union:
    found: Union = GROUNDS.value(UNION)
    return found


@pytest.fixture
def running(union: Union) -> Inspection:
    """An inspection of the group that has begun."""
    made = prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    return start(
        inspection=made, witnesses="Trưởng ấp 1", by=union.clerk, on=TODAY, key="start-running"
    )


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign


@pytest.fixture
def bank_point(union: Union) -> TransactionPoint:
    """A point of La Ngà, served by the office."""
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    served = ServedArea.objects.filter(living_on(TODAY), area=area)
    if not served.filter(office=union.bank.office).exists():
        served.delete()
        ServedArea.objects.create(office=union.bank.office, area=area, starts_on=date(2025, 7, 1))
    point = TransactionPoint.objects.create(code="TXN1", starts_on=date(2024, 1, 1))
    TransactionPointProfile.objects.create(
        point=point,
        name="Điểm La Ngà",
        area=area,
        session_day=15,
        hours="8h00-11h00",
        place="UBND xã La Ngà",
        starts_on=date(2024, 1, 1),
    )
    return point
