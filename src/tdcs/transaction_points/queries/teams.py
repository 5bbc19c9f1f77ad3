"""Who may be on a team in which role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.organisations.models import living_on
from tdcs.transaction_points.models import TeamMember

# Roles of an office that make a leader or a controller; the teller may take money in. Others: anybody of the office.
OFFICE_ROLES: Final[Mapping[str, frozenset[Role]]] = {
    TeamMember.Role.LEADER: frozenset({Role.LOAN_OFFICER, Role.CREDIT_HEAD, Role.OFFICE_DIRECTOR}),
    TeamMember.Role.CONTROLLER: frozenset(
        {Role.CREDIT_HEAD, Role.ACCOUNTANT, Role.OFFICE_DIRECTOR}
    ),
    TeamMember.Role.TELLER: PERMISSIONS["loans.collect"],
}
# Without these no session is prepared.
NEEDED: Final = (TeamMember.Role.LEADER, TeamMember.Role.CONTROLLER, TeamMember.Role.TELLER)


def people_for(office: int, role: str, on: date) -> list[User]:
    """Who of an office may take a role of a team on a day, by name."""
    allowed = OFFICE_ROLES.get(role)
    rows = User.objects.filter(
        living_on(on, "holdings__"), holdings__organisation=office, is_active=True
    )
    if allowed is not None:
        rows = rows.filter(holdings__role__in=allowed)
    return list(rows.order_by("full_name", "pk").distinct())


def staff_of(office: int, on: date) -> list[User]:
    """Everybody who works at an office on a day, by name."""
    return people_for(office, TeamMember.Role.HELPER, on)
