"""Households come, change, move, split and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.ending import require_free
from tdcs.core.text import fold, squash
from tdcs.households.errors import (
    DayOutside,
    FieldWrong,
    HeadLeaves,
    PersonElsewhere,
    ReasonMissing,
)
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.households.services.checking import (
    PersonData,
    after,
    clean_person,
    last_day_told,
    locked,
    next_codes,
    not_future,
    person_for,
    refresh_search,
    refuse_identity,
    require_commune,
    require_kept,
)
from tdcs.organisations.models import Area, living_on

HEAD = "Chủ hộ"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household lives: a commune of that day, a hamlet of it, a line of an address."""

    area: Area
    hamlet: str
    line: str = ""


def register(
    *,
    head: PersonData,
    place: Place,
    members: Sequence[tuple[PersonData, str]] = (),
    since: date,
    by: User | None,
    on: date,
) -> Household:
    """A new household with its head, members (with their relation) and address.

    Raises FieldWrong, IdentityTaken, NotACommune, OutsideYourArea, DayOutside.
    """
    not_future(since, on)
    require_commune(place.area, since)
    with transaction.atomic():
        require_kept(place.area, by=by, on=on)
        made = Household.objects.create(code=next_codes(1)[0], starts_on=since, search="")
        _join(made, person_for(head, by=by, on=on), HEAD, since)
        for data, relation in members:
            _join(made, person_for(data, by=by, on=on), relation, since)
        _settle(made, place, since)
        refresh_search(made)
        trail.record(
            action="households.register",
            subject=made,
            by=by,
            on=on,
            data={"since": since, "area": place.area.code, "members": 1 + len(members)},
        )
    return made


def add_member(
    *,
    household: Household,
    person: PersonData,
    relation: str,
    since: date,
    by: User | None,
    on: date,
) -> HouseholdMember:
    """A person joins. Raises IdentityTaken, PersonElsewhere, DayOutside."""
    not_future(since, on)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        if since < row.starts_on:
            raise DayOutside(day=f"{since:%d/%m/%Y}", why="trước khi có hộ")
        made = _join(row, person_for(person, by=by, on=on), relation, since)
        refresh_search(row)
        trail.record(
            action="households.add_member",
            subject=row,
            by=by,
            on=on,
            data={"person": made.person_id, "relation": made.relation, "since": since},
        )
    return made


def end_membership(
    *, member: HouseholdMember, last: date, why: str, by: User | None, on: date
) -> None:
    """A member leaves or dies; ``last`` is the first day on which the person no longer belongs.

    Raises HeadLeaves for the head, StillNeeded for who represents the household in a group, holds its savings or its loan,
    DayOutside, ReasonMissing.
    """
    not_future(last, on)
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(member.household, by=by, on=on)
        held = HouseholdMember.objects.select_for_update().get(pk=member.pk)
        if held.is_head:
            raise HeadLeaves(name=held.person.full_name)
        after(last, held.starts_on, "ngày vào hộ")
        if held.ends_on is not None:
            raise DayOutside(day=f"{last:%d/%m/%Y}", why="người này đã rời hộ")
        _require_free(held, last, on)
        held.ends_on = last
        held.save(update_fields=["ends_on"])
        row.spells.filter(living_on(last), person=held.person, starts_on__lt=last).update(
            ends_on=last
        )
        refresh_search(row)
        trail.record(
            action="households.end_membership",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"person": held.person_id, "last": last},
        )


def change_head(
    *,
    household: Household,
    member: HouseholdMember,
    since: date,
    old_relation: str = "Thành viên",
    by: User | None,
    on: date,
) -> None:
    """Another member heads the household from a day; what was before stays known."""
    not_future(since, on)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        living = row.members.select_for_update().filter(ends_on=None)
        old, new = living.get(is_head=True), living.get(pk=member.pk)
        if old.pk == new.pk:
            return
        after(since, max(old.starts_on, new.starts_on), "ngày gần nhất đã ghi của hai người")
        for held, relation, heads in ((old, old_relation, False), (new, HEAD, True)):
            held.ends_on = since
            held.save(update_fields=["ends_on"])
            HouseholdMember.objects.create(
                household=row,
                person=held.person,
                relation=squash(relation)[:40] or "Thành viên",
                is_head=heads,
                starts_on=since,
            )
        refresh_search(row)
        trail.record(
            action="households.change_head",
            subject=row,
            by=by,
            on=on,
            data={"from": old.person_id, "to": new.person_id, "since": since},
        )


