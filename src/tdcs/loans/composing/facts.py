"""What forms say of units, groups, households and people, as they were on the day of the paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile, SavingsGroup
from tdcs.households.masking import masked_identity, masked_phone
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    Person,
)
from tdcs.households.queries.scope import area_names, living_areas_of
from tdcs.households.standards import kinds
from tdcs.organisations.models import Area, AreaProfile, Organisation, living_on
from tdcs.organisations.queries import profile_of
from tdcs.programmes.rules import programmes

_ADULT = 18


@dataclass(frozen=True, slots=True)
class Paper:
    """The day of a paper, and whether identity numbers and telephones are written out on it."""

    on: date
    full: bool = False

    def identity(self, person: Person) -> str:
        number = person.identity_number or ""
        return number if self.full else masked_identity(number)

    def phone(self, person: Person) -> str:
        return person.phone if self.full else masked_phone(person.phone)


def office_of(office: Organisation, paper: Paper) -> dict[str, Any]:
    """The office and the branch above it, by their names of the day."""
    profile = profile_of(office, paper.on)
    parent = profile_of(profile.parent, paper.on).name if profile.parent else ""
    return {"name": profile.name, "parent": parent, "place": profile.place_name}


def person_of(person: Person, paper: Paper) -> dict[str, Any]:
    """A person's own lines."""
    return {
        "name": person.full_name,
        "born_on": person.born_on,
        "gender": person.get_gender_display() if person.gender else "",
        "identity": paper.identity(person),
        "phone": paper.phone(person),
    }


def group_of(group: SavingsGroup | None, paper: Paper) -> dict[str, Any]:
    """The group, its board and how many belong to it; no group: nothing but empty values."""
    empty = ("name", "code", "hamlet", "leader", "deputy", "mass_organisation", "session_day")
    if group is None:
        return {**dict.fromkeys(empty), "members": None, "area": None}
    profile = _group_profile(group, paper.on)
    board = BoardMember.objects.filter(living_on(paper.on), group=group).select_related("person")
    posts = {row.post: row.person.full_name for row in board}
    return {
        "name": _bare_name(profile.name),
        "code": group.code,
        "hamlet": profile.hamlet,
        "leader": posts.get(BoardMember.Post.LEADER),
        "deputy": posts.get(BoardMember.Post.DEPUTY),
        "mass_organisation": profile_of(profile.mass_organisation_id, paper.on).name,
        "session_day": str(profile.session_day),
        "members": GroupMember.objects.filter(living_on(paper.on), group=group).count(),
        "area": profile.area,
    }


def _group_profile(group: SavingsGroup, on: date) -> GroupProfile:
    rows = list(GroupProfile.objects.filter(group=group).order_by("starts_on"))
    before = [row for row in rows if row.starts_on <= on]
    found: GroupProfile = before[-1] if before else rows[0]
    return found


def _bare_name(name: str) -> str:
    """Forms write "Tổ TK&VV" before the name: "Tổ bà Hoa" is "bà Hoa" there."""
    for start in ("Tổ TK&VV ", "Tổ tiết kiệm và vay vốn ", "Tổ "):
        if name.startswith(start):
            return name.removeprefix(start)
    return name


def area_of(areas: Sequence[int], on: date) -> dict[int, str]:
    """Each area → its name on the day; a ceased commune by the one that continues it, when it is one."""
    later = living_areas_of(areas, on)
    current = {area: (heirs[0] if len(heirs) == 1 else area) for area, heirs in later.items()}
    names = area_names(set(current.values()), on)
    return {area: _small_first(names.get(now, "")) for area, now in current.items()}


def province_of(area: Area | int | None, on: date) -> str:
    """The name of the province in which an area lies on the day."""
    key = area.pk if isinstance(area, Area) else area
    while key is not None:
        rows = AreaProfile.objects.filter(area_id=key, starts_on__lte=on).order_by("-starts_on")
        profile = rows.first() or AreaProfile.objects.filter(area_id=key).first()
        if profile is None or profile.parent_id is None:
            return _small_first(profile.full_name) if profile else ""
        key = profile.parent_id
    return ""


def bare_place(name: str) -> str:
    """ "xã La Ngà" → "La Ngà", as places are written before a day."""
    kind, _, rest = name.partition(" ")
    return rest if kind in ("xã", "phường") else name


def _small_first(name: str) -> str:
    return name[:1].lower() + name[1:]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives, in words."""

    hamlet: str = ""
    line: str = ""
    commune: str = ""
    area: int | None = None

    def words(self, province: str) -> str:
        return ", ".join(filter(None, (self.line, self.hamlet, self.commune, province)))


def homes_of(households: Iterable[int], on: date) -> dict[int, Home]:
    """Each household's home on the day, or its last, or its first; two queries for any number."""
    found: dict[int, HouseholdAddress] = {}
    rows = HouseholdAddress.objects.filter(household_id__in=set(households)).order_by("starts_on")
    for row in rows:
        if row.starts_on <= on or row.household_id not in found:
            found[row.household_id] = row
    names = area_of([row.area_id for row in found.values()], on)
    return {
        key: Home(row.hamlet, row.line, names[row.area_id], row.area_id)
        for key, row in found.items()
    }


def kinds_of(households: Iterable[int], on: date) -> dict[int, list[str]]:
    """Each household's kinds of eligibility on the day, as codes."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = EligibilitySpell.objects.filter(living_on(on), household_id__in=set(households))
    for household, kind in rows.order_by("starts_on", "pk").values_list("household_id", "kind"):
        if kind not in found[household]:
            found[household].append(kind)
    return found


def kind_words(codes: Iterable[str]) -> str:
    """Codes as the names of kinds."""
    known = kinds()
    return ", ".join(known[code].name if code in known else code for code in codes)


def household_of(household: Household, paper: Paper) -> dict[str, Any]:
    """The household with its home, its members of the day and what it is entitled to."""
    home = homes_of([household.pk], paper.on).get(household.pk, Home())
    members = HouseholdMember.objects.filter(living_on(paper.on), household=household)
    people = members.select_related("person").order_by("-is_head", "person__born_on", "pk")
    return {
        "code": household.code,
        "address": home.words(province_of(home.area, paper.on)),
        "hamlet": home.hamlet,
        "commune": home.commune,
        "kinds": kinds_of([household.pk], paper.on).get(household.pk, []),
        "members": [
            {**person_of(row.person, paper), "relation": row.relation, "pk": row.person_id}
            for row in people
        ],
    }


def adults(members: Sequence[dict[str, Any]], borrower: Person, on: date) -> list[dict[str, Any]]:
    """Members of 18 and over but the borrower; who has no day of birth counts as grown up."""
    return [
        {**member, "sign": ""}
        for member in members
        if member["pk"] != borrower.pk and _age(member["born_on"], on) >= _ADULT
    ]


def _age(born_on: date | None, on: date) -> int:
    if born_on is None:
        return _ADULT
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def programme_name(code: str) -> str:
    """A programme's short name; a code that is gone stays a code."""
    known = programmes().get(code)
    return known.short if known else code
