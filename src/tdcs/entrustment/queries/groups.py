"""Groups on a day: profiles, members, boards, savings, ratings; the list and one group's story."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum

from tdcs.access.models import User
from tdcs.access.queries import hamlet_officers, hamlets_with
from tdcs.core.remembered import remembered
from tdcs.core.text import fold
from tdcs.entrustment.models import (
    BoardMember,
    DelegationContract,
    GroupMember,
    GroupProfile,
    GroupRating,
    GroupSuccession,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.entrustment.queries.scope import changeable_groups, shown_profiles, visible_groups
from tdcs.households.models import Household
from tdcs.households.queries.scope import area_names, with_predecessors
from tdcs.organisations import catalogue
from tdcs.organisations.models import living_on
from tdcs.organisations.prepared import Given, Prepared
from tdcs.organisations.queries import names_on

_PROFILES: Final = Prepared(
    lambda: (
        GroupProfile.objects.filter(group_id__equals_any=Given("groups"))
        .order_by("starts_on")
        .select_related("area", "mass_organisation", "office")
    )
)
_LEADER: Final = Prepared(
    lambda: (
        BoardMember.objects.filter(living_on(Given("on")), group=Given("group"), post="leader")
        .values_list("person__full_name", flat=True)
        .order_by("pk")[:1]
    )
)


def groups_on(day: date) -> QuerySet[SavingsGroup]:
    """The groups that live on a day."""
    return SavingsGroup.objects.filter(living_on(day))


def profile_on(group: SavingsGroup | int, day: date) -> GroupProfile:
    """The profile that holds on a day, or the last before it, or the first. Its commune is that of its days."""
    key = group if isinstance(group, int) else group.pk
    return profiles_on([key], day)[key]


def profiles_on(ids: Iterable[int], day: date) -> dict[int, GroupProfile]:
    """``profile_on`` of many groups."""
    found: dict[int, GroupProfile] = {}
    for row in _profile_rows(frozenset(ids)):
        if row.starts_on <= day or row.group_id not in found:
            found[row.group_id] = row
    return found


def profile_rows(group: int) -> tuple[GroupProfile, ...]:
    """Every profile that a group had, the first first."""
    return _profile_rows(frozenset((group,)))


@remembered
def _profile_rows(ids: frozenset[int]) -> tuple[GroupProfile, ...]:
    return tuple(_PROFILES(groups=list(ids)))


def members_on(group: SavingsGroup | int, day: date) -> QuerySet[GroupMember]:
    """Who belongs on a day, with household and representative."""
    rows = GroupMember.objects.filter(living_on(day), group=group)
    return rows.select_related("household", "person").order_by("person__search", "pk")


def memberships_of(household: Household) -> QuerySet[GroupMember]:
    """Every membership of a household, the newest first."""
    rows = GroupMember.objects.filter(household=household).select_related("group", "person")
    return rows.order_by("-starts_on", "-pk")


def contract_on(group: SavingsGroup, day: date) -> DelegationContract | None:
    """The contract of a group that holds on a day."""
    return group.contracts.filter(living_on(day)).first()


def past_board(group: SavingsGroup, day: date, most: int = 10) -> QuerySet[BoardMember]:
    """Those who had left the board by a day, the last first."""
    rows = BoardMember.objects.filter(group=group, ends_on__lte=day).select_related("person")
    return rows.order_by("-ends_on", "-pk")[:most]


def predecessors_of(group: SavingsGroup, day: date) -> list[GroupSuccession]:
    """Groups that a group had taken over by a day, the newest first."""
    rows = group.inheritances.select_related("predecessor").filter(on__lte=day)
    return list(rows.order_by("-on", "-pk"))


def successors_of(group: SavingsGroup, day: date) -> list[GroupSuccession]:
    """Groups that had taken over a group by a day, the newest first."""
    rows = group.successions.select_related("successor").filter(on__lte=day)
    return list(rows.order_by("-on", "-pk"))


def board_on(group: SavingsGroup | int, day: date) -> QuerySet[BoardMember]:
    """The board on a day, the leader first."""
    rows = BoardMember.objects.filter(living_on(day), group=group).select_related("person")
    return rows.order_by("-post", "starts_on", "pk")


@dataclass(frozen=True, slots=True)
class GroupFilters:
    """What the list is narrowed by; empty means all. ``office`` an organisation, ``mass`` a type of them, ``officer`` the key
    of a hamlet that he looks after."""

    words: str = ""
    office: int = 0
    commune: int = 0
    mass: str = ""
    grade: str = ""
    ended: bool = False
    officer: int = 0


@dataclass(slots=True)
class GroupSummary:
    """A group as a list shows it."""

    name: str = ""
    commune: str = ""
    hamlet: str = ""
    mass: str = ""
    office: str = ""
    session_day: int = 0
    leader: str = ""
    officer: str = ""
    members: int = 0
    savings: int = 0
    grade: str = ""
    total: int | None = None
    month: date | None = None
    area_gone: bool = field(default=False)


def find_groups(user: User, filters: GroupFilters, on: date) -> QuerySet[SavingsGroup]:
    """Groups in scope on a day that match, by code."""
    rows = visible_groups(user, on).filter(starts_on__lte=on)
    rows = rows.filter(ends_on__lte=on) if filters.ended else rows.filter(living_on(on))
    profiles = shown_profiles(on)
    if filters.office:
        profiles = profiles.filter(office_id=filters.office)
    if filters.commune:
        profiles = profiles.filter(area_id__in=with_predecessors((filters.commune,)))
    if filters.mass:
        profiles = profiles.filter(mass_organisation__type=filters.mass)
    if filters.grade:
        rows = rows.filter(pk__in=_graded(filters.grade, on))
    if filters.officer:
        profiles = profiles.filter(pk__in=_looked_after(filters.officer, on))
    for word in fold(filters.words).split():
        profiles = profiles.filter(search__contains=word)
    return rows.filter(Exists(profiles)).order_by("code")


def _looked_after(officer: int, on: date) -> list[int]:
    """Keys of profiles of the hamlets of an officer."""
    hamlets = hamlets_with(officer, on)
    rows = GroupProfile.objects.filter(area_id__in={area for area, _ in hamlets})
    found = rows.values_list("pk", "area_id", "hamlet")
    return [key for key, area, hamlet in found if (area, fold(hamlet)) in hamlets]


def _graded(grade: str, on: date) -> QuerySet[SavingsGroup, Any]:
    last = GroupRating.objects.filter(group=OuterRef("pk"), month__lte=on).order_by("-month")
    rows = SavingsGroup.objects.annotate(last=Subquery(last.values("grade")[:1]))
    if grade == "none":
        return rows.filter(last__isnull=True).values("pk")
    return rows.filter(last=grade).values("pk")


def faces_of(ids: Collection[int], on: date) -> dict[int, GroupSummary]:
    """How groups look on a day; a fixed number of queries."""
    faces = {key: replace(face) for key, face in _faces(frozenset(ids), on).items()}
    # Savings move with every sheet; who leads and how a group was rated does not.
    sums = SavingsAccount.objects.filter(group_id__in=ids).values("group_id")
    for row in sums.annotate(n=Sum("balance")):
        faces[row["group_id"]].savings = row["n"]
    return faces


def place_of(group: int, on: date) -> GroupSummary:
    """Name, place, session day and leader of one group on a day; the rest of its summary is not asked for and empty."""
    row = profile_on(group, on)
    commune = area_names({row.area_id}, on)[row.area_id]
    return GroupSummary(
        name=row.name,
        commune=commune,
        hamlet=row.hamlet,
        session_day=row.session_day,
        leader=_leader(group, on),
    )


@remembered
def _leader(group: int, on: date) -> str:
    return "".join(_LEADER(group=group, on=on))


@remembered
def _faces(ids: frozenset[int], on: date) -> dict[int, GroupSummary]:
    faces = {key: GroupSummary() for key in ids}
    _profiles(faces, on)
    counts = GroupMember.objects.filter(living_on(on), group_id__in=ids).values("group_id")
    for row in counts.annotate(n=Count("pk")):
        faces[row["group_id"]].members = row["n"]
    leaders = BoardMember.objects.filter(living_on(on), group_id__in=ids, post="leader")
    for group, name in leaders.values_list("group_id", "person__full_name"):
        faces[group].leader = name
    ratings = GroupRating.objects.filter(group_id__in=ids, month__lte=on)
    for rating in ratings.order_by("group_id", "-month").distinct("group_id"):
        face = faces[rating.group_id]
        face.grade, face.total, face.month = rating.grade, rating.total, rating.month
    return faces


def _profiles(faces: dict[int, GroupSummary], on: date) -> None:
    found = profiles_on(faces, on)
    areas = area_names({row.area_id for row in found.values()}, on)
    units = {row.mass_organisation_id for row in found.values()}
    officers = hamlet_officers(on)
    names = names_on(on, units | {row.office_id for row in found.values()})
    for key, row in found.items():
        face = faces[key]
        face.name, face.hamlet, face.session_day = row.name, row.hamlet, row.session_day
        face.commune = areas[row.area_id]
        face.officer = officers.get((row.area_id, fold(row.hamlet)), "")
        face.area_gone = row.area.ends_on is not None and row.area.ends_on <= on
        # The commune stands beside it: the organisation's kind says enough.
        kind = catalogue.entries().get(row.mass_organisation.type)
        face.mass = kind.name if kind else names[row.mass_organisation_id]
        face.office = names[row.office_id]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the group's page shows them."""

    member: GroupMember
    accounts: tuple[SavingsAccount, ...]
    savings: int
    post: str


