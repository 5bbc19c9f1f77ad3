"""What people say of a file that does not say it itself: its columns, its day, its office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock, trail
from tdcs.imports import store
from tdcs.imports.errors import (
    ColumnNamedTwice,
    ColumnsNotNamed,
    DayNotPossible,
    HeaderNotThere,
    OfficeOutOfScope,
)
from tdcs.imports.models import Extract, ExtractFile, HeaderMapping
from tdcs.imports.reading.opening import heads
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.letters import TABLES, letters_of
from tdcs.imports.rules.recognising import fingerprint_of, joined, named
from tdcs.imports.services.moving import locked
from tdcs.imports.services.reading import read
from tdcs.imports.states import FileState, ImportState
from tdcs.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Place:
    """Where a header stands: ``row`` from 1, ``deep`` rows of it."""

    sheet: str
    row: int
    deep: int = 1


def header_cells(file: ExtractFile, place: Place) -> list[str]:
    """The names of a header as they stand, in Unicode. Raises HeaderNotThere, FileChanged and what opening raises."""
    content = store.get(file.sha256, file.ending, file.name)
    rows = dict(heads(content)).get(place.sheet, [])
    letters = letters_of(" ".join(" ".join(row) for row in rows))
    rows = [[TABLES[letters](cell) for cell in row] for row in rows]
    cells = joined(rows, place.row - 1, place.deep) if 0 < place.row <= len(rows) else []
    if not any(cells):
        raise HeaderNotThere(sheet=place.sheet, row=place.row)
    return cells


def map_columns(
    *,
    file: ExtractFile,
    place: Place,
    kind: str,
    fields: Mapping[int, str],
    by: User,
    on: date,
) -> HeaderMapping:
    """The header is of this kind and its columns are these (place → field): remembered for the person's unit, and the file is
    read again while its import is open. Raises HeaderNotThere, ColumnsNotNamed, ColumnNamedTwice."""
    layout = layout_of(kind)
    cells = header_cells(file, place)
    names = named(cells)
    chosen = {at: name for at, name in fields.items() if name and at < len(names) and names[at]}
    titles = {one.field: one.title for one in layout.columns}
    for name, count in Counter(chosen.values()).items():
        if count > 1:
            raise ColumnNamedTwice(name=titles[name], count=count)
    if lacking := [titles[one] for one in layout.needs if one not in chosen.values()]:
        raise ColumnsNotNamed(names=", ".join(lacking))
    with transaction.atomic():
        made, _ = HeaderMapping.objects.update_or_create(
            unit=own_organisation(by),
            fingerprint=fingerprint_of(names),
            defaults={
                "kind": kind,
                "fields": {names[at]: name for at, name in chosen.items()},
                "titles": [[cells[at], titles[name]] for at, name in sorted(chosen.items())],
                "said_by": by,
                "said_at": clock.now(),
            },
        )
        trail.record(
            action="imports.map", subject=made, by=by, on=on, data={"kind": kind, "file": file.pk}
        )
    if file.imported.state == ImportState.OPEN:
        read_again(file=file, by=by, on=on)
    return made


def forget_mapping(*, mapping: HeaderMapping, by: User, on: date) -> None:
    """The next file with this header is not known by it any more; what was read stays."""
    with transaction.atomic():
        told = {"kind": mapping.kind, "fingerprint": mapping.fingerprint}
        trail.record(action="imports.unmap", subject=mapping, by=by, on=on, data=told)
        mapping.delete()


def say_of_file(
    *, file: ExtractFile, day: date | None, office: Organisation | None, by: User, on: date
) -> ExtractFile:
    """The day and the office of a file that does not say them; it is read again. Raises ImportEnded, DayNotPossible,
    OfficeOutOfScope."""
    if day is not None and day > on:
        raise DayNotPossible(said=f"{day:%d/%m/%Y}")
    seen = visible_organisations(by)
    if office is not None and seen is not None and office.pk not in seen:
        raise OfficeOutOfScope(office=office.code)
    with transaction.atomic():
        locked(file.imported, ImportState.OPEN)
        file.said_day, file.said_office = day or file.said_day, office or file.said_office
        file.save(update_fields=["said_day", "said_office"])
        told = {"file": file.pk, "day": str(day or ""), "office": office.pk if office else None}
        trail.record(action="imports.say", subject=file.imported, by=by, on=on, data=told)
    return read_again(file=file, by=by, on=on)


def read_again(*, file: ExtractFile, by: User, on: date) -> ExtractFile:
    """One file of an open import is read afresh. Raises ImportEnded."""
    with transaction.atomic():
        locked(file.imported, ImportState.OPEN)
        Extract.objects.filter(file=file).delete()
        file.state, file.refusal = FileState.WAITING, {}
        file.notes, file.fault_rows, file.blocking, file.faults_digest = [], 0, 0, ""
        file.save()
    read(imported=file.imported, by=by, on=on)
    file.refresh_from_db()
    return file
