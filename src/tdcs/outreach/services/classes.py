"""A class is set up, people are called to it, they check in, they judge it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import fold, nfc, squash
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.outreach.errors import CheckInRefused, ClassClash, ClassIncomplete, NotOwnUnit, WhyMissing
from tdcs.outreach.models import Attendee, CheckIn, ClassSession, TrainingClass
from tdcs.outreach.queries.classes import clashes, hours_of
from tdcs.outreach.queries.records import writable_units
from tdcs.outreach.rules.training import Hours, audiences, code_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """When, where and about what a session is."""

    on: date | None
    starts_at: time | None
    ends_at: time | None
    place: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlan:
    """A class as it is planned."""

    title: str
    audience: str
    programme: str
    sittings: Sequence[Sitting]


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is called to a class."""

    full_name: str
    role: str
    unit: int
    person: int | None = None

    @property
    def key(self) -> str:
        return f"p{self.person}" if self.person else f"{self.unit}:{fold(self.full_name)}"[:200]


def set_up_class(
    *, organisation: Organisation, plan: ClassPlan, by: User | None, on: date
) -> TrainingClass:
    """A class with its sessions. Raises ClassIncomplete, NotOwnUnit."""
    units = writable_units(by, on) if by is not None else None
    if units is not None and organisation.pk not in units:
        raise NotOwnUnit(unit=names_on(on, {organisation.pk})[organisation.pk])
    hours = _hours(plan)
    with transaction.atomic():
        made = TrainingClass.objects.create(
            organisation=organisation,
            title=nfc(squash(plan.title))[:200],
            audience=plan.audience,
            programme=nfc(plan.programme.strip()),
            made_by=by,
            made_on=on,
        )
        for one, when in zip(plan.sittings, hours, strict=True):
            ClassSession.objects.create(
                training_class=made,
                on=when.on,
                starts_at=when.starts_at,
                ends_at=when.ends_at,
                place=squash(one.place)[:200],
                topic=squash(one.topic)[:200],
                code=code_of(secrets.choice),
            )
        trail.record(
            action="outreach.set_up_class",
            subject=made,
            by=by,
            on=on,
            data={"sessions": len(hours)},
        )
    return made


def _hours(plan: ClassPlan) -> list[Hours]:
    needed = [
        (squash(plan.title), "tên lớp"),
        (plan.audience in audiences(), "đối tượng"),
        (plan.programme.strip(), "chương trình"),
        (plan.sittings, "buổi học"),
    ]
    hours = []
    for at, one in enumerate(plan.sittings, 1):
        whole = one.on and one.starts_at and one.ends_at and one.starts_at < one.ends_at
        needed.append((whole, f"ngày, giờ của buổi {at} (giờ kết thúc sau giờ bắt đầu)"))
        needed.append(
            (squash(one.place) and squash(one.topic), f"địa điểm, chuyên đề của buổi {at}")
        )
        if one.on and one.starts_at and one.ends_at:
            hours.append(Hours(one.on, one.starts_at, one.ends_at))
    missing = [words for value, words in needed if not value]
    if missing:
        raise ClassIncomplete(what=", ".join(missing))
    return hours


def call(
    *, training_class: TrainingClass, people: Iterable[Called], by: User | None, on: date
) -> int:
    """People are called; who is called already stays. Raises ClassClash by name, ClassIncomplete. Returns how many were added."""
    wanted = {one.key: one for one in people if squash(one.full_name)}
    if not wanted:
        raise ClassIncomplete(what="học viên")
    with transaction.atomic():
        row = _locked(training_class)
        there = set(row.attendees.values_list("key", flat=True))
        new = {key: one for key, one in wanted.items() if key not in there}
        hours = [hours_of(session) for session in row.sessions.all()]
        found = clashes(row, {key: one.full_name for key, one in new.items()}, hours)
        if found:
            raise ClassClash(day=found[0].on, who="; ".join(map(str, found)))
        Attendee.objects.bulk_create(
            Attendee(
                training_class=row,
                full_name=nfc(squash(one.full_name))[:120],
                role=nfc(squash(one.role))[:120],
                unit_id=one.unit,
                person_id=one.person,
                key=key,
                code=code_of(secrets.choice),
            )
            for key, one in new.items()
        )
        if new:
            trail.record(
                action="outreach.call", subject=row, by=by, on=on, data={"people": len(new)}
            )
    return len(new)


def check_in(*, session: ClassSession, code: str, by: User | None, on: date) -> CheckIn:
    """An attendee is there, by his own code, on the session's day; twice is once. Raises CheckInRefused."""
    with transaction.atomic():
        row = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if on != row.on:
            raise CheckInRefused(why=f"buổi học ngày {row.on:%d/%m/%Y}")
        one = Attendee.objects.filter(
            training_class=row.training_class_id, code=squash(code).upper()
        ).first()
        if one is None:
            raise CheckInRefused(why="mã riêng không thuộc lớp này")
        made, new = CheckIn.objects.get_or_create(
            session=row, attendee=one, defaults={"at": clock.now(), "by": by}
        )
        if new:
            trail.record(
                action="outreach.check_in", subject=made, by=by, on=on, data={"attendee": one.pk}
            )
    return made


def evaluate(*, attendee: Attendee, grade: int, remark: str, by: User | None, on: date) -> Attendee:
    """What an attendee thinks of the class, one to five. Raises ClassIncomplete."""
    with transaction.atomic():
        row = Attendee.objects.select_for_update().get(pk=attendee.pk)
        if grade not in range(1, 6) or not row.check_ins.exists():
            raise ClassIncomplete(what="đánh giá từ 1 đến 5 của người đã dự")
        row.grade, row.remark = grade, squash(remark)[:500]
        row.save(update_fields=["grade", "remark"])
        trail.record(action="outreach.evaluate", subject=row, by=by, on=on, data={"grade": grade})
    return row


def cancel_class(
    *, training_class: TrainingClass, why: str, by: User | None, on: date
) -> TrainingClass:
    """The class is not held; nobody is bound by its hours any more. Raises WhyMissing, ClassIncomplete when people came."""
    if not why.strip():
        raise WhyMissing
    with transaction.atomic():
        row = _locked(training_class)
        if CheckIn.objects.filter(session__training_class=row).exists():
            raise ClassIncomplete(what="lớp đã có người dự, không hủy được")
        row.cancelled_why = squash(why)[:300]
        row.save(update_fields=["cancelled_why"])
        trail.record(
            action="outreach.cancel_class", subject=row, by=by, on=on, why=row.cancelled_why
        )
    return row


def _locked(training_class: TrainingClass) -> TrainingClass:
    return TrainingClass.objects.select_for_update(of=("self",)).get(pk=training_class.pk)
