"""What this room keeps on an organisation that is about to end: the roles held there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from tdcs.access.models import RoleHolding
from tdcs.core import ending
from tdcs.core.errors import Kept


def register() -> None:
    """Called once when the room starts."""
    ending.answer(kind="organisation", room="access", find=of_organisation)


def of_organisation(organisation: Any, last: date, on: date) -> Iterator[Kept]:
    """People of open accounts whose role there runs beyond the day."""
    rows = RoleHolding.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=last), organisation=organisation, user__is_active=True
    )
    for held in rows.select_related("user").order_by("pk"):
        name, role = held.user.username, held.get_role_display()
        yield Kept(f"vai trò {role} của {name}", f"the role {held.role} of {name}")
