"""Borrowers, households and groups that an extract names: what it says of them, and nothing that it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tdcs.core.text import fold, squash
from tdcs.entrustment.models import GroupMember, GroupProfile, SavingsGroup
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.households.services.checking import next_codes
from tdcs.imports.models import CoreCustomer, CoreGroup
from tdcs.imports.queries.core_codes import Communes, mass_organisations
from tdcs.organisations.models import Organisation

_GENDERS: Final = {"01": "male", "02": "female", "1": "male", "2": "female"}
# An extract knows borrowers, not who belongs to their household.
RELATION: Final = "người đứng tên vay"
_BATCH: Final = 5_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registers:
    """customer → (person, household), group code → group; ``doubts``: (contract, code, what the extract says)."""

    customers: Mapping[str, tuple[int, int]]
    groups: Mapping[str, int]
    doubts: Sequence[tuple[str, str, str]]


def register(rows: Sequence[Row], office: Organisation, day: date) -> Registers:
    """Everybody whom the loans of an extract name; who is known already stays as he is."""
    communes = Communes(office, day)
    doubts: list[tuple[str, str, str]] = []
    areas: dict[str, int | None] = {}
    for row in rows:
        name = row["commune_name"] or ""
        if name not in areas:
            areas[name] = communes.area(name)
        if areas[name] is None:
            doubts.append((row["contract"], "unknown_commune", name))
    customers = _customers(rows, areas, day)
    groups = _groups(rows, areas, office, day, doubts)
    _memberships(rows, customers, groups, day)
    return Registers(customers, groups, doubts)


def _customers(
    rows: Sequence[Row], areas: Mapping[str, int | None], day: date
) -> dict[str, tuple[int, int]]:
    codes = sorted({row["customer"] for row in rows})
    known = {
        code: (person, household)
        for code, person, household in CoreCustomer.objects.filter(code__in=codes).values_list(
            "code", "person_id", "household_id"
        )
    }
    new = {row["customer"]: row for row in reversed(rows) if row["customer"] not in known}
    if not new:
        return known
    people = _people(new)
    homes = dict(
        HouseholdMember.objects.filter(person__in=people.values(), ends_on=None).values_list(
            "person_id", "household_id"
        )
    )
    without = [code for code in new if people[code].pk not in homes]
    made = _households(
        [new[code] for code in without], [people[code] for code in without], areas, day
    )
    for code, household in zip(without, made, strict=True):
        homes[people[code].pk] = household.pk
    found = {code: (people[code].pk, homes[people[code].pk]) for code in new}
    CoreCustomer.objects.bulk_create(
        [
            CoreCustomer(code=code, person_id=person, household_id=household)
            for code, (person, household) in found.items()
        ],
        batch_size=_BATCH,
    )
    return known | found


def _people(new: Mapping[str, Row]) -> dict[str, Person]:
    """Persons by customer; one with the same identity number and name is the same person."""
    numbers = {code: _identity(row["identity_number"]) for code, row in new.items()}
    there = {
        one.identity_number: one
        for one in Person.objects.filter(identity_number__in=[n for n in numbers.values() if n])
    }
    found: dict[str, Person] = {}
    made: dict[str, Person] = {}
    taken = set(there)
    for code, row in new.items():
        name = squash(row["customer_name"] or code)[:120]
        number = numbers[code]
        same = there.get(number) if number else None
        if same is not None and same.search == fold(name)[:160]:
            found[code] = same
            continue
        # Two customers with one number: the second is kept without it; who is who, the core must say.
        free = number if number and number not in taken else None
        taken |= {number} if number else set()
        made[code] = Person(
            full_name=name,
            born_on=row["born_on"],
            gender=_GENDERS.get(row["gender"] or "", ""),
            identity_number=free,
            phone=(row["phone"] or "")[:20],
            search=fold(name)[:160],
        )
    Person.objects.bulk_create(made.values(), batch_size=_BATCH)
    return found | made


def _identity(words: str | None) -> str | None:
    number = (words or "").strip()
    return number if len(number) == 12 and number.isascii() and number.isdigit() else None


def _households(
    rows: Sequence[Row], people: Sequence[Person], areas: Mapping[str, int | None], day: date
) -> list[Household]:
    """A household for each borrower: the borrower in it, and the commune and hamlet that the extract names."""
    codes = next_codes(len(rows)) if rows else []
    made = [
        Household(
            code=code,
            starts_on=day,
            search=fold(f"{code} {row['customer']} {person.full_name} {row['hamlet_name'] or ''}")[
                :400
            ],
        )
        for code, row, person in zip(codes, rows, people, strict=True)
    ]
    Household.objects.bulk_create(made, batch_size=_BATCH)
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(
                household=home, person=person, relation=RELATION, is_head=True, starts_on=day
            )
            for home, person in zip(made, people, strict=True)
        ],
        batch_size=_BATCH,
    )
    HouseholdAddress.objects.bulk_create(
        [
            HouseholdAddress(
                household=home, area_id=area, hamlet=row["hamlet_name"] or "", starts_on=day
            )
            for home, row in zip(made, rows, strict=True)
            if (area := areas[row["commune_name"] or ""]) is not None
        ],
        batch_size=_BATCH,
    )
    return made


def _groups(
    rows: Sequence[Row],
    areas: Mapping[str, int | None],
    office: Organisation,
    day: date,
    doubts: list[tuple[str, str, str]],
) -> dict[str, int]:
    """Groups by the core's code; one whose commune, organisation or session day is not told is none."""
    named = {
        row["group"]: row for row in reversed(rows) if row["group"] and row["group"].strip("0")
    }
    known = dict(
        CoreGroup.objects.filter(office=office, code__in=named).values_list("code", "group_id")
    )
    mass = mass_organisations(day)
    new: dict[str, tuple[Row, int, int]] = {}
    for code, row in named.items():
        if code in known:
            continue
        area = areas[row["commune_name"] or ""]
        behind = mass.get((row["mass"], area)) if area else None
        if area and behind and row["session_day"]:
            new[code] = (row, area, behind)
    doubts += [
        (row["contract"], "unknown_group", row["group"])
        for row in rows
        if row["group"] in named and row["group"] not in known and row["group"] not in new
    ]
    taken = set(SavingsGroup.objects.filter(code__in=new).values_list("code", flat=True))
    tail = office.code[-2:]
    groups = {
        code: SavingsGroup(code=f"{code}.{tail}" if code in taken else code, starts_on=day)
        for code in new
    }
    SavingsGroup.objects.bulk_create(groups.values(), batch_size=_BATCH)
    GroupProfile.objects.bulk_create(
        [
            GroupProfile(
                group=groups[code],
                name=squash(row["leader_name"] or code)[:120],
                area_id=area,
                hamlet=(row["hamlet_name"] or "")[:120],
                mass_organisation_id=behind,
                office=office,
                session_day=row["session_day"],
                search=fold(f"{code} {row['leader_name'] or ''} {row['hamlet_name'] or ''}")[:260],
                starts_on=day,
            )
            for code, (row, area, behind) in new.items()
        ],
        batch_size=_BATCH,
    )
    CoreGroup.objects.bulk_create(
        [CoreGroup(office=office, code=code, group=group) for code, group in groups.items()],
        batch_size=_BATCH,
    )
    return known | {code: group.pk for code, group in groups.items()}


def _memberships(
    rows: Sequence[Row],
    customers: Mapping[str, tuple[int, int]],
    groups: Mapping[str, int],
    day: date,
) -> None:
    """Who borrows through a group belongs to it from the extract's day on; who changed leaves the other on its eve."""
    wanted: dict[int, tuple[int, int]] = {}
    for row in rows:
        group = groups.get(row["group"] or "")
        person, household = customers[row["customer"]]
        if group is not None and row["balance"] > 0:
            wanted.setdefault(household, (group, person))
    held = {
        one.household_id: one
        for one in GroupMember.objects.filter(household__in=wanted, ends_on=None)
    }
    made, ended = [], []
    for household, (group, person) in wanted.items():
        now = held.get(household)
        if now is not None and (now.group_id == group or now.starts_on >= day):
            continue
        if now is not None:
            now.ends_on = day
            ended.append(now)
        made.append(
            GroupMember(group_id=group, household_id=household, person_id=person, starts_on=day)
        )
    GroupMember.objects.bulk_update(ended, ["ends_on"], batch_size=_BATCH)
    GroupMember.objects.bulk_create(made, batch_size=_BATCH)


def eve_of_month(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)
