"""Households for stories: plain functions that other rooms' tests may import too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.households.models import EligibilitySpell, Household
from tdcs.households.services.checking import PersonData
from tdcs.households.services.registering import Place, register
from tdcs.organisations.models import Area, Organisation

TODAY = date(2026, 11, 23)
_NUMBERS = count(1)


@dataclass(frozen=True)
class Cast:
    """Who appears in the stories."""

    la_nga: Area
    other: Area
    ubnd: Organisation
    clerk: User
    chair: User
    other_clerk: User
    women: User
    officer: User
    far_officer: User
    planner: User
    finance: User


def person(username: str, role: str, unit: Organisation) -> User:
    """An account with one role over one unit."""
    made = User.objects.create_user(username, full_name=username)
    since = max(unit.starts_on, date(2024, 1, 1))
    RoleHolding.objects.create(user=made, role=role, organisation=unit, starts_on=since)
    return made


def area_of(name: str) -> Area:
    """A commune of today by its name."""
    return Area.objects.get(
        level="commune", ends_on=None, profiles__name=name, profiles__ends_on=None
    )


def committee_of(area: Area) -> Organisation:
    """The People's Committee of a commune of today."""
    return Organisation.objects.get(
        type="ubnd", ends_on=None, profiles__area=area, profiles__ends_on=None
    )


def identity() -> str:
    """A number that nobody has yet: 12 digits beginning 0750."""
    return f"0750{next(_NUMBERS):08d}"


def make_household(
    *,
    code_hint: str = "",
    commune_area: Area,
    hamlet: str = "Ấp 1",
    head_name: str,
    kinds: Sequence[str] = ("poor",),
    since: date = date(2026, 1, 1),
    identity_number: str | None = None,
    born_on: date = date(1980, 5, 1),
    members: Sequence[tuple[str, str]] = (),
) -> Household:
    """A household registered by the service with spells of the kinds from ``since``.

    ``code_hint`` replaces the system's code, so that stories can name it. ``members``: (name, relation).
    """
    with transaction.atomic():
        made = register(
            head=PersonData(
                head_name, born_on, "female", identity_number or identity(), "0901234512"
            ),
            members=[(PersonData(name), relation) for name, relation in members],
            place=Place(commune_area, hamlet),
            since=since,
            by=None,
            on=clock.today(),
        )
        if code_hint:
            Household.objects.filter(pk=made.pk).update(
                code=code_hint, search=made.search.replace(fold(made.code), fold(code_hint))
            )
            made.refresh_from_db()
        for kind in kinds:
            give(made, kind, since=since)
    return made


def give(
    household: Household, kind: str, *, since: date, until: date | None = None
) -> EligibilitySpell:
    """A spell without asking the service; the committee of the household's commune decided it."""
    home = household.addresses.order_by("-starts_on")[0].area
    return EligibilitySpell.objects.create(
        household=household,
        kind=kind,
        starts_on=since,
        ends_on=until,
        decision_number="01/QĐ-UBND",
        decision_on=since,
        decided_by=Organisation.objects.filter(type="ubnd", profiles__area=home).distinct()[0],
    )
