"""Schedules of reports: made, paused, taken up again, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import person_called
from tdcs.core import clock, trail
from tdcs.sending.composing.reports import SOURCES
from tdcs.sending.errors import (
    NoRecipients,
    NotForOutsiders,
    RecipientMayNotSee,
    RecipientUnknown,
    ScheduleDayWrong,
    ScheduleEnded,
)
from tdcs.sending.models import (
    ReportKind,
    ReportRecipient,
    ReportSchedule,
    Rhythm,
    ScheduleState,
)

_LAST_DAY: Final = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31}


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """What is to be sent, as what, how often; ``recipients``: a user name or "Full name <address>" each."""

    kind: str
    fmt: str
    rhythm: str
    day: int
    recipients: tuple[str, ...]


def make_schedule(*, draft: ScheduleDraft, by: User, on: date) -> ReportSchedule:
    """Set a report up to be mailed. Raises NoRecipients, RecipientUnknown, NotForOutsiders, RecipientMayNotSee,
    ScheduleDayWrong."""
    if not 1 <= draft.day <= _LAST_DAY[Rhythm(draft.rhythm)]:
        raise ScheduleDayWrong(day=draft.day)
    people = list(_recipients(draft))
    if not people:
        raise NoRecipients
    with transaction.atomic():
        made = ReportSchedule.objects.create(
            kind=draft.kind,
            fmt=draft.fmt,
            rhythm=draft.rhythm,
            day=draft.day,
            since=on,
            made_by=by,
            made_at=clock.now(),
        )
        for one in people:
            one.schedule = made
        ReportRecipient.objects.bulk_create(people)
        outside = sum(one.person is None for one in people)
        data = {"kind": draft.kind, "recipients": len(people), "outside": outside}
        trail.record(action="sending.make_schedule", subject=made, by=by, on=on, data=data)
    return made


def _recipients(draft: ScheduleDraft) -> Iterable[ReportRecipient]:
    source, seen = SOURCES[ReportKind(draft.kind)], set()
    for line in draft.recipients:
        words = line.strip()
        if not words or words.casefold() in seen:
            continue
        seen.add(words.casefold())
        person = person_called(words)
        if person is not None:
            if not person.may(source.permission):
                raise RecipientMayNotSee(name=person.full_name)
            yield ReportRecipient(person=person)
            continue
        name, email = _outsider(words)
        if not source.public:
            raise NotForOutsiders(name=name)
        if email not in seen:
            seen.add(email)
            yield ReportRecipient(name=name[:120], email=email)


def _outsider(words: str) -> tuple[str, str]:
    name, email = parseaddr(words)
    try:
        validate_email(email)
    except ValidationError:
        raise RecipientUnknown(words=words[:80]) from None
    if not name.strip():
        # Somebody is named, so that it is known to whom the figures go.
        raise RecipientUnknown(words=words[:80])
    return name.strip(), email.lower()


def set_schedule_state(
    *, schedule: ReportSchedule, state: ScheduleState, by: User, on: date
) -> ReportSchedule:
    """Pause, take up again, end. What fell into a pause is not made up. Raises ScheduleEnded."""
    with transaction.atomic():
        row = ReportSchedule.objects.select_for_update().get(pk=schedule.pk)
        if row.state == ScheduleState.ENDED:
            raise ScheduleEnded
        if row.state != state:
            row.state = state
            if state == ScheduleState.ACTIVE:
                row.since = on
            row.save(update_fields=["state", "since"])
            data = {"state": str(state)}
            trail.record(action="sending.change_schedule", subject=row, by=by, on=on, data=data)
    return row
