"""Fixtures of the plans room's stories, for every folder of tests whose conftest takes them in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from grounds import GROUNDS, Ground, stands_on
from plan_words import SMALL_PLAN
from plans_cast import Cast, commune, person

from tdcs.access.models import User
from tdcs.organisations import seed
from tdcs.plans.models import Plan, PlanVersion
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import publish

TODAY = date(2026, 11, 23)
BRANCH = "nhcsxh-chi-nhanh@p75"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


def _people() -> Cast:
    return Cast(
        planner=person("ke-hoach", "branch_planner", BRANCH),
        la_nga=person("la-nga", "unit_clerk", commune("La Ngà")),
        other_commune=person("dinh-quan", "unit_clerk", commune("Định Quán")),
        finance=person("so-tai-chinh", "unit_clerk", "so-tai-chinh@p75"),
        leader=person("lanh-dao", "leader", "ubnd@p75"),
        auditor=person("kiem-toan", "auditor", BRANCH),
        admin=person("quan-tri", "system_admin", BRANCH),
    )


def _read(people: Cast) -> PlanVersion:
    planner = people.planner
    return import_document(
        content=SMALL_PLAN.encode(), filename="ke-hoach-77.txt", by=planner, on=TODAY
    )


def _in_force(version: PlanVersion) -> Plan:
    planner = User.objects.get(username="ke-hoach")
    publish(version=version, first_year=2024, last_year=2030, by=planner, on=TODAY)
    return Plan.objects.get(pk=version.plan_id)


PEOPLE = Ground(_people, TODAY)
READ = Ground(_read, TODAY, PEOPLE)
IN_FORCE = Ground(_in_force, TODAY, READ)


@pytest.fixture
@stands_on(PEOPLE)
def cast(db: None) -> Cast:
    """A planner at the branch, clerks, a leader, an auditor, an admin."""
    found: Cast = GROUNDS.value(PEOPLE)
    return found


@pytest.fixture
@stands_on(READ)
def draft(cast: Cast) -> PlanVersion:
    """The small plan, read and waiting for review."""
    found: PlanVersion = GROUNDS.value(READ)
    return found


@pytest.fixture
@stands_on(IN_FORCE)
def plan(draft: PlanVersion) -> Plan:
    """The small plan in force: 2024, 2025 and 2026 are open."""
    found: Plan = GROUNDS.value(IN_FORCE)
    return found


@pytest.fixture
def signed_in(client: Client) -> Any:
    """A function that signs a person in and gives the browser."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
