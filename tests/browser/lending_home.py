"""Run before the server of the lending story starts: bà Lành's group of six poor households in La Ngà."""

from datetime import date
from typing import Any

SINCE = date(2024, 1, 5)
# What the office may lend: an office pays out no cash that it does not have.
FUNDED, CAPITAL = date(2026, 8, 15), 100_000_000
NAMES = (
    "Nguyễn Thị Lành",
    "Trần Văn Bình",
    "Lê Thị Hoa",
    "Phạm Thị Mận",
    "Hồ Văn Tư",
    "Đỗ Thị Sáu",
)


def build() -> None:
    """Households by decision, the group, its leader's account; everything else is done on pages."""
    from tdcs.access.models import User
    from tdcs.capital.models import CapitalSource
    from tdcs.capital.services import receive
    from tdcs.core.text import fold
    from tdcs.entrustment.models import BoardMember, GroupAccount, GroupMember, SavingsGroup
    from tdcs.households import models as homes
    from tdcs.organisations.models import Organisation, OrganisationProfile

    committee = Organisation.objects.get(code="ubnd@n26227")
    area = OrganisationProfile.objects.get(organisation=committee, ends_on=None).area
    group = SavingsGroup.objects.create(code="4606001", starts_on=SINCE)
    _profile(group, area)
    for number, name in enumerate(NAMES, 1):
        home = homes.Household.objects.create(
            code=f"H{number:07d}", search=fold(name), starts_on=SINCE
        )
        head = homes.Person.objects.create(
            full_name=name,
            identity_number=f"0750850{number:05d}",
            born_on=date(1985, 3, number),
            search=fold(name),
        )
        homes.HouseholdMember.objects.create(
            household=home, person=head, relation="chủ hộ", is_head=True, starts_on=SINCE
        )
        homes.HouseholdAddress.objects.create(
            household=home, area=area, hamlet="Ấp 1", starts_on=SINCE
        )
        homes.EligibilitySpell.objects.create(
            household=home,
            kind="poor",
            decision_number="12/QĐ-UBND",
            decision_on=SINCE,
            decided_by=committee,
            starts_on=SINCE,
        )
        GroupMember.objects.create(group=group, household=home, person=head, starts_on=SINCE)
        if number == 1:
            BoardMember.objects.create(group=group, person=head, post="leader", starts_on=SINCE)
    receive(
        source=CapitalSource.objects.get(code="TW"),
        office=Organisation.objects.get(code="nhcsxh-pgd@004606"),
        amount=CAPITAL,
        by=None,
        on=FUNDED,
        key="von-thang-8",
    )
    leader = User.objects.get(username="demo-totruong")
    GroupAccount.objects.create(user=leader, group=group, starts_on=SINCE)


def _profile(group: Any, area: Any) -> None:
    from tdcs.core.text import fold
    from tdcs.entrustment.models import GroupProfile
    from tdcs.organisations.models import Organisation

    GroupProfile.objects.create(
        group=group,
        name="Tổ bà Lành",
        area=area,
        hamlet="Ấp 1",
        mass_organisation=Organisation.objects.get(code="hoi-phu-nu@n26227"),
        office=Organisation.objects.get(code="nhcsxh-pgd@004606"),
        session_day=15,
        search=fold("Tổ bà Lành Ấp 1"),
        starts_on=SINCE,
    )


if __name__ == "__main__":
    import django

    django.setup()
    build()
