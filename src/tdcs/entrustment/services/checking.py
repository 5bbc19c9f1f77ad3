"""What every verb of this room checks before it writes: days, scope, commune, sizes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core.text import fold
from tdcs.entrustment.errors import (
    AlreadyMember,
    DayOutside,
    GroupEnded,
    GroupFull,
    NotMassOrganisation,
    OtherCommune,
    OtherOffice,
    OutsideYourOffice,
    PersonNotInHousehold,
    UnderAge,
)
from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile, SavingsGroup
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.entrustment.queries.scope import changeable_groups
from tdcs.entrustment.rules import most_members
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.queries.scope import living_areas_of
from tdcs.households.rules import is_grown
from tdcs.organisations.models import Area, Kind, Organisation, living_on
from tdcs.organisations.queries import ancestors_of, names_on, profile_of
from tdcs.organisations.services.bulk import update_rows


def day_words(day: date) -> str:
    """A day as sentences say it."""
    return f"{day:%d/%m/%Y}"


def not_future(day: date, on: date) -> None:
    """Raises DayOutside for a day that has not come."""
    if day > on:
        raise DayOutside(day=day_words(day), why="ở tương lai")


def locked(group: SavingsGroup, *, by: User | None, on: date, since: date) -> SavingsGroup:
    """The group under lock, living on ``since`` and now, kept by the person's office.

    Raises GroupEnded, OutsideYourOffice, DayOutside.
    """
    not_future(since, on)
    row: SavingsGroup = SavingsGroup.objects.select_for_update().get(pk=group.pk)
    if row.ends_on is not None:
        raise GroupEnded(group=row.code, on=day_words(row.ends_on))
    if since < row.starts_on:
        raise DayOutside(day=day_words(since), why="trước ngày thành lập tổ")
    if by is not None and not changeable_groups(by, on).filter(pk=row.pk).exists():
        raise OutsideYourOffice
    return row


def require_office(office: Organisation, by: User | None) -> None:
    """The person works at this office or at the branch. Raises OutsideYourOffice."""
    unit = own_organisation(by) if by is not None else None
    if by is None or (unit is not None and unit.kind == Kind.VBSP_BRANCH):
        return
    if unit is None or unit.pk not in {office.pk, *ancestors_of([office.pk])}:
        raise OutsideYourOffice


def require_one_office(one: SavingsGroup, other: SavingsGroup, since: date) -> None:
    """Both groups are served by one office: accounts and loans stand in its book. Raises OtherOffice."""
    profiles = profiles_on([one.pk, other.pk], since)
    if profiles[one.pk].office_id != profiles[other.pk].office_id:
        raise OtherOffice(one=one.code, other=other.code)


def require_mass_organisation(organisation: Organisation, area: Area, since: date) -> None:
    """An organisation of the group's commune that lives on the day. Raises NotMassOrganisation."""
    profile = profile_of(organisation, since)
    living = organisation.starts_on <= since and (
        organisation.ends_on is None or since < organisation.ends_on
    )
    if (
        organisation.kind != Kind.MASS_ORGANISATION
        or not living
        or profile.area_id is None
        or not _same_place(profile.area_id, area.pk, since)
    ):
        raise NotMassOrganisation(name=names_on(since, [organisation.pk])[organisation.pk])


def _same_place(one: int, other: int, day: date) -> bool:
    """Whether two communes are one on a day, counting what continues them."""
    living = living_areas_of((one, other), day)
    return bool(set(living[one]) & set(living[other]))


def require_admissible(
    household: Household, person: Person, group: SavingsGroup, area: Area, since: date
) -> None:
    """The household may join. Raises AlreadyMember, OtherCommune, PersonNotInHousehold."""
    held = GroupMember.objects.filter(household=household).order_by("starts_on")
    for row in held.select_related("group"):
        if row.ends_on is None or row.ends_on > since:
            raise AlreadyMember(household=household.code, group=row.group.code)
    home = household.addresses.filter(living_on(since)).first()
    if home is None or not _same_place(home.area_id, area.pk, since):
        raise OtherCommune(household=household.code)
    belongs = HouseholdMember.objects.filter(living_on(since), household=household, person=person)
    if not belongs.exists():
        raise PersonNotInHousehold(name=person.full_name, household=household.code)


def require_grown(person: Person, since: date) -> None:
    """Who represents a household is grown up on the day. Raises UnderAge."""
    if not is_grown(person.born_on, since):
        raise UnderAge(name=person.full_name, day=since)


def require_room(group: SavingsGroup, coming: int, since: date) -> None:
    """The group may grow by so many. Raises GroupFull."""
    most = most_members(since)
    count = GroupMember.objects.filter(living_on(since), group=group).count()
    if count + coming > most:
        raise GroupFull(group=group.code, count=count, most=most)


def refresh_search(group: SavingsGroup, on: date) -> None:
    """What the search finds the group by: code, names, hamlet, leader."""
    refresh_searches([group.pk], on)


def refresh_searches(groups: Collection[int], on: date) -> None:
    """``refresh_search`` of many groups."""
    rows = list(GroupProfile.objects.filter(group__in=groups).select_related("group"))
    board = BoardMember.objects.filter(living_on(on), group__in=groups, post="leader")
    leaders = dict(board.values_list("group_id", "person__full_name"))
    for row in rows:
        name = leaders.get(row.group_id, "")
        row.search = fold(f"{row.group.code} {row.name} {row.hamlet} {name}")[:260]
    update_rows(rows, ["search"])
