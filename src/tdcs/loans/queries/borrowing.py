"""Who of a household may borrow, through which group, with whose money, at which office."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.capital.queries import sources_on
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.queries.scope import is_group_leader
from tdcs.loans.queries.scope import led_groups
from tdcs.organisations.models import Organisation, ServedArea, living_on


def group_of(household: Household, user: User, on: date) -> SavingsGroup | None:
    """The group to which the household belongs on a day; for a leader only the own one."""
    rows = GroupMember.objects.filter(living_on(on), household=household)
    if is_group_leader(user):
        rows = rows.filter(group_id__in=led_groups(user, on))
    row = rows.select_related("group").first()
    return row.group if row else None


def people_of(household: Household, on: date) -> list[Person]:
    """Members of a household on a day, the head first."""
    rows = HouseholdMember.objects.filter(living_on(on), household=household)
    return [row.person for row in rows.select_related("person").order_by("-is_head", "pk")]


def sources_for(household: Household, on: date) -> list[CapitalSource]:
    """The central money, the province's, and that of the household's own commune."""
    home = household.addresses.filter(living_on(on)).first()
    area = home.area_id if home else 0
    return [
        row
        for row in sources_on(on)
        if row.investor is None
        or row.investor.level == "province"
        or row.investor.profiles.filter(living_on(on), area_id=area).exists()
    ]


def office_serving(household: Household, on: date) -> Organisation | None:
    """The office that serves the household's commune on a day."""
    homes = household.addresses.filter(living_on(on)).values("area_id")
    served = ServedArea.objects.filter(living_on(on), area_id__in=homes)
    row = served.select_related("office").first()
    return row.office if row else None
