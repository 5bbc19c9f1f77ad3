"""Who exists on a day, who continues whom, whom words mean, what lies below a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from tdcs.core.remembered import remembered
from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.organisations.models import (
    Area,
    AreaProfile,
    AreaSuccession,
    Kind,
    Level,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    living_on,
)
from tdcs.organisations.prepared import Given, Prepared
from tdcs.organisations.rules import Step, follow


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit or class as a plan names it: a code of the catalogue, narrowed by levels or by a place."""

    unit: str
    levels: tuple[str, ...] = ()
    area: str = ""


def profiles_on(day: date) -> QuerySet[OrganisationProfile]:
    """The profiles that hold on a day, with their organisation and area."""
    return OrganisationProfile.objects.filter(living_on(day)).select_related("organisation", "area")


def names_on(day: date, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Short names by organisation id: as on the day, or the last it had, or the first it will have."""
    return dict(_names_on(day, None if ids is None else frozenset(ids)))


@remembered
def _names_on(day: date, ids: frozenset[int] | None) -> dict[int, str]:
    rows = OrganisationProfile.objects.order_by("starts_on")
    if ids is not None:
        rows = rows.filter(organisation_id__in=ids)
    names: dict[int, str] = {}
    for unit, short, starts_on in rows.values_list("organisation_id", "short_name", "starts_on"):
        if starts_on <= day or unit not in names:
            names[unit] = short
    return names


def profile_of(organisation: Organisation | int, day: date) -> OrganisationProfile:
    """The profile on the day, or the last before it, or the first."""
    return _profile_of(organisation if isinstance(organisation, int) else organisation.pk, day)


_PROFILES: Final = Prepared(
    lambda: (
        OrganisationProfile.objects.filter(organisation_id=Given("unit"))
        .select_related("organisation", "area", "parent")
        .order_by("starts_on")
    )
)


@remembered
def _profile_of(key: int, day: date) -> OrganisationProfile:
    rows = _PROFILES(unit=key)
    before = [row for row in rows if row.starts_on <= day]
    found: OrganisationProfile = before[-1] if before else rows[0]
    return found


def lineage() -> dict[int, list[Step]]:
    """Every succession of organisations, by predecessor."""
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = OrganisationSuccession.objects.values_list(
        "predecessor_id", "successor_id", "on", "share", "takes_duties"
    )
    for old, new, on, share, takes in rows:
        steps[old].append(Step(new, on, share, takes))
    return steps


def successors(ids: Iterable[int], on: date) -> dict[int, tuple[int, ...]]:
    """Each unit → the units that carry its duties on a day (itself while it lives)."""
    steps = lineage()
    return {unit: follow(unit, steps, until=on) for unit in ids}


def subtree(root: int, on: date) -> set[int]:
    """The unit and all below it on a day."""
    return set(_subtree(root, on))


@remembered
def _subtree(root: int, on: date) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE below AS (
                SELECT %(root)s::bigint AS id
                UNION
                SELECT p.organisation_id FROM organisations_organisationprofile p
                JOIN below b ON p.parent_id = b.id
                WHERE p.starts_on <= %(on)s AND (p.ends_on IS NULL OR p.ends_on > %(on)s)
            ) SELECT id FROM below
            """,
            {"root": root, "on": on},
        )
        return frozenset(row[0] for row in cursor.fetchall())


def ancestors_of(ids: Iterable[int]) -> set[int]:
    """The ceased units that any of the given units continues, through any number of successions."""
    return set(_ancestors_of(frozenset(ids)))


