"""Messages to borrowers: agreed to, drafted, confirmed by a second person, sent, answered by the gateway."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.households.models import Person
from tdcs.sending import gateway
from tdcs.sending.errors import (
    NobodyToMessage,
    SecondPersonNeeded,
    WithoutTelephone,
)
from tdcs.sending.models import BorrowerMessage, MessageBatch, MessageState, PhoneConsent
from tdcs.sending.queries.messages import MessageRequest, agreed_people, dry_run
from tdcs.sending.rules.sms import is_quiet
from tdcs.sending.texts import bounds

MOST_ATTEMPTS: Final = 5
_FIRST_WAIT: Final = timedelta(minutes=5)
_GONE_AFTER: Final = timedelta(minutes=30)
# Of one run: what is left goes with the next.
_AT_ONCE: Final = 200
_LOG: Final = logging.getLogger(__name__)


def set_consent(*, person: Person, agreed: bool, by: User, on: date) -> None:
    """Note that a person agreed to messages, or withdrew it. Raises WithoutTelephone."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        rows = PhoneConsent.objects.filter(person=person, withdrawn_on=None)
        if agreed == rows.exists():
            return
        if agreed and not person.phone:
            raise WithoutTelephone
        if agreed:
            PhoneConsent.objects.create(person=person, given_on=on, noted_by=by)
        else:
            rows.update(withdrawn_on=on)
        data = {"person": person.pk, "agreed": agreed}
        trail.record(
            action="sending.set_consent", subject="đồng ý nhận tin", by=by, on=on, data=data
        )


def make_batch(*, asked: MessageRequest, by: User, on: date) -> MessageBatch:
    """Put what the dry run shows into the queue. Raises GatewayOff, GatewayUnsafe, GatewayMappingWrong, NobodyToMessage."""
    gateway.check()
    with transaction.atomic():
        # Two at once would both stay within a borrower's day.
        PhoneConsent.objects.select_for_update().order_by("pk").first()
        found = dry_run(by, asked, on)
        if not found.messages:
            raise NobodyToMessage
        batch = MessageBatch.objects.create(
            kind=asked.kind,
            on=on,
            count=len(found.messages),
            parts=found.parts,
            made_by=by,
            made_at=clock.now(),
            needs_second=found.needs_second,
        )
        BorrowerMessage.objects.bulk_create(
            BorrowerMessage(
                batch=batch,
                person_id=one.person,
                text=one.text,
                parts=one.length.parts,
                next_try_at=clock.now(),
            )
            for one in found.messages
        )
        data = {"kind": str(asked.kind), "messages": batch.count, "parts": batch.parts}
        trail.record(action="sending.make_batch", subject=batch, by=by, on=on, data=data)
    return batch


def confirm_batch(*, batch: MessageBatch, by: User, on: date) -> None:
    """A second person lets a large batch go. Raises SecondPersonNeeded."""
    with transaction.atomic():
        row = MessageBatch.objects.select_for_update().get(pk=batch.pk)
        if row.made_by_id == by.pk:
            raise SecondPersonNeeded
        if row.needs_second and row.confirmed_by_id is None:
            row.confirmed_by = by
            row.save(update_fields=["confirmed_by"])
            trail.record(action="sending.confirm_batch", subject=row, by=by, on=on)


def send_due_messages(*, on: date) -> int:
    """Send what waits, outside the quiet hours; how many the gateway took."""
    limits = bounds()
    if not gateway.is_on() or is_quiet(clock.now(), limits.quiet_from, limits.quiet_until):
        return 0
    try:
        gateway.check()
    except Refusal as refusal:
        _LOG.warning("messages wait: %s", refusal.code)
        return 0
    _end_cut_short()
    rows = BorrowerMessage.objects.filter(
        state=MessageState.QUEUED, next_try_at__lte=clock.now()
    ).exclude(batch__needs_second=True, batch__confirmed_by=None)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_send(key, on) for key in keys)


def _send(key: int, on: date) -> bool:
    with transaction.atomic():
        row = (
            BorrowerMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=key, state=MessageState.QUEUED)
            .select_related("person", "batch")
            .first()
        )
        if row is None:
            return False
        row.state, row.taken_at = MessageState.SENDING, clock.now()
        row.attempts += 1
        row.save(update_fields=["state", "taken_at", "attempts"])
    answer: gateway.Answer
    if not agreed_people([row.person_id]) or not row.person.phone:
        answer = gateway.Refused("no_consent")
    else:
        answer = gateway.send(to=row.person.phone, text=row.text, reference=f"tdcs-{row.pk}")
    with transaction.atomic():
        _note(row, answer)
        data = {"message": row.pk, "state": str(row.state), "why": row.why}
        trail.record(action="sending.send_message", subject=row.batch, by=None, on=on, data=data)
    return isinstance(answer, gateway.Accepted)


def _note(row: BorrowerMessage, answer: gateway.Answer) -> None:
    if isinstance(answer, gateway.Accepted):
        row.state, row.sent_at, row.why = MessageState.SENT, clock.now(), ""
        row.gateway_number = answer.number
    elif isinstance(answer, gateway.Later) and row.attempts < MOST_ATTEMPTS:
        row.state, row.why = MessageState.QUEUED, answer.why
        factor: int = 3 ** (row.attempts - 1)
        wait = max(_FIRST_WAIT * factor, timedelta(seconds=answer.seconds))
        row.next_try_at = clock.now() + wait
    else:
        row.state, row.why, row.ended_at = MessageState.FAILED, answer.why, clock.now()
    row.save()


def note_delivery(*, number: str, delivered: bool, on: date) -> bool:
    """What the gateway says became of a message; whether it is one that it took and that had not ended."""
    with transaction.atomic():
        row = (
            BorrowerMessage.objects.select_for_update(of=("self",))
            .select_related("batch")
            .filter(gateway_number=number, state=MessageState.SENT)
            .first()
        )
        if row is None:
            return False
        row.state = MessageState.DELIVERED if delivered else MessageState.FAILED
        row.why, row.ended_at = "" if delivered else "not_delivered", clock.now()
        row.save(update_fields=["state", "why", "ended_at"])
        data = {"message": row.pk, "state": str(row.state)}
        trail.record(action="sending.note_delivery", subject=row.batch, by=None, on=on, data=data)
    return True


def _end_cut_short() -> None:
    """Whoever sent these fell; whether they left is unknown: they end here."""
    with transaction.atomic():
        rows = BorrowerMessage.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state=MessageState.SENDING, taken_at__lt=clock.now() - _GONE_AFTER
        )
        for row in rows.select_related("batch"):
            _note(row, gateway.Refused("unknown"))
            data = {"message": row.pk, "state": str(row.state), "why": row.why}
            trail.record(
                action="sending.send_message",
                subject=row.batch,
                by=None,
                on=clock.today(),
                data=data,
            )
