"""Bà Hoa's group serves here as well, at a point of La Ngà that meets on the 15th."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))
sys.path.append(str(Path(__file__).resolve().parent))

from django.test import Client
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, lend, make_household
from lending_grounds import BANK
from offline_cast import Tablet

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.organisations import seed
from tdcs.organisations.models import (
    OrganisationProfile,
    ServedArea,
    TransactionPoint,
    TransactionPointProfile,
    living_on,
)
from tdcs.transaction_points.models import Device, GroupAtPoint, TransactionSession
from tdcs.transaction_points.services import packs
from tdcs.transaction_points.services.schedule import Team, name_team

TODAY = date(2026, 11, 23)
SINCE = date(2024, 1, 1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        setup.load_lending()


@pytest.fixture
@stands_on(BANK)
def bank(db: None) -> Bank:
    """The office of Định Quán and bà Hoa's group."""
    found: Bank = GROUNDS.value(BANK)
    return found


@pytest.fixture(autouse=True)
def on_the_day(request: pytest.FixtureRequest) -> Any:
    """It is 23/11/2026."""
    with clock.fixed_today(TODAY):
        yield


def _make_point(
    bank: Bank, code: str = "TXN1", day: int = 15, hours: str = "8h00-11h00"
) -> TransactionPoint:
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    served = ServedArea.objects.filter(living_on(TODAY), area=area)
    if not served.filter(office=bank.office).exists():
        served.delete()
        ServedArea.objects.create(office=bank.office, area=area, starts_on=date(2025, 7, 1))
    point = TransactionPoint.objects.create(code=code, starts_on=SINCE)
    TransactionPointProfile.objects.create(
        point=point,
        name=f"Điểm La Ngà {code}",
        area=area,
        session_day=day,
        hours=hours,
        place="UBND xã La Ngà",
        starts_on=SINCE,
    )
    return point


def _bank_at_point(bank: Bank) -> tuple[Bank, TransactionPoint]:
    point = _make_point(bank)
    GroupAtPoint.objects.create(group=bank.group, point=point, starts_on=SINCE)
    return bank, point


def _two_loans(found: tuple[Bank, TransactionPoint]) -> list[Loan]:
    bank = found[0]
    return [
        lend(bank, make_household(bank.group, f"Hộ {n}"), on=date(2026, 6, 23), amount=20_000_000)
        for n in range(2)
    ]


AT_POINT = Ground(_bank_at_point, TODAY, BANK)
LENT = Ground(_two_loans, TODAY, AT_POINT)


@pytest.fixture
def make_point(bank: Bank) -> Callable[..., TransactionPoint]:
    """A function that opens a point in La Ngà."""
    return partial(_make_point, bank)


@pytest.fixture
@stands_on(AT_POINT)
def point(bank: Bank) -> TransactionPoint:
    """The point of bà Hoa's group."""
    found: TransactionPoint = GROUNDS.value(AT_POINT)[1]
    return found


@pytest.fixture
def signed_in() -> Any:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """Where the key of this test's installation lies."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def session(bank: Bank, point: TransactionPoint, home: Path) -> TransactionSession:
    """Today's session, ready to be held."""
    made = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=TODAY, held_on=TODAY
    )
    members = [(bank.officer, "leader"), (bank.head, "controller"), (bank.teller, "teller")]
    name_team(session=made, team=Team(members), by=bank.head, on=TODAY)
    TransactionSession.objects.update(state="open")
    made.refresh_from_db()
    return made


@pytest.fixture
@stands_on(LENT)
def loans(bank: Bank, point: TransactionPoint) -> list[Loan]:
    found: list[Loan] = GROUNDS.value(LENT)
    return found


@pytest.fixture
def tablet() -> Tablet:
    return Tablet()


@pytest.fixture
def device(bank: Bank, tablet: Tablet, session: TransactionSession) -> Device:
    return packs.register_device(
        office=bank.office, name="Máy 1", by=bank.head, on=TODAY, **tablet.keys()
    )


@pytest.fixture
def header(
    bank: Bank, loans: list[Loan], session: TransactionSession, device: Device
) -> dict[str, Any]:
    taken = packs.take_pack(session=session, device=device, by=bank.teller, on=TODAY)
    found: dict[str, Any] = taken["header"]
    return found
