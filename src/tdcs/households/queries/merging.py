"""Merges of households as pages show them, and households that look like the same one."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.households.models import Household, HouseholdMember, HouseholdSuccession
from tdcs.households.queries.finding import HouseholdFilters, find_households
from tdcs.households.queries.scope import changeable_households
from tdcs.organisations.models import living_on

# So many candidates are shown; whoever needs more types a code or a name.
SHOWN = 20


def merged_into(household: Household) -> HouseholdSuccession | None:
    """The merge by which a household passed into another, unless it was undone."""
    rows = household.successions.filter(undone_on=None).select_related("successor", "by")
    found: HouseholdSuccession | None = rows.first()
    return found


def merges_into(household: Household) -> QuerySet[HouseholdSuccession]:
    """The households that passed into this one, also those that were taken out again."""
    rows = household.inheritances.select_related("predecessor", "by", "undone_by")
    return rows.order_by("-on", "-pk")


def lookalikes(household: Household, words: str, user: User, on: date) -> list[Household]:
    """Other living households that the person may change: those found by ``words``, else those where somebody of the same
    name lives in the same commune."""
    rows = changeable_households(user, on).filter(living_on(on)).exclude(pk=household.pk)
    if words.strip():
        found = find_households(user, HouseholdFilters(words=words), on)
        return list(rows.filter(pk__in=found.values("pk")).order_by("code")[:SHOWN])
    members = HouseholdMember.objects.filter(living_on(on))
    names = members.filter(household=household).values("person__search")
    home = household.addresses.filter(living_on(on)).values("area")
    same = members.filter(person__search__in=names).values("household")
    near = rows.filter(pk__in=same, addresses__area__in=home, addresses__ends_on=None)
    return list(near.distinct().order_by("code")[:SHOWN])
