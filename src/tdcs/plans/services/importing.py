"""A document in: read, checked against what is there, kept as a draft version for review."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import fold, nfc
from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.plans.errors import HeaderIncomplete, IssuerUnknown, PlanAlreadyThere
from tdcs.plans.models import Assignment, Duty, Plan, PlanDocument, PlanVersion, Target, Task
from tdcs.plans.reading import PlanReading, read_plan
from tdcs.plans.reading.model import ReadDuty, ReadTask, UnitWords
from tdcs.plans.titles import known_titles, short_title


def import_document(*, content: bytes, filename: str, by: User | None, on: date) -> PlanVersion:
    """Keep a plan's document as a draft. Refusals: of the file, NotAPlan, PlanAlreadyThere, IssuerUnknown.

    Nothing is written before everything was read and checked.
    """
    reading = read_plan(content)
    issued_on = _require(reading)
    issuer = _issuer(reading.issuer)
    with transaction.atomic():
        _refuse_twice(reading.number, issued_on, issuer)
        document = _document(content, filename, reading, by)
        plan = Plan.objects.create(
            number=reading.number,
            issued_on=issued_on,
            issuer=issuer,
            issuer_words=reading.issuer,
            title=reading.title,
            signer=reading.signer,
            first_year=issued_on.year + 1,
            last_year=max(_last_year(reading), issued_on.year + 1),
        )
        version = PlanVersion.objects.create(
            plan=plan, number=1, document=document, reading=_kept(reading)
        )
        _write_tasks(version, reading, known_titles(reading.number, issued_on))
        for position, duty in enumerate(reading.duties):
            _write_duty(version, position, duty)
        trail.record(
            action="plans.import", subject=plan, by=by, on=on, data={"tasks": len(reading.tasks)}
        )
    return version


def _require(reading: PlanReading) -> date:
    missing = [
        words
        for value, words in ((reading.number, "số, ký hiệu"), (reading.issued_on, "ngày ban hành"))
        if not value
    ]
    if missing:
        raise HeaderIncomplete(what=", ".join(missing))
    return date.fromisoformat(reading.issued_on)


def _issuer(words: str) -> Organisation:
    row = (
        OrganisationProfile.objects.filter(search__startswith=fold(words))
        .select_related("organisation")
        .first()
        if words
        else None
    )
    if row is None:
        raise IssuerUnknown(words=words)
    return row.organisation


def _refuse_twice(number: str, issued_on: date, issuer: Organisation) -> None:
    there = Plan.objects.filter(number=number, issued_on=issued_on, issuer=issuer).first()
    if there:
        raise PlanAlreadyThere(
            number=number,
            issued_on=f"{issued_on:%d/%m/%Y}",
            state=there.get_state_display().lower(),
        )


def _document(content: bytes, filename: str, reading: PlanReading, by: User | None) -> PlanDocument:
    safe = nfc(filename).replace("\\", "/").rsplit("/", 1)[-1]
    document, _ = PlanDocument.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={
            "filename": "".join(sign for sign in safe if sign.isprintable())[:200] or "van-ban",
            "content": content,
            "text": "\n".join(reading.lines).replace("\x00", ""),
            "received_at": clock.now(),
            "received_by": by,
        },
    )
    return document


def _last_year(reading: PlanReading) -> int:
    years = [2030 if "đến năm 2030" in reading.title else 0]
    years += [int(task.timing.due_on[:4]) for task in reading.tasks if task.timing.due_on]
    return max(years)


def _kept(reading: PlanReading) -> dict[str, Any]:
    shown = reading.as_json()
    shown["lines"] = [line.replace("\x00", "") for line in reading.lines]
    return shown


def _write_tasks(version: PlanVersion, reading: PlanReading, titles: dict[str, str]) -> None:
    for position, read in enumerate(reading.tasks):
        task = Task.objects.create(
            version=version,
            lineage=uuid.uuid4(),
            position=position,
            path=read.path[:40],
            section_path=read.section_path[:30],
            section_title=read.section_title[:500],
            title=titles.get(read.path) or short_title(read.text),
            text=read.text,
            timing_kind=read.timing.kind,
            timing_text=read.timing.text[:300],
            starts_on=read.timing.starts_on or None,
            due_on=read.timing.due_on or None,
            product=read.product[:500],
        )
        Target.objects.bulk_create(
            Target(
                task=task,
                figure=Decimal(figure.figure),
                unit=figure.unit,
                comparison=figure.comparison,
                base=figure.base[:200],
                words=figure.words[:500],
            )
            for figure in read.targets
        )
        Assignment.objects.bulk_create(_assignments(read, task))


def _assignments(read: ReadTask, task: Task) -> list[Assignment]:
    rows = [
        (role, unit) for role in ("lead", "perform", "coordinate") for unit in getattr(read, role)
    ]
    return [
        Assignment(task=task, role=role, position=position, **_unit(unit))
        for position, (role, unit) in enumerate(rows)
    ]


def _unit(unit: UnitWords) -> dict[str, Any]:
    return {
        "words": unit.words[:500],
        "unit": unit.unit,
        "levels": list(unit.levels),
        "area": unit.area[:120],
        "qualifier": unit.qualifier[:80],
    }


def _write_duty(version: PlanVersion, position: int, read: ReadDuty) -> None:
    duty = Duty.objects.create(
        version=version,
        lineage=uuid.uuid4(),
        position=position,
        path=read.path[:40],
        kind=read.kind,
        text=read.text,
        timing_text=read.timing.text[:300],
        due_month=read.timing.month or None,
        due_day=read.timing.day or None,
        due_before=read.timing.before,
    )
    Assignment.objects.bulk_create(
        Assignment(duty=duty, role="perform", position=at, **_unit(unit))
        for at, unit in enumerate(read.units)
    )
