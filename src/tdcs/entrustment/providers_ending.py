"""What this room keeps on a household, a member of one, a group or an organisation that is about to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tdcs.core import ending
from tdcs.core.errors import Kept
from tdcs.documents.numbers import grouped
from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile, SavingsAccount

_ROOM = "entrustment"


def register() -> None:
    """Called once when the room starts."""
    ending.answer(kind="household", room=_ROOM, find=of_household)
    ending.answer(kind="member", room=_ROOM, find=of_member)
    ending.answer(kind="group", room=_ROOM, find=of_group)
    ending.answer(kind="organisation", room=_ROOM, find=of_organisation)


def of_household(household: Any, last: date, on: date) -> Iterator[Kept]:
    """Memberships that run beyond the day, savings accounts that are open."""
    yield from _memberships(GroupMember.objects.filter(household=household), last)
    yield from _savings(SavingsAccount.objects.filter(household=household, closed_on=None))


def of_member(member: Any, last: date, on: date) -> Iterator[Kept]:
    """What goes by the name of one person of a household: representation in a group, a post on its board, savings."""
    person = member.person_id
    yield from _memberships(
        GroupMember.objects.filter(household=member.household_id, person=person), last
    )
    posts = BoardMember.objects.filter(_running(last), person=person).select_related("group")
    for post in posts:
        words = post.get_post_display().lower()
        yield Kept(
            f"{words} của tổ {post.group.code}", f"a post on the board of group {post.group.code}"
        )
    yield from _savings(
        SavingsAccount.objects.filter(household=member.household_id, person=person, closed_on=None)
    )


def of_group(group: Any, last: date, on: date) -> Iterator[Kept]:
    """Savings with the group, whoever their household is with now."""
    yield from _savings(SavingsAccount.objects.filter(group=group, closed_on=None, balance__gt=0))


def of_organisation(organisation: Any, last: date, on: date) -> Iterator[Kept]:
    """Groups that it serves or stands behind (their commune living on: else they are carried along with it), and savings."""
    runs = GroupProfile.objects.filter(_running(last)).select_related("group")
    runs = runs.filter(Q(area__ends_on=None) | Q(area__ends_on__gt=last))
    for profile in runs.filter(Q(office=organisation) | Q(mass_organisation=organisation)):
        yield Kept(
            f"tổ {profile.group.code} do đơn vị phụ trách",
            f"group {profile.group.code} in its charge",
        )
    yield from _savings(SavingsAccount.objects.filter(office=organisation, closed_on=None))


def _running(last: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gt=last)


def _memberships(rows: QuerySet[GroupMember], last: date) -> Iterator[Kept]:
    for member in rows.filter(_running(last)).select_related("group").order_by("pk"):
        code = member.group.code
        yield Kept(f"tư cách tổ viên ở tổ {code}", f"membership of group {code}")


def _savings(rows: QuerySet[SavingsAccount]) -> Iterator[Kept]:
    for account in rows.order_by("pk"):
        yield Kept(
            f"sổ tiền gửi {account.number} số dư {grouped(account.balance)} đồng",
            f"savings account {account.number} with {grouped(account.balance)} dong",
        )
