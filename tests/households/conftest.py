"""The cast of the households room: two communes, their clerks and chairs, the bank's people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from households_cast import TODAY, Cast, area_of, committee_of, person

from tdcs.access.models import User
from tdcs.organisations import seed
from tdcs.organisations.models import Organisation, ServedArea

BRANCH = "nhcsxh-chi-nhanh@p75"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units are loaded once for each worker; every test's own changes are rolled back."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


@pytest.fixture
def cast(db: None) -> Cast:
    """La Ngà and Long Thành: far from each other, with different offices."""
    la_nga, other = area_of("La Ngà"), area_of("Long Thành")
    ubnd = committee_of(la_nga)
    offices = {
        area: ServedArea.objects.get(area=area, ends_on=None).office for area in (la_nga, other)
    }
    unit = Organisation.objects.get
    return Cast(
        la_nga=la_nga,
        other=other,
        ubnd=ubnd,
        clerk=person("la-nga", "unit_clerk", ubnd),
        chair=person("chu-tich", "leader", ubnd),
        other_clerk=person("long-thanh", "unit_clerk", committee_of(other)),
        women=person("phu-nu", "unit_clerk", unit(code=f"hoi-phu-nu@{la_nga.code}")),
        officer=person("can-bo", "loan_officer", offices[la_nga]),
        far_officer=person("can-bo-khac", "loan_officer", offices[other]),
        planner=person("ke-hoach", "branch_planner", unit(code=BRANCH)),
        finance=person("so-tai-chinh", "unit_clerk", unit(code="so-tai-chinh@p75")),
    )


@pytest.fixture
def signed_in(client: Client) -> Any:
    """A function that signs a person in and gives the browser."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
