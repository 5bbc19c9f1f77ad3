"""What became of reminders, person by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.access.queries import visible_organisations
from tdcs.plans.models import Channel, DeliveryState, Notice, ReminderDelivery
from tdcs.plans.queries.in_force import Plans, keys_of

# A notice in the site that its reader has not opened; beside the states of a delivery.
UNREAD: Final = "unread"
_READ = Exists(
    Notice.read_by.through.objects.filter(
        notice_id=OuterRef("notice_id"), user_id=OuterRef("person_id")
    )
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Of the reminders of a day by a channel: people told, read or sent, failed, units without anybody."""

    on: date
    channel: str
    people: int
    arrived: int
    failed: int
    nobody: int


def deliveries(
    plans: Plans, user: User, *, on: date | None = None, state: str = ""
) -> QuerySet[ReminderDelivery]:
    """Reminders to persons in the person's scope, each with ``is_read``; those that did not arrive first."""
    visible = visible_organisations(user)
    rows = ReminderDelivery.objects.filter(plan__in=keys_of(plans)).annotate(is_read=_READ)
    if visible is not None:
        rows = rows.filter(organisation_id__in=visible)
    if on is not None:
        rows = rows.filter(on=on)
    if state == UNREAD:
        rows = rows.filter(channel=Channel.IN_APP, person__isnull=False, is_read=False)
    elif state:
        rows = rows.filter(state=state)
    return rows.select_related("person", "plan").order_by(
        "-on", F("person_id").asc(nulls_first=True), "pk"
    )


def reached(plans: Plans, user: User) -> list[Reach]:
    """By day and channel how far the reminders got; the latest sixty."""
    rows = deliveries(plans, user).order_by()
    told = Q(person__isnull=False)
    arrived = Q(channel=Channel.IN_APP, is_read=True) | Q(
        channel=Channel.EMAIL, state=DeliveryState.SENT
    )
    counted = (
        rows.values("on", "channel")
        .annotate(
            people=Count("pk", filter=told),
            arrived=Count("pk", filter=told & arrived),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
            nobody=Count("organisation", filter=~told, distinct=True),
        )
        .order_by("-on", "channel")[:60]
    )
    return [Reach(**row) for row in counted]


def administrators(on: date) -> list[str]:
    """Who can give a unit somebody to remind: the names of the administrators of a day."""
    rows = RoleHolding.objects.on(on).filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
    return sorted(rows.values_list("user__full_name", flat=True))
