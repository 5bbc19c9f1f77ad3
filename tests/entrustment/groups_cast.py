"""Groups for stories: plain functions that other rooms' tests may import too. They need the real units (seed.load)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from tdcs.access.models import RoleHolding, User
from tdcs.core.text import fold
from tdcs.entrustment.models import (
    BoardMember,
    GroupMember,
    GroupProfile,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.organisations.models import Area, Organisation

BRANCH = "nhcsxh-chi-nhanh@p75"
TODAY = date(2026, 11, 23)
SINCE = date(2026, 1, 5)
_NUMBERS = count(1)


@dataclass(frozen=True)
class Cast:
    """Who and what appears in the stories."""

    la_nga: Area
    far: Area
    office: Organisation
    far_office: Organisation
    women: Organisation
    farmers: Organisation
    officer: User
    teller: User
    accountant: User
    far_officer: User
    branch_officer: User
    planner: User
    clerk: User
    far_clerk: User
    women_clerk: User
    farmers_clerk: User
    province_women: User
    leader: User
    homes: list[Household]
    group: SavingsGroup


def area_of(name: str) -> Area:
    """A commune of today by its name."""
    return Area.objects.get(
        level="commune", ends_on=None, profiles__name=name, profiles__ends_on=None
    )


def unit(code: str) -> Organisation:
    """A unit by its code."""
    return Organisation.objects.get(code=code)


def person(username: str, role: str, unit: Organisation) -> User:
    """An account with one role over one unit."""
    made = User.objects.create_user(username, full_name=username)
    since = max(unit.starts_on, date(2024, 1, 1))
    RoleHolding.objects.create(user=made, role=role, organisation=unit, starts_on=since)
    return made


def make_home(
    commune_area: Area, name: str = "", *, hamlet: str = "Ấp 1", since: date = SINCE
) -> Household:
    """A household with a head and an address, made by the models."""
    number = next(_NUMBERS)
    name = name or f"Hộ Số {number}"
    row = Household.objects.create(code=f"G{number:06d}", search=fold(name), starts_on=since)
    head = Person.objects.create(
        full_name=name, identity_number=f"0751{number:08d}", search=fold(name)
    )
    HouseholdMember.objects.create(
        household=row, person=head, relation="Chủ hộ", is_head=True, starts_on=since
    )
    HouseholdAddress.objects.create(
        household=row, area=commune_area, hamlet=hamlet, starts_on=since
    )
    return row


def head_of(household: Household) -> Person:
    """The household's head."""
    return household.members.get(is_head=True, ends_on=None).person


def make_group(
    *,
    code: str,
    commune_area: Area,
    office: Organisation,
    mass_organisation: Organisation,
    session_day: int = 15,
    households: Sequence[Household] = (),
    since: date = SINCE,
    name: str = "",
    hamlet: str = "Ấp 1",
) -> SavingsGroup:
    """A group made by the models, of any size; the first household's head leads it, the second's is deputy."""
    group = SavingsGroup.objects.create(code=code, founded_by="15/QĐ-UBND", starts_on=since)
    name = name or f"Tổ {code}"
    leader = head_of(households[0]).full_name if households else ""
    GroupProfile.objects.create(
        group=group,
        name=name,
        area=commune_area,
        hamlet=hamlet,
        mass_organisation=mass_organisation,
        office=office,
        session_day=session_day,
        search=fold(f"{code} {name} {hamlet} {leader}"),
        starts_on=since,
    )
    for household in households:
        GroupMember.objects.create(
            group=group, household=household, person=head_of(household), starts_on=since
        )
    for household, post in zip(households, ("leader", "deputy"), strict=False):
        BoardMember.objects.create(
            group=group, person=head_of(household), post=post, starts_on=since
        )
    return group


def make_account(group: SavingsGroup, household: Household, since: date = SINCE) -> SavingsAccount:
    """A savings account of the household's head with the group, empty."""
    return SavingsAccount.objects.create(
        number=f"105{household.pk:010d}",
        household=household,
        person=head_of(household),
        group=group,
        office=group.profiles.get(ends_on=None).office,
        opened_on=since,
    )
