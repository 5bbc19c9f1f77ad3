"""Lists of households: search without accents, filters, who heads each and where it lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.households.masking import masked_identity, masked_phone
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    Person,
)
from tdcs.households.queries.scope import (
    area_names,
    at_home,
    visible_households,
    with_predecessors,
)
from tdcs.households.standards import kinds
from tdcs.organisations.models import living_on
from tdcs.organisations.prepared import Given, Prepared

_HOMES: Final = Prepared(
    lambda: (
        HouseholdAddress.objects.filter(
            household_id__equals_any=Given("households"), starts_on__lte=Given("on")
        )
        .order_by("starts_on")
        .values_list("household_id", "area_id", "hamlet", "line")
    )
)
_MEMBERS: Final = Prepared(
    lambda: (
        HouseholdMember.objects.filter(
            household_id__equals_any=Given("households"), starts_on__lte=Given("on")
        )
        .order_by("starts_on")
        .values_list(
            "household_id",
            "ends_on",
            "is_head",
            "person_id",
            "person__full_name",
            "person__identity_number",
            "person__phone",
        )
    )
)


@dataclass(frozen=True, slots=True)
class HouseholdFilters:
    """What a list is narrowed by; empty means all."""

    words: str = ""
    commune: int = 0
    hamlet: str = ""
    kind: str = ""


@dataclass(slots=True)
class HouseholdSummary:
    """How a household is told from others: its head and where it lives (or lived last)."""

    head: str = ""
    head_id: int = 0
    identity: str = ""
    phone: str = ""
    area: int = 0
    commune: str = ""
    hamlet: str = ""
    line: str = ""
    members: int = 0
    kinds: list[str] = field(default_factory=list)


def find_households(user: User, filters: HouseholdFilters, on: date) -> QuerySet[Household]:
    """Households in scope that live on a day and match, by code. An identity number matches exactly."""
    rows = visible_households(user, on).filter(living_on(on))
    if filters.commune:
        rows = rows.filter(pk__in=at_home(with_predecessors((filters.commune,)), on))
    if filters.hamlet:
        here = HouseholdAddress.objects.filter(living_on(on), household=OuterRef("pk"))
        rows = rows.filter(Exists(here.filter(hamlet=filters.hamlet)))
    if filters.kind:
        spells = EligibilitySpell.objects.filter(living_on(on), household=OuterRef("pk"))
        rows = rows.filter(Exists(spells.filter(kind=filters.kind)))
    return _matching(rows, filters.words, on).order_by("code")


def _matching(rows: QuerySet[Household], words: str, on: date) -> QuerySet[Household]:
    key = fold(words)
    bare = key.replace(" ", "")
    if len(bare) == 12 and bare.isdigit():
        members = HouseholdMember.objects.filter(living_on(on), household=OuterRef("pk"))
        return rows.filter(Exists(members.filter(person__identity_number=bare)))
    for word in key.split():
        rows = rows.filter(search__contains=word)
    return rows


def hamlets_of(user: User, commune: int, on: date) -> list[str]:
    """The hamlets of a commune in which somebody lives, for a filter."""
    if not commune:
        return []
    homes = HouseholdAddress.objects.filter(
        living_on(on),
        area_id__in=with_predecessors((commune,)),
        household__in=visible_households(user, on),
    )
    return list(homes.order_by("hamlet").values_list("hamlet", flat=True).distinct())


def heads_and_places(
    ids: Iterable[int], on: date | None = None, *, with_kinds: bool = True
) -> dict[int, HouseholdSummary]:
    """The faces of households: as on a day, or the last that was so. Personal data is masked.

    ``with_kinds``: whether the kinds of poverty of the day are asked for too.
    """
    keys = set(ids)
    faces = {key: HouseholdSummary() for key in keys}
    _heads(faces, on)
    for key, area, hamlet, line in _HOMES(households=list(keys), on=on or date.max):
        face = faces[key]
        face.area, face.hamlet, face.line = area, hamlet, line
    names = area_names({face.area for face in faces.values()}, on or date.max)
    for face in faces.values():
        face.commune = names.get(face.area, "")
    if on is not None and with_kinds:
        _kinds(faces, on)
    return faces


def _heads(faces: dict[int, HouseholdSummary], on: date | None) -> None:
    rows = _MEMBERS(households=list(faces), on=on or date.max)
    for household, ends_on, heads, person, name, identity, phone in rows:
        face = faces[household]
        if on is None or ends_on is None or ends_on > on:
            face.members += 1
        if heads:
            face.head, face.head_id = name, person
            face.identity, face.phone = masked_identity(identity), masked_phone(phone)


def _kinds(faces: dict[int, HouseholdSummary], on: date) -> None:
    spells = EligibilitySpell.objects.filter(living_on(on), household_id__in=faces)
    names = {code: kind.name for code, kind in kinds().items()}
    for household, kind in spells.order_by("starts_on").values_list("household_id", "kind"):
        if names.get(kind, kind) not in faces[household].kinds:
            faces[household].kinds.append(names.get(kind, kind))


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership as a page shows it."""

    member: HouseholdMember
    person: Person
    identity: str
    phone: str
    living: bool


