"""A reminder to the people of a unit: who is there to be told, and what became of it for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS
from tdcs.core import clock, trail
from tdcs.plans.models import (
    Channel,
    DeliveryState,
    Notice,
    NoticeKind,
    Plan,
    ReminderDelivery,
)
from tdcs.plans.queries.notices import OPENED_BY

_READERS: Final = PERMISSIONS[OPENED_BY[NoticeKind.INBOX]]


def people_told(units: set[int], channel: str, on: date) -> dict[int, list[User]]:
    """Who of each unit a channel reaches: whose role opens the notice, or who has an address and accepts mail."""
    reached = ~Q(user__email="") & Q(user__by_mail=True)
    if channel == Channel.IN_APP:
        reached = Q(role__in=_READERS)
    rows = RoleHolding.objects.on(on).filter(
        reached, organisation_id__in=units, user__is_active=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for row in rows.select_related("user").order_by("user_id"):
        found[row.organisation_id].append(row.user)
    return dict(found)


def keep_nobody(*, plan: Plan, units: set[int], channel: str, on: date) -> None:
    """Keep that these units have nobody whom the channel reaches: once a day each."""
    ReminderDelivery.objects.bulk_create(
        [
            ReminderDelivery(
                plan=plan,
                organisation_id=unit,
                channel=channel,
                state=DeliveryState.NOBODY,
                on=on,
                at=clock.now(),
            )
            for unit in sorted(units)
        ],
        ignore_conflicts=True,
    )


def notify_units(
    *, plan: Plan, words: Mapping[int, str], people: Mapping[int, list[User]], on: date
) -> None:
    """A notice to each unit, and the people who can read it."""
    at = clock.now()
    notices = Notice.objects.bulk_create(
        Notice(organisation_id=unit, words=said[:300], kind=NoticeKind.INBOX, at=at)
        for unit, said in words.items()
    )
    ReminderDelivery.objects.bulk_create(
        ReminderDelivery(
            plan=plan,
            organisation_id=notice.organisation_id,
            person=person,
            channel=Channel.IN_APP,
            state=DeliveryState.SENT,
            notice=notice,
            on=on,
            at=at,
        )
        for notice in notices
        for person in people[notice.organisation_id]
    )


def mail_units(
    *, plan: Plan, bodies: Mapping[int, str], people: Mapping[int, list[User]], on: date
) -> None:
    """A message to each person once the transaction holds; what became of each is kept."""
    kept = ReminderDelivery.objects.bulk_create(
        ReminderDelivery(
            plan=plan,
            organisation_id=unit,
            person=person,
            channel=Channel.EMAIL,
            state=DeliveryState.QUEUED,
            on=on,
            at=clock.now(),
        )
        for unit in bodies
        for person in people[unit]
    )
    transaction.on_commit(lambda: _send_mails(plan, kept, bodies, on))


def _send_mails(
    plan: Plan, deliveries: list[ReminderDelivery], bodies: Mapping[int, str], on: date
) -> None:
    """A mail server that fails does not undo the reminder in the site."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        for one in deliveries:
            _fail(one, error)
    else:
        for one in deliveries:
            subject = f"Nhắc việc thực hiện {plan}"
            to = [one.person.email] if one.person else []
            message = EmailMessage(subject, bodies[one.organisation_id], to=to)
            try:
                connection.send_messages([message])
                one.state = DeliveryState.SENT
            except (OSError, ValueError) as error:
                _fail(one, error)
        connection.close()
    with transaction.atomic():
        ReminderDelivery.objects.bulk_update(deliveries, ["state", "why"], batch_size=500)
        sent = sum(one.state == DeliveryState.SENT for one in deliveries)
        data = {"sent": sent, "failed": len(deliveries) - sent}
        trail.record(action="plans.mail_reminders", subject=plan, by=None, on=on, data=data)


def _fail(delivery: ReminderDelivery, error: Exception) -> None:
    """The kind of error only: its words may hold the address."""
    code = getattr(error, "smtp_code", "") or getattr(error, "errno", "") or ""
    delivery.state = DeliveryState.FAILED
    delivery.why = f"{type(error).__name__} {code}".strip()[:200]