def member_rows(group: SavingsGroup, on: date) -> list[MemberRow]:
    """Members on a day with their savings accounts here and their post."""
    accounts: dict[int, list[SavingsAccount]] = {}
    for account in SavingsAccount.objects.filter(group=group, closed_on=None).order_by("number"):
        accounts.setdefault(account.household_id, []).append(account)
    posts = {row.person_id: row.get_post_display() for row in board_on(group, on)}
    rows = []
    for member in members_on(group, on):
        held = tuple(accounts.get(member.household_id, ()))
        savings = sum(account.balance for account in held)
        rows.append(MemberRow(member, held, savings, posts.get(member.person_id, "")))
    return sorted(rows, key=lambda row: (row.post != "Tổ trưởng", row.post != "Tổ phó"))


def ratings_of(group: SavingsGroup, on: date, months: int = 12) -> list[GroupRating]:
    """The last ratings up to a day, the newest first."""
    return list(group.ratings.filter(month__lte=on).order_by("-month")[:months])


def other_groups(user: User, group: SavingsGroup, on: date) -> QuerySet[SavingsGroup]:
    """Living groups that the person's office keeps, but for one."""
    return changeable_groups(user).filter(living_on(on)).exclude(pk=group.pk)


def present_members(group: SavingsGroup) -> QuerySet[GroupMember]:
    """Members who have not left, with household and person."""
    rows = GroupMember.objects.filter(group=group, ends_on=None)
    return rows.select_related("household", "person")
