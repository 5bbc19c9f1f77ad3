"""Reminders before and after a due day: in the site, by e-mail, by official letter; none twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.core import clock, trail
from tdcs.organisations.models import Organisation
from tdcs.plans.models import Channel, Letter, Obligation, Plan, Reminder
from tdcs.plans.queries.plans import require_open
from tdcs.plans.rules.timeliness import last_day_in_time
from tdcs.plans.services.notices import notify

# Days before (negative) and after the last day in time on which a reminder goes out by itself.
LADDER: Final = (-30, -15, -7, -1, 1, 7, 15, 30)
_OPEN: Final = ("open", "in_progress", "returned")


def remind_due(*, plan: Plan, by: User | None, on: date) -> int:
    """Send what the ladder says for today; a second run on the same day sends nothing. Returns units told."""
    with transaction.atomic():
        rows = [(row, step) for row in _open_rows(plan) if (step := step_of(row, on)) is not None]
        sent = set(
            Reminder.objects.filter(
                obligation__in=[row for row, _ in rows], channel=Channel.IN_APP
            ).values_list("obligation_id", "step")
        )
        due = [(row, step) for row, step in rows if (row.pk, step) not in sent]
        return _send(plan, due, (Channel.IN_APP, Channel.EMAIL), by=by, on=on)


def remind_by_hand(
    *, plan: Plan, obligations: Iterable[Obligation], channel: str, by: User, on: date
) -> int:
    """Remind the units that owe these now; one reminder a day and channel. Returns units told."""
    with transaction.atomic():
        keys = [row.pk for row in obligations]
        told = set(
            Reminder.objects.filter(
                obligation_id__in=keys, channel=channel, step=0, on=on
            ).values_list("obligation_id", flat=True)
        )
        rows = Obligation.objects.filter(pk__in=set(keys) - told, plan=plan, state__in=_OPEN)
        return _send(plan, [(row, 0) for row in rows], (channel,), by=by, on=on)


def step_of(row: Obligation, on: date) -> int | None:
    """The ladder's step on a day: days from the last day in time, when that is a step."""
    if row.due_on is None:
        return None
    distance = (on - last_day_in_time(row.due_on, row.due_before)).days
    return distance if distance in LADDER else None


def _open_rows(plan: Plan) -> list[Obligation]:
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    return list(
        Obligation.objects.filter(plan=plan, state__in=_OPEN, due_on__isnull=False)
        .exclude(year__in=closed)
        .order_by("pk")
    )


def _send(
    plan: Plan,
    due: list[tuple[Obligation, int]],
    channels: tuple[str, ...],
    *,
    by: User | None,
    on: date,
) -> int:
    by_unit: dict[int, list[tuple[Obligation, int]]] = defaultdict(list)
    for row, step in due:
        by_unit[row.holder_id].append((row, step))
    Reminder.objects.bulk_create(
        [
            Reminder(obligation=row, organisation_id=unit, channel=channel, step=step, on=on)
            for unit, rows in by_unit.items()
            for row, step in rows
            for channel in channels
        ],
        ignore_conflicts=True,
    )
    for unit, rows in by_unit.items():
        if Channel.IN_APP in channels:
            notify(organisation=unit, words=_words(rows), url="/ke-hoach/viec/")
    if Channel.EMAIL in channels:
        transaction.on_commit(lambda: _mail({unit: _words(rows) for unit, rows in by_unit.items()}))
    if by_unit:
        trail.record(
            action="plans.remind",
            subject=plan,
            by=by,
            on=on,
            data={"units": len(by_unit), "channels": list(channels)},
        )
    return len(by_unit)


def _words(rows: list[tuple[Obligation, int]]) -> str:
    late = sum(step > 0 for _, step in rows)
    dues = [row.due_on for row, _ in rows if row.due_on]
    near = f", hạn gần nhất {min(dues):%d/%m/%Y}" if dues else ""
    return f"Nhắc việc: {len(rows)} việc chưa báo cáo{near}" + (
        f", {late} việc quá hạn" if late else ""
    )


def _mail(words: dict[int, str]) -> None:
    """One message a person; a mail server that fails does not undo the reminder in the site."""
    people = RoleHolding.objects.on(clock.today()).filter(
        organisation_id__in=words, user__by_mail=True, user__is_active=True
    )
    messages = [
        EmailMessage("TDCS: nhắc việc kế hoạch", words[row.organisation_id], to=[row.user.email])
        for row in people.select_related("user")
        if row.user.email
    ]
    if messages:
        get_connection(fail_silently=True).send_messages(messages)


def write_letter(
    *,
    plan: Plan,
    organisation: Organisation,
    year: int,
    number: str,
    signer: str,
    signer_title: str,
    by: User,
    on: date,
) -> Letter:
    """An official letter that lists what a unit has not reported; kept as data, rendered when asked for."""
    with transaction.atomic():
        require_open(plan, year)
        rows = list(
            Obligation.objects.filter(plan=plan, year=year, holder=organisation, state__in=_OPEN)
            .select_related("task", "duty", "directive")
            .order_by("due_on", "task__position", "pk")
        )
        letter = Letter.objects.create(
            plan=plan,
            organisation=organisation,
            year=year,
            number=number.strip()[:60],
            issued_on=on,
            signer=signer.strip()[:120],
            signer_title=signer_title.strip()[:120],
            by=by,
            items=[_item(row, on) for row in rows],
        )
        Reminder.objects.bulk_create(
            [
                Reminder(
                    obligation=row,
                    organisation=organisation,
                    channel=Channel.LETTER,
                    step=0,
                    on=on,
                    letter=letter,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
        trail.record(action="plans.letter", subject=letter, by=by, on=on, data={"items": len(rows)})
    return letter


def _item(row: Obligation, on: date) -> dict[str, str]:
    late = (on - last_day_in_time(row.due_on, row.due_before)).days if row.due_on else 0
    before = "trước " if row.due_before else ""
    return {
        "path": getattr(row.subject, "path", "") or "Giao thêm",
        "title": row.task.title if row.task else str(row.subject),
        "due": f"{before}{row.due_on:%d/%m/%Y}" if row.due_on else "",
        "state": row.get_state_display(),
        "late": f"quá hạn {late} ngày" if late > 0 else "",
    }
