"""The cast of the plans room: real units, people who know their roles, and a small plan in our own words."""

from __future__ import annotations

import pytest
from plan_fixtures import BRANCH, cast, django_db_setup, draft, plan, signed_in  # noqa: F401
from plans_cast import Cast, person

from tdcs.access.models import User
from tdcs.organisations.models import Organisation


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


@pytest.fixture
def second_planner(cast: Cast) -> User:  # noqa: F811
    """Another planner of the branch."""
    return person("ke-hoach-hai", "branch_planner", BRANCH)
