"""People who look at the programmes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tdcs.access.models import RoleHolding, User
from tdcs.organisations import seed
from tdcs.organisations.models import Organisation


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))


@pytest.fixture
def officer(db: None, client: Client) -> Client:
    """The browser of a planner of the branch."""
    user = User.objects.create_user("xem-chuong-trinh", full_name="Lê Thị Xem")
    RoleHolding.objects.create(
        user=user,
        role="branch_planner",
        organisation=Organisation.objects.get(code="nhcsxh-chi-nhanh@p75"),
        starts_on=date(2024, 1, 1),
    )
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client
