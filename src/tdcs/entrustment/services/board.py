"""A group's board and its delegation contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.entrustment.errors import ContractMissing, DayOutside, LeaderNotMember, OnTheBoard
from tdcs.entrustment.models import (
    BoardMember,
    DelegationContract,
    GroupAccount,
    GroupMember,
    SavingsGroup,
)
from tdcs.entrustment.services.checking import day_words, locked, refresh_search
from tdcs.households.models import Person
from tdcs.organisations.models import living_on


def appoint(
    *, group: SavingsGroup, person: Person, post: str, since: date, by: User | None, on: date
) -> BoardMember:
    """Leader or deputy from a day on, in place of who holds the post; both are members.

    Raises LeaderNotMember, OnTheBoard, GroupEnded, OutsideYourOffice, DayOutside.
    """
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        members = GroupMember.objects.filter(living_on(since), group=row, person=person)
        if not members.exists():
            raise LeaderNotMember(name=person.full_name, group=row.code)
        held = BoardMember.objects.select_for_update().filter(group=row)
        if held.filter(starts_on__gt=since).exists():
            raise DayOutside(day=day_words(since), why="ban quản lý đã thay đổi sau ngày này")
        _clear(held, person, post, since)
        try:
            with transaction.atomic():
                made = BoardMember.objects.create(
                    group=row, person=person, post=post, starts_on=since
                )
        except IntegrityError as error:
            other = BoardMember.objects.filter(living_on(since), person=person).first()
            if other is None:
                raise
            raise OnTheBoard(
                name=person.full_name, post=other.get_post_display(), group=other.group.code
            ) from error
        refresh_search(row, since)
        trail.record(
            action="entrustment.appoint",
            subject=row,
            by=by,
            on=on,
            data={"person": person.pk, "post": post, "since": since},
        )
    return made


def _clear(held, person: Person, post: str, since: date) -> None:  # type: ignore[no-untyped-def]
    """Who holds the post, and the person's other post, end on the day."""
    for row in held.filter(living_on(since)):
        if row.post == post or row.person_id == person.pk:
            if row.starts_on == since:
                row.delete()
            else:
                row.ends_on = since
                row.save(update_fields=["ends_on"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Delegation:
    """What a contract hands to the board: interest, savings or both."""

    number: str
    collects_interest: bool = True
    collects_savings: bool = True


def sign_contract(
    *, group: SavingsGroup, contract: Delegation, since: date, by: User | None, on: date
) -> DelegationContract:
    """The bank delegates collection of interest and savings to the board; an older contract ends. Principal never.

    Raises ContractMissing, GroupEnded, OutsideYourOffice, DayOutside.
    """
    if not contract.number.strip():
        raise ContractMissing
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        held = DelegationContract.objects.select_for_update().filter(group=row)
        if held.filter(starts_on__gte=since).exists():
            raise DayOutside(day=day_words(since), why="đã có hợp đồng từ ngày này trở đi")
        held.filter(living_on(since)).update(ends_on=since)
        made: DelegationContract = DelegationContract.objects.create(
            group=row,
            number=squash(contract.number)[:40],
            collects_interest=contract.collects_interest,
            collects_savings=contract.collects_savings,
            starts_on=since,
        )
        trail.record(
            action="entrustment.sign_contract",
            subject=row,
            by=by,
            on=on,
            data={"number": made.number, "since": since},
        )
    return made


def give_account(
    *, group: SavingsGroup, user: User, since: date, by: User | None, on: date
) -> GroupAccount:
    """This account speaks for the group from a day on, and for no other. Raises GroupEnded, OutsideYourOffice."""
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        held = GroupAccount.objects.select_for_update().filter(user=user)
        held.filter(starts_on__gte=since).delete()
        held.filter(living_on(since)).update(ends_on=since)
        made: GroupAccount = GroupAccount.objects.create(group=row, user=user, starts_on=since)
        trail.record(
            action="entrustment.give_account",
            subject=row,
            by=by,
            on=on,
            data={"user": user.username, "since": since},
        )
    return made


def take_accounts(*, group: SavingsGroup, since: date, by: User | None, on: date) -> int:
    """Accounts that spoke for the group until now end with the board that held them; how many there were.

    Raises GroupEnded, OutsideYourOffice, DayOutside.
    """
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        held = GroupAccount.objects.select_for_update().filter(group=row)
        held.filter(starts_on__gte=since).delete()
        count: int = held.filter(living_on(since)).update(ends_on=since)
        if count:
            trail.record(
                action="entrustment.take_accounts",
                subject=row,
                by=by,
                on=on,
                data={"accounts": count, "since": since},
            )
    return count
