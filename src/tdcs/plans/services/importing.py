"""A document in: read, checked against what is there, kept as a draft version for review."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core import clock, law, progress, trail
from tdcs.core.text import fold, nfc, squash
from tdcs.documents.reading.guarded import read_or_recognised
from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.plans.errors import (
    HeaderIncomplete,
    IssuerUnknown,
    PlanAlreadyPublished,
    PlanBeingReviewed,
)
from tdcs.plans.models import (
    Assignment,
    Duty,
    Plan,
    PlanDocument,
    PlanState,
    PlanVersion,
    Target,
    Task,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.lessons import lessons_for
from tdcs.plans.reading import PlanReading, read_plan
from tdcs.plans.reading.model import ReadDuty, ReadTask, UnitWords
from tdcs.plans.services.review import require_draft
from tdcs.plans.titles import known_titles, short_title

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def import_document(
    *,
    content: bytes,
    filename: str,
    number: str = "",
    issued_on: date | None = None,
    by: User | None,
    on: date,
) -> PlanVersion:
    """Keep a plan's document as a draft; ``number`` and ``issued_on`` help where the document lacks them.

    Nothing is written before everything was read and checked. Raises a refusal of the file, NotAPlan,
    HeaderIncomplete, IssuerUnknown, PlanAlreadyPublished, PlanBeingReviewed.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    refuse_known(sha256=sha256)
    progress.say(5, _("Đang đọc văn bản"))
    reading = _scrubbed(read_plan(content, read_or_recognised, lessons_for))
    progress.say(60, _("Đang ghi các nhiệm vụ"))
    number, issued_on = _identity(reading, number, issued_on)
    issuer = issuer_named(reading.issuer, issued_on)
    with transaction.atomic():
        refuse_same_plan(number, issued_on, issuer)
        document = _document(content, sha256, filename, reading, by)
        plan = Plan.objects.create(
            number=number,
            issued_on=issued_on,
            issuer=issuer,
            issuer_words=reading.issuer[:200],
            title=reading.title,
            signer=reading.signer[:120],
            first_year=_first_year(reading, issued_on),
            last_year=max(_last_year(reading), _first_year(reading, issued_on)),
        )
        version = PlanVersion.objects.create(
            plan=plan, number=1, document=document, reading=_kept(reading)
        )
        _write_tasks(version, reading, known_titles(number, issued_on))
        for position, duty in enumerate(reading.duties):
            _write_duty(version, position, duty)
        trail.record(
            action="plans.import", subject=plan, by=by, on=on, data={"tasks": len(reading.tasks)}
        )
    return version


def discard(*, version: PlanVersion, by: User | None, on: date) -> None:
    """Throw a draft away, with its plan when it never had another version; the document goes with it.

    Raises VersionNotDraft.
    """
    with transaction.atomic():
        require_draft(version)
        plan, document = version.plan, version.document
        trail.record(action="plans.discard", subject=version, by=by, on=on)
        version.delete()
        if not plan.versions.exists():
            plan.delete()
        if document and not document.planversion_set.exists():
            document.delete()