@dataclass(frozen=True, slots=True)
class SpellRow:
    """A spell as a page shows it."""

    spell: EligibilitySpell
    name: str
    basis: str
    person: str
    decided_by: str
    state: str


def members_of(household: Household, on: date) -> list[MemberRow]:
    """Who belongs on the day, the head first; then who has left, the last first."""
    rows = [
        MemberRow(
            member,
            member.person,
            masked_identity(member.person.identity_number),
            masked_phone(member.person.phone),
            member.starts_on <= on and (member.ends_on is None or on < member.ends_on),
        )
        for member in household.members.select_related("person").order_by("-starts_on", "pk")
    ]
    return sorted(rows, key=lambda r: (not r.living, not r.member.is_head))


def people_of(household: Household) -> QuerySet[Person]:
    """Everybody who is or was a member of a household."""
    return Person.objects.filter(memberships__household=household).distinct()


def spells_of(household: Household, on: date) -> list[SpellRow]:
    """Every spell, the newest first, with its decision; ``state``: now, later, past."""
    from tdcs.organisations.queries import names_on

    spells = list(household.spells.select_related("person", "review").order_by("-starts_on", "pk"))
    names = names_on(on, {spell.decided_by_id for spell in spells})
    known = kinds()
    rows = []
    for spell in spells:
        kind = known.get(spell.kind)
        over = spell.ends_on is not None and spell.ends_on <= on
        state = "past" if over else ("later" if spell.starts_on > on else "now")
        rows.append(
            SpellRow(
                spell,
                kind.name if kind else spell.kind,
                kind.basis if kind else "",
                spell.person.full_name if spell.person else "",
                names[spell.decided_by_id],
                state,
            )
        )
    return rows


def kinds_on(household: Household, on: date) -> dict[str, EligibilitySpell]:
    """Kind → its spell on a day: what other rooms ask of one household."""
    return {s.kind: s for s in EligibilitySpell.objects.filter(living_on(on), household=household)}


def committee_choices(household: Household, on: date) -> list[tuple[int, str]]:
    """Who may have decided about the household: the committees of its commune and of the province."""
    from tdcs.households.queries.scope import living_areas_of
    from tdcs.organisations.queries import profiles_on

    home = household.addresses.order_by("-starts_on").first()
    areas = living_areas_of((home.area_id,), on)[home.area_id] if home else ()
    rows = profiles_on(on).filter(organisation__kind="people_committee")
    of_commune = rows.filter(area_id__in=areas)
    of_province = rows.filter(organisation__level="province")
    return [(p.organisation_id, p.name) for p in [*of_commune, *of_province]]
