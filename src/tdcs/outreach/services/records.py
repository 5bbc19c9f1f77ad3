"""A line of a register is entered, changed, taken back; what is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import fold, nfc, squash
from tdcs.documents.accepting import accept
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.outreach.errors import (
    NotKeptByUnit,
    NotOwnUnit,
    ProofMissing,
    RecordChanged,
    RecordIncomplete,
    RecordThere,
    RecordWithdrawn,
    WhyMissing,
)
from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.queries.records import missing_loans, writable_units
from tdcs.outreach.rules.registers import Register, Stored, read_values, registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed: ``values`` by the codes of the register's fields; ``content``: a file that proves it."""

    day: date | None
    title: str
    values: Mapping[str, object] = field(default_factory=dict)
    url: str = ""
    content: bytes = b""
    task: UUID | None = None


def add_record(
    *, register: Register, organisation: Organisation, typed: Typed, by: User | None, on: date
) -> RegisterRecord:
    """A new line. Raises NotOwnUnit, NotKeptByUnit, RecordIncomplete, ProofMissing, RecordThere, FileRefused."""
    require_writer(register, organisation, by, on)
    day, values = checked(register, typed, on)
    _require_proof(register, typed, "")
    with transaction.atomic():
        _require_new(register, organisation, day, squash(typed.title)[:300], None)
        row = RegisterRecord(
            register=register.code, organisation=organisation, made_by=by, made_on=on
        )
        _fill(row, register, typed, day, values)
        row.save()
        trail.record(
            action="outreach.add_record",
            subject=row,
            by=by,
            on=on,
            data={"register": register.code, "title": row.title},
        )
    return row


def change_record(
    *, record: RegisterRecord, typed: Typed, revision: int, by: User | None, on: date
) -> RegisterRecord:
    """A line said anew; ``revision``: the one that was seen. Raises what add_record does, RecordChanged, RecordWithdrawn."""
    register = registers()[record.register]
    with transaction.atomic():
        row = _locked(record)
        require_writer(register, row.organisation, by, on)
        if row.revision != revision:
            raise RecordChanged
        day, values = checked(register, typed, on)
        _require_proof(register, typed, row.url or row.sha256)
        _require_new(register, row.organisation, day, squash(typed.title)[:300], row.pk)
        before = {"on": row.on, "title": row.title, "values": row.values}
        _fill(row, register, typed, day, values)
        row.revision += 1
        row.save()
        trail.record(
            action="outreach.change_record",
            subject=row,
            by=by,
            on=on,
            data={"before": {**before, "on": before["on"].isoformat()}, "values": values},
        )
    return row


def withdraw_record(
    *, record: RegisterRecord, why: str, by: User | None, on: date
) -> RegisterRecord:
    """The line no longer counts; it stays with the reason. Raises WhyMissing, RecordWithdrawn, NotOwnUnit."""
    if not why.strip():
        raise WhyMissing
    with transaction.atomic():
        row = _locked(record)
        require_writer(registers()[row.register], row.organisation, by, on)
        row.withdrawn_on, row.withdrawn_why = on, squash(why)[:300]
        row.save(update_fields=["withdrawn_on", "withdrawn_why"])
        trail.record(
            action="outreach.withdraw_record", subject=row, by=by, on=on, why=row.withdrawn_why
        )
    return row


def require_writer(
    register: Register, organisation: Organisation, by: User | None, on: date
) -> None:
    """Raises NotOwnUnit, NotKeptByUnit. Without a person the system itself writes."""
    units = writable_units(by, on) if by is not None else None
    if units is not None and organisation.pk not in units:
        raise NotOwnUnit(unit=names_on(on, {organisation.pk})[organisation.pk])
    if not register.kept_by(organisation.kind):
        raise NotKeptByUnit(
            unit=names_on(on, {organisation.pk})[organisation.pk], register=register.name
        )


def checked(register: Register, typed: Typed, on: date) -> tuple[date, dict[str, Stored]]:
    """Day and values as they are kept. Raises RecordIncomplete with everything that is wrong."""
    values, problems = read_values(register, typed.values, on)
    wrong = [str(one) for one in problems]
    if not squash(typed.title):
        wrong.insert(0, f"{register.title}: chưa ghi")
    if typed.day is None:
        wrong.append("ngày: chưa ghi")
    elif typed.day > on and not register.ends:
        wrong.append(f"ngày {typed.day:%d/%m/%Y} chưa đến")
    for one in register.fields:
        numbers = values.get(one.code)
        if one.type == "loans" and isinstance(numbers, list) and (left := missing_loans(numbers)):
            wrong.append(f"{one.name}: không có khế ước {', '.join(left)}")
    if typed.url and not typed.url.startswith(("http://", "https://")):
        wrong.append("liên kết phải bắt đầu bằng http:// hoặc https://")
    if wrong or typed.day is None:
        raise RecordIncomplete(what="; ".join(wrong))
    return typed.day, values


def _require_proof(register: Register, typed: Typed, kept: str) -> None:
    there = {
        "none": True,
        "link": bool(typed.url),
        "file": bool(typed.content),
        "either": bool(typed.url or typed.content),
    }[register.proof]
    if not there and not kept:
        raise ProofMissing(register=register.name)


def _require_new(
    register: Register, organisation: Organisation, day: date, title: str, own: int | None
) -> None:
    rows = RegisterRecord.objects.filter(
        register=register.code, organisation=organisation, on=day, title=title, withdrawn_on=None
    )
    if (rows if own is None else rows.exclude(pk=own)).exists():
        unit = names_on(day, {organisation.pk})[organisation.pk]
        raise RecordThere(title=title, day=day, unit=unit)


def _fill(
    row: RegisterRecord, register: Register, typed: Typed, day: date, values: dict[str, Stored]
) -> None:
    row.on, row.title, row.values, row.task = (
        day,
        squash(nfc(typed.title))[:300],
        values,
        typed.task,
    )
    ended = values.get(register.ends) if register.ends else None
    row.ended_on = date.fromisoformat(ended) if isinstance(ended, str) else None
    row.url = typed.url.strip()[:500]
    if typed.content:
        what = accept(typed.content)
        row.sha256 = what.sha256
        # The stored name is ours: nothing of the sender's name reaches the disk.
        row.file.save(f"{what.sha256[:20]}{what.ending}", ContentFile(typed.content), save=False)
    said = [row.title, *(str(value) for value in values.values() if isinstance(value, str))]
    row.search = fold(" ".join(said))[:1000]


def _locked(record: RegisterRecord) -> RegisterRecord:
    row = (
        RegisterRecord.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=record.pk)
    )
    if row.withdrawn_on:
        raise RecordWithdrawn(day=row.withdrawn_on)
    return row