def correct_person(
    *, household: Household, person: Person, data: PersonData, by: User | None, on: date
) -> Person:
    """What was written wrongly is put right. None as identity number or "" as phone leaves what is kept."""
    clean = clean_person(data, on)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        held = Person.objects.select_for_update().get(pk=person.pk, memberships__household=row)
        refuse_identity(clean.identity_number, held, by=by, on=on)
        changed = {"identity": clean.identity_number is not None, "phone": bool(clean.phone)}
        before = [held.full_name, held.born_on, held.gender]
        held.full_name, held.born_on, held.gender = clean.full_name, clean.born_on, clean.gender
        held.identity_number = clean.identity_number or held.identity_number
        held.phone = clean.phone or held.phone
        held.search = fold(clean.full_name)[:160]
        held.save()
        refresh_search(row)
        trail.record(
            action="households.correct_person",
            subject=row,
            by=by,
            on=on,
            data={"person": held.pk, "before": before, "changed": changed},
        )
    return held


def move(*, household: Household, place: Place, since: date, by: User | None, on: date) -> None:
    """The household lives elsewhere from a day. The old commune stops seeing it, the new one begins."""
    not_future(since, on)
    require_commune(place.area, since)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        held = row.addresses.select_for_update().get(ends_on=None)
        after(since, held.starts_on, "ngày đến nơi ở hiện nay")
        held.ends_on = since
        held.save(update_fields=["ends_on"])
        _settle(row, place, since)
        refresh_search(row)
        trail.record(
            action="households.move",
            subject=row,
            by=by,
            on=on,
            data={"from": held.area_id, "to": place.area.pk, "since": since},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NewHome:
    """Who leaves a household together, under whom, to where."""

    head: HouseholdMember
    members: Iterable[HouseholdMember] = ()
    place: Place | None = None


def split(
    *, household: Household, new_home: NewHome, since: date, by: User | None, on: date
) -> Household:
    """Some members leave as a household of their own; eligibility does not follow, it is decided anew.

    Raises HeadLeaves, FieldWrong, DayOutside, StillNeeded as ``end_membership``.
    """
    not_future(since, on)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        chosen = {new_home.head.pk, *(member.pk for member in new_home.members)}
        leaving = list(row.members.select_for_update().filter(pk__in=chosen, ends_on=None))
        for held in leaving:
            if held.is_head:
                raise HeadLeaves(name=held.person.full_name)
            after(since, held.starts_on, f"ngày vào hộ của {held.person.full_name}")
            _require_free(held, since, on)
        if len(leaving) != len(chosen):
            raise FieldWrong(field="Thành viên", why="có người không còn trong hộ")
        home = new_home.place or _same_place(row)
        require_commune(home.area, since)
        made = Household.objects.create(code=next_codes(1)[0], starts_on=since, search="")
        for held in leaving:
            held.ends_on = since
            held.save(update_fields=["ends_on"])
            relation = HEAD if held.pk == new_home.head.pk else "Thành viên"
            _join(made, held.person, relation, since)
        _settle(made, home, since)
        refresh_search(row)
        refresh_search(made)
        trail.record(
            action="households.split",
            subject=row,
            by=by,
            on=on,
            data={"to": made.code, "members": len(leaving), "since": since},
        )
    return made


def end_household(*, household: Household, last: date, why: str, by: User | None, on: date) -> None:
    """The household is no more from ``last``: members, address and spells end with it.

    Raises StillNeeded while it owes, saves, belongs to a group or has an application; ReasonMissing, DayOutside.
    """
    not_future(last, on)
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        after(last, last_day_told(row), "điều gần nhất đã ghi về hộ")
        require_free("household", row, name=f"Hộ {row.code}", last=last, on=on)
        for rows in (row.members, row.addresses, row.spells):
            rows.filter(living_on(last)).update(ends_on=last)
        row.ends_on = last
        row.save(update_fields=["ends_on"])
        trail.record(
            action="households.end", subject=row, by=by, on=on, why=squash(why), data={"last": last}
        )


def _require_free(member: HouseholdMember, last: date, on: date) -> None:
    require_free("member", member, name=member.person.full_name, last=last, on=on)


def _join(household: Household, person: Person, relation: str, since: date) -> HouseholdMember:
    try:
        with transaction.atomic():
            return HouseholdMember.objects.create(
                household=household,
                person=person,
                relation=squash(relation)[:40] or "Thành viên",
                is_head=relation == HEAD,
                starts_on=since,
            )
    except IntegrityError as taken:
        raise PersonElsewhere from taken


def _settle(household: Household, place: Place, since: date) -> None:
    hamlet = squash(place.hamlet)
    if not hamlet:
        raise FieldWrong(field="Ấp, khu phố", why="chưa nhập")
    HouseholdAddress.objects.create(
        household=household,
        area=place.area,
        hamlet=hamlet[:120],
        line=squash(place.line)[:160],
        starts_on=since,
    )


def _same_place(household: Household) -> Place:
    held = household.addresses.select_related("area").get(ends_on=None)
    return Place(held.area, held.hamlet, held.line)
