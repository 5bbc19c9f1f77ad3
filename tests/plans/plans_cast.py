"""Who appears in the stories of the plans room, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.core import trail
from tdcs.organisations.models import Organisation


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
