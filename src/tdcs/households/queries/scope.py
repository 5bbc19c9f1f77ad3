"""Whose households a person sees and may change: communes in scope, with the communes they continue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation, sees_all
from tdcs.access.scopes import reads_cases
from tdcs.core import clock
from tdcs.core.remembered import remembered
from tdcs.households import ports
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.households.standards import RURAL, URBAN
from tdcs.organisations.models import (
    Area,
    AreaProfile,
    Kind,
    Level,
    Organisation,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries import profile_of

# Who keeps a commune's households besides the bank: its People's Committee and the committee's divisions.
_KEEPERS: Final = (Kind.PEOPLE_COMMITTEE, Kind.DIVISION)


def with_predecessors(areas: Iterable[int]) -> frozenset[int]:
    """The areas and the ceased ones that passed into them, through any number of successions."""
    return frozenset(_walk(areas, "predecessor_id", "successor_id"))


def living_areas_of(areas: Iterable[int], on: date) -> dict[int, tuple[int, ...]]:
    """Each area → the areas that continue it on a day; itself while it lives."""
    return {area: _living((area,), on) for area in set(areas)}


def _living(areas: tuple[int, ...], on: date) -> tuple[int, ...]:
    later = _walk(areas, "successor_id", "predecessor_id")
    rows = Area.objects.on(on).filter(pk__in=later, level=Level.COMMUNE)
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _walk(areas: Iterable[int], to: str, come_from: str) -> set[int]:
    return set(_walked(frozenset(areas), to, come_from))


@remembered
def _walked(areas: frozenset[int], to: str, come_from: str) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE walk AS (
                SELECT unnest(%(ids)s::bigint[]) AS id
                UNION
                SELECT s.{to} FROM organisations_areasuccession s JOIN walk w ON s.{come_from} = w.id
            ) SELECT id FROM walk
            """,  # noqa: S608
            {"ids": list(areas)},
        )
        return frozenset(row[0] for row in cursor.fetchall())


def seen_communes(user: User, on: date | None = None) -> frozenset[int] | None:
    """Ids of the communes in scope with the communes they continue; None for all.

    A commune's unit: its commune. A transaction office: the communes it serves. The branch and the leaders of the
    province: all. A department: none, it reads figures (``figure_communes``), unless its duty says so.
    """
    day = on or clock.today()
    kept: dict[date, frozenset[int] | None] = user.__dict__.setdefault("_seen_communes", {})
    if day not in kept:
        kept[day] = _seen(user, day)
    return kept[day]


def _seen(user: User, day: date) -> frozenset[int] | None:
    unit = own_organisation(user)
    if unit is None or is_group_leader(user):
        return frozenset()
    if not reads_cases(user, "households"):
        return frozenset()
    if sees_all(user) or unit.level == Level.PROVINCE:
        return None
    return with_predecessors(_own_communes(unit, day))


def figure_communes(user: User, on: date | None = None) -> frozenset[int] | None:
    """Communes whose figures the person reads: those in scope; a unit of the province, all of them (None)."""
    unit = own_organisation(user)
    if unit is not None and unit.level == Level.PROVINCE and not is_group_leader(user):
        return None
    return seen_communes(user, on)


def is_group_leader(user: User) -> bool:
    """Whether the person leads a savings-and-credit group, and so sees its members' households only."""
    holding = user.holding()
    return holding is not None and holding.role == Role.GROUP_LEADER


def _own_communes(unit: Organisation, day: date) -> list[int]:
    if unit.kind == Kind.TRANSACTION_OFFICE:
        return list(_served_areas(unit.pk, day))
    area = profile_of(unit, day).area
    return [area.pk] if area is not None and area.level == Level.COMMUNE else []


@remembered
def _served_areas(office: int, day: date) -> tuple[int, ...]:
    rows = ServedArea.objects.filter(living_on(day), office=office)
    return tuple(rows.values_list("area_id", flat=True))


def kept_communes(user: User, on: date | None = None) -> frozenset[int] | None:
    """Communes whose households the person may change: those of a People's Committee or of the bank."""
    unit = own_organisation(user)
    if unit is None or is_group_leader(user):
        return frozenset()
    if unit.kind == Kind.VBSP_BRANCH:
        return None
    of_commune = unit.level == Level.COMMUNE and unit.kind in _KEEPERS
    if not of_commune and unit.kind != Kind.TRANSACTION_OFFICE:
        return frozenset()
    return seen_communes(user, on)


def surveyed_communes(user: User, on: date | None = None) -> frozenset[int] | None:
    """Communes whose surveys of needs the person sees: those in scope; a group leader, who tells the needs of the own
    members only, the commune's of the own account. None for all."""
    day, unit = on or clock.today(), own_organisation(user)
    if unit is not None and is_group_leader(user):
        return with_predecessors(_own_communes(unit, day))
    return seen_communes(user, day)


def decided_communes(user: User, on: date | None = None) -> frozenset[int]:
    """Communes whose People's Committee the person works for: its lists and decisions."""
    unit = own_organisation(user)
    if unit is None or unit.level != Level.COMMUNE or unit.kind not in _KEEPERS:
        return frozenset()
    return seen_communes(user, on) or frozenset()


