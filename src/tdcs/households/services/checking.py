"""What every verb of this room checks before it writes: days, areas, words, identity numbers, decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Max

from tdcs.access.models import User
from tdcs.core.text import fold, squash
from tdcs.households.errors import (
    DayOutside,
    DecisionMissing,
    FieldWrong,
    HouseholdEnded,
    IdentityTaken,
    NotACommune,
    OutsideYourArea,
)
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.queries.scope import (
    area_names,
    changeable_households,
    kept_communes,
    visible_households,
)
from tdcs.organisations.models import Area, Level, Organisation, living_on

_IDENTITY: Final = re.compile(r"\d{12}")
_PHONE: Final = re.compile(r"\+?\d{9,12}")


@dataclass(frozen=True, slots=True)
class PersonData:
    """A person as told: a form, a file, or another service."""

    full_name: str
    born_on: date | None = None
    gender: str = ""
    identity_number: str | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """By which paper something is granted or ended."""

    number: str
    on: date
    by: Organisation


def clean_person(data: PersonData, on: date) -> PersonData:
    """The same with spaces and signs in order. Raises FieldWrong."""
    name = squash(data.full_name)
    if len(name) < 2 or any(sign.isdigit() for sign in name):
        raise FieldWrong(field="Họ và tên", why="cần họ tên đầy đủ, không có chữ số")
    if data.born_on is not None and data.born_on > on:
        raise FieldWrong(field="Ngày sinh", why=f"{data.born_on:%d/%m/%Y} ở tương lai")
    if data.born_on is not None and data.born_on.year < on.year - 130:
        raise FieldWrong(field="Ngày sinh", why=f"{data.born_on:%d/%m/%Y} quá xa")
    number = re.sub(r"[\s.]", "", data.identity_number or "") or None
    if number is not None and not (number.isascii() and _IDENTITY.fullmatch(number)):
        raise FieldWrong(field="Số định danh", why="phải có đúng 12 chữ số")
    phone = re.sub(r"[\s.\-]", "", data.phone)
    if phone and not (phone.isascii() and _PHONE.fullmatch(phone)):
        raise FieldWrong(field="Điện thoại", why="phải có 9 đến 12 chữ số")
    gender = data.gender if data.gender in ("male", "female") else ""
    return PersonData(name[:120], data.born_on, gender, number, phone)


def person_for(data: PersonData, *, by: User | None, on: date) -> Person:
    """A new person, or the one with this identity number who belongs to no household now.

    Raises IdentityTaken; the other household is named only to who may see it.
    """
    clean = clean_person(data, on)
    known = None
    if clean.identity_number:
        known = Person.objects.filter(identity_number=clean.identity_number).first()
    if known is None:
        return Person.objects.create(
            full_name=clean.full_name,
            born_on=clean.born_on,
            gender=clean.gender,
            identity_number=clean.identity_number,
            phone=clean.phone,
            search=fold(clean.full_name)[:160],
        )
    belongs = HouseholdMember.objects.filter(living_on(on), person=known).first()
    if belongs is not None or known.search != fold(clean.full_name)[:160]:
        raise IdentityTaken(where=_where(known, by, on))
    return known


def refuse_identity(number: str | None, person: Person, *, by: User | None, on: date) -> None:
    """Raises IdentityTaken when another person has this number."""
    other = Person.objects.filter(identity_number=number).exclude(pk=person.pk).first()
    if number and other:
        raise IdentityTaken(where=_where(other, by, on))


def _where(person: Person, by: User | None, on: date) -> str:
    homes = Household.objects.filter(members__person=person).order_by("-members__starts_on")
    if by is not None:
        homes = homes.filter(pk__in=visible_households(by, on).filter(members__person=person))
    home = homes.first()
    return f"hộ {home.code}" if home else "một hộ khác, ngoài địa bàn của bạn"


def locked(household: Household, *, by: User | None, on: date) -> Household:
    """The household under lock, living and in the person's area. Raises HouseholdEnded, OutsideYourArea."""
    row: Household = Household.objects.select_for_update().get(pk=household.pk)
    if row.ends_on is not None and row.ends_on <= on:
        raise HouseholdEnded(code=row.code, on=f"{row.ends_on:%d/%m/%Y}")
    if by is not None and not changeable_households(by, on).filter(pk=row.pk).exists():
        raise OutsideYourArea
    return row


def require_commune(area: Area, day: date) -> Area:
    """Raises NotACommune unless the area is a commune that lives on the day."""
    lives = area.starts_on <= day and (area.ends_on is None or day < area.ends_on)
    if area.level != Level.COMMUNE or not lives:
        raise NotACommune(area=area_names({area.pk}, day).get(area.pk, area), day=f"{day:%d/%m/%Y}")
    return area


def require_kept(area: Area, *, by: User | None, on: date) -> None:
    """Raises OutsideYourArea unless the person may change households of the area."""
    kept = kept_communes(by, on) if by is not None else None
    if kept is not None and area.pk not in kept:
        raise OutsideYourArea


def not_future(day: date, on: date) -> None:
    """Raises DayOutside for a day after ``on``."""
    if day > on:
        raise DayOutside(day=f"{day:%d/%m/%Y}", why="ở tương lai")


def after(day: date, since: date, what: str) -> None:
    """Raises DayOutside unless ``day`` is after the day on which something began."""
    if day <= since:
        raise DayOutside(day=f"{day:%d/%m/%Y}", why=f"phải sau {what} ({since:%d/%m/%Y})")


def require_decision(decision: Decision, on: date) -> Decision:
    """The decision with its number in order. Raises DecisionMissing, DayOutside."""
    number = squash(decision.number)
    if not number:
        raise DecisionMissing
    not_future(decision.on, on)
    return Decision(number[:60], decision.on, decision.by)


def next_codes(count: int) -> list[str]:
    """New household codes, never given before: H0000001 …"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('households_code') FROM generate_series(1, %s)", [count])
        return [f"H{row[0]:07d}" for row in cursor.fetchall()]


def refresh_search(household: Household) -> None:
    """Folded words under which the household is found: code, names, the head first, hamlet."""
    members = household.members.filter(ends_on=household.ends_on).select_related("person")
    names = [m.person.full_name for m in sorted(members, key=lambda m: (not m.is_head, m.pk))]
    address = household.addresses.order_by("-starts_on").first()
    words = [household.code, *names, address.hamlet if address else ""]
    # A household that was merged into this one is still found by its own code and names.
    merged = Household.objects.filter(
        successions__successor=household, successions__undone_on__isnull=True
    )
    words += merged.order_by("pk").values_list("search", flat=True)
    household.search = fold(" ".join(words))[:400]
    household.save(update_fields=["search"])


def last_day_told(household: Household) -> date:
    """The latest first day of anything about the household."""
    days = [household.starts_on]
    for rows in (household.members, household.addresses, household.spells):
        latest = rows.aggregate(latest=Max("starts_on"))["latest"]
        if latest:
            days.append(latest)
    return max(days)
