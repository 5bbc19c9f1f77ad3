"""Reminders before and after a due day: in the site, by e-mail, by official letter; none twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent
from tdcs.organisations.models import Organisation
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import branch
from tdcs.plans.models import Channel, Letter, NoticeKind, Obligation, Plan, Reminder
from tdcs.plans.queries.obligations import subject_words
from tdcs.plans.queries.plans import require_open
from tdcs.plans.rules.timeliness import SOON_DAYS, last_day_in_time, step_on
from tdcs.plans.services.delivering import keep_nobody, mail_units, notify_units, people_told
from tdcs.plans.services.notices import notify
from tdcs.plans.states import OPEN_STATES

# A message names this many matters; the rest is a number.
_NAMED: Final = 12
# By which the ladder reminds.
_BY_ITSELF: Final = (Channel.IN_APP, Channel.EMAIL)

Due = list[tuple[Obligation, int]]


@dataclass(frozen=True, slots=True)
class Reminded:
    """Units that somebody of was told, and units without anybody whom the channel reaches."""

    units: frozenset[int] = frozenset()
    nobody: frozenset[int] = frozenset()

    def __or__(self, other: Reminded) -> Reminded:
        told = self.units | other.units
        return Reminded(told, (self.nobody | other.nobody) - told)


def remind_due(*, plan: Plan, by: User | None, on: date) -> Reminded:
    """Send what the ladder says for today; run again, it sends nothing more.

    The plan's row is locked, so that two runs at once do not both send.
    """
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        rows = [(row, step) for row in _open_rows(plan) if (step := _step(row, on)) is not None]
        sent = set(
            Reminder.objects.filter(
                obligation__in=[row for row, _ in rows], channel__in=_BY_ITSELF
            ).values_list("obligation_id", "step")
        )
        due = [(row, step) for row, step in rows if (row.pk, step) not in sent]
        return _send(plan, due, _BY_ITSELF, by=by, on=on)


def remind_units(
    *, plans: Iterable[Plan], obligations: Iterable[Obligation], channel: str, by: User, on: date
) -> Reminded:
    """Remind the units that owe these now, about each plan in a notice of its own; one reminder a day and channel."""
    keys = [row.pk for row in obligations]
    told = Reminded()
    with transaction.atomic():
        for plan in plans:
            Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
            due = [(row, 0) for row in _to_remind(plan, keys, channel, on)]
            told |= _send(plan, due, (channel,), by=by, on=on)
    return told


def _to_remind(plan: Plan, keys: list[int], channel: str, on: date) -> list[Obligation]:
    """Of the chosen ones those of the plan that are open and of which nobody was reminded today."""
    told = Reminder.objects.filter(obligation_id__in=keys, channel=channel, step=0, on=on)
    rows = Obligation.objects.filter(pk__in=keys, plan=plan, state__in=OPEN_STATES)
    rows = rows.exclude(pk__in=told.values("obligation_id"))
    return list(rows.select_related("plan", "task", "duty", "directive").order_by("pk"))


def write_letter(
    *, plan: Plan, organisation: Organisation, year: int, signing: Signing, by: User, on: date
) -> Letter:
    """An official letter that lists what a unit owes by now: late, or due within SOON_DAYS.

    Kept as data and rendered when asked for, always alike.
    """
    with transaction.atomic():
        require_open(plan, year)
        rows = [
            row
            for row in Obligation.objects.filter(
                plan=plan,
                year=year,
                holder=organisation,
                state__in=OPEN_STATES,
                due_on__isnull=False,
            )
            .select_related("plan", "task", "duty", "directive")
            .order_by("due_on", "task__position", "pk")
            if row.due_on and (row.due_on - on).days <= SOON_DAYS
        ]
        letter = Letter.objects.create(
            plan=plan,
            organisation=organisation,
            year=year,
            number=signing.number.strip()[:60],
            issued_on=on,
            signer=signing.signer.strip()[:120],
            signer_title=signing.signer_title.strip()[:120],
            by=by,
            items=[_item(row, on) for row in rows],
        )
        _keep([(row, 0) for row in rows], (Channel.LETTER,), on, letter)
        notify(
            organisation=organisation.pk,
            words=f"Công văn đôn đốc: {len(rows)} việc",
            kind=NoticeKind.LETTER,
            subject=letter.pk,
        )
        enter_sent(
            letter=Sent(
                kind="Công văn",
                number=letter.number,
                dated_on=on,
                subject=f"Đôn đốc thực hiện Kế hoạch số {plan.number} năm {year}: {len(rows)} việc",
                about=About.REMINDER,
                about_key=letter.pk,
                origin=f"plans.letter:{letter.pk}",
            ),
            sender=branch(plan, on),
            recipients=[organisation.pk],
            by=by,
            on=on,
        )
        trail.record(action="plans.letter", subject=letter, by=by, on=on, data={"items": len(rows)})
    return letter


def _step(row: Obligation, on: date) -> int | None:
    if row.due_on is None:
        return None
    return step_on(on, last_day_in_time(row.due_on, row.due_before))


def _open_rows(plan: Plan) -> list[Obligation]:
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    return list(
        Obligation.objects.filter(plan=plan, state__in=OPEN_STATES, due_on__isnull=False)
        .exclude(year__in=closed)
        .select_related("plan", "task", "duty", "directive")
        .order_by("pk")
    )


def _send(
    plan: Plan, due: Due, channels: tuple[str, ...], *, by: User | None, on: date
) -> Reminded:
    """Each channel to the units of which it reaches somebody; of the others it is kept that nobody was there."""
    by_unit: dict[int, Due] = defaultdict(list)
    for row, step in due:
        by_unit[row.holder_id].append((row, step))
    if not by_unit:
        return Reminded()
    told = Reminded()
    for channel in channels:
        people = people_told(set(by_unit), channel, on)
        nobody = frozenset(by_unit) - people.keys()
        keep_nobody(plan=plan, units=set(nobody), channel=channel, on=on)
        reached = {unit: by_unit[unit] for unit in by_unit if unit in people}
        _keep([pair for rows in reached.values() for pair in rows], (channel,), on)
        if channel == Channel.IN_APP:
            words = {unit: _words(rows, on) for unit, rows in reached.items()}
            notify_units(plan=plan, words=words, people=people, on=on)
        elif reached:
            bodies = {unit: _mail_body(rows, on) for unit, rows in reached.items()}
            mail_units(plan=plan, bodies=bodies, people=people, on=on)
        told |= Reminded(frozenset(reached), nobody)
    data = {
        "units": len(told.units),
        "nobody": len(told.nobody),
        "matters": sum(len(by_unit[unit]) for unit in told.units),
        "channels": list(channels),
    }
    trail.record(action="plans.remind", subject=plan, by=by, on=on, data=data)
    return told


def _keep(due: Due, channels: tuple[str, ...], on: date, letter: Letter | None = None) -> None:
    Reminder.objects.bulk_create(
        [
            Reminder(
                obligation=row,
                organisation_id=row.holder_id,
                channel=channel,
                step=step,
                on=on,
                letter=letter,
            )
            for row, step in due
            for channel in channels
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _late_days(row: Obligation, on: date) -> int:
    return (on - last_day_in_time(row.due_on, row.due_before)).days if row.due_on else 0


def _words(rows: Due, on: date) -> str:
    """ "Nhắc việc Kế hoạch 232/KH-UBND: 8 việc chưa báo cáo, 2 việc quá hạn, hạn gần nhất 15/12/2026"."""
    late = sum(_late_days(row, on) > 0 for row, _ in rows)
    ahead = [row.due_on for row, _ in rows if row.due_on and _late_days(row, on) <= 0]
    return (
        f"Nhắc việc {rows[0][0].plan}: {len(rows)} việc chưa báo cáo"
        + (f", {late} việc quá hạn" if late else "")
        + (f", hạn gần nhất {min(ahead):%d/%m/%Y}" if ahead else "")
    )


def _mail_body(rows: Due, on: date) -> str:
    lines = []
    for row, _ in rows[:_NAMED]:
        item = _item(row, on)
        lines.append(
            f"- {item['path']} {item['title']}: hạn {item['due']}, {item['late']}".rstrip(", ")
        )
    more = f"- và {len(rows) - _NAMED} việc khác.\n" if len(rows) > _NAMED else ""
    return (
        f"{_words(rows, on)}.\n\n"
        + "\n".join(lines)
        + f"\n{more}\nMở mục “Việc của tôi” trên hệ thống để cập nhật tiến độ và báo cáo kết quả.\n"
    )


def _item(row: Obligation, on: date) -> dict[str, str]:
    late = _late_days(row, on)
    before = "trước " if row.due_before else ""
    return {
        "path": getattr(row.subject, "path", "") or "Giao thêm",
        "title": subject_words(row),
        "due": f"{before}{row.due_on:%d/%m/%Y}" if row.due_on else "",
        "state": row.get_state_display(),
        "late": f"quá hạn {late} ngày" if late > 0 else "",
    }
