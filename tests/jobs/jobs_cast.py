"""People of the jobs' tests."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.core import trail
from tdcs.organisations.models import Organisation

TODAY = date(2026, 11, 23)
BRANCH = "nhcsxh-chi-nhanh@p75"


def person(username: str, role: str = "auditor") -> User:
    """An account with one role at the branch."""
    with transaction.atomic():
        made = User.objects.create_user(username, full_name=username)
        RoleHolding.objects.create(
            user=made,
            role=role,
            organisation=Organisation.objects.get(code=BRANCH),
            starts_on=date(2024, 1, 1),
        )
        trail.record(action="access.test", subject=made, by=None, on=TODAY)
    return made
