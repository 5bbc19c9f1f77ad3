"""The cast of the entrustment room: La Ngà and Thống Nhất under Định Quán's office, Long Thành far away."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: F401
from typing import Any

import pytest
from django.test import Client
from grounds import GROUNDS, Ground, stands_on
from groups_cast import BRANCH, TODAY, Cast, area_of, make_group, make_home, person, unit

from tdcs.access.models import User
from tdcs.cli.setup import load_lending
from tdcs.entrustment import ports
from tdcs.loans.queries import month as lending
from tdcs.organisations import seed
from tdcs.organisations.models import ServedArea


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, the chart and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        load_lending()


def _make_cast() -> Cast:
    la_nga, far = area_of("La Ngà"), area_of("Long Thành")
    office, far_office = (
        ServedArea.objects.get(area=area, ends_on=None).office for area in (la_nga, far)
    )
    women = unit(f"hoi-phu-nu@{la_nga.code}")
    homes = [make_home(la_nga, name) for name in ("Lê Thị Hoa", "Trần Văn Bình")]
    homes += [make_home(la_nga) for _ in range(4)]
    committee = unit(f"ubnd@{la_nga.code}")
    return Cast(
        la_nga=la_nga,
        far=far,
        office=office,
        far_office=far_office,
        women=women,
        farmers=unit(f"hoi-nong-dan@{la_nga.code}"),
        officer=person("tin-dung", "loan_officer", office),
        teller=person("giao-dich", "teller", office),
        accountant=person("ke-toan", "accountant", office),
        far_officer=person("tin-dung-xa", "loan_officer", far_office),
        branch_officer=person("tin-dung-cn", "loan_officer", unit(BRANCH)),
        planner=person("ke-hoach", "branch_planner", unit(BRANCH)),
        clerk=person("la-nga", "unit_clerk", committee),
        far_clerk=person("long-thanh", "unit_clerk", unit(f"ubnd@{far.code}")),
        women_clerk=person("phu-nu", "unit_clerk", women),
        farmers_clerk=person("nong-dan", "unit_clerk", unit(f"hoi-nong-dan@{la_nga.code}")),
        province_women=person("phu-nu-tinh", "unit_clerk", unit("hoi-phu-nu@p75")),
        leader=person("to-truong", "group_leader", committee),
        homes=homes,
        group=make_group(
            code="4606001",
            commune_area=la_nga,
            office=office,
            mass_organisation=women,
            households=homes,
            name="Tổ bà Hoa",
        ),
    )


CAST = Ground(_make_cast, TODAY)


@pytest.fixture
@stands_on(CAST)
def cast(db: None) -> Cast:
    """Bà Hoa's group of six households in La Ngà, behind it the Women's Union; everybody with a role."""
    found: Cast = GROUNDS.value(CAST)
    return found


class Rooms:
    """What loans answer in a test, set by name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        places = {
            "owes": (ports.debts, "provider"),
            "follow": (ports.members_moved, "provider"),
            "figures": (lending, "figures_of"),
            "interest": (lending, "interest_of"),
        }
        object.__setattr__(
            self, "_set", lambda name, answer: monkeypatch.setattr(*places[name], answer)
        )

    def __setattr__(self, name: str, answer: Any) -> None:
        self._set(name, answer)


@pytest.fixture
def nobody_above(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The rooms above as a test says they are: nobody owes, nothing follows, until the test sets another answer."""
    made = Rooms(monkeypatch)
    made.owes = lambda *_: {}
    made.follow = lambda *_: None
    return made


@pytest.fixture(autouse=True)
def _alone(nobody_above: Any) -> None:
    """This room is tested without the rooms above."""


@pytest.fixture
def signed_in(client: Client) -> Any:
    """A function that signs a person in and gives the browser."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