def _scrubbed(value: Any) -> Any:
    """The reading without control signs, which no text column and no page can hold."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, tuple):
        return tuple(_scrubbed(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _scrubbed(getattr(value, field.name)) for field in fields(value)}
        )
    return value


def _identity(reading: PlanReading, number: str, issued_on: date | None) -> tuple[str, date]:
    number = (reading.number or squash(number))[:60]
    day = date.fromisoformat(reading.issued_on) if reading.issued_on else issued_on
    if not number or day is None:
        parts = ((number, "số, ký hiệu"), (day, "ngày ban hành"))
        raise HeaderIncomplete(what=" và ".join(words for value, words in parts if not value))
    return number, day


def issuer_named(words: str, on: date) -> Organisation:
    """The unit of that very name, preferably as it was on the day of issue. Raises IssuerUnknown."""
    key = fold(words)
    rows = OrganisationProfile.objects.filter(search__startswith=key).select_related("organisation")
    named: list[OrganisationProfile] = [row for row in rows if key and fold(row.name) == key]
    named.sort(key=lambda row: (row.starts_on > on, row.ends_on is not None and row.ends_on <= on))
    if not named:
        raise IssuerUnknown(
            words=words, province=law.province_name(on), province_en=law.province_name(on, "en")
        )
    found: Organisation = named[0].organisation
    return found


def refuse_known(*, sha256: str) -> None:
    """Raises PlanAlreadyPublished or PlanBeingReviewed for a file that was read before."""
    version = PlanVersion.objects.filter(document__sha256=sha256).select_related("plan").first()
    if version:
        _refuse(version.plan)


def refuse_same_plan(
    number: str, issued_on: date, issuer: Organisation, but: Plan | None = None
) -> None:
    """Raises PlanAlreadyPublished or PlanBeingReviewed when another plan has that number, day and issuer."""
    same = Plan.objects.filter(issued_on=issued_on, issuer=issuer)
    for plan in same.exclude(pk=but.pk) if but else same:
        # "232/KH-UBND" and "232 /KH - UBND" are one number.
        if _tight(plan.number) == _tight(number):
            _refuse(plan)


def _refuse(plan: Plan) -> None:
    waiting = plan.versions.filter(state=VersionState.DRAFT).order_by("number").first()
    said = {"number": plan.number, "issued_on": f"{plan.issued_on:%d/%m/%Y}", "plan": plan.pk}
    if plan.state in (PlanState.DRAFT, PlanState.WITHDRAWN) and waiting:
        raise PlanBeingReviewed(**said, version=waiting.pk)
    raise PlanAlreadyPublished(**said)


def _tight(number: str) -> str:
    return fold(number).replace(" ", "")


def _document(
    content: bytes, sha256: str, filename: str, reading: PlanReading, by: User | None
) -> PlanDocument:
    safe = nfc(filename).replace("\\", "/").rsplit("/", 1)[-1]
    document, _made = PlanDocument.objects.get_or_create(
        sha256=sha256,
        defaults={
            "filename": "".join(sign for sign in safe if sign.isprintable())[:200] or "van-ban",
            "content": content,
            "text": "\n".join(reading.lines),
            "received_at": clock.now(),
            "received_by": by,
        },
    )
    return document


def _first_year(reading: PlanReading, issued_on: date) -> int:
    """The year of issue when the title names it ("năm 2026", "giai đoạn 2026 - 2030"), else the year after it."""
    years = {int(year) for year in re.findall(r"\b(20[2-5]\d)\b", reading.title)}
    return issued_on.year if issued_on.year in years else issued_on.year + 1


def _last_year(reading: PlanReading) -> int:
    """The year the title names ("đến năm 2030", "giai đoạn 2024 - 2030"), else the latest due day's."""
    named = [int(year) for year in re.findall(r"\b(20[2-5]\d)\b", reading.title)]
    return max([0, *named, *(int(t.timing.due_on[:4]) for t in reading.tasks if t.timing.due_on)])


def _kept(reading: PlanReading) -> dict[str, object]:
    shown = reading.as_json()
    shown |= {"kind": reading.kind, "lines": list(reading.lines), "pages": list(reading.pages)}
    shown["tables"] = [asdict(table) for table in reading.tables]
    return shown


def _write_tasks(version: PlanVersion, reading: PlanReading, titles: dict[str, str]) -> None:
    for position, read in enumerate(reading.tasks):
        progress.say(60 + 35 * position // len(reading.tasks), _("Đang ghi các nhiệm vụ"))
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
        Target.objects.bulk_create(_targets(read, task))
        Assignment.objects.bulk_create(_assignments(read, task))


def _targets(read: ReadTask, task: Task) -> list[Target]:
    return [
        Target(
            task=task,
            figure=Decimal(one.figure),
            unit=one.unit[:30],
            comparison=one.comparison[:10],
            base=one.base[:200],
            words=one.words[:500],
        )
        for one in read.targets
        # A row of digits that no column holds is an account number or noise of recognition, not a target.
        if abs(Decimal(one.figure)) < Decimal(10) ** 15
    ]


def _assignments(read: ReadTask, task: Task) -> list[Assignment]:
    rows = [
        (role, unit) for role in ("lead", "perform", "coordinate") for unit in getattr(read, role)
    ]
    return [
        Assignment(task=task, role=role, position=position, **_unit(unit))
        for position, (role, unit) in enumerate(rows)
    ]


def _unit(unit: UnitWords) -> dict[str, object]:
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
