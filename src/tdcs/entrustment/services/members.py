"""Members come, leave and move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.ending import require_free
from tdcs.core.text import squash
from tdcs.entrustment import ports
from tdcs.entrustment.errors import (
    DayOutside,
    NotInGroup,
    OnTheBoard,
    PersonNotInHousehold,
    ReasonMissing,
    SameGroup,
)
from tdcs.entrustment.models import GroupMember, SavingsAccount, SavingsGroup
from tdcs.entrustment.queries.groups import board_on, profile_on
from tdcs.entrustment.services.checking import (
    day_words,
    locked,
    require_admissible,
    require_grown,
    require_one_office,
    require_room,
)
from tdcs.entrustment.services.groups import require_settled
from tdcs.households.models import Household, Person
from tdcs.organisations.models import living_on


def admit(
    *,
    group: SavingsGroup,
    household: Household,
    person: Person,
    since: date,
    by: User | None,
    on: date,
) -> GroupMember:
    """A household joins, represented by one of its members (10A/TD).

    Raises AlreadyMember, GroupFull, OtherCommune, PersonNotInHousehold, UnderAge, GroupEnded, OutsideYourOffice, DayOutside.
    """
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        # Under the household's lock nobody else takes it in meanwhile.
        held = Household.objects.select_for_update().get(pk=household.pk)
        require_room(row, 1, since)
        require_admissible(held, person, row, profile_on(row, since).area, since)
        require_grown(person, since)
        made: GroupMember = GroupMember.objects.create(
            group=row, household=held, person=person, starts_on=since
        )
        trail.record(
            action="entrustment.admit",
            subject=row,
            by=by,
            on=on,
            data={"household": held.code, "since": since},
        )
    return made


def leave(
    *, group: SavingsGroup, household: Household, why: str, since: date, by: User | None, on: date
) -> GroupMember:
    """A household leaves; its empty savings accounts are closed. ``since``: the first day on which it no longer belongs.

    Raises StillOwes, StillNeeded, NotInGroup, OnTheBoard, ReasonMissing, GroupEnded, OutsideYourOffice, DayOutside.
    """
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        member = _member(row, household, since)
        require_settled([member], on)
        name = f"Tư cách tổ viên của hộ {household.code}"
        require_free("membership", member, name=name, last=since, on=on)
        member.ends_on = since
        member.save(update_fields=["ends_on"])
        accounts = SavingsAccount.objects.filter(household=household, group=row, closed_on=None)
        accounts.update(closed_on=since)
        trail.record(
            action="entrustment.leave",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"household": household.code, "since": since},
        )
    return member


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """A member of one group goes into another."""

    household: Household
    group: SavingsGroup
    into: SavingsGroup
    why: str


def move(*, transfer: Transfer, since: date, by: User | None, on: date) -> GroupMember:
    """A member goes to another group of the commune; savings and loans follow.

    Raises SameGroup, NotInGroup, OnTheBoard, GroupFull, OtherCommune, ReasonMissing, GroupEnded, OutsideYourOffice.
    """
    if transfer.group.pk == transfer.into.pk:
        raise SameGroup
    if not transfer.why.strip():
        raise ReasonMissing
    with transaction.atomic():
        first, second = sorted((transfer.group, transfer.into), key=lambda one: one.pk)
        rows = {one.pk: locked(one, by=by, on=on, since=since) for one in (first, second)}
        old, new = rows[transfer.group.pk], rows[transfer.into.pk]
        require_one_office(old, new, since)
        member = _member(old, transfer.household, since)
        require_room(new, 1, since)
        member.ends_on = since
        member.save(update_fields=["ends_on"])
        require_admissible(
            transfer.household, member.person, new, profile_on(new, since).area, since
        )
        made: GroupMember = GroupMember.objects.create(
            group=new, household=transfer.household, person=member.person, starts_on=since
        )
        # Loans before savings accounts: the order in which a collection sheet locks them.
        ports.members_moved([transfer.household.pk], old.pk, new.pk, since)
        accounts = SavingsAccount.objects.filter(
            household=transfer.household, group=old, closed_on=None
        )
        accounts.update(group=new)
        trail.record(
            action="entrustment.move",
            subject=old,
            by=by,
            on=on,
            why=squash(transfer.why),
            data={"household": transfer.household.code, "into": new.code, "since": since},
        )
    return made


def change_office(*, transfer: Transfer, since: date, by: User | None, on: date) -> GroupMember:
    """A member goes to a group of whatever office, inside the transaction of who moves loans and savings between the books.

    The new group's office is not the person's own: a request that a second person decided stands for it.
    Raises NotInGroup, OnTheBoard, GroupFull, AlreadyMember, OtherCommune, PersonNotInHousehold, GroupEnded, DayOutside.
    """
    first, second = sorted((transfer.group, transfer.into), key=lambda one: one.pk)
    rows = {one.pk: locked(one, by=None, on=on, since=since) for one in (first, second)}
    old, new = rows[transfer.group.pk], rows[transfer.into.pk]
    member = _member(old, transfer.household, since)
    require_room(new, 1, since)
    member.ends_on = since
    member.save(update_fields=["ends_on"])
    require_admissible(transfer.household, member.person, new, profile_on(new, since).area, since)
    made: GroupMember = GroupMember.objects.create(
        group=new, household=transfer.household, person=member.person, starts_on=since
    )
    trail.record(
        action="entrustment.move",
        subject=old,
        by=by,
        on=on,
        why=squash(transfer.why),
        data={"household": transfer.household.code, "into": new.code, "since": since},
    )
    return made


def represent(
    *, household: Household, person: Person, since: date, why: str, by: User | None, on: date
) -> GroupMember | None:
    """Another member represents the household in its group from a day on; None where it is in no group.

    Inside the transaction of who decided it. Raises UnderAge, PersonNotInHousehold, OnTheBoard, DayOutside.
    """
    rows = GroupMember.objects.filter(household=household, ends_on=None)
    found: GroupMember | None = rows.first()
    if found is None or found.person_id == person.pk:
        return found
    row = locked(found.group, by=None, on=on, since=since)
    held: GroupMember = GroupMember.objects.select_for_update().get(pk=found.pk)
    if since < held.starts_on:
        raise DayOutside(day=day_words(since), why="trước ngày kết nạp")
    if post := board_on(row, since).filter(person_id=held.person_id).first():
        raise OnTheBoard(
            name=post.person.full_name, post=post.get_post_display().lower(), group=row.code
        )
    require_grown(person, since)
    if not household.members.filter(living_on(since), person=person).exists():
        raise PersonNotInHousehold(name=person.full_name, household=household.code)
    if since == held.starts_on:
        held.person = person
        held.save(update_fields=["person"])
    else:
        held.ends_on = since
        held.save(update_fields=["ends_on"])
        held = GroupMember.objects.create(
            group=row, household=household, person=person, starts_on=since
        )
    trail.record(
        action="entrustment.represent",
        subject=row,
        by=by,
        on=on,
        why=squash(why),
        data={"household": household.code, "person": person.pk, "since": since},
    )
    return held


def _member(group: SavingsGroup, household: Household, since: date) -> GroupMember:
    """The running membership under lock, of one who is not on the board."""
    rows = GroupMember.objects.select_for_update().filter(group=group, household=household)
    member: GroupMember | None = rows.filter(ends_on=None).first()
    if member is None:
        raise NotInGroup(household=household.code, group=group.code)
    if since <= member.starts_on:
        raise DayOutside(day=day_words(since), why="phải sau ngày kết nạp")
    posts = board_on(group, since).filter(person_id=member.person_id)
    if post := posts.first():
        raise OnTheBoard(
            name=post.person.full_name, post=post.get_post_display().lower(), group=group.code
        )
    return member