@remembered
def _ancestors_of(ids: frozenset[int]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE before AS (
                SELECT unnest(%(ids)s::bigint[]) AS id
                UNION
                SELECT s.predecessor_id FROM organisations_organisationsuccession s
                JOIN before b ON s.successor_id = b.id WHERE s.takes_duties
            ) SELECT id FROM before
            """,
            {"ids": list(ids)},
        )
        return frozenset(row[0] for row in cursor.fetchall())


class _Unit(NamedTuple):
    """What telling whom words mean needs of a unit; its area by the last profile."""

    pk: int
    type: str
    kind: str
    level: str
    ends_on: date | None
    area: int | None


def _units_by(day: date) -> list[_Unit]:
    """The units that have begun by a day: thousands, so as plain rows."""
    rows = (
        OrganisationProfile.objects.filter(organisation__starts_on__lte=day, starts_on__lte=day)
        .order_by("organisation_id", "-starts_on")
        .distinct("organisation_id")
        .values_list(
            "organisation_id",
            "organisation__type",
            "organisation__kind",
            "organisation__level",
            "organisation__ends_on",
            "area_id",
        )
    )
    return [_Unit(*row) for row in rows]


class Resolver:
    """Answers whom unit references mean on one day in one province; loads what it needs once.

    On a day, a reference means the units of its type (or class) and levels that live in the province, and for
    levels that have ceased, the living units that carry on the last members' duties.
    """

    def __init__(self, *, province: Area, on: date) -> None:
        self.on = on
        self.own, self.areas = _areas_of(province, on)
        self.units = _units_by(on)
        self.living = {unit.pk for unit in self.units if unit.ends_on is None or unit.ends_on > on}
        self._kept: dict[UnitRef, tuple[int, ...]] = {}

    @cached_property
    def lineage(self) -> dict[int, list[Step]]:
        """Successions; only words that mean units which have ceased need them."""
        return lineage()

    @cached_property
    def place_names(self) -> dict[str, set[int]]:
        """Areas by their folded names; only words that name a place need them."""
        return _place_names()

    def resolve(self, ref: UnitRef) -> tuple[int, ...]:
        """Ids of the organisations meant, sorted; empty for an open class or words that mean nobody."""
        if ref not in self._kept:
            self._kept[ref] = self._resolve(ref)
        return self._kept[ref]

    def _resolve(self, ref: UnitRef) -> tuple[int, ...]:
        entry = catalogue.entries().get(ref.unit)
        if entry is None or entry.open_class:
            return ()
        if entry.represented_by:
            return self._resolve(UnitRef(entry.represented_by))
        levels = () if entry.fixed_level else (ref.levels or entry.levels)
        places = self._places(ref.area)
        meant = [
            unit
            for unit in self.units
            if self._matches(unit, entry, levels) and self._inside(unit, places)
        ]
        if places is not None:
            # A commune of that name in a province that was joined in is another one.
            meant = [u for u in meant if u.area in self.own] or meant
        chosen: set[int] = set()
        for unit in meant:
            if unit.pk in self.living:
                chosen.add(unit.pk)
            else:
                # "Living" also drops the duties of a neighbour that merged in before this plan reached it.
                chosen.update(self._living_heirs(unit.pk))
        return tuple(sorted(chosen))

    def _living_heirs(self, unit: int) -> Iterable[int]:
        return (h for h in follow(unit, self.lineage, until=self.on) if h in self.living)

    @staticmethod
    def _matches(unit: _Unit, entry: catalogue.Entry, levels: Sequence[str]) -> bool:
        if levels and unit.level not in levels:
            return False
        if entry.is_class:
            return unit.kind in entry.kinds or unit.type in entry.types
        return unit.type == entry.code

    def _inside(self, unit: _Unit, places: set[int] | None) -> bool:
        if places is not None:
            return unit.area in places and unit.area in self.areas
        return unit.area is None or unit.area in self.areas

    def _places(self, words: str) -> set[int] | None:
        """Areas of that name, or None when no place was named."""
        return self.place_names.get(fold(words), set()) if words else None


def _areas_of(province: Area, on: date) -> tuple[set[int], set[int]]:
    """Areas, living or ceased: the plan's province and what lies in it; all of the province that it has become by a day."""
    successions = AreaSuccession.objects.filter(on__lte=on).values_list(
        "predecessor_id", "successor_id"
    )
    forward: dict[int, set[int]] = defaultdict(set)
    backward: dict[int, set[int]] = defaultdict(set)
    for old, new in successions:
        forward[old].add(new)
        backward[new].add(old)
    now = _closure({province.pk}, forward)
    all_of_them = _closure(now, backward)
    children: dict[int, set[int]] = defaultdict(set)
    for child, parent in AreaProfile.objects.filter(parent__isnull=False).values_list(
        "area_id", "parent_id"
    ):
        children[parent].add(child)
    return _closure({province.pk}, children), _closure(all_of_them, children)


def _closure(start: set[int], edges: dict[int, set[int]]) -> set[int]:
    found, stack = set(start), list(start)
    while stack:
        for nxt in edges.get(stack.pop(), ()):
            if nxt not in found:
                found.add(nxt)
                stack.append(nxt)
    return found


def _place_names() -> dict[str, set[int]]:
    names: dict[str, set[int]] = defaultdict(set)
    for area, name, full in AreaProfile.objects.values_list("area_id", "name", "full_name"):
        names[fold(name)].add(area)
        names[fold(full)].add(area)
    return names


def province_of(organisation: Organisation, on: date) -> Area:
    """The province in which a unit stands on a day."""
    area = profile_of(organisation, on).area
    while area is not None and area.level != "province":
        above = AreaProfile.objects.filter(area=area).order_by("-starts_on").first()
        area = above.parent if above else None
    if area is None:
        raise Area.DoesNotExist(f"{organisation.code} stands in no province")
    return area


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a unit between two days: created, ceased, renamed or moved."""

    kind: str
    organisation: int
    before: str
    after: str
    successors: tuple[str, ...] = ()


def changes_between(first: date, second: date) -> list[Change]:
    """Units created, ceased (with successors), renamed or moved in (first, second]."""
    before, after = _named_on(first), _named_on(second)
    steps = lineage()
    names = names_on(second)
    changes = [
        Change(
            "ceased",
            unit,
            short,
            "",
            tuple(names[h] for h in follow(unit, steps, until=second)),
        )
        for unit, (_, short, _) in before.items()
        if unit not in after
    ]
    changes += [Change("created", u, "", row[1]) for u, row in after.items() if u not in before]
    for unit in before.keys() & after.keys():
        (old_name, old_short, old_parent), (name, short, parent) = before[unit], after[unit]
        if old_name != name:
            changes.append(Change("renamed", unit, old_short, short))
        elif old_parent != parent:
            above = [names.get(p or 0, "") for p in (old_parent, parent)]
            changes.append(Change("moved", unit, f"{old_short} ← {above[0]}", f"← {above[1]}"))
    return sorted(changes, key=lambda c: (c.kind, c.before or c.after))


def _named_on(day: date) -> dict[int, tuple[str, str, int | None]]:
    """Name, short name and parent of each unit on a day."""
    rows = OrganisationProfile.objects.filter(living_on(day)).values_list(
        "organisation_id", "name", "short_name", "parent_id"
    )
    return {unit: (name, short, parent) for unit, name, short, parent in rows}


def day_before(day: date) -> date:
    """The day before a change, on which the old units still lived."""
    return day - timedelta(days=1)


def organisation_of(key: int) -> Organisation | None:
    """A unit by its key, living or not."""
    return Organisation.objects.filter(pk=key).first()


def organisations_of(keys: Iterable[int]) -> QuerySet[Organisation]:
    """Units by their keys, in that order of keys which never changes."""
    return Organisation.objects.filter(pk__in=keys).order_by("pk")


def transaction_offices(day: date) -> list[int]:
    """Transaction offices that exist on a day."""
    rows = Organisation.objects.filter(living_on(day), kind=Kind.TRANSACTION_OFFICE)
    return list(rows.values_list("pk", flat=True))


def assumed_offices(day: date) -> list[int]:
    """Transaction offices of a day that nobody has confirmed: they carry a district instead of the bank's own six digits."""
    rows = Organisation.objects.filter(living_on(day), kind=Kind.TRANSACTION_OFFICE)
    return list(rows.filter(code__startswith="nhcsxh-pgd@d").values_list("pk", flat=True))


def bank_offices(day: date) -> list[int]:
    """Transaction offices and branches that exist on a day."""
    kinds = (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH)
    rows = Organisation.objects.filter(living_on(day), kind__in=kinds)
    return list(rows.values_list("pk", flat=True))


def area_of(key: int) -> Area:
    """An area by its key, living or not."""
    return Area.objects.get(pk=key)


def living_communes(day: date) -> list[tuple[int, str]]:
    """(area, full name) of the communes that exist on a day, by name."""
    profiles = AreaProfile.objects.filter(living_on(day), area__level=Level.COMMUNE)
    rows = profiles.filter(living_on(day, "area__")).order_by("search", "full_name", "area_id")
    return list(rows.values_list("area_id", "full_name"))


def living_units(day: date) -> list[int]:
    """Every unit that exists on a day."""
    return list(Organisation.objects.on(day).values_list("pk", flat=True))


def find_profiles(day: date, *, key: str, kind: str, level: str) -> QuerySet[OrganisationProfile]:
    """Profiles of a day by level, kind and name; narrowed by what is given, the name without accents."""
    rows = profiles_on(day).order_by("organisation__level", "organisation__kind", "name", "pk")
    if key:
        rows = rows.filter(search__contains=key)
    if kind:
        rows = rows.filter(organisation__kind=kind)
    return rows.filter(organisation__level=level) if level else rows


def children_of(unit: Organisation, day: date) -> QuerySet[OrganisationProfile]:
    """The units under a unit on a day, by name."""
    return profiles_on(day).filter(parent=unit).order_by("name", "pk")


def organisation_by_code(code: str) -> Organisation | None:
    """A unit by its code, living or not."""
    return Organisation.objects.filter(code=code).first()


def profiles_named(key: str, within: Collection[int] | None) -> QuerySet[OrganisationProfile]:
    """Names of all times that hold these words without accents, of the units a person may see (all: None)."""
    rows = OrganisationProfile.objects.filter(search__contains=key)
    if within is not None:
        rows = rows.filter(organisation_id__in=within)
    return rows.select_related("organisation").order_by("-organisation__starts_on", "name", "pk")


def coordinates_of(areas: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Latitude and longitude of areas, as their latest profile has them."""
    rows = AreaProfile.objects.filter(
        area_id__in=areas, latitude__isnull=False, longitude__isnull=False
    )
    found = rows.order_by("starts_on").values_list("area_id", "latitude", "longitude")
    return {area: (float(lat), float(lon)) for area, lat, lon in found if lat and lon}


def communes_by_name(day: date) -> list[tuple[int, str]]:
    """(area, full name) of the communes whose profile holds on a day, by name."""
    rows = AreaProfile.objects.filter(living_on(day), area__level=Level.COMMUNE)
    return list(rows.order_by("search", "full_name", "area_id").values_list("area_id", "full_name"))
