"""Accounts and roles; every change leaves a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tdcs.access.errors import NameTaken, PasswordWeak, RoleUnknown
from tdcs.access.models import ColumnChoice, RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import trail
from tdcs.organisations.models import Kind, Organisation, living_on

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAccount:
    """What an account is opened with."""

    username: str
    full_name: str
    email: str
    password: str


def create_person(
    *, account: NewAccount, role: str, organisation: Organisation | None, by: User | None, on: date
) -> User:
    """A person with a role from ``on``. Raises NameTaken, PasswordWeak, RoleUnknown."""
    if (
        not _NAME.fullmatch(account.username)
        or User.objects.filter(username__iexact=account.username).exists()
    ):
        raise NameTaken(username=account.username)
    person = User(
        username=account.username,
        full_name=account.full_name.strip() or account.username,
        email=account.email.strip(),
    )
    _require_strong(account.password, person)
    with transaction.atomic():
        person.set_password(account.password)
        if organisation is None and role == Role.SYSTEM_ADMIN and not Organisation.objects.exists():
            # No unit is there yet: the role comes with the province (seat_founders).
            person.sets_up = True
            person.save()
            trail.record(
                action="access.create_person", subject=person, by=by, on=on, data={"sets_up": True}
            )
            return person
        person.save()
        trail.record(action="access.create_person", subject=person, by=by, on=on)
        give_role(person=person, role=role, organisation=organisation, by=by, on=on)
    return person


def give_role(
    *, person: User, role: str, organisation: Organisation | None, by: User | None, on: date
) -> RoleHolding:
    """The role holds from ``on``; what was held before ends that day."""
    if role not in Role.values or organisation is None or not _is_active(organisation, on):
        raise RoleUnknown
    with transaction.atomic():
        for held in RoleHolding.objects.select_for_update().on(on).filter(user=person):
            if held.starts_on == on:
                held.delete()
            else:
                held.ends_on = on
                held.save(update_fields=["ends_on"])
        made = RoleHolding.objects.create(
            user=person, role=role, organisation=organisation, starts_on=on
        )
        trail.record(
            action="access.give_role",
            subject=person,
            by=by,
            on=on,
            data={"role": role, "organisation": organisation.code},
        )
    return made


def give_role_between(
    *, person: User, role: str, organisation: Organisation, days: tuple[date, date], by: User
) -> RoleHolding:
    """The role holds from the first day through the last, and ends by itself. Raises RoleUnknown.

    Whoever calls has seen that the person holds no other role in those days; the database refuses two at once.
    """
    first, last = days
    if role not in Role.values or not _is_active(organisation, first):
        raise RoleUnknown
    with transaction.atomic():
        made = RoleHolding.objects.create(
            user=person,
            role=role,
            organisation=organisation,
            starts_on=first,
            ends_on=last + timedelta(days=1),
        )
        said = {"role": role, "organisation": organisation.code, "last_day": last.isoformat()}
        trail.record(action="access.give_role", subject=person, by=by, on=first, data=said)
    return made


def end_role(*, person: User, role: str, since: date, by: User, on: date) -> None:
    """A role that was given between days, the first of them ``since``, ends: ``on`` is not one of its days any more."""
    with transaction.atomic():
        rows = RoleHolding.objects.select_for_update().filter(
            user=person, role=role, starts_on=since, ends_on__gt=on
        )
        for held in rows:
            if held.starts_on >= on:
                held.delete()
            else:
                held.ends_on = on
                held.save(update_fields=["ends_on"])
            trail.record(
                action="access.end_role", subject=person, by=by, on=on, data={"role": role}
            )


def seat_founders(*, on: date) -> int:
    """Who set the installation up becomes the branch's system administrator; returns how many did."""
    branch = Organisation.objects.filter(living_on(on), kind=Kind.VBSP_BRANCH).first()
    if branch is None:
        return 0
    with transaction.atomic():
        people = list(User.objects.select_for_update().filter(sets_up=True))
        for person in people:
            person.sets_up = False
            person.save(update_fields=["sets_up"])
            give_role(person=person, role=Role.SYSTEM_ADMIN, organisation=branch, by=None, on=on)
    return len(people)


def set_active(*, person: User, active: bool, by: User, on: date) -> None:
    """Open or close an account."""
    with transaction.atomic():
        person.is_active = active
        person.save(update_fields=["is_active"])
        trail.record(
            action="access.set_active", subject=person, by=by, on=on, data={"active": active}
        )


def change_password(*, person: User, password: str, by: User, on: date) -> None:
    """Raises PasswordWeak."""
    _require_strong(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        trail.record(action="access.change_password", subject=person, by=by, on=on)


def save_profile(*, person: User, email: str, by_mail: bool, on: date) -> None:
    """A person's own contact."""
    with transaction.atomic():
        person.email, person.by_mail = email.strip()[:254], by_mail
        person.save(update_fields=["email", "by_mail"])
        trail.record(action="access.profile", subject=person, by=person, on=on)


def _is_active(organisation: Organisation, on: date) -> bool:
    return organisation.starts_on <= on and (
        organisation.ends_on is None or organisation.ends_on > on
    )


def _require_strong(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise PasswordWeak(why=" ".join(problem.messages)) from problem


def choose_columns(*, by: User, table: str, order: list[str], hidden: list[str]) -> ColumnChoice:
    """Keeps the columns of a table as the person wants them; how a table looks is no record and leaves no line."""
    made, _new = ColumnChoice.objects.update_or_create(
        by=by, table=table, defaults={"order": order, "hidden": hidden}
    )
    return made


def reset_columns(*, by: User, table: str) -> int:
    """The table looks as it does for everybody again. Returns how many choices went."""
    return ColumnChoice.objects.filter(by=by, table=table).delete()[0]
