"""Who is to be reminded, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

import polars as pl
from django.db.models import Count, Q, QuerySet

from tdcs.access.models import RoleHolding, User
from tdcs.access.queries import visible_organisations
from tdcs.core.text import by_name
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.plans.models import Letter, Obligation, Plan, Reminder
from tdcs.plans.queries.in_force import Plans, keys_of
from tdcs.plans.queries.obligations import GROUP_ORDER, frame, map_day
from tdcs.plans.queries.plans import is_closed
from tdcs.plans.rules.timeliness import SOON_DAYS
from tdcs.plans.states import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Debtor:
    """A unit with matters late or soon due."""

    unit: int
    name: str
    group: str
    late: int
    soon: int
    worst: int | None
    reminded_on: date | None
    mailed: int


def debtors(plans: Plans, year: int, user: User, *, late_only: bool = False) -> list[Debtor]:
    """Units with something late or soon: the late ones first, by group, the most late before the others."""
    rows = frame(plans, year, user).filter(pl.col("standing").is_in(["late", "soon"]))
    units = rows.group_by("holder", "group").agg(
        late=(pl.col("standing") == "late").sum(),
        soon=(pl.col("standing") == "soon").sum(),
        worst=pl.col("days_late").max(),
    )
    if late_only:
        units = units.filter(pl.col("late") > 0)
    keys = units["holder"].to_list()
    names, last, mails = names_on(map_day(year), keys), _last_reminders(plans, keys), _mails(keys)
    found = [
        Debtor(unit, names[unit], group, late, soon, worst, last.get(unit), mails.get(unit, 0))
        for unit, group, late, soon, worst in units.iter_rows()
    ]
    return sorted(
        found,
        key=lambda d: (
            not d.late,
            GROUP_ORDER[d.group],
            -d.late,
            -d.soon,
            by_name(d.name),
            d.unit,
        ),
    )


def _last_reminders(plans: Plans, units: list[int]) -> dict[int, date]:
    rows = Reminder.objects.filter(obligation__plan__in=keys_of(plans), organisation_id__in=units)
    return dict(
        rows.order_by("organisation_id", "-on")
        .distinct("organisation_id")
        .values_list("organisation_id", "on")
    )


def _mails(units: list[int]) -> dict[int, int]:
    """How many people of each unit have an address and accept mail."""
    people = RoleHolding.objects.filter(
        organisation_id__in=units, ends_on=None, user__is_active=True, user__by_mail=True
    ).exclude(user__email="")
    return dict(
        people.values_list("organisation_id").annotate(n=Count("user", distinct=True)).order_by()
    )


class Sent(TypedDict):
    """What was sent on a day by a channel at a step: to how many units, about how many matters."""

    on: date
    channel: str
    step: int
    units: int
    matters: int
    days: int


def history(plans: Plans, year: int) -> list[Sent]:
    """What was sent, by day, channel and step: how many units and matters; the latest first."""
    rows = (
        Reminder.objects.filter(obligation__plan__in=keys_of(plans), obligation__year=year)
        .values("on", "channel", "step")
        .annotate(units=Count("organisation", distinct=True), matters=Count("obligation"))
        .order_by("-on", "channel", "step")[:60]
    )
    return [Sent(**row, days=abs(row["step"])) for row in rows]


def visible_letters(user: User) -> QuerySet[Letter]:
    """Letters to units in the person's scope, the latest first."""
    visible = visible_organisations(user)
    scope = Q() if visible is None else Q(organisation_id__in=visible)
    return Letter.objects.filter(scope).select_related("plan", "organisation").order_by("-pk")


def letters_of(plans: Plans, year: int, user: User) -> QuerySet[Letter]:
    """Letters of a year in the person's scope, the latest first."""
    return visible_letters(user).filter(plan__in=keys_of(plans), year=year)


def chosen_letters(user: User, keys: list[int]) -> QuerySet[Letter]:
    """The letters that were ticked, of those in the person's scope."""
    return visible_letters(user).filter(pk__in=keys)


def presses(plan: Plan, year: int, unit: Organisation, on: date) -> bool:
    """Whether a unit owes something of the plan that a letter would list: late, or soon due."""
    rows = Obligation.objects.filter(
        plan=plan,
        year=year,
        holder=unit,
        state__in=OPEN_STATES,
        due_on__lte=on + timedelta(SOON_DAYS),
    )
    return rows.exists() and not is_closed(plan, year)
