"""Who may join a group: people found by name or by the last digits of their identity number, and why somebody may not.

Fixed number of queries, however many are found. The service asks the same again under lock (services/checking.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.entrustment.errors import AlreadyMember, GroupFull, OtherCommune, UnderAge
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import profile_on
from tdcs.entrustment.rules import most_members
from tdcs.households.models import HouseholdMember
from tdcs.households.queries.finding import HouseholdSummary, heads_and_places
from tdcs.households.queries.scope import living_areas_of, living_changeable_households
from tdcs.households.rules import is_grown
from tdcs.organisations.models import living_on

MOST: Final = 20
# Fewer digits say too little of whom is meant.
LEAST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of a household as the page proposes it; ``barred`` says why the household may not join."""

    member: HouseholdMember
    face: HouseholdSummary
    here: bool
    barred: Refusal | None


def find_candidates(user: User, group: SavingsGroup, words: str, since: date) -> list[Candidate]:
    """People of the person's area who match, those of the group's commune and who may join first; at most MOST."""
    rows = _matching(user, words, since)
    if rows is None:
        return []
    found = list(rows.select_related("household", "person").order_by("person__search", "pk")[:200])
    faces = heads_and_places({row.household_id for row in found}, since)
    area = profile_on(group, since).area_id
    living = living_areas_of({area, *(face.area for face in faces.values() if face.area)}, since)
    held = _memberships({row.household_id for row in found}, since)
    full = _full(group, since)
    candidates = []
    for row in found:
        face = faces[row.household_id]
        here = bool(set(living[area]) & set(living.get(face.area, ())))
        barred = _barred(row, held.get(row.household_id), here, since) or full
        candidates.append(Candidate(row, face, here, barred))
    candidates.sort(key=lambda one: (not one.here, one.barred is not None))
    return candidates[:MOST]


def _matching(user: User, words: str, on: date) -> QuerySet[HouseholdMember] | None:
    key = fold(words)
    bare = key.replace(" ", "")
    rows = HouseholdMember.objects.filter(
        living_on(on), household__in=living_changeable_households(user)
    )
    if bare.isdigit():
        if len(bare) < LEAST_DIGITS:
            return None
        return rows.filter(person__identity_number__endswith=bare)
    if not bare:
        return None
    by_name = Q()
    for word in key.split():
        by_name &= Q(person__search__contains=word)
    return rows.filter(by_name | Q(household__code__iexact=words.strip()))


def _memberships(households: Iterable[int], since: date) -> dict[int, GroupMember]:
    """The running or coming membership of each household."""
    rows = GroupMember.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=since), household_id__in=set(households)
    )
    return {row.household_id: row for row in rows.select_related("group")}


def _full(group: SavingsGroup, since: date) -> Refusal | None:
    most = most_members(since)
    count = GroupMember.objects.filter(living_on(since), group=group).count()
    return GroupFull(group=group.code, count=count, most=most) if count >= most else None


def _barred(
    row: HouseholdMember, held: GroupMember | None, here: bool, since: date
) -> Refusal | None:
    code = row.household.code
    if held is not None:
        return AlreadyMember(household=code, group=held.group.code)
    if not here:
        return OtherCommune(household=code)
    if not is_grown(row.person.born_on, since):
        return UnderAge(name=row.person.full_name, day=since)
    return None
