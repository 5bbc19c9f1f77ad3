"""The branch, the office of Định Quán, and who works there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.organisations import seed
from tdcs.organisations.models import Organisation

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    """It is 23/11/2026."""
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Extracts of a test lie in a folder of its own."""
    monkeypatch.setattr("tdcs.imports.store.home", lambda: tmp_path)


def _person(name: str, role: Role, at: str) -> User:
    person = User.objects.create_user(name, full_name=name)
    unit = Organisation.objects.get(code=at)
    RoleHolding.objects.create(
        user=person, role=role, organisation=unit, starts_on=date(2024, 1, 1)
    )
    return person


@pytest.fixture
def planner(db: None) -> User:
    """Of the branch: brings every office's extracts."""
    return _person("planner-31", Role.BRANCH_PLANNER, "nhcsxh-chi-nhanh@p75")


@pytest.fixture
def head(db: None) -> User:
    """The head of credit of Định Quán."""
    return _person("head-31", Role.CREDIT_HEAD, "nhcsxh-pgd@004606")


@pytest.fixture
def teller(db: None) -> User:
    """A teller brings no extracts."""
    return _person("teller-31", Role.TELLER, "nhcsxh-pgd@004606")
