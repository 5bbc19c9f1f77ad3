"""The cast of the plans room: real units, people who know their roles, and a small plan in our own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from plan_words import SMALL_PLAN

from tdcs.access.models import RoleHolding, User
from tdcs.core import trail
from tdcs.organisations import seed
from tdcs.organisations.models import Organisation
from tdcs.plans.models import Plan, PlanVersion
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import publish

TODAY = date(2026, 11, 23)
BRANCH = "nhcsxh-chi-nhanh@p75"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units are loaded once for each worker; every test's own changes are rolled back."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


@pytest.fixture
def units(db: None) -> dict[str, Organisation]:
    """The units that stories name, by their code."""
    codes = [
        BRANCH,
        "ubnd@p75",
        "so-tai-chinh@p75",
        "so-nong-nghiep-va-ptnt@p75",
        "so-nong-nghiep-va-moi-truong@p75",
    ]
    return {row.code: row for row in Organisation.objects.filter(code__in=codes)}


@dataclass(frozen=True)
class Cast:
    """Who appears in the stories."""

    planner: User
    la_nga: User
    other_commune: User
    finance: User
    leader: User
    auditor: User
    admin: User

    def everyone(self) -> list[User]:
        """All of them, the planner first."""
        return [
            self.planner,
            self.la_nga,
            self.other_commune,
            self.finance,
            self.leader,
            self.auditor,
            self.admin,
        ]


def person(username: str, role: str, code: str) -> User:
    """An account with one role over one unit, with its line of the trail."""
    unit = Organisation.objects.get(code=code)
    since = max(unit.starts_on, date(2024, 1, 1))
    with transaction.atomic():
        made = User.objects.create_user(
            username, "mat-khau-dai", full_name=username, email=f"{username}@example.vn"
        )
        RoleHolding.objects.create(user=made, role=role, organisation=unit, starts_on=since)
        trail.record(action="access.test", subject=made, by=None, on=since)
    return made


def commune(name: str) -> str:
    """The code of the People's Committee of a commune of today."""
    row = Organisation.objects.get(
        type="ubnd",
        level="commune",
        ends_on=None,
        profiles__ends_on=None,
        profiles__area__profiles__name=name,
        profiles__area__profiles__ends_on=None,
    )
    return str(row.code)


@pytest.fixture
def cast(db: None) -> Cast:
    """A planner at the branch, clerks, a leader, an auditor, an admin."""
    return Cast(
        planner=person("ke-hoach", "branch_planner", BRANCH),
        la_nga=person("la-nga", "unit_clerk", commune("La Ngà")),
        other_commune=person("dinh-quan", "unit_clerk", commune("Định Quán")),
        finance=person("so-tai-chinh", "unit_clerk", "so-tai-chinh@p75"),
        leader=person("lanh-dao", "leader", "ubnd@p75"),
        auditor=person("kiem-toan", "auditor", BRANCH),
        admin=person("quan-tri", "system_admin", BRANCH),
    )


@pytest.fixture
def second_planner(cast: Cast) -> User:
    """Another planner of the branch."""
    return person("ke-hoach-hai", "branch_planner", BRANCH)


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    """The small plan, read and waiting for review."""
    return import_document(
        content=SMALL_PLAN.encode(), filename="ke-hoach-77.txt", by=cast.planner, on=TODAY
    )


@pytest.fixture
def plan(draft: PlanVersion, cast: Cast) -> Plan:
    """The small plan in force: 2024, 2025 and 2026 are open."""
    publish(version=draft, first_year=2024, last_year=2030, by=cast.planner, on=TODAY)
    return Plan.objects.get(pk=draft.plan_id)


@pytest.fixture
def signed_in(client: Client) -> Any:
    """A function that signs a person in and gives the browser."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign
