"""Whose groups a person sees and may change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all
from tdcs.access.scopes import reads_cases
from tdcs.core import clock
from tdcs.entrustment.models import GroupAccount, GroupMember, GroupProfile, SavingsGroup
from tdcs.households.queries.scope import is_group_leader, seen_communes
from tdcs.organisations.models import Kind, Level, Organisation, living_on
from tdcs.organisations.queries import ancestors_of


def shown_profiles(day: date) -> QuerySet[GroupProfile]:
    """The profile by which each outer group is known on a day: the one that holds, or the last of an ended group."""
    lasting = Q(ends_on__isnull=False, ends_on=F("group__ends_on"), ends_on__lte=day)
    return GroupProfile.objects.filter(living_on(day) | lasting, group=OuterRef("pk"))


def visible_groups(user: User, on: date | None = None) -> QuerySet[SavingsGroup]:
    """Groups in a person's scope on a day, also ended ones.

    A group leader: the group the account speaks for. An office: the groups it serves. A commune's organisation: the
    commune's; a mass organisation: its own, of the commune or of the province. Branch and province: all.
    """
    day = on or clock.today()
    rows = SavingsGroup.objects.all()
    unit = own_organisation(user)
    if unit is None:
        return rows.none()
    if is_group_leader(user):
        mine = GroupAccount.objects.filter(living_on(clock.today()), user=user)
        return rows.filter(pk__in=mine.values("group_id"))
    if sees_all(user):
        return rows
    scope = _of_unit(user, unit, day)
    return rows if scope is None else rows.filter(Exists(shown_profiles(day).filter(scope)))


def _of_unit(user: User, unit: Organisation, day: date) -> Q | None:
    """The condition on a group's profile, or None for all."""
    if unit.kind == Kind.TRANSACTION_OFFICE:
        return Q(office_id__in={unit.pk} | ancestors_of([unit.pk]))
    if unit.kind == Kind.MASS_ORGANISATION:
        if unit.level == Level.PROVINCE:
            return Q(mass_organisation__type=unit.type)
        return Q(mass_organisation_id__in={unit.pk} | ancestors_of([unit.pk]))
    if not reads_cases(user, "groups"):
        return Q(pk__in=())
    areas = seen_communes(user, day)
    return None if areas is None else Q(area_id__in=areas)


def changeable_groups(user: User, on: date | None = None) -> QuerySet[SavingsGroup]:
    """Groups that the person's office keeps; the branch keeps all."""
    unit = own_organisation(user)
    if unit is None or unit.kind not in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH):
        return SavingsGroup.objects.none()
    return visible_groups(user, on)


def group_households(user: User) -> frozenset[int]:
    """The households of the group that a leader's account speaks for; answers the households room's port."""
    day = clock.today()
    groups = GroupAccount.objects.filter(living_on(day), user=user).values("group_id")
    members = GroupMember.objects.filter(living_on(day), group_id__in=groups)
    return frozenset(members.values_list("household_id", flat=True))


def may_change(user: User, group: int) -> bool:
    """Whether the person's office keeps a group."""
    return changeable_groups(user).filter(pk=group).exists()


def living_changeable_groups(user: User) -> QuerySet[SavingsGroup]:
    """Groups that the person's office keeps and that have not ended."""
    return changeable_groups(user).filter(living_on(clock.today()))


def seen_of(user: User, groups: Iterable[int]) -> set[int]:
    """Those of the groups that are in a person's scope."""
    rows = visible_groups(user).filter(pk__in=set(groups))
    return set(rows.values_list("pk", flat=True))


def groups_in_ceased_communes(user: User, on: date) -> int:
    """How many groups of the person's office still stand in a commune that has ceased."""
    kept = changeable_groups(user).values("pk")
    rows = GroupProfile.objects.filter(ends_on=None, area__ends_on__lte=on, group__in=kept)
    return rows.count()


def offices_of_visible_groups(user: User, on: date) -> list[int]:
    """Offices that serve a group in scope."""
    seen = visible_groups(user, on).filter(pk=OuterRef("group_id"))
    rows = GroupProfile.objects.filter(living_on(on)).filter(Exists(seen))
    return list(rows.order_by().values_list("office_id", flat=True).distinct())
