"""Where loans belong on each day: communes that merged on 1/7/2025, groups and households that moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from business import closed, days, same_as_replayed
from lending_cast import Bank, lend, make_household

from tdcs.access.models import RoleHolding
from tdcs.closing.queries import store
from tdcs.closing.queries.frames import communes
from tdcs.core import clock
from tdcs.entrustment.models import GroupMember, GroupProfile, SavingsGroup
from tdcs.households.models import HouseholdAddress
from tdcs.loans.models import Loan
from tdcs.organisations.models import Area, AreaSuccession

pytestmark = pytest.mark.django_db
FIRST = date(2025, 6, 28)
MERGER = date(2025, 7, 1)


@pytest.fixture
def old(bank: Bank) -> Area:
    """One of the communes that became La Ngà; the group and every household of the tests stand in it before the merger."""
    new = Area.objects.get(code="n26227")
    area = Area.objects.get(
        pk=AreaSuccession.objects.filter(successor=new).order_by("pk")[0].predecessor_id
    )
    assert area.ends_on == MERGER
    GroupProfile.objects.update(area=area)
    # The people of these tests work as they did before the merger.
    RoleHolding.objects.update(starts_on=date(2023, 1, 1))
    return area


def household_in(bank: Bank, area: Area, name: str) -> Any:
    """A household of the group whose address names the commune of that time."""
    made = make_household(bank.group, name)
    HouseholdAddress.objects.filter(household=made).update(area=area)
    return made


def places(day: date) -> dict[int, tuple[int, ...]]:
    """Group, mass organisation, office and commune of each loan in the day's snapshot."""
    rows = store().read(day, columns=("loan", "group", "mass", "office", "commune")).collect()
    return {row[0]: row[1:] for row in rows.rows()}


def lent(bank: Bank, area: Area, name: str) -> Loan:
    """A loan of 28/6/2025."""
    household = household_in(bank, area, name)
    with clock.fixed_today(FIRST):
        return lend(bank, household, on=FIRST, amount=20_000_000)


def test_a_merged_commune_is_its_heir_from_its_day_on(bank: Bank, old: Area) -> None:
    entrusted, direct = lent(bank, old, "Hộ một"), lent(bank, old, "Hộ hai")
    Loan.objects.filter(pk=direct.pk).update(group=None, channel="direct")
    for day in days(FIRST, MERGER + timedelta(days=1)):
        closed(day)
    new = Area.objects.get(code="n26227")
    mass = GroupProfile.objects.get(group=bank.group).mass_organisation_id
    before, after = places(MERGER - timedelta(days=1)), places(MERGER)
    assert before[entrusted.pk] == (bank.group.pk, mass, bank.office.pk, old.pk)
    assert after[entrusted.pk] == (bank.group.pk, mass, bank.office.pk, new.pk)
    assert before[direct.pk] == (0, 0, bank.office.pk, old.pk)
    assert after[direct.pk] == (0, 0, bank.office.pk, new.pk)
    sums = [store().sums(day).collect()["balance"].sum() for day in days(FIRST, MERGER)]
    assert sums == [40_000_000] * 4
    assert same_as_replayed(MERGER + timedelta(days=1)) == 10


def test_a_group_with_a_new_profile_and_a_household_with_a_new_group(bank: Bank, old: Area) -> None:
    stays, goes = lent(bank, old, "Hộ ở lại"), lent(bank, old, "Hộ chuyển tổ")
    moved = date(2025, 6, 30)
    other = SavingsGroup.objects.create(code="4606999", starts_on=date(2023, 1, 1))
    now = GroupProfile.objects.get(group=bank.group)
    GroupProfile.objects.create(
        group=other, name="Tổ khác", area=old, hamlet="Ấp 2", office=bank.office, session_day=9,
        mass_organisation=now.mass_organisation, search="", starts_on=date(2023, 1, 1),
    )  # fmt: skip
    for day in days(FIRST, moved - timedelta(days=1)):
        closed(day)
    # From 30/6 on: another organisation behind the group, and one member elsewhere.
    later = GroupProfile.objects.filter(group=bank.group)
    later.update(ends_on=moved)
    farmers = type(now.mass_organisation).objects.get(code="hoi-nong-dan@n26227")
    now.pk, now.starts_on, now.ends_on, now.mass_organisation = None, moved, None, farmers
    now.save()
    membership = GroupMember.objects.filter(household=goes.household)
    person = membership.get().person
    membership.update(ends_on=moved)
    GroupMember.objects.create(
        group=other, household=goes.household, person=person, starts_on=moved
    )
    for day in days(moved, moved + timedelta(days=1)):
        closed(day)
    eve, then = places(moved - timedelta(days=1)), places(moved)
    assert eve[stays.pk][:2] != then[stays.pk][:2] == (bank.group.pk, farmers.pk)
    assert (eve[goes.pk][0], then[goes.pk][0]) == (bank.group.pk, other.pk)
    assert same_as_replayed(moved + timedelta(days=1)) == 8


def test_a_divided_commune_goes_to_one_of_its_heirs_always_the_same(bank: Bank) -> None:
    parts = AreaSuccession.objects.filter(portion="part").values_list("predecessor_id", flat=True)
    divided = sorted(set(parts))
    found = communes(divided, MERGER)
    heirs = {
        area: set(
            AreaSuccession.objects.filter(predecessor=area).values_list("successor_id", flat=True)
        )
        for area in divided
    }
    assert divided and all(found[area] in heirs[area] for area in divided)
    assert communes(divided, MERGER) == found
    assert communes(divided, MERGER - timedelta(days=1)) == {area: area for area in divided}
