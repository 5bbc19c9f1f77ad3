"""What a person may see: the units of their scope."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import (
    ColumnChoice,
    HamletOfficer,
    HandOver,
    RoleHolding,
    Substitution,
    User,
)
from tdcs.access.permissions import SEES_ALL, Role
from tdcs.core import clock
from tdcs.core.remembered import remembered
from tdcs.core.text import by_name, fold
from tdcs.organisations import queries as organisations
from tdcs.organisations.models import Kind, Level, Organisation


def sees_all(user: User) -> bool:
    """Whether the role held today covers every unit of the province.

    Planner, auditor and system admin do; so does a leader of the branch or of a body of the province itself.
    """
    holding = user.holding()
    if holding is None:
        return False
    unit = holding.organisation
    of_province = unit.level == Level.PROVINCE and unit.kind in (
        Kind.PEOPLE_COMMITTEE,
        Kind.BOARD,
        Kind.VBSP_BRANCH,
    )
    return Role(holding.role) in SEES_ALL or (holding.role == Role.LEADER and of_province)


def visible_organisations(user: User, on: date | None = None) -> frozenset[int] | None:
    """Ids of the units a person may see on a day, or None for all.

    A unit sees itself, its subtree, and the ceased units that it or its subtree continues.
    """
    if sees_all(user):
        return None
    holding = user.holding()
    if holding is None:
        return frozenset()
    day = on or clock.today()
    kept: dict[date, frozenset[int]] = user.__dict__.setdefault("_visible", {})
    if day not in kept:
        own = organisations.subtree(holding.organisation_id, day)
        kept[day] = frozenset(own | organisations.ancestors_of(own))
    return kept[day]


def may_see(user: User, organisation: Organisation | int) -> bool:
    """Whether one unit lies in a person's scope."""
    visible = visible_organisations(user)
    key = organisation if isinstance(organisation, int) else organisation.pk
    return visible is None or key in visible


def own_organisation(user: User) -> Organisation | None:
    """The unit for which a person works today."""
    holding = user.holding()
    return holding.organisation if holding else None


def demo_accounts() -> list[User]:
    """The accounts of the demonstration, in the order in which they are offered."""
    return list(_demo_accounts())


@remembered
def _demo_accounts() -> tuple[User, ...]:
    rows = User.objects.filter(username__startswith="demo-", is_active=True)
    return tuple(rows.order_by("pk"))


def people_named(key: str) -> list[User]:
    """People whose folded name or user name holds the key."""
    return [
        person
        for person in User.objects.order_by("full_name", "username")
        if key in fold(f"{person.full_name} {person.username}")
    ]


def holdings_on(day: date, role: str = "") -> QuerySet[RoleHolding]:
    """Roles that are held on a day (one role of them), by the person's name."""
    rows = RoleHolding.objects.on(day).select_related("user").order_by("user__username", "pk")
    return rows.filter(role=role) if role else rows


def substitutions_of(user: User, on: date) -> QuerySet[Substitution]:
    """For whom a person may work on a day."""
    rows = Substitution.objects.on(on).filter(substitute=user, absent__is_active=True)
    return rows.select_related("absent").order_by("pk")


def substitutions_from(on: date) -> QuerySet[Substitution]:
    """Substitutions that run on a day or are still to come."""
    rows = Substitution.objects.filter(ends_on__gt=on)
    return rows.select_related("absent", "substitute", "by").order_by("starts_on", "pk")


def hand_overs() -> QuerySet[HandOver]:
    """Every hand-over, the newest first."""
    return HandOver.objects.select_related("old", "new", "by").order_by("-on", "-pk")


def person_called(username: str) -> User | None:
    """The person of a user name."""
    return User.objects.filter(username__iexact=username.strip()).first()


def column_choices(user: User) -> dict[str, ColumnChoice]:
    """What a person chose for each table that he changed."""
    return {row.table: row for row in ColumnChoice.objects.filter(by=user)}


@remembered
def hamlet_officers(on: date) -> dict[tuple[int, str], str]:
    """(commune, hamlet as it is compared) → who looks after it on a day."""
    rows = HamletOfficer.objects.on(on)
    return {
        (area, words): name for area, words, name in rows.values_list("area_id", "words", "name")
    }


def officers_to_choose(user: User, on: date) -> list[tuple[int, str]]:
    """(key of one of his hamlets, name) of each officer with hamlets on a day, of the offices in a person's scope, by name."""
    seen = visible_organisations(user, on)
    found: dict[tuple[int, str], int] = {}
    for key, office, name in (
        HamletOfficer.objects.on(on).order_by("pk").values_list("pk", "office_id", "name")
    ):
        if seen is None or office in seen:
            found.setdefault((office, name), key)
    return sorted(
        ((key, name) for (_, name), key in found.items()), key=lambda one: by_name(one[1])
    )


def hamlets_with(officer: int, on: date) -> set[tuple[int, str]]:
    """(commune, hamlet as it is compared) of all that the officer of one hamlet, by its key, looks after on a day."""
    row = HamletOfficer.objects.filter(pk=officer).first()
    if row is None:
        return set()
    rows = HamletOfficer.objects.on(on).filter(office=row.office_id, name=row.name)
    return set(rows.values_list("area_id", "words"))
