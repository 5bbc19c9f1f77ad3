"""The cast of the plans room keeps registers, too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "plans"))

from plan_fixtures import BRANCH, cast, django_db_setup, draft, plan, signed_in  # noqa: F401
from plans_cast import Cast, commune

from tdcs.organisations.models import Organisation


@pytest.fixture
def la_nga(cast: Cast) -> Organisation:  # noqa: F811
    return Organisation.objects.get(code=commune("La Ngà"))