def visible_households(user: User, on: date | None = None) -> QuerySet[Household]:
    """Households that live, or lived last, in the communes in scope on a day."""
    day = on or clock.today()
    if is_group_leader(user):
        return Household.objects.filter(pk__in=ports.group_households(user))
    areas = seen_communes(user, day)
    if areas is None:
        return Household.objects.all()
    return Household.objects.filter(pk__in=at_home(areas, day))


def changeable_households(user: User, on: date | None = None) -> QuerySet[Household]:
    """Households that the person may change."""
    day = on or clock.today()
    areas = kept_communes(user, day)
    if areas is None:
        return Household.objects.all()
    return Household.objects.filter(pk__in=at_home(areas, day))


def living_changeable_households(user: User) -> QuerySet[Household]:
    """Households that the person may change and that have not ended."""
    return changeable_households(user).filter(living_on(clock.today()))


def person_of(household: Household, person: int) -> Person | None:
    """A present member of a household by the person's key."""
    row = household.members.filter(ends_on=None, person_id=person).select_related("person").first()
    return row.person if row else None


def may_see(user: User, household: int) -> bool:
    """Whether a household is in a person's scope."""
    return visible_households(user).filter(pk=household).exists()


def may_change(user: User, household: int) -> bool:
    """Whether a household is one that the person may change."""
    return changeable_households(user).filter(pk=household).exists()


def at_home(areas: Iterable[int], day: date) -> QuerySet[HouseholdAddress, Any]:
    """Households (their keys) in these areas: where they live on a day, or lived when they ended.

    No reference to an outer row: the database makes the set once, whatever it knows of the tables' sizes.
    """
    return addresses_on(day).filter(area_id__in=set(areas)).values("household_id")


def addresses_on(day: date) -> QuerySet[HouseholdAddress]:
    """The addresses at which households live on a day, or lived when they ended."""
    lasting = Q(ends_on__isnull=False, ends_on=F("household__ends_on"), ends_on__lte=day)
    return HouseholdAddress.objects.filter(living_on(day) | lasting)


def communes_in_scope(user: User, on: date | None = None) -> list[tuple[int, str]]:
    """The living communes a person sees, by name: the choices of a filter."""
    day = on or clock.today()
    return list(_communes(figure_communes(user, day), day))


@remembered
def _communes(areas: frozenset[int] | None, day: date) -> tuple[tuple[int, str], ...]:
    rows = AreaProfile.objects.filter(living_on(day), area__level=Level.COMMUNE)
    rows = rows.filter(living_on(day, "area__"))
    if areas is not None:
        rows = rows.filter(area_id__in=areas)
    rows = rows.order_by("search", "full_name", "area_id")
    return tuple(rows.values_list("area_id", "full_name"))


def area_names(ids: Iterable[int], on: date) -> dict[int, str]:
    """Full names as on the day; a ceased commune keeps its last name, marked."""
    return dict(_area_names(frozenset(ids), on))


@remembered
def _area_names(ids: frozenset[int], on: date) -> dict[int, str]:
    names: dict[int, str] = {}
    rows = AreaProfile.objects.filter(area_id__in=ids).order_by("starts_on")
    for area, name, starts_on, ends_on in rows.values_list(
        "area_id", "full_name", "starts_on", "area__ends_on"
    ):
        if starts_on <= on or area not in names:
            gone = ends_on is not None and ends_on <= on
            names[area] = f"{name} (cũ)" if gone else name
    return names


def place_of(area: Area, on: date) -> str:
    """Whether the rural or the urban line holds: rural for a xã, urban for a phường or thị trấn."""
    rows = AreaProfile.objects.filter(area=area, starts_on__lte=on).order_by("-starts_on")
    profile = rows.first() or AreaProfile.objects.filter(area=area).order_by("starts_on")[0]
    return _place(profile)


def _place(profile: AreaProfile) -> str:
    return RURAL if profile.type_name == "xã" else URBAN


def places_of(areas: Iterable[int], on: date) -> dict[int, tuple[str, frozenset[str]]]:
    """``place_of`` and ``home_provinces`` of many communes, those of one parent looked up once."""
    rows = AreaProfile.objects.filter(area_id__in=set(areas), starts_on__lte=on)
    latest = {row.area_id: row for row in rows.select_related("area").order_by("starts_on")}
    homes: dict[int | None, frozenset[str]] = {}
    for row in latest.values():
        if row.parent_id not in homes:
            homes[row.parent_id] = home_provinces(row.area, on)
    return {area: (_place(row), homes[row.parent_id]) for area, row in latest.items()}


def home_provinces(area: Area, on: date) -> frozenset[str]:
    """Codes of the province of a commune and of the provinces that passed into it."""
    above_it = AreaProfile.objects.filter(area=area, starts_on__lte=on).order_by("-starts_on")
    profile = above_it.first()
    while profile is not None and profile.parent is not None:
        area = profile.parent
        rows = AreaProfile.objects.filter(area=area, starts_on__lte=on)
        profile = rows.order_by("-starts_on").first()
    return frozenset(
        Area.objects.filter(pk__in=with_predecessors((area.pk,))).values_list("code", flat=True)
    )


def living_members(household: Household) -> QuerySet[HouseholdMember]:
    """Members who have not left, with their person."""
    return household.members.filter(ends_on=None).select_related("person")
