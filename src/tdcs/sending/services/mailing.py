"""What is due is mailed: once for a recipient and a day of the rhythm, tried again while the mail server is away."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.sending.composing.reports import SOURCES, made
from tdcs.sending.errors import (
    MailServerFailed,
    NotForOutsiders,
    RecipientMayNotSee,
    RecipientWithoutAddress,
    SendingCutShort,
)
from tdcs.sending.models import (
    ReportKind,
    ReportSchedule,
    ReportSending,
    ScheduleState,
    SendingState,
)
from tdcs.sending.queries.schedules import waiting_sendings
from tdcs.sending.rules.rhythm import due_period

# Tried after 5, 15, 45 and 135 minutes more.
MOST_ATTEMPTS: Final = 5
_FIRST_WAIT: Final = timedelta(minutes=5)
# Nothing takes as long: who took it up is gone.
_GONE_AFTER: Final = timedelta(minutes=30)


def send_due_reports(*, on: date) -> int:
    """Queue what is due, send what waits; how many were sent. Run again it sends nothing twice."""
    for schedule in ReportSchedule.objects.filter(state=ScheduleState.ACTIVE):
        _queue(schedule, on)
    _end_cut_short(on)
    return sum(send_report(key=key, on=on) for key in waiting_sendings(clock.now()))


def try_schedule(*, schedule: ReportSchedule, by: User, on: date) -> ReportSending:
    """Send the report to oneself now; it counts for no day of the rhythm."""
    with transaction.atomic():
        row = ReportSending.objects.create(schedule=schedule, tried_by=by, next_try_at=clock.now())
        trail.record(action="sending.try_schedule", subject=schedule, by=by, on=on)
    send_report(key=row.pk, on=on)
    row.refresh_from_db()
    return row


def send_report(*, key: int, on: date) -> bool:
    """Send one that waits; whether it left. Taken up in a transaction of its own, so that a fall is seen and not repeated."""
    with transaction.atomic():
        row = (
            ReportSending.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=key, state=SendingState.QUEUED)
            .select_related("schedule", "recipient__person", "tried_by")
            .first()
        )
        if row is None:
            return False
        row.state, row.taken_at = SendingState.SENDING, clock.now()
        row.attempts += 1
        row.save(update_fields=["state", "taken_at", "attempts"])
    try:
        row.sha256 = _mail(row, on)
        row.state, row.sent_at, row.why = SendingState.SENT, clock.now(), {}
    except Refusal as refusal:
        _fail(row, refusal)
    except OSError as error:
        code = getattr(error, "smtp_code", "") or getattr(error, "errno", "") or ""
        _fail(row, MailServerFailed(problem=f"{type(error).__name__} {code}".strip()))
        if row.attempts < MOST_ATTEMPTS and row.recipient_id:
            row.state = SendingState.QUEUED
            row.next_try_at = _next_try(row.attempts)
    with transaction.atomic():
        row.save()
        data = {"state": str(row.state), "attempt": row.attempts, "sending": row.pk}
        trail.record(
            action="sending.send_report", subject=row.schedule, by=row.tried_by, on=on, data=data
        )
    return row.state == SendingState.SENT


def _queue(schedule: ReportSchedule, on: date) -> None:
    period = due_period(rhythm=schedule.rhythm, day=schedule.day, since=schedule.since, on=on)
    if period is None:
        return
    with transaction.atomic():
        there = set(
            ReportSending.objects.filter(schedule=schedule, period=period).values_list(
                "recipient_id", flat=True
            )
        )
        new = [
            ReportSending(schedule=schedule, recipient=one, period=period, next_try_at=clock.now())
            for one in schedule.recipients.all()
            if one.pk not in there
        ]
        # Another worker may have queued it meanwhile.
        ReportSending.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            data = {"period": period.isoformat(), "recipients": len(new)}
            trail.record(
                action="sending.queue_reports", subject=schedule, by=None, on=on, data=data
            )


def _next_try(attempts: int) -> datetime:
    factor: int = 3 ** (attempts - 1)
    return clock.now() + _FIRST_WAIT * factor


def _mail(row: ReportSending, on: date) -> str:
    """Make the file for this reader and mail it; the file's digest."""
    schedule = row.schedule
    source = SOURCES[ReportKind(schedule.kind)]
    reader = row.tried_by or (row.recipient.person if row.recipient else None)
    address = reader.email if reader else row.recipient.email if row.recipient else ""
    if reader is None and not source.public:
        raise NotForOutsiders(name=str(row.recipient))
    if reader is not None and not reader.may(source.permission):
        raise RecipientMayNotSee(name=reader.full_name)
    if not address:
        raise RecipientWithoutAddress(name=str(reader))
    content = made(schedule.kind, schedule.fmt, reader, on)
    words = f"{source.title}, ngày {(row.period or on):%d/%m/%Y}"
    message = EmailMessage(
        words if row.recipient_id else f"Gửi thử: {words}",
        f"Kèm theo: {words}.\nThư do hệ thống tự gửi theo lịch của {schedule.made_by.full_name}.\n",
        to=[address],
        # The same at each attempt: a mail program shows it once.
        headers={
            "Message-ID": f"<report-{row.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
        },
    )
    message.attach(f"{schedule.kind}-{(row.period or on):%Y%m%d}.{schedule.fmt}", content)
    message.send()
    return hashlib.sha256(content).hexdigest()


def _fail(row: ReportSending, refusal: Refusal) -> None:
    row.state = SendingState.FAILED
    row.why = {
        language: f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()
        for language in ("vi", "en")
    }


def _end_cut_short(on: date) -> None:
    """Whoever sent these fell; that they left is not known, so that they end here."""
    with transaction.atomic():
        rows = ReportSending.objects.select_for_update(skip_locked=True).filter(
            state=SendingState.SENDING, taken_at__lt=clock.now() - _GONE_AFTER
        )
        for row in rows:
            _fail(row, SendingCutShort())
            row.save()
            data = {"state": str(row.state), "attempt": row.attempts, "sending": row.pk}
            trail.record(
                action="sending.send_report", subject=row.schedule, by=None, on=on, data=data
            )
